//! `POST /sign_in`: answers the challenge with the code.

use serde_json::json;

use super::{CLIENT_ADDRESS, Call, Refused, limits};
use crate::{
    cognito::operation::AuthenticationResult,
    funnel::{self, Event, Outcome},
    guard::{
        names::Client,
        protocol::{self, AnswerCode, Question},
    },
    http::{body, fields::Fields, problem::Problem, reply::Reply, request::Inbound},
    runtime::clock,
    session,
};

/// Cognito's own limit for usernames.
const MAX_USERNAME: usize = 128;

/// Room for a code with spaces between its digits.
const MAX_ANSWER: usize = 32;

pub(crate) struct Answer {
    username: String,
    session: String,
    code: String,
}

impl Answer {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::parse(body)?;
        let username = fields.required("username", MAX_USERNAME);
        let session = fields.required("session", session::MAX_LENGTH);
        let answer = fields.required("answer", MAX_ANSWER);
        fields.finish()?;
        // People copy "123 456" or "123-456" from a text: those are the same code and must not cost a try.
        let code: String = answer
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-')
            .collect();
        if code.is_empty() {
            return Err(Problem::invalid_field("answer", "must not be empty"));
        }
        Ok(Self {
            username,
            session,
            code,
        })
    }
}

/// A session that was invented, or that belongs to another user, ends here; it makes no difference whether that user exists. All
/// others are the Guard's to judge.
pub(crate) async fn sign_in(request: &Inbound, call: &Call<'_>) -> Result<Reply, Refused> {
    let Answer {
        username,
        session,
        code,
    } = Answer::read(&body::read_json(request).await?)?;
    let opened = call.settings.session_seal.open(&username, &session);
    let opened = opened.ok_or(Problem::NotAuthorized)?;
    if clock::now() > opened.expires_at {
        call.step(Event::Answer, funnel::UNKNOWN, Outcome::Failed, "expired");
        return Err(Problem::ExpiredCode.into());
    }
    let number = opened.number.to_owned();
    let client = Client::read(request.header(CLIENT_ADDRESS).as_deref());
    let question = Question::AnswerCode(AnswerCode {
        number: number.clone(),
        session: opened.cognito.to_owned(),
        challenge: opened.challenge.to_owned(),
        turn: opened.turn,
        username,
        code,
        network: call.settings.protection.guard_names.network(&client),
        asked: call.asked(),
    });
    let limit = call.deadline.remaining();
    let answer = call.guards().ask_number(&number, &question, limit).await;
    let answer = answer.inspect_err(|no_answer| {
        // Besides this there may be what the Guard has written before it failed, or still writes: see `crate::funnel`.
        call.step(Event::Answer, funnel::UNKNOWN, Outcome::Failed, no_answer.name());
    })?;
    match answer {
        protocol::Answer::Tokens(tokens) => Ok(success(&tokens)),
        protocol::Answer::Challenge { session, parameters } => Err(Problem::WrongCode { session, parameters }.into()),
        protocol::Answer::Refused(refusal) => Err(limits::refused_answer(refusal)),
        protocol::Answer::Failed { fault, .. } => Err(Problem::from(fault).into()),
        _ => Err(Problem::Internal.into()),
    }
}

pub(crate) fn success(tokens: &AuthenticationResult) -> Reply {
    Reply::json(
        200,
        &json!({
            "AuthenticationResult": tokens,
            "code": "LOGON_SUCCEEDED",
            "message": "Signed in. Send the access token as `Authorization: Bearer` to secured paths.",
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(answer: &str) -> Result<String, Problem> {
        let body = json!({"username": "u", "session": "s", "answer": answer}).to_string();
        Answer::read(body.as_bytes()).map(|answer| answer.code)
    }

    #[test]
    fn spaces_and_dashes_in_a_code_do_not_count() {
        for answer in ["123456", "123 456", " 123-456 ", "123\u{a0}456"] {
            assert_eq!(code(answer), Ok("123456".to_owned()), "{answer}");
        }
        assert!(matches!(code(" - "), Err(Problem::InvalidRequest(_))));
    }

    #[test]
    fn every_missing_field_is_named() {
        let Err(Problem::InvalidRequest(errors)) = Answer::read(b"{}") else {
            panic!("accepted")
        };
        assert_eq!(
            errors.iter().map(|error| error.field).collect::<Vec<_>>(),
            ["username", "session", "answer"]
        );
    }
}
