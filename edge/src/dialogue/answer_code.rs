//! A code is answered: tokens, or the challenge once more.

use std::{collections::BTreeMap, rc::Rc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::json;

use super::CodeChallenge;
use crate::{
    cognito::{
        Cognito, Failure,
        operation::{AdminUpdateUserAttributes, Attribute, AuthenticationResult},
    },
    runtime::{clock::Deadline, log},
    settings::Settings,
};

/// Time for what is done after the client was answered.
const AFTERWARDS: Duration = Duration::from_secs(10);

/// What Cognito makes of an answer.
pub(crate) enum Answered {
    Right(AuthenticationResult),
    /// Another try is left.
    Wrong(CodeChallenge),
}

/// Answers the challenge of Cognito's `session` with a code.
pub(crate) async fn answer_code(
    username: &str,
    session: &str,
    code: &str,
    cognito: &Cognito<'_>,
) -> Result<Answered, Failure> {
    let answered = cognito
        .answer_challenge(username, session, code, BTreeMap::new())
        .await?;
    match answered.authentication_result {
        Some(tokens) => Ok(Answered::Right(tokens)),
        None => CodeChallenge::read(answered, username)
            .map(Answered::Wrong)
            .ok_or(Failure::Unexpected),
    }
}

/// Marks the number verified once its owner has shown it, unless the tokens say that it is. If it fails, the next sign-in tries
/// again.
pub(crate) async fn mark_phone_verified(
    settings: Rc<Settings>,
    request_id: String,
    username: String,
    id_token: String,
) {
    if phone_is_verified(&id_token) {
        return;
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_token_tells_whether_the_phone_is_verified() {
        let token = |claims: serde_json::Value| format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims.to_string()));
        assert!(phone_is_verified(&token(json!({"phone_number_verified": true}))));
        assert!(!phone_is_verified(&token(json!({"phone_number_verified": false}))));
        assert!(!phone_is_verified(&token(json!({}))));
        assert!(!phone_is_verified("no token"));
    }
}
