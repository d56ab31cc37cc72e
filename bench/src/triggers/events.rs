//! What Cognito sends the triggers: the events that are measured, and those by which both sides must agree.

use std::str::FromStr as _;

use anyhow::{Context, Result};
use challenge::{
    ChallengeState, Code, CodeHashKey, CodeKey, Nonce, Permit, PermitKey, PhoneNumber, Secret, UnixSeconds,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::triggers::aws::SECRET;

const PHONE: &str = "+15005550006";
const POOL: &str = "eu-west-1_bench0001";
const USER: &str = "0b1c2d3e-aaaa-4bbb-8ccc-ddddeeeeffff";
const NONCE: [u8; Nonce::LENGTH] = [7; Nonce::LENGTH];
const REQUEST_ID: &str = "5b8f2c1e-7a3d-4e9b-9f60-1d2c3b4a5e6f";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Trigger {
    Define,
    Create,
    Verify,
}

impl Trigger {
    pub(crate) const ALL: [Self; 3] = [Self::Define, Self::Create, Self::Verify];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Define => "define",
            Self::Create => "create",
            Self::Verify => "verify",
        }
    }
}

/// An event and what it is about.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) event: Value,
}

impl Case {
    fn new(name: &'static str, event: Value) -> Self {
        Self { name, event }
    }
}

/// All cases of a trigger. The first is the one that is measured: of the things that it does, the one with the most work.
pub(crate) fn cases(trigger: Trigger, now: u64) -> Result<Vec<Case>> {
    let challenge = Challenge::issued_at(now)?;
    let late = Challenge::issued_at(now - 600)?;
    Ok(match trigger {
        Trigger::Define => define(&challenge),
        Trigger::Create => create(&challenge, &late),
        Trigger::Verify => verify(&challenge, &late),
    })
}

fn define(challenge: &Challenge) -> Vec<Case> {
    let asks = |session: &[Value], user_not_found| {
        event(
            "DefineAuthChallenge_Authentication",
            json!({"userAttributes": attributes(), "session": session, "userNotFound": user_not_found}),
            json!({"challengeName": null, "issueTokens": null, "failAuthentication": null}),
        )
    };
    let permit = round("permit", false);
    let (right, wrong) = (round(&challenge.state, true), round(&challenge.state, false));
    let mut other = right.clone();
    other["challengeName"] = json!("SRP_A");
    vec![
        Case::new("a wrong answer", asks(&[permit.clone(), wrong.clone()], false)),
        Case::new("no round", asks(&[], false)),
        Case::new("a permit", asks(std::slice::from_ref(&permit), false)),
        Case::new(
            "a right answer",
            asks(&[permit.clone(), wrong.clone(), right.clone()], false),
        ),
        Case::new(
            "three wrong answers",
            asks(&[permit.clone(), wrong.clone(), wrong.clone(), wrong], false),
        ),
        Case::new("an unknown user's right answer", asks(&[permit, right], true)),
        Case::new("another kind of round", asks(&[other], false)),
    ]
}

fn create(challenge: &Challenge, late: &Challenge) -> Vec<Case> {
    let asks = |session: &[Value], permit: Option<&str>, user_not_found: bool| {
        let mut request = json!({
            "userAttributes": if user_not_found { json!({}) } else { attributes() },
            "challengeName": "CUSTOM_CHALLENGE", "session": session, "userNotFound": user_not_found,
        });
        if let Some(permit) = permit {
            request["clientMetadata"] = json!({"permit": permit, "request_id": REQUEST_ID});
        }
        event(
            "CreateAuthChallenge_Authentication",
            request,
            json!({"publicChallengeParameters": null, "privateChallengeParameters": null, "challengeMetadata": null}),
        )
    };
    let after_permit = [round("permit", false)];
    let after_wrong = [round("permit", false), round(&challenge.state, false)];
    let forged = format!("{}A", challenge.permit);
    vec![
        Case::new("a permit", asks(&after_permit, Some(&challenge.permit), false)),
        Case::new("no round", asks(&[], None, false)),
        Case::new("no round of an unknown user", asks(&[], None, true)),
        Case::new(
            "an unknown user's permit",
            asks(&after_permit, Some(&challenge.permit), true),
        ),
        Case::new("a forged permit", asks(&after_permit, Some(&forged), false)),
        Case::new("a late permit", asks(&after_permit, Some(&late.permit), false)),
        Case::new("no permit", asks(&after_permit, None, false)),
        Case::new("a wrong answer", asks(&after_wrong, None, false)),
    ]
}

fn verify(challenge: &Challenge, late: &Challenge) -> Vec<Case> {
    let asks = |state: Option<&str>, answer: &str, user_not_found: bool| {
        let private = state.map_or(json!({}), |state| json!({"state": state}));
        event(
            "VerifyAuthChallengeResponse_Authentication",
            json!({
                "userAttributes": attributes(), "privateChallengeParameters": private, "challengeAnswer": answer,
                "clientMetadata": {"request_id": REQUEST_ID}, "userNotFound": user_not_found,
            }),
            json!({"answerCorrect": null}),
        )
    };
    let (state, code) = (Some(challenge.state.as_str()), challenge.code.as_str());
    vec![
        Case::new("the code", asks(state, code, false)),
        Case::new("another code", asks(state, "000000", false)),
        Case::new("no code", asks(state, "nothing", false)),
        Case::new("the answer to a permit", asks(None, "-", false)),
        Case::new("an unknown user's code", asks(state, code, true)),
        Case::new("a late code", asks(Some(&late.state), &late.code, false)),
        Case::new("a foreign state", asks(Some("v2.AAAA"), code, false)),
    ]
}

/// What belongs to one sign-in.
struct Challenge {
    permit: String,
    code: String,
    state: String,
}

impl Challenge {
    fn issued_at(seconds: u64) -> Result<Self> {
        let secret = Secret::new(SECRET)?;
        let (nonce, issued_at) = (Nonce::new(NONCE), UnixSeconds(seconds));
        let permit: Permit = serde_json::from_value(json!({
            "nonce": nonce, "phone": PHONE, "channel": "sms", "issued_at": seconds, "request_id": REQUEST_ID,
        }))
        .context("a permit has other members now")?;
        let code = Code::derive(&CodeKey::derive(&secret), &nonce, &PhoneNumber::from_str(PHONE)?, POOL);
        Ok(Self {
            permit: permit.seal(&PermitKey::derive(&secret)),
            state: ChallengeState::new(&CodeHashKey::derive(&secret), nonce, issued_at, &code).encode(),
            code: code.expose().to_owned(),
        })
    }
}

fn round(metadata: &str, right: bool) -> Value {
    json!({"challengeName": "CUSTOM_CHALLENGE", "challengeResult": right, "challengeMetadata": metadata})
}

fn attributes() -> Value {
    json!({"sub": USER, "cognito:user_status": "CONFIRMED", "phone_number": PHONE, "phone_number_verified": "true"})
}

#[expect(clippy::needless_pass_by_value, reason = "they become part of the event")]
fn event(trigger: &str, request: Value, response: Value) -> Value {
    json!({
        "version": "1", "region": "eu-west-1", "userPoolId": POOL, "userName": USER,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "6kk5nd9s2tqv0bench8s7n4v3c"},
        "triggerSource": trigger, "request": request, "response": response,
    })
}
