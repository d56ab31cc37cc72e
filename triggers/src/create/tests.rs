use serde_json::{Value, json};

use super::*;
use crate::{
    testing::{
        FakeSms, ISSUED_AT, MASKED, PHONE, POOL, create_event, create_event_of_unknown_user, create_settings,
        permit_for, round, sealed, secret, secrets,
    },
    verify::Verify,
};

fn create(sms: &FakeSms) -> Create<&FakeSms> {
    Create::new(create_settings(), &secrets(), sms)
}

/// The event that comes after challenge 0 was answered with a permit.
fn first_event() -> Event {
    create_event(&[round("permit", false)], Some(&sealed(&permit_for(PHONE))))
}

fn code() -> Code {
    let permit = permit_for(PHONE);
    Code::derive(&CodeKey::derive(&secret()), &permit.nonce, &permit.phone, POOL)
}

fn public(attempts_left: &str) -> Value {
    json!({
        "channel": "sms", "destination": MASKED, "code_length": "6", "issued_at": "1790000000",
        "expires_at": "1790000060", "attempts_left": attempts_left,
    })
}

fn response(event: &Event) -> Value {
    serde_json::to_value(&event.response).unwrap()
}

#[tokio::test]
async fn challenge_0_asks_for_the_permit_and_sends_nothing() {
    let sms = FakeSms::default();
    // A permit that came too early is not looked at.
    for permit in [None, Some(sealed(&permit_for(PHONE)))] {
        let event = create(&sms)
            .handle(create_event(&[], permit.as_deref()), ISSUED_AT)
            .await
            .unwrap();
        assert_eq!(
            response(&event),
            json!({"publicChallengeParameters": {}, "privateChallengeParameters": {}, "challengeMetadata": "permit"})
        );
    }
    assert!(sms.sent().is_empty());
}

#[tokio::test]
async fn challenge_0_marks_a_user_whom_cognito_only_simulates() {
    let sms = FakeSms::default();
    let event = create(&sms)
        .handle(create_event_of_unknown_user(&[], None), ISSUED_AT)
        .await
        .unwrap();
    assert_eq!(
        response(&event),
        json!({
            "publicChallengeParameters": {"user_not_found": "true"}, "privateChallengeParameters": {},
            "challengeMetadata": "permit",
        })
    );
    assert!(sms.sent().is_empty());
}

#[tokio::test]
async fn with_a_permit_the_code_is_sent() {
    let sms = FakeSms::default();
    let event = create(&sms).handle(first_event(), ISSUED_AT).await.unwrap();
    let digits = code().expose().to_owned();
    let text = format!("{digits} is your code for Example.\n\n@example.com #{digits}");
    assert_eq!(sms.sent(), [(PHONE.to_owned(), text)]);
    let state = event.response.challenge_metadata.clone().unwrap();
    assert_eq!(
        response(&event),
        json!({
            "publicChallengeParameters": public("3"),
            "privateChallengeParameters": {"state": state},
            "challengeMetadata": state,
        })
    );
    let state = ChallengeState::decode(&state).unwrap();
    assert!(state.matches(&CodeHashKey::derive(&secret()), &digits));
    assert_eq!(state.issued_at, ISSUED_AT);
}

#[tokio::test]
async fn the_code_is_nowhere_in_the_answer() {
    let sms = FakeSms::default();
    let event = create(&sms).handle(first_event(), ISSUED_AT).await.unwrap();
    assert!(!serde_json::to_string(&event).unwrap().contains(code().expose()));
}

#[tokio::test]
async fn the_same_event_again_sends_the_same_code_and_makes_the_same_state() {
    let sms = FakeSms::default();
    let first = create(&sms).handle(first_event(), ISSUED_AT).await.unwrap();
    let second = create(&sms).handle(first_event(), ISSUED_AT.plus(6)).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(sms.sent().len(), 2);
    assert_eq!(sms.sent()[0], sms.sent()[1]);
}

#[tokio::test]
async fn later_rounds_keep_the_code_and_count_down_without_sending() {
    let sms = FakeSms::default();
    let first = create(&sms).handle(first_event(), ISSUED_AT).await.unwrap();
    let state = first.response.challenge_metadata.clone().unwrap();
    let mut session = vec![round("permit", false)];
    for attempts_left in ["2", "1"] {
        session.push(round(&state, false));
        let event = create(&sms)
            .handle(create_event(&session, None), ISSUED_AT.plus(999))
            .await
            .unwrap();
        assert_eq!(
            response(&event),
            json!({
                "publicChallengeParameters": public(attempts_left),
                "privateChallengeParameters": {"state": state},
                "challengeMetadata": state,
            })
        );
    }
    assert_eq!(sms.sent().len(), 1);
}

#[tokio::test]
async fn a_later_round_with_a_new_permit_sends_nothing() {
    let sms = FakeSms::default();
    let state = create(&sms)
        .handle(first_event(), ISSUED_AT)
        .await
        .unwrap()
        .response
        .challenge_metadata
        .unwrap();
    let mut other = permit_for(PHONE);
    other.nonce = challenge::Nonce::new([8; 16]);
    let event = create_event(&[round("permit", false), round(&state, false)], Some(&sealed(&other)));
    let event = create(&sms).handle(event, ISSUED_AT).await.unwrap();
    assert_eq!(event.response.challenge_metadata, Some(state));
    assert_eq!(sms.sent().len(), 1);
}

#[tokio::test]
async fn a_later_round_without_our_state_fails() {
    let sms = FakeSms::default();
    for metadata in ["", "permit", "v1.AAAA"] {
        let event = create_event(&[round("permit", false), round(metadata, false)], None);
        assert_eq!(
            create(&sms).handle(event, ISSUED_AT).await,
            Err(CreateError::NoState),
            "{metadata}"
        );
    }
}

#[tokio::test]
async fn without_a_good_permit_for_this_phone_nothing_is_sent() {
    let sms = FakeSms::default();
    let other_key = PermitKey::derive(&Secret::new("another secret that is also thirty-two or more").unwrap());
    let good = sealed(&permit_for(PHONE));
    for (permit, now) in [
        (None, ISSUED_AT),
        (Some(String::new()), ISSUED_AT),
        (Some(permit_for(PHONE).seal(&other_key)), ISSUED_AT),
        (Some(good.replace("v1.", "v2.")), ISSUED_AT),
        (Some(good.clone()), ISSUED_AT.plus(61)),
        (Some(good), UnixSeconds(ISSUED_AT.0 - 31)),
        (Some(sealed(&permit_for("+15005550007"))), ISSUED_AT),
    ] {
        let event = create_event(&[round("permit", false)], permit.as_deref());
        assert_eq!(
            create(&sms).handle(event, now).await,
            Err(CreateError::PermitRefused),
            "{permit:?}"
        );
    }
    assert!(sms.sent().is_empty());
}

#[tokio::test]
async fn a_permit_is_no_good_for_a_user_without_phone_number() {
    let sms = FakeSms::default();
    let mut event = first_event();
    event.request.user_attributes.remove("phone_number");
    assert_eq!(
        create(&sms).handle(event, ISSUED_AT).await,
        Err(CreateError::PermitRefused)
    );
}

#[tokio::test]
async fn a_failed_send_fails_the_challenge_with_a_fixed_text() {
    let error = create(&FakeSms::failing())
        .handle(first_event(), ISSUED_AT)
        .await
        .unwrap_err();
    let told = Diagnostic::from(error);
    assert_eq!(told.error_type, "ChallengeNotCreated");
    assert_eq!(told.error_message, "the code was not sent");
    // lambda_runtime logs the error's `Debug`.
    assert_eq!(format!("{error:?}"), "NotSent");
}

#[tokio::test]
async fn after_challenge_0_an_unknown_user_gets_the_same_shapes_and_no_message() {
    let sms = FakeSms::default();
    let permit = sealed(&permit_for(PHONE));
    let shape = |event: &Event| (event.response.public_challenge_parameters.clone(), response(event));

    let session = [round("permit", false)];
    let unknown = create_event_of_unknown_user(&session, Some(&permit));
    let unknown = create(&sms).handle(unknown, ISSUED_AT).await.unwrap();
    assert!(sms.sent().is_empty());
    let known = create(&sms)
        .handle(create_event(&session, Some(&permit)), ISSUED_AT)
        .await
        .unwrap();
    assert_eq!(shape(&unknown), shape(&known));

    let session = [
        round("permit", false),
        round(&known.response.challenge_metadata.unwrap(), false),
    ];
    let unknown = create(&sms)
        .handle(create_event_of_unknown_user(&session, None), ISSUED_AT)
        .await
        .unwrap();
    let known = create(&sms)
        .handle(create_event(&session, None), ISSUED_AT)
        .await
        .unwrap();
    assert_eq!(shape(&unknown), shape(&known));

    let unknown = create_event_of_unknown_user(&[round("permit", false)], None);
    assert_eq!(
        create(&sms).handle(unknown, ISSUED_AT).await,
        Err(CreateError::PermitRefused)
    );
}

#[tokio::test]
async fn verify_accepts_what_create_sent() {
    let sms = FakeSms::default();
    let event = create(&sms).handle(first_event(), ISSUED_AT).await.unwrap();
    let digits = sms.sent()[0].1[..CODE_LENGTH].to_owned();
    let state = event.response.private_challenge_parameters.get("state").unwrap();
    let verify = Verify::new(&crate::testing::verify_settings(), &secrets());
    let answered = verify.handle(crate::testing::verify_event(Some(state), &json!(digits)), ISSUED_AT);
    assert!(answered.response.answer_correct);
}
