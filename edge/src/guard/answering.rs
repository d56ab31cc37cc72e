//! The Guard of a number takes an answer.

use std::rc::Rc;

use guard::{Memory, Outcome, Refusal, UnixMillis};
use serde_json::json;

use super::{
    memory::StorageError,
    object::too_late,
    object::{NumberRecord, Object},
    protocol::{Answer, AnswerCode, Question},
};
use crate::{
    cognito::{Cognito, Failure},
    dialogue::{self, Answered, CodeChallenge},
    funnel::{self, Event},
    http::problem::Problem,
    runtime::{
        clock::{self, Deadline},
        log,
    },
    session::Session,
    settings::Settings,
};

impl Object {
    /// Counts the answer, then lets Cognito compare it, then writes down how that went.
    pub(super) async fn answer_code(&self, ask: AnswerCode, settings: &Rc<Settings>) -> Result<Answer, StorageError> {
        let step = |record: &NumberRecord, outcome, reason| {
            let country = record.country_in_funnel();
            ask.asked.step(Event::Answer, country, outcome, reason).write(&self.env);
        };
        let deadline = Deadline::at(ask.asked.until_ms);
        if deadline.remaining().is_zero() {
            step(&self.store.read()?, funnel::Outcome::Failed, "too_late");
            return Ok(too_late());
        }
        let mut record: NumberRecord = self.store.read()?;
        let policy = record.policy(settings);
        let now = clock::now_millis();
        record.number.forget(policy, now);
        let sent_at = record.number.open_since();
        let guess = match record
            .number
            .begin_answer(policy, &ask.challenge, ask.turn, now, ask.network.as_deref())
        {
            Ok(guess) => guess,
            Err(refusal) => {
                let outcome = match refusal {
                    Refusal::Expired => funnel::Outcome::Failed,
                    _ => funnel::Outcome::Denied,
                };
                // A session that was used can be sent again until its code expires: whoever does shall not write the bill of
                // the operator's log. The request's own line says it.
                if matches!(refusal, Refusal::NoChallenge | Refusal::Expired) {
                    let country = record.country_in_funnel();
                    let step = ask.asked.step(Event::Answer, country, outcome, refusal.name());
                    step.write_point(&self.env);
                } else {
                    step(&record, outcome, refusal.name());
                }
                return Ok(Answer::Refused(refusal));
            }
        };
        self.store.write(&record)?;
        self.store.remind().await?;

        let cognito = Cognito {
            settings,
            request_id: &ask.asked.request_id,
            deadline,
        };
        let answered = dialogue::answer_code(&ask.username, &ask.session, &ask.code, &cognito).await;

        let is_last = !guess.is_unsure && guess.turn >= policy.guessing.per_challenge;
        let outcome = outcome_of(&answered, is_last);
        let mut record: NumberRecord = self.store.read()?;
        let was_locked = record.number.is_locked();
        record.number.conclude(record.policy(settings), &guess, outcome);
        self.store.write(&record)?;
        if record.number.is_locked() && !was_locked {
            log::warning(
                "number_locked",
                json!({ "request_id": ask.asked.request_id, "guard": ask.number }),
            );
        }
        match answered {
            Ok(Answered::Right(tokens)) => {
                step(&record, funnel::Outcome::Verified, "");
                self.verified(&ask, record.country, sent_at, tokens.id_token.clone(), settings);
                Ok(Answer::Tokens(tokens))
            }
            Ok(Answered::Wrong(challenge)) => {
                let next = next(&ask, &challenge, guess.turn, settings);
                let is_late = matches!(next, Answer::Refused(Refusal::Expired));
                step(
                    &record,
                    funnel::Outcome::Failed,
                    if is_late { "expired" } else { "wrong" },
                );
                Ok(next)
            }
            Err(failure) => {
                step(&record, funnel::Outcome::Failed, reason_of(failure, is_last));
                Ok(Answer::Failed {
                    fault: Problem::from(failure).into(),
                    maybe_sent: false,
                })
            }
        }
    }

    /// What a right answer means to others: the country has a conversion, and Cognito's user a verified number.
    fn verified(
        &self,
        ask: &AnswerCode,
        country: Option<String>,
        sent_at: Option<UnixMillis>,
        id_token: String,
        settings: &Rc<Settings>,
    ) {
        let request_id = ask.asked.request_id.clone();
        if let (Some(country), Some(at)) = (country, sent_at) {
            self.tell(settings, country, request_id.clone(), Question::Verified { at });
        }
        let (settings, username) = (Rc::clone(settings), ask.username.clone());
        self.state
            .wait_until(dialogue::mark_phone_verified(settings, request_id, username, id_token));
    }
}

/// The session for the next try.
fn next(ask: &AnswerCode, challenge: &CodeChallenge, turn: u32, settings: &Settings) -> Answer {
    // The code may have expired while the answer was on its way.
    if clock::now() > challenge.expires_at {
        return Answer::Refused(Refusal::Expired);
    }
    let number = &ask.number;
    let session = Session {
        expires_at: challenge.expires_at,
        number,
        challenge: &ask.challenge,
        turn,
        cognito: &challenge.session,
    };
    Answer::Challenge {
        session: settings.session_seal.seal(&challenge.username, &session),
        parameters: challenge.parameters(),
    }
}

/// What is known of an answer. `is_last`: whether it is surely the last of the tries that its challenge has.
fn outcome_of(answered: &Result<Answered, Failure>, is_last: bool) -> Outcome {
    match answered {
        Ok(Answered::Right(_)) => Outcome::Right,
        Ok(Answered::Wrong(_)) => Outcome::Wrong,
        // How Cognito says that the last try was wrong. Earlier it means that it does not know the session any more.
        Err(Failure::NotAuthorized) if is_last => Outcome::Wrong,
        Err(Failure::Throttled | Failure::Credentials) => Outcome::NotAsked,
        Err(_) => Outcome::Unknown,
    }
}

/// What the funnel calls a failure that an answer met with. `is_last`: as above.
const fn reason_of(failure: Failure, is_last: bool) -> &'static str {
    match failure {
        Failure::NotAuthorized if is_last => "attempts_exhausted",
        Failure::NotAuthorized | Failure::UserDisabled | Failure::UserNotFound => "not_authorized",
        Failure::Throttled => "throttled",
        _ => "upstream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_funnel_tells_the_last_wrong_answer_from_what_is_cognitos_doing() {
        assert_eq!(reason_of(Failure::NotAuthorized, true), "attempts_exhausted");
        assert_eq!(reason_of(Failure::NotAuthorized, false), "not_authorized");
        assert_eq!(reason_of(Failure::Throttled, true), "throttled");
        for failure in [Failure::Unreachable, Failure::TimedOut, Failure::TriggerFailed] {
            assert_eq!(reason_of(failure, true), "upstream", "{failure:?}");
        }
    }

    #[test]
    fn only_what_cognito_compared_and_refused_counts_as_wrong() {
        let of = |failure, is_last| outcome_of(&Err(failure), is_last);
        assert_eq!(of(Failure::NotAuthorized, true), Outcome::Wrong);
        assert_eq!(of(Failure::NotAuthorized, false), Outcome::Unknown);
        for failure in [
            Failure::Unreachable,
            Failure::TimedOut,
            Failure::Unavailable,
            Failure::TriggerFailed,
            Failure::Unexpected,
        ] {
            assert_eq!(of(failure, true), Outcome::Unknown, "{failure:?}");
        }
        assert_eq!(of(Failure::Throttled, false), Outcome::NotAsked);
    }
}
