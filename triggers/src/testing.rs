//! What the tests of the triggers share: one user, Cognito's events for that user, and a sender that fails on demand.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use aws_lambda_events::event::cognito::{
    CognitoEventUserPoolsCreateAuthChallenge as CreateEvent, CognitoEventUserPoolsVerifyAuthChallenge as VerifyEvent,
};
use challenge::{Channel, Code, MessageTemplate, Nonce, Permit, PermitKey, PhoneNumber, Secret, UnixSeconds};
use serde_json::{Value, json};
use tracing::subscriber::DefaultGuard;

use crate::{
    log,
    metrics::Metrics,
    settings::{CreateSettings, TestNumbers, VerifySettings},
    sms::{SendError, SendSms},
    versions::Versions,
};

pub(crate) const PHONE: &str = "+15005550006";
pub(crate) const MASKED: &str = "+1••••••0006";
pub(crate) const POOL: &str = "us-east-1_AbCdEfGhI";
pub(crate) const STACK: &str = "passwordless-edge-dev";
pub(crate) const TTL: u64 = 60;
pub(crate) const ISSUED_AT: UnixSeconds = UnixSeconds(1_790_000_000);

pub(crate) fn secret() -> Secret {
    Secret::new("correct horse battery staple, 32+ characters").unwrap()
}

/// The one version there is between two exchanges of the secret.
pub(crate) fn secrets() -> Versions<Secret> {
    Versions::only(secret())
}

pub(crate) fn create_settings() -> CreateSettings {
    CreateSettings {
        secret_arn: "arn".to_owned(),
        code_ttl_seconds: TTL,
        template: MessageTemplate::parse("{code} is your code for {app}.").unwrap(),
        app_name: "Example".to_owned(),
        origin_domain: Some("example.com".to_owned()),
        sender_id: None,
        test_numbers: TestNumbers::None,
        stack_name: None,
    }
}

/// The same where these are the test numbers.
pub(crate) fn create_settings_with(test_numbers: TestNumbers) -> CreateSettings {
    CreateSettings {
        test_numbers,
        ..create_settings()
    }
}

pub(crate) fn listed(numbers: &[&str]) -> TestNumbers {
    let parse = |number: &&str| PhoneNumber::parse(number).unwrap();
    TestNumbers::Listed(numbers.iter().map(parse).collect())
}

pub(crate) fn verify_settings() -> VerifySettings {
    VerifySettings {
        secret_arn: "arn".to_owned(),
        code_ttl_seconds: TTL,
        test_numbers: TestNumbers::None,
        stack_name: None,
    }
}

pub(crate) fn permit_for(phone: &str) -> Permit {
    let phone = PhoneNumber::parse(phone).unwrap();
    Permit {
        nonce: Nonce::new([7; 16]),
        phone,
        channel: Channel::Sms,
        issued_at: ISSUED_AT,
        test_code: None,
        request_id: None,
    }
}

/// The code that the operator fixed for a test number.
pub(crate) const TEST_CODE: &str = "042042";

/// The permit for the same challenge if the number is one for tests.
pub(crate) fn test_permit_for(phone: &str) -> Permit {
    Permit {
        test_code: Some(Code::parse(TEST_CODE).unwrap()),
        ..permit_for(phone)
    }
}

pub(crate) fn sealed(permit: &Permit) -> String {
    permit.seal(&PermitKey::derive(&secret()))
}

/// A round as Cognito tells of it.
pub(crate) fn round(metadata: &str, right: bool) -> Value {
    json!({"challengeName": "CUSTOM_CHALLENGE", "challengeResult": right, "challengeMetadata": metadata})
}

fn event(trigger: &str, request: &Value, response: &Value) -> Value {
    json!({
        "version": "1",
        "region": "us-east-1",
        "userPoolId": POOL,
        "userName": "0b1c2d3e-aaaa-bbbb-cccc-ddddeeeeffff",
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "client"},
        "triggerSource": trigger,
        "request": request,
        "response": response,
    })
}

fn attributes() -> Value {
    json!({"sub": "0b1c2d3e-aaaa-bbbb-cccc-ddddeeeeffff", "cognito:user_status": "CONFIRMED", "phone_number": PHONE})
}

/// Cognito's event for the create trigger; `permit` is in the metadata of the answer that led here.
pub(crate) fn create_event(session: &[Value], permit: Option<&str>) -> CreateEvent {
    let mut request = json!({
        "userAttributes": attributes(), "challengeName": "CUSTOM_CHALLENGE", "session": session, "userNotFound": false,
    });
    if let Some(permit) = permit {
        request["clientMetadata"] = json!({"permit": permit});
    }
    let response = json!({
        "publicChallengeParameters": null, "privateChallengeParameters": null, "challengeMetadata": null,
    });
    serde_json::from_value(event("CreateAuthChallenge_Authentication", &request, &response)).unwrap()
}

/// The same for a user whom Cognito only simulates.
pub(crate) fn create_event_of_unknown_user(session: &[Value], permit: Option<&str>) -> CreateEvent {
    let mut event = create_event(session, permit);
    event.request.user_not_found = true;
    event.request.user_attributes.clear();
    event.cognito_event_user_pools_header.user_name = Some(PHONE.to_owned());
    event
}

/// Cognito's event for the verify trigger.
pub(crate) fn verify_event(state: Option<&str>, answer: &Value) -> VerifyEvent {
    let private = state.map_or(json!({}), |state| json!({"state": state}));
    let request = json!({
        "userAttributes": attributes(), "privateChallengeParameters": private, "challengeAnswer": answer,
        "userNotFound": false,
    });
    let response = json!({"answerCorrect": null});
    serde_json::from_value(event("VerifyAuthChallengeResponse_Authentication", &request, &response)).unwrap()
}

/// Keeps what is counted, as the lines say it.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<String>>);

impl Lines {
    /// Metrics that are kept here.
    pub(crate) fn metrics(&self) -> Metrics {
        let kept = Arc::clone(&self.0);
        Metrics::new(Some(STACK.to_owned()), move |line| {
            kept.lock().unwrap_or_else(PoisonError::into_inner).push_str(line);
        })
    }

    pub(crate) fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Name and country of every count so far.
    pub(crate) fn counts(&self) -> Vec<(String, Option<String>)> {
        let text = self.text();
        let counted = |line: &str| {
            let line: Value = serde_json::from_str(line).unwrap();
            assert_eq!(line["Stack"], STACK);
            let name = &line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"];
            let country = line.get("Country").map(|country| country.as_str().unwrap().to_owned());
            (name.as_str().unwrap().to_owned(), country)
        };
        text.lines().map(counted).collect()
    }
}

/// Keeps what is logged.
#[derive(Clone, Default)]
pub(crate) struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// Logs into this for as long as the guard lives, on this thread.
    pub(crate) fn start(&self) -> DefaultGuard {
        let captured = self.clone();
        tracing::subscriber::set_default(log::subscriber(move || captured.clone()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()).unwrap()
    }

    pub(crate) fn lines(&self) -> Vec<Value> {
        self.text()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Keeps what it is told to send, or fails.
#[derive(Default)]
pub(crate) struct FakeSms {
    pub(crate) fails: bool,
    sent: Mutex<Vec<(String, String)>>,
}

impl FakeSms {
    pub(crate) const FAILURE: &str = "Throttled";

    pub(crate) fn failing() -> Self {
        Self {
            fails: true,
            ..Self::default()
        }
    }

    /// Number and text of every message so far.
    pub(crate) fn sent(&self) -> Vec<(String, String)> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl SendSms for &FakeSms {
    async fn send(&self, to: &PhoneNumber, text: &str) -> Result<(), SendError> {
        if self.fails {
            return Err(SendError(FakeSms::FAILURE.to_owned()));
        }
        let message = (to.as_str().to_owned(), text.to_owned());
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(message);
        Ok(())
    }
}
