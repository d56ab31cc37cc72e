//! The worker `lenient`, which sends a code only to somebody who has shown to be human: everyone, each time.

use e2e::{
    Answer, Phone, Worker,
    client_address::fresh_address,
    guard_fault::{Fault, Guarded, MeddledGuards},
    key_server::KeyServer,
    relay::Relay,
    system,
    turnstile::{ACTION, Turnstile},
    waiting::until,
    worker::Challenge,
};
use serde_json::json;

use crate::{
    issuer,
    sign_out::{ANSWERED_WITHIN, expect_unavailable},
};

/// Asks for a code with the token of a human check.
#[track_caller]
pub(crate) fn sign_up_with(worker: &Worker, phone: &Phone, token: &str) -> Answer {
    let body = json!({ "phone_number": phone.number(), "turnstile_token": token });
    worker.post("/sign_up", &body)
}

/// Checks that this is refused for want of a check.
#[track_caller]
fn expect_check_required(answer: &Answer) {
    answer.expect_problem(403, "HUMAN_CHECK_REQUIRED");
}

#[test]
fn without_a_good_token_nobody_gets_a_code_and_neither_the_number_nor_cognito_is_asked() {
    // Whoever has these has the worker for itself.
    let _keys = KeyServer::for_lenient(&issuer::published());
    let relay = Relay::open();
    let turnstile = Turnstile::shared();
    let guards = MeddledGuards::of("lenient", Fault::None);
    let (worker, phone) = (system().lenient(), Phone::new());
    let hostname = &system().description.turnstile.hostname;

    // Neither a first code, nor one for this machine, which no limit is for.
    for worker in [worker.clone(), worker.clone().asked_from(&fresh_address())] {
        expect_check_required(&worker.try_sign_up(&phone));
        for token in [
            "invented".to_owned(),
            turnstile.issue("elsewhere.example.com", ACTION),
            turnstile.issue(hostname, "sign_in"),
        ] {
            expect_check_required(&sign_up_with(&worker, &phone, &token));
        }
    }
    // The address is asked before the token is verified, and has back what was not sent: six questions for three tokens.
    until("three codes to be taken back", ANSWERED_WITHIN, || {
        (guards.uses(Guarded::Address) == 6).then_some(())
    });
    assert_eq!(guards.uses(Guarded::Number), 0);
    assert_eq!(relay.count("AdminInitiateAuth"), 0);
    assert!(phone.texts().is_empty());

    let token = turnstile.good_token();
    let answer = sign_up_with(&worker.clone().asked_from(&fresh_address()), &phone, &token);
    let challenge = Challenge::read(answer.expect_status(201));
    assert_eq!((guards.uses(Guarded::Address), guards.uses(Guarded::Number)), (7, 1));
    // A token is good once, also for another number.
    expect_check_required(&sign_up_with(&worker, &phone, &token));
    expect_check_required(&sign_up_with(&worker, &Phone::new(), &token));
    assert_eq!((guards.uses(Guarded::Address), guards.uses(Guarded::Number)), (7, 1));
    // To answer takes none: whoever has the code has shown enough.
    worker.sign_in(&challenge, &phone.code()).expect_status(200);
}

#[test]
fn a_good_token_takes_nobody_beyond_the_limits() {
    let _keys = KeyServer::for_lenient(&issuer::published());
    let _relay = Relay::open();
    let turnstile = Turnstile::shared();
    let (worker, phone) = (system().lenient(), Phone::new());
    sign_up_with(&worker, &phone, &turnstile.good_token()).expect_status(201);
    let answer = sign_up_with(&worker, &phone, &turnstile.good_token());
    answer.expect_problem(429, "TOO_MANY_REQUESTS");
    assert_eq!(phone.texts().len(), 1);
}

#[test]
fn a_token_that_a_failed_sign_up_took_is_used_and_another_one_goes_on() {
    let _keys = KeyServer::for_lenient(&issuer::published());
    let mut relay = Relay::open();
    let turnstile = Turnstile::shared();
    let (worker, phone, token) = (system().lenient(), Phone::new(), turnstile.good_token());
    relay.lose_answers_to("AdminInitiateAuth");
    expect_unavailable(&sign_up_with(&worker, &phone, &token));
    relay.restore();
    expect_check_required(&sign_up_with(&worker, &phone, &token));
    // Nothing was sent, so that there is no pause.
    sign_up_with(&worker, &phone, &turnstile.good_token()).expect_status(201);
}
