//! Logs as JSON lines on standard output, from where Lambda takes them to CloudWatch.
//!
//! A line for every decision, flat: `trigger`, `outcome`, and what else there is to say (`destination`, always
//! masked; `country`, `attempts`, `attempts_left`, `reason`). `request_id` is the worker's, where Cognito hands it over: the same
//! as in the worker's log and in the client's answer. No time, because CloudWatch stamps each line, and no spans. No
//! word of a line is six digits but a code that leaked: the groups of an id are longer or shorter ([`challenge::RequestId`]).

use tracing::{Subscriber, error};
use tracing_subscriber::{
    Registry,
    filter::{LevelFilter, Targets},
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// Starts logging for the whole process.
pub fn init() {
    // An error here means that a logger is set already.
    let _ = subscriber(std::io::stdout).try_init();
}

/// The lines, written to `writer`. The level is not for an operator to change: at a lower one the AWS SDK
/// writes out what it sends, code and number included.
pub fn subscriber<W>(writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let levels = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("triggers", LevelFilter::INFO);
    let lines = fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .without_time()
        .with_writer(writer);
    Registry::default().with(levels).with(lines)
}

/// Logs why the function does not start. The error's text must hold no secret.
pub fn start_failed(error: &lambda_runtime::Error) {
    error!(outcome = "start_failed", reason = %error);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        create::Create,
        define,
        testing::{
            Captured, FakeSms, ISSUED_AT, MASKED, PHONE, TEST_CODE, create_event, create_event_of_unknown_user,
            create_settings, create_settings_with, listed, permit_for, round, sealed, secrets, test_permit_for,
            verify_event, verify_settings,
        },
        verify::Verify,
    };

    #[tokio::test]
    async fn a_whole_sign_in_is_logged_without_code_and_number() {
        let (captured, sms) = (Captured::default(), FakeSms::default());
        let permit = sealed(&permit_for(PHONE));
        let state;
        {
            let _guard = captured.start();
            let create = Create::new(create_settings(), &secrets(), &sms);
            let verify = Verify::new(&verify_settings(), &secrets());
            create.handle(create_event(&[], None), ISSUED_AT).await.unwrap();
            verify.handle(verify_event(None, &json!("-")), ISSUED_AT);
            let sent = create
                .handle(create_event(&[round("permit", false)], Some(&permit)), ISSUED_AT)
                .await
                .unwrap();
            state = sent.response.challenge_metadata.unwrap();
            verify.handle(verify_event(Some(&state), &json!("000000")), ISSUED_AT);
            let session = [round("permit", false), round(&state, false)];
            create.handle(create_event(&session, None), ISSUED_AT).await.unwrap();
            let code = &sms.sent()[0].1[..6];
            verify.handle(verify_event(Some(&state), &json!(code)), ISSUED_AT);
            verify.handle(verify_event(Some(&state), &json!(code)), ISSUED_AT.plus(61));
            create
                .handle(create_event(&[round("permit", false)], None), ISSUED_AT)
                .await
                .unwrap_err();
        }
        assert_eq!(
            captured.lines(),
            [
                json!({"level": "INFO", "trigger": "create", "outcome": "asked_for_permit"}),
                json!({"level": "INFO", "trigger": "verify", "outcome": "no_state", "destination": MASKED, "country": "US"}),
                json!({"level": "INFO", "trigger": "create", "outcome": "sent", "attempts_left": 3, "destination": MASKED, "country": "US"}),
                json!({"level": "INFO", "trigger": "verify", "outcome": "wrong", "destination": MASKED, "country": "US"}),
                json!({"level": "INFO", "trigger": "create", "outcome": "asked_again", "attempts_left": 2, "destination": MASKED, "country": "US"}),
                json!({"level": "INFO", "trigger": "verify", "outcome": "right", "destination": MASKED, "country": "US"}),
                json!({"level": "INFO", "trigger": "verify", "outcome": "expired", "destination": MASKED, "country": "US"}),
                json!({"level": "WARN", "trigger": "create", "outcome": "permit_refused", "reason": "no permit"}),
            ]
        );
        let code = &sms.sent()[0].1[..6];
        for secret in [code, "000000", PHONE, &PHONE[1..], &permit, &state, "5005550006"] {
            assert!(!captured.text().contains(secret), "{}", captured.text());
        }
    }

    #[tokio::test]
    async fn a_test_number_is_logged_without_its_code() {
        let (captured, sms) = (Captured::default(), FakeSms::default());
        let permit = sealed(&test_permit_for(PHONE));
        {
            let _guard = captured.start();
            let create = Create::new(create_settings_with(listed(&[PHONE])), &secrets(), &sms);
            let session = [round("permit", false)];
            for event in [
                create_event(&session, Some(&permit)),
                create_event_of_unknown_user(&session, Some(&permit)),
            ] {
                create.handle(event, ISSUED_AT).await.unwrap();
            }
        }
        assert_eq!(
            captured.lines(),
            ["test_number", "unknown_user"].map(|outcome| json!({
                "level": "INFO", "trigger": "create", "outcome": outcome, "attempts_left": 3, "destination": MASKED, "country": "US",
            }))
        );
        for secret in [TEST_CODE, PHONE, &PHONE[1..], &permit] {
            assert!(!captured.text().contains(secret), "{}", captured.text());
        }
    }

    #[tokio::test]
    async fn a_test_code_that_was_refused_is_logged_without_it() {
        let (captured, sms) = (Captured::default(), FakeSms::default());
        let permit = sealed(&test_permit_for(PHONE));
        {
            let _guard = captured.start();
            let create = Create::new(create_settings(), &secrets(), &sms);
            let event = create_event(&[round("permit", false)], Some(&permit));
            create.handle(event, ISSUED_AT).await.unwrap_err();
        }
        assert_eq!(
            captured.lines(),
            [json!({
                "level": "WARN", "trigger": "create", "outcome": "permit_refused",
                "reason": "test code for a number that is no test number",
            })]
        );
        for secret in [TEST_CODE, PHONE, &PHONE[1..], &permit] {
            assert!(!captured.text().contains(secret), "{}", captured.text());
        }
    }

    #[tokio::test]
    async fn a_failed_send_is_logged_by_its_kind() {
        let (captured, sms) = (Captured::default(), FakeSms::failing());
        {
            let _guard = captured.start();
            let create = Create::new(create_settings(), &secrets(), &sms);
            let event = create_event(&[round("permit", false)], Some(&sealed(&permit_for(PHONE))));
            create.handle(event, ISSUED_AT).await.unwrap_err();
        }
        let line = json!({
            "level": "WARN", "trigger": "create", "outcome": "send_failed", "destination": MASKED, "country": "US",
            "reason": FakeSms::FAILURE,
        });
        assert_eq!(captured.lines(), [line]);
    }

    #[test]
    fn define_is_logged() {
        let captured = Captured::default();
        {
            let _guard = captured.start();
            let event = json!({"callerContext": {}, "request": {"session": []}, "response": {}});
            define::handle(serde_json::from_value(event).unwrap());
        }
        let line = json!({"level": "INFO", "trigger": "define", "outcome": "challenge", "attempts": 0, "user_not_found": false});
        assert_eq!(captured.lines(), [line]);
    }

    #[test]
    fn what_the_aws_sdk_says_below_a_warning_is_not_logged() {
        let captured = Captured::default();
        {
            let _guard = captured.start();
            tracing::info!(target: "aws_smithy_runtime", "request body: 123456");
            tracing::debug!("ours, but not for production");
            tracing::warn!(target: "aws_config", "a warning");
        }
        assert_eq!(captured.lines(), [json!({"level": "WARN", "message": "a warning"})]);
    }
}
