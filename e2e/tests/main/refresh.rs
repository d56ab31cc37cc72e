//! Refresh tokens: new tokens for old, rotated each time.

use std::time::Duration;

use e2e::{Phone, Tokens, keys, system, waiting};
use serde_json::json;

#[test]
fn a_refresh_token_gives_new_tokens_and_is_replaced() {
    let (worker, phone) = (system().main(), Phone::new());
    let first = worker.signed_in(&phone);

    let answer = worker.refresh(&first.refresh);
    let body = answer.expect_status(200).json();
    assert_eq!(body["code"], "REFRESH_TOKEN_SUCCEEDED");
    assert!(body["message"].is_string());
    assert_eq!(body["AuthenticationResult"]["ExpiresIn"], 3600);
    assert_eq!(body["AuthenticationResult"]["TokenType"], "Bearer");
    let second = Tokens::read(&answer);
    assert!(second.access != first.access && second.refresh != first.refresh);
    worker.call_secured(&second.access).expect_status(200);
    let of = |tokens: &Tokens| keys::claims(&tokens.access)["sub"].clone();
    assert_eq!(of(&first), of(&second));

    let third = Tokens::read(worker.refresh(&second.refresh).expect_status(200));
    worker.call_secured(&third.access).expect_status(200);
}

#[test]
fn a_replaced_refresh_token_is_good_for_a_while_where_there_is_a_grace() {
    let (worker, phone) = (system().main(), Phone::new());
    let first = worker.signed_in(&phone);
    worker.refresh(&first.refresh).expect_status(200);
    // An answer can get lost on its way to a phone; the client then asks again.
    worker.refresh(&first.refresh).expect_status(200);
}

#[test]
fn a_replaced_refresh_token_dies_after_its_grace() {
    let (worker, phone) = (system().main(), Phone::new());
    let first = worker.signed_in(&phone);
    worker.refresh(&first.refresh).expect_status(200);
    let refused = waiting::until("the grace of 10 s to end", Duration::from_secs(20), || {
        Some(worker.refresh(&first.refresh)).filter(|answer| answer.status != 200)
    });
    refused.expect_problem(403, "NOT_AUTHORIZED");
}

#[test]
fn a_replaced_refresh_token_is_refused_where_there_is_no_grace() {
    let (worker, phone) = (system().short(), Phone::new());
    let first = worker.signed_in(&phone);
    let second = Tokens::read(worker.refresh(&first.refresh).expect_status(200));
    worker.refresh(&first.refresh).expect_problem(403, "NOT_AUTHORIZED");
    worker.refresh(&second.refresh).expect_status(200);
}

#[test]
fn what_is_no_refresh_token_is_refused_always_in_the_same_words() {
    let worker = system().main();
    let tokens = worker.signed_in(&Phone::new());
    let foreign = system().short().signed_in(&Phone::new());
    let mut tampered = tokens.refresh.clone();
    let last = tampered.pop().unwrap();
    tampered.push(if last == 'A' { 'Q' } else { 'A' });
    let answers = [
        "malformed",
        "a.b.c",
        &tampered,
        &tokens.access,
        &tokens.id,
        &foreign.refresh,
        &"x".repeat(8_192),
    ]
    .map(|token| {
        let answer = worker.refresh(token);
        answer.expect_problem(403, "NOT_AUTHORIZED");
        answer.distinguishable()
    });
    for other in &answers[1..] {
        assert_eq!(*other, answers[0]);
    }
}

#[test]
fn a_device_key_is_taken_whatever_its_form() {
    let worker = system().main();
    let mut tokens = worker.signed_in(&Phone::new());
    for device_key in [
        "us-east-1_11111111-2222-3333-4444-555555555555",
        "my phone",
        &"k".repeat(128),
    ] {
        let body = json!({ "refresh_token": tokens.refresh, "device_key": device_key });
        tokens = Tokens::read(worker.post("/refresh_token", &body).expect_status(200));
    }
}
