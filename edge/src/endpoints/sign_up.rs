//! `POST /sign_up`: creates the user where there is none, and sends a one-time code either way.

use std::{collections::BTreeMap, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use challenge::{Channel, Nonce, PERMIT_METADATA, Permit, PhoneNumber, USER_NOT_FOUND};
use serde_json::json;

use super::{Call, challenge_answer::CodeChallenge, random_bytes};
use crate::{
    cognito::{
        Cognito, Failure,
        custom_auth::CUSTOM_CHALLENGE,
        operation::{AdminCreateUser, AdminSetUserPassword, Attribute, AuthAnswer},
    },
    http::{body, fields::Fields, problem::Problem, reply::Reply, request::Inbound},
    runtime::{
        clock::{self, Deadline},
        log,
    },
};

/// Room for any E.164 number with its plus sign, and for obvious mistakes to be called invalid and not too long.
const MAX_PHONE_NUMBER: usize = 32;

/// Longest device key that is taken, in characters; those of Cognito have 55 at most.
pub(super) const MAX_DEVICE_KEY: usize = 128;

/// What answers challenge 0, where only the permit beside it counts.
const NO_ANSWER: &str = "-";

/// Answers no sooner than the configured floor after it began: a new user costs Cognito up to three calls more, and that
/// must not tell strangers which numbers are known. A text takes longer to arrive than the floor lasts.
pub(crate) async fn sign_up(request: &Inbound, call: &Call<'_>) -> Result<Reply, Problem> {
    let floor = Deadline::after(Duration::from_millis(call.settings.sign_up_floor_ms));
    let phone = read(&body::read_json(request).await?)?;
    let outcome = send_code(&phone, call).await;
    let remaining = floor.remaining();
    if remaining.is_zero() {
        log::warning(
            "sign_up_slower_than_its_floor",
            json!({ "request_id": call.request_id }),
        );
    }
    clock::sleep(remaining).await;
    outcome
}

fn read(body: &[u8]) -> Result<PhoneNumber, Problem> {
    let mut fields = Fields::parse(body)?;
    let phone_number = fields.required("phone_number", MAX_PHONE_NUMBER);
    // Checked and not handed on: with a device that it remembers, Cognito would ask for DEVICE_SRP_AUTH instead of our
    // challenge. Clients of the 2020 stack send it, and /refresh_token has a use for it.
    fields.optional("device_key", MAX_DEVICE_KEY);
    fields.finish()?;
    PhoneNumber::parse(&phone_number).map_err(|_| Problem::InvalidPhoneNumber)
}

async fn send_code(phone: &PhoneNumber, call: &Call<'_>) -> Result<Reply, Problem> {
    let cognito = call.cognito();
    let permit = Permit {
        nonce: Nonce::new(random_bytes()?),
        phone: phone.clone(),
        channel: Channel::Sms,
        issued_at: clock::now(),
    };

    // Challenge 0. It sends nothing: it is there because Cognito gives the triggers ClientMetadata only with an answer.
    let started = match initiate(&cognito, phone).await {
        // Not only the unknown: a creation that was broken off before the password was set leaves a user behind that
        // Cognito may refuse in either of the other ways.
        Err(Failure::UserNotFound | Failure::UserNotReady | Failure::NotAuthorized) => {
            create_user(&cognito, phone).await?;
            initiate(&cognito, phone).await
        }
        started => started,
    }
    .map_err(|failure| refused(failure, &cognito))?;
    let (Some(session), Some(username)) = (started.session, started.challenge_parameters.get("USERNAME")) else {
        return Err(Problem::UpstreamError);
    };

    // Challenge 1: the permit makes the create trigger send the code.
    let permit = permit.seal(&call.settings.permit_key);
    let challenged = cognito
        .answer_challenge(
            username,
            &session,
            NO_ANSWER,
            BTreeMap::from([(PERMIT_METADATA, permit)]),
        )
        .await
        .map_err(|failure| refused(failure, &cognito))?;
    let challenge =
        CodeChallenge::read(challenged, username, &call.settings.session_seal).ok_or(Problem::UpstreamError)?;
    Ok(Reply::json(
        201,
        &json!({
            "ChallengeName": CUSTOM_CHALLENGE,
            "Session": challenge.session,
            "ChallengeParameters": challenge.parameters,
            "code": "CHALLENGE_SENT",
            "message": "A one-time code was sent. Answer with it at /sign_in before it expires.",
        }),
    ))
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
            temporary_password: &password(&random_bytes()?),
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
            password: &password(&random_bytes()?),
            permanent: true,
        })
        .await
        .map_err(|failure| refused(failure, cognito))?;
    Ok(())
}

/// A password that any policy of Cognito takes: upper and lower case, digit and symbol are always there.
fn password(random: &[u8; 32]) -> String {
    format!("Aa1!{}", URL_SAFE_NO_PAD.encode(random))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_read_beside_fields_that_do_not_matter() {
        let phone = read(br#"{"phone_number":"+15005550006","device_key":"d","x":1}"#).unwrap();
        assert_eq!(phone.as_str(), "+15005550006");
    }

    #[test]
    fn an_impossible_number_is_told_apart_from_a_malformed_request() {
        for number in ["15005550006", "+1", "+1 500 555 0006", "nobody", "+15005550006x"] {
            let body = json!({ "phone_number": number }).to_string();
            assert_eq!(
                read(body.as_bytes()).unwrap_err(),
                Problem::InvalidPhoneNumber,
                "{number}"
            );
        }
        for body in ["{}", r#"{"phone_number":15005550006}"#, r#"{"phone_number":""}"#, "[]"] {
            assert!(
                matches!(read(body.as_bytes()), Err(Problem::InvalidRequest(_))),
                "{body}"
            );
        }
    }

    #[test]
    fn a_device_key_is_at_most_128_characters() {
        let body = |length| json!({"phone_number": "+15005550006", "device_key": "k".repeat(length)}).to_string();
        assert!(read(body(128).as_bytes()).is_ok());
        assert!(matches!(read(body(129).as_bytes()), Err(Problem::InvalidRequest(_))));
    }

    #[test]
    fn passwords_satisfy_every_character_class_and_keep_their_entropy() {
        let password = password(&[0xff; 32]);
        assert!(password.len() >= 43 && password.len() <= 256);
        assert!(password.bytes().any(|byte| byte.is_ascii_uppercase()));
        assert!(password.bytes().any(|byte| byte.is_ascii_lowercase()));
        assert!(password.bytes().any(|byte| byte.is_ascii_digit()));
        assert!(password.bytes().any(|byte| byte == b'!'));
    }
}
