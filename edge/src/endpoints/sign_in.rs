//! `POST /sign_in`: answers the challenge with the code.

use std::{collections::BTreeMap, rc::Rc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::json;

use super::{Call, challenge_answer::CodeChallenge};
use crate::{
    cognito::{
        Cognito,
        operation::{AdminUpdateUserAttributes, Attribute, AuthenticationResult},
    },
    http::{body, fields::Fields, problem::Problem, reply::Reply, request::Inbound},
    runtime::{
        clock::{self, Deadline},
        log,
    },
    session,
};

/// Cognito's own limit for usernames.
const MAX_USERNAME: usize = 128;

/// Room for a code with spaces between its digits.
const MAX_ANSWER: usize = 32;

/// Time for what is done after the client was answered.
const AFTERWARDS: Duration = Duration::from_secs(10);

struct Answer {
    username: String,
    session: String,
    code: String,
}

impl Answer {
    fn read(body: &[u8]) -> Result<Self, Problem> {
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

pub(crate) async fn sign_in(request: &Inbound, call: &Call<'_>) -> Result<Reply, Problem> {
    let Answer {
        username,
        session,
        code,
    } = Answer::read(&body::read_json(request).await?)?;
    let seal = &call.settings.session_seal;
    let opened = seal.open(&username, &session).ok_or(Problem::NotAuthorized)?;
    if clock::now() > opened.expires_at {
        return Err(Problem::ExpiredCode);
    }
    let answered = call
        .cognito()
        .answer_challenge(&username, opened.cognito, &code, BTreeMap::new())
        .await?;
    if let Some(tokens) = answered.authentication_result {
        if !phone_is_verified(&tokens.id_token) {
            mark_phone_verified(call, username);
        }
        return Ok(success(&tokens));
    }
    let challenge = CodeChallenge::read(answered, &username, seal).ok_or(Problem::UpstreamError)?;
    // The code may have expired while the answer was on its way.
    if clock::now() > challenge.expires_at {
        return Err(Problem::ExpiredCode);
    }
    Err(Problem::WrongCode {
        session: challenge.session,
        parameters: challenge.parameters,
    })
}

fn success(tokens: &AuthenticationResult) -> Reply {
    Reply::json(
        200,
        &json!({
            "AuthenticationResult": tokens,
            "code": "LOGON_SUCCEEDED",
            "message": "Signed in. Send the access token as `Authorization: Bearer` to secured paths.",
        }),
    )
}

/// Whether an id token says that its user's phone number is verified.
///
/// Read without checking the signature: it came from Cognito itself a moment ago, and it decides only whether a call is
/// saved.
fn phone_is_verified(id_token: &str) -> bool {
    #[derive(Deserialize)]
    struct IdClaims {
        #[serde(default)]
        phone_number_verified: bool,
    }
    let payload = id_token
        .split('.')
        .nth(1)
        .and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
    payload
        .and_then(|payload| serde_json::from_slice(&payload).ok())
        .is_some_and(|claims: IdClaims| claims.phone_number_verified)
}

/// Marks the number verified once its owner has shown it, after the client has its answer. If it fails, the next sign-in
/// tries again.
fn mark_phone_verified(call: &Call<'_>, username: String) {
    let settings = Rc::clone(&call.settings);
    let request_id = call.request_id.to_owned();
    call.context.wait_until(async move {
        let cognito = Cognito {
            settings: &settings,
            request_id: &request_id,
            deadline: Deadline::after(AFTERWARDS),
        };
        let marked = cognito
            .call(&AdminUpdateUserAttributes {
                user_pool_id: &settings.user_pool_id,
                username: &username,
                user_attributes: vec![Attribute {
                    name: "phone_number_verified",
                    value: "true",
                }],
            })
            .await;
        if let Err(failure) = marked {
            log::warning(
                "phone_not_marked_verified",
                json!({ "request_id": request_id, "failure": failure.name() }),
            );
        }
    });
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

    #[test]
    fn an_id_token_tells_whether_the_phone_is_verified() {
        let token = |claims: serde_json::Value| format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims.to_string()));
        assert!(phone_is_verified(&token(json!({"phone_number_verified": true}))));
        assert!(!phone_is_verified(&token(json!({"phone_number_verified": false}))));
        assert!(!phone_is_verified(&token(json!({}))));
        assert!(!phone_is_verified("no token"));
    }
}
