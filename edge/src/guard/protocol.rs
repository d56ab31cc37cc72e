//! What the worker asks a Guard, what Guards ask each other, and what they answer. JSON, between deployments of one worker.

use challenge::PhoneNumber;
use guard::{Order, Refusal, Summary, UnixMillis};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    cognito::operation::AuthenticationResult,
    funnel::{Event, Outcome, Step},
    http::problem::Problem,
};

/// Asked of the Guard that the name says.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Question {
    /// A number: send it a code.
    SendCode(SendCode),
    /// A number: here is an answer.
    AnswerCode(AnswerCode),
    /// A number: what is there to see?
    Show,
    /// A number: an operator wants this.
    CarryOut { order: Order, operator: String },
    /// An address: it asks for a code to this country.
    CountAddress { country: String, is_human: bool },
    /// An address: the code that was counted so was not sent.
    TakeBackAddress { at: UnixMillis },
    /// A country: a code is to be sent there.
    CountCountry { country: String, request_id: String },
    /// A country: the code that was counted so was not sent.
    TakeBackCountry { at: UnixMillis },
    /// A country: the code that was counted so was verified.
    Verified { at: UnixMillis },
}

#[derive(Serialize, Deserialize)]
pub(crate) struct SendCode {
    pub(crate) phone: PhoneNumber,
    /// ISO 3166-1 alpha-2, by which it is counted; none for a test number.
    pub(crate) country: Option<String>,
    pub(crate) is_human: bool,
    /// Where it comes from, if that is known.
    pub(crate) network: Option<String>,
    pub(crate) asked: Asked,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct AnswerCode {
    /// What the number is called.
    pub(crate) number: String,
    pub(crate) username: String,
    /// Cognito's.
    pub(crate) session: String,
    /// The challenge, and how many answers it had when the session was handed out.
    pub(crate) challenge: String,
    pub(crate) turn: u32,
    pub(crate) code: String,
    /// Where it comes from, if that is known.
    pub(crate) network: Option<String>,
    pub(crate) asked: Asked,
}

/// On whose behalf.
#[derive(Serialize, Deserialize)]
pub(crate) struct Asked {
    pub(crate) request_id: String,
    /// By when the answer must be there, in milliseconds since the Unix epoch: a question that waited for its turn too long is
    /// not worked on, since nobody waits for it any more.
    pub(crate) until_ms: u64,
}

impl Asked {
    /// A step of theirs through the funnel.
    pub(super) fn step<'a>(
        &'a self,
        event: Event,
        country: &'a str,
        outcome: Outcome,
        reason: &'static str,
    ) -> Step<'a> {
        Step {
            request_id: &self.request_id,
            event,
            country,
            outcome,
            reason,
        }
    }
}

/// What a Guard answers.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// A code was sent; or the code was wrong, and here is the next session.
    Challenge {
        /// Sealed.
        session: String,
        parameters: Map<String, Value>,
    },
    Tokens(AuthenticationResult),
    /// Counted under this time.
    Counted(UnixMillis),
    Done,
    Summary(Summary),
    /// The policy says no.
    Refused(Refusal),
    /// Cognito did not do it.
    Failed {
        fault: Fault,
        /// Whether a text may be on its way all the same.
        maybe_sent: bool,
    },
}

/// A problem that the dialogue with Cognito can end in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    InvalidPhoneNumber,
    NotAuthorized,
    ExpiredCode,
    UpstreamError,
    UpstreamUnavailable,
    Internal,
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::InvalidPhoneNumber => Self::InvalidPhoneNumber,
            Problem::NotAuthorized => Self::NotAuthorized,
            Problem::ExpiredCode => Self::ExpiredCode,
            Problem::UpstreamError => Self::UpstreamError,
            Problem::UpstreamUnavailable => Self::UpstreamUnavailable,
            _ => Self::Internal,
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::InvalidPhoneNumber => Self::InvalidPhoneNumber,
            Fault::NotAuthorized => Self::NotAuthorized,
            Fault::ExpiredCode => Self::ExpiredCode,
            Fault::UpstreamError => Self::UpstreamError,
            Fault::UpstreamUnavailable => Self::UpstreamUnavailable,
            Fault::Internal => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_dialogue_ends_in_stays_the_same_on_its_way() {
        for problem in [
            Problem::InvalidPhoneNumber,
            Problem::NotAuthorized,
            Problem::ExpiredCode,
            Problem::UpstreamError,
            Problem::UpstreamUnavailable,
            Problem::Internal,
        ] {
            assert_eq!(Problem::from(Fault::from(problem.clone())), problem);
        }
        assert_eq!(Fault::from(Problem::NotFound), Fault::Internal);
    }

    #[test]
    fn questions_and_answers_are_read_as_they_were_written() {
        let question = Question::SendCode(SendCode {
            phone: PhoneNumber::parse("+15005550006").unwrap(),
            country: None,
            is_human: false,
            network: None,
            asked: Asked {
                request_id: "r".to_owned(),
                until_ms: 5,
            },
        });
        let text = serde_json::to_string(&question).unwrap();
        assert!(matches!(serde_json::from_str(&text).unwrap(), Question::SendCode(read) if read.asked.until_ms == 5));
        let refused = Answer::Refused(Refusal::Wait {
            until: UnixMillis(7),
            cause: guard::Cause::Pause,
        });
        let text = serde_json::to_string(&refused).unwrap();
        assert!(matches!(
            serde_json::from_str(&text).unwrap(),
            Answer::Refused(Refusal::Wait {
                until: UnixMillis(7),
                ..
            })
        ));
    }
}
