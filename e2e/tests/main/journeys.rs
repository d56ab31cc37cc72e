//! The ways that users really go: sign up, read the text, sign in, call.

use std::{
    thread,
    time::{Duration, Instant},
};

use e2e::{
    Phone, Tokens, aws, keys, system,
    waiting::{now, until},
    worker::Challenge,
};
use serde_json::json;

/// What the worker's README promises as the least duration of a sign-up.
const SIGN_UP_FLOOR: Duration = Duration::from_millis(1_500);

#[test]
fn a_new_user_signs_up_reads_the_text_signs_in_and_calls() {
    let worker = system().main();
    let phone = Phone::new();

    let answer = worker.try_sign_up(&phone);
    let body = answer.expect_status(201).json();
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(body["ChallengeName"], "CUSTOM_CHALLENGE");
    assert_eq!(body["code"], "CHALLENGE_SENT");
    assert!(body["message"].is_string());
    let challenge = Challenge::read(&answer);
    let destination = format!("+1••••••{}", &phone.number()[8..]);
    assert_eq!(challenge.parameters["channel"], "sms");
    assert_eq!(challenge.parameters["destination"], destination);
    assert_eq!(challenge.parameters["code_length"], "6");
    assert_eq!(challenge.parameters["attempts_left"], "3");
    assert_eq!(challenge.parameters.len(), 7, "USERNAME and six parameters");
    assert!(now().abs_diff(challenge.number("issued_at")) <= 10);
    assert_eq!(
        challenge.expires_at(),
        challenge.number("issued_at") + system().main_stack().code_ttl_seconds
    );

    let code = phone.code();
    let text = &phone.texts()[0];
    assert_eq!(
        *text,
        format!("{code} is your code for passwordless-edge. Do not share it.")
    );

    let answer = worker.sign_in(&challenge, &code);
    let body = answer.expect_status(200).json();
    assert_eq!(body["code"], "LOGON_SUCCEEDED");
    assert!(body["message"].is_string());
    assert_eq!(body["AuthenticationResult"]["ExpiresIn"], 3600);
    assert_eq!(body["AuthenticationResult"]["TokenType"], "Bearer");
    let tokens = Tokens::read(&answer);
    let claims = keys::claims(&tokens.access);
    let lifetime = claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
    assert_eq!(lifetime, 3600, "an access token lives an hour");

    let answer = worker.call_secured(&tokens.access);
    let caller = &answer.expect_status(200).json()["caller"];
    assert_eq!(caller["sub"], claims["sub"]);
    assert_eq!(caller["expires_at"], claims["exp"]);
    assert_eq!(caller["username"], challenge.username.as_str());
}

#[test]
fn a_returning_user_gets_the_same_kind_of_answer_as_a_new_one() {
    let worker = system().main();
    let phone = Phone::new();
    let first = worker.try_sign_up(&phone);
    worker
        .sign_in(&Challenge::read(&first), &phone.code())
        .expect_status(200);

    worker.order("allow", &phone).expect_status(200);
    let second = worker.try_sign_up(&phone);
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.header_names(), second.header_names());
    let (new, returning) = (Challenge::read(&first), Challenge::read(&second));
    assert_eq!(new.username, returning.username);
    assert!(new.parameters.keys().eq(returning.parameters.keys()));
    for member in ["ChallengeName", "code", "message"] {
        assert_eq!(first.json()[member], second.json()[member]);
    }
    let members = |answer: &e2e::Answer| {
        answer
            .json()
            .as_object()
            .map(|body| body.keys().cloned().collect::<Vec<_>>())
    };
    assert_eq!(members(&first), members(&second));
    assert_eq!(
        new.session.len(),
        returning.session.len(),
        "a session's length must not tell either"
    );

    let code = phone.code_of_text(2);
    worker.sign_in(&returning, &code).expect_status(200);
}

#[test]
fn a_sign_up_takes_its_least_time_whether_the_number_is_known_or_not() {
    let worker = system().main();
    let phone = Phone::new();
    for known in [false, true] {
        worker.order("allow", &phone).expect_status(200);
        let begun = Instant::now();
        worker.sign_up(&phone);
        assert!(begun.elapsed() >= SIGN_UP_FLOOR, "known: {known}");
    }
}

#[test]
fn the_username_is_not_the_phone_number() {
    let phone = Phone::new();
    let challenge = system().main().sign_up(&phone);
    assert!(!challenge.username.contains(&phone.number()[1..]));
}

#[test]
fn of_two_sign_ups_at_once_one_sends_a_code_and_the_other_says_how_long_to_wait() {
    let phone = Phone::new();
    let worker = system().main();
    let mut answers: Vec<_> = thread::scope(|scope| {
        let both = [0, 1].map(|_| scope.spawn(|| worker.try_sign_up(&phone)));
        both.into_iter().map(|one| one.join().expect("an answer")).collect()
    });
    answers.sort_by_key(|answer| answer.status);
    let challenge = Challenge::read(answers[0].expect_status(201));
    answers[1].expect_problem(429, "TOO_MANY_REQUESTS");
    worker.sign_in(&challenge, &phone.code()).expect_status(200);
}

#[test]
fn the_phone_counts_as_verified_only_after_the_first_sign_in() {
    let (system, worker, phone) = (system(), system().main(), Phone::new());
    let verified = |username: &str| aws::phone_is_verified(&system.root(), system.main_stack(), username);

    let challenge = worker.sign_up(&phone);
    assert!(!verified(&challenge.username), "nobody has shown the code yet");
    let first = Tokens::read(worker.sign_in(&challenge, &phone.code()).expect_status(200));
    assert_ne!(keys::claims(&first.id)["phone_number_verified"], json!(true));

    // Done after the answer, so it may take a moment.
    until("the phone to be marked verified", Duration::from_secs(10), || {
        verified(&challenge.username).then_some(())
    });
    let again = worker.sign_up_again(&phone);
    let code = phone.code_of_text(2);
    let second = Tokens::read(worker.sign_in(&again, &code).expect_status(200));
    assert_eq!(keys::claims(&second.id)["phone_number_verified"], json!(true));
    assert_eq!(keys::claims(&second.id)["phone_number"], phone.number());
}

#[test]
fn many_users_sign_in_side_by_side() {
    thread::scope(|scope| {
        let users: Vec<_> = (0..6)
            .map(|_| {
                scope.spawn(|| {
                    let phone = Phone::new();
                    let tokens = system().main().signed_in(&phone);
                    keys::claims(&tokens.id)["phone_number"] == phone.number()
                })
            })
            .collect();
        for user in users {
            assert!(user.join().expect("a sign-in succeeds"), "got somebody else's tokens");
        }
    });
}
