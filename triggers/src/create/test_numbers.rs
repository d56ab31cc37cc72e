//! Challenges of test numbers, whose code is in the permit; and none for other numbers with a code in theirs.

use serde_json::json;

use super::*;
use crate::{
    settings::TestNumbers,
    testing::{
        FakeSms, ISSUED_AT, PHONE, POOL, TEST_CODE, create_event, create_event_of_unknown_user, create_settings_with,
        listed, permit_for, round, sealed, secret, secrets, test_permit_for, verify_event, verify_settings,
    },
    verify::Verify,
};

/// Of what is no test number here, though it looks much like those that are.
const OTHERS: &[&str] = &["+15005550007", "+15005550016", "+442079460000"];

/// With [`FakeSms::failing`], a challenge that is made all the same shows that nothing was sent.
fn create(sms: &FakeSms) -> Create<&FakeSms> {
    create_where(listed(&[OTHERS[0], PHONE]), sms)
}

fn create_where(test_numbers: TestNumbers, sms: &FakeSms) -> Create<&FakeSms> {
    Create::new(create_settings_with(test_numbers), &secrets(), sms)
}

fn first_event(permit: &Permit) -> Event {
    create_event(&[round("permit", false)], Some(&sealed(permit)))
}

fn derived_code() -> Code {
    let permit = permit_for(PHONE);
    Code::derive(&CodeKey::derive(&secret()), &permit.nonce, &permit.phone, POOL)
}

fn state(event: &Event) -> ChallengeState {
    ChallengeState::decode(event.response.challenge_metadata.as_deref().unwrap()).unwrap()
}

#[tokio::test]
async fn the_code_is_that_of_the_permit_and_nothing_is_sent() {
    let event = create(&FakeSms::failing())
        .handle(first_event(&test_permit_for(PHONE)), ISSUED_AT)
        .await
        .unwrap();
    let (state, key) = (state(&event), CodeHashKey::derive(&secret()));
    assert!(state.matches(&key, TEST_CODE));
    assert!(!state.matches(&key, derived_code().expose()));
    assert_eq!(state.nonce, permit_for(PHONE).nonce);
    assert_eq!(state.issued_at, ISSUED_AT);

    let sms = FakeSms::default();
    let again = create(&sms)
        .handle(first_event(&test_permit_for(PHONE)), ISSUED_AT)
        .await;
    assert_eq!(again, Ok(event));
    assert!(sms.sent().is_empty());
}

#[tokio::test]
async fn the_answer_differs_in_nothing_but_the_hash_of_the_code() {
    let sms = FakeSms::default();
    let test = create(&sms)
        .handle(first_event(&test_permit_for(PHONE)), ISSUED_AT)
        .await
        .unwrap();
    let ordinary = create(&sms)
        .handle(first_event(&permit_for(PHONE)), ISSUED_AT)
        .await
        .unwrap();
    assert_eq!(
        test.response.public_challenge_parameters,
        ordinary.response.public_challenge_parameters
    );
    assert_ne!(state(&test).code_hash, state(&ordinary).code_hash);
    assert!(!serde_json::to_string(&test.response).unwrap().contains(TEST_CODE));
}

#[tokio::test]
async fn later_rounds_keep_the_code_and_count_down() {
    let sms = FakeSms::failing();
    let first = create(&sms)
        .handle(first_event(&test_permit_for(PHONE)), ISSUED_AT)
        .await
        .unwrap();
    let metadata = first.response.challenge_metadata.clone().unwrap();
    let mut session = vec![round("permit", false)];
    for attempts_left in ["2", "1"] {
        session.push(round(&metadata, false));
        let event = create(&sms)
            .handle(create_event(&session, None), ISSUED_AT)
            .await
            .unwrap();
        assert_eq!(
            event.response.public_challenge_parameters["attempts_left"],
            attempts_left
        );
        assert_eq!(state(&event), state(&first));
    }
}

#[tokio::test]
async fn the_permit_is_checked_as_any_other() {
    let other_key = PermitKey::derive(&Secret::new("another secret that is also thirty-two or more").unwrap());
    let good = test_permit_for(PHONE);
    for (permit, now) in [
        (good.seal(&other_key), ISSUED_AT),
        (sealed(&good), ISSUED_AT.plus(61)),
        (sealed(&good), UnixSeconds(ISSUED_AT.0 - 31)),
        (sealed(&test_permit_for("+15005550007")), ISSUED_AT),
    ] {
        let event = create_event(&[round("permit", false)], Some(&permit));
        assert_eq!(
            create(&FakeSms::default()).handle(event, now).await,
            Err(CreateError::PermitRefused),
            "{permit}"
        );
    }
}

#[tokio::test]
async fn the_code_is_refused_of_a_number_that_is_not_listed() {
    let session = [round("permit", false)];
    let permit = sealed(&test_permit_for(PHONE));
    for test_numbers in [TestNumbers::None, listed(&[]), listed(OTHERS)] {
        let sms = FakeSms::default();
        for event in [
            create_event(&session, Some(&permit)),
            create_event_of_unknown_user(&session, Some(&permit)),
        ] {
            assert_eq!(
                create_where(test_numbers.clone(), &sms).handle(event, ISSUED_AT).await,
                Err(CreateError::PermitRefused),
                "{test_numbers:?}"
            );
        }
        assert!(sms.sent().is_empty());
    }
}

#[tokio::test]
async fn the_code_is_taken_of_a_number_that_is_listed_or_where_any_is() {
    for test_numbers in [
        listed(&[PHONE]),
        listed(&[PHONE, OTHERS[0]]),
        listed(&[OTHERS[0], PHONE]),
        TestNumbers::Any,
    ] {
        let event = create_where(test_numbers, &FakeSms::failing())
            .handle(first_event(&test_permit_for(PHONE)), ISSUED_AT)
            .await
            .unwrap();
        assert!(state(&event).matches(&CodeHashKey::derive(&secret()), TEST_CODE));
    }
}

/// That it is listed gives the worker a choice; it takes away nothing.
#[tokio::test]
async fn without_a_code_in_the_permit_the_derived_one_is_sent_whatever_is_listed() {
    for test_numbers in [TestNumbers::None, listed(OTHERS), listed(&[PHONE]), TestNumbers::Any] {
        let sms = FakeSms::default();
        let event = create_where(test_numbers, &sms)
            .handle(first_event(&permit_for(PHONE)), ISSUED_AT)
            .await
            .unwrap();
        let (state, key) = (state(&event), CodeHashKey::derive(&secret()));
        assert!(state.matches(&key, derived_code().expose()));
        assert!(!state.matches(&key, TEST_CODE));
        assert_eq!(sms.sent().len(), 1);
        assert!(sms.sent()[0].1.starts_with(derived_code().expose()));
    }
}

#[tokio::test]
async fn verify_accepts_the_fixed_code_alone_and_for_as_long_as_any_other() {
    let event = create(&FakeSms::failing())
        .handle(first_event(&test_permit_for(PHONE)), ISSUED_AT)
        .await
        .unwrap();
    let state = event.response.private_challenge_parameters.get("state").unwrap();
    let verify = Verify::new(&verify_settings(), &secrets());
    let right = |answer: &str, now| {
        let answered = verify.handle(verify_event(Some(state), &json!(answer)), now);
        answered.response.answer_correct
    };
    assert!(right(TEST_CODE, ISSUED_AT.plus(60)));
    assert!(!right(TEST_CODE, ISSUED_AT.plus(61)));
    assert!(!right(derived_code().expose(), ISSUED_AT));
}

#[tokio::test]
async fn an_unknown_user_gets_the_same_answer_and_is_never_right() {
    let permit = test_permit_for(PHONE);
    let session = [round("permit", false)];
    let unknown = create_event_of_unknown_user(&session, Some(&sealed(&permit)));
    let unknown = create(&FakeSms::failing()).handle(unknown, ISSUED_AT).await.unwrap();
    let known = create(&FakeSms::failing())
        .handle(first_event(&permit), ISSUED_AT)
        .await
        .unwrap();
    assert_eq!(unknown.response, known.response);

    let state = unknown.response.private_challenge_parameters.get("state").unwrap();
    let mut answer = verify_event(Some(state), &json!(TEST_CODE));
    answer.request.user_not_found = true;
    let verify = Verify::new(&verify_settings(), &secrets());
    assert!(!verify.handle(answer, ISSUED_AT).response.answer_correct);
}
