//! A code is sent: the user is created where there is none, and either way the create trigger gets its permit.

use std::{collections::BTreeMap, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use challenge::{PERMIT_METADATA, Permit, PhoneNumber, USER_NOT_FOUND};
use serde_json::json;

use super::CodeChallenge;
use crate::{
    cognito::{
        Cognito, Failure,
        operation::{AdminCreateUser, AdminSetUserPassword, Attribute, AuthAnswer},
    },
    http::problem::Problem,
    runtime::{log, random},
};

/// With less time than this the permit is not sent: its answer could not be waited for.
const LEAST: Duration = Duration::from_millis(250);

/// What answers challenge 0, where only the permit beside it counts.
const NO_ANSWER: &str = "-";

/// Why there is no challenge to answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotSent {
    pub(crate) problem: Problem,
    /// Whether a text may be on its way all the same.
    pub(crate) maybe_sent: bool,
}

impl From<Problem> for NotSent {
    /// Before the permit has gone out nothing is sent.
    fn from(problem: Problem) -> Self {
        Self {
            problem,
            maybe_sent: false,
        }
    }
}

/// Has Cognito send the code that the permit is for.
pub(crate) async fn send_code(permit: &Permit, cognito: &Cognito<'_>) -> Result<CodeChallenge, NotSent> {
    let phone = &permit.phone;
    // Challenge 0. It sends nothing: it is there because Cognito gives the triggers ClientMetadata only with an answer.
    let started = match initiate(cognito, phone).await {
        // Not only the unknown: a creation that was broken off before the password was set leaves a user behind that
        // Cognito may refuse in either of the other ways.
        Err(Failure::UserNotFound | Failure::UserNotReady | Failure::NotAuthorized) => {
            create_user(cognito, phone).await?;
            initiate(cognito, phone).await
        }
        started => started,
    }
    .map_err(|failure| refused(failure, cognito))?;
    let (Some(session), Some(username)) = (started.session, started.challenge_parameters.get("USERNAME")) else {
        return Err(Problem::UpstreamError.into());
    };

    if cognito.deadline.remaining() < LEAST {
        // Nobody shall wonder whether a text was sent.
        return Err(Problem::UpstreamUnavailable.into());
    }
    // Challenge 1: the permit makes the create trigger send the code.
    let sealed = permit.seal(&cognito.settings.permit_key);
    let metadata = BTreeMap::from([(PERMIT_METADATA, sealed)]);
    let challenged = cognito.answer_challenge(username, &session, NO_ANSWER, metadata).await;
    let challenged = challenged.map_err(|failure| NotSent {
        maybe_sent: may_have_sent(failure),
        problem: refused(failure, cognito),
    })?;
    CodeChallenge::read(challenged, username).ok_or(NotSent {
        problem: Problem::UpstreamError,
        maybe_sent: true,
    })
}

/// Whether a text may have been sent although the call with the permit failed so. Counted as sent if nobody knows: what
/// limits cost must not depend on luck.
fn may_have_sent(failure: Failure) -> bool {
    match failure {
        // Turned away before any trigger ran.
        Failure::NotAuthorized
        | Failure::UserDisabled
        | Failure::UserNotFound
        | Failure::UserNotReady
        | Failure::UsernameExists
        | Failure::InvalidParameter
        | Failure::TokenType
        | Failure::Throttled
        | Failure::Credentials => false,
        Failure::TriggerFailed
        | Failure::Unavailable
        | Failure::Unreachable
        | Failure::TimedOut
        | Failure::Unexpected => true,
    }
}

/// What a failure means to someone who asks for a code: there is no session or token of theirs that could be wrong, so
/// what elsewhere is the client's fault is ours here. Only whom an operator disabled is told so.
fn refused(failure: Failure, cognito: &Cognito<'_>) -> Problem {
    match failure {
        Failure::NotAuthorized | Failure::UserNotFound | Failure::UserNotReady | Failure::InvalidParameter => {
            log::error(
                "sign_up_refused",
                json!({ "request_id": cognito.request_id, "failure": failure.name() }),
            );
            Problem::UpstreamError
        }
        other => other.into(),
    }
}

/// Starts a sign-in. [`Failure::UserNotFound`] in either way that Cognito has of saying so: as an error, or, with the
/// client's `PreventUserExistenceErrors`, as a challenge for nobody, which our create trigger marks.
async fn initiate(cognito: &Cognito<'_>, phone: &PhoneNumber) -> Result<AuthAnswer, Failure> {
    let answer = cognito.start_sign_in(phone.as_str()).await?;
    if answer.challenge_parameters.contains_key(USER_NOT_FOUND) {
        return Err(Failure::UserNotFound);
    }
    Ok(answer)
}

/// Creates the user and confirms it. Completes a creation that was broken off, or that another request is at.
async fn create_user(cognito: &Cognito<'_>, phone: &PhoneNumber) -> Result<(), Problem> {
    let user_pool_id = &cognito.settings.user_pool_id;
    let created = cognito
        .call(&AdminCreateUser {
            user_pool_id,
            username: phone.as_str(),
            message_action: "SUPPRESS",
            temporary_password: &password()?,
            user_attributes: vec![Attribute {
                name: "phone_number",
                value: phone.as_str(),
            }],
        })
        .await;
    match created {
        Ok(_) | Err(Failure::UsernameExists) => {}
        // A number that is possible, but that Cognito does not take.
        Err(Failure::InvalidParameter) => return Err(Problem::InvalidPhoneNumber),
        Err(failure) => return Err(refused(failure, cognito)),
    }
    // Only a user with a permanent password is CONFIRMED. Nobody ever learns or uses this one: 256 random bits, and the
    // app client takes no password.
    cognito
        .call(&AdminSetUserPassword {
            user_pool_id,
            username: phone.as_str(),
            password: &password()?,
            permanent: true,
        })
        .await
        .map_err(|failure| refused(failure, cognito))?;
    Ok(())
}

/// A password that any policy of Cognito takes: upper and lower case, digit and symbol are always there.
fn password() -> Result<String, Problem> {
    let random: [u8; 32] = random::bytes().map_err(|_| Problem::Internal)?;
    Ok(password_from(&random))
}

fn password_from(random: &[u8; 32]) -> String {
    format!("Aa1!{}", URL_SAFE_NO_PAD.encode(random))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_counts_as_sent_unless_it_surely_was_not() {
        for failure in [
            Failure::Throttled,
            Failure::NotAuthorized,
            Failure::Credentials,
            Failure::UserDisabled,
        ] {
            assert!(!may_have_sent(failure), "{failure:?}");
        }
        for failure in [
            Failure::TriggerFailed,
            Failure::Unavailable,
            Failure::Unreachable,
            Failure::TimedOut,
            Failure::Unexpected,
        ] {
            assert!(may_have_sent(failure), "{failure:?}");
        }
    }

    #[test]
    fn passwords_satisfy_every_character_class_and_keep_their_entropy() {
        let password = password_from(&[0xff; 32]);
        assert!(password.len() >= 43 && password.len() <= 256);
        assert!(password.bytes().any(|byte| byte.is_ascii_uppercase()));
        assert!(password.bytes().any(|byte| byte.is_ascii_lowercase()));
        assert!(password.bytes().any(|byte| byte.is_ascii_digit()));
        assert!(password.bytes().any(|byte| byte == b'!'));
    }
}
