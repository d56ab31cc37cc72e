//! The Guards out of reach or silent: no code is sent and no answer compared, and all that needs no Guard goes on.

use std::{
    thread,
    time::{Duration, Instant},
};

use e2e::{
    Answer, Phone, Tokens,
    client_address::fresh_address,
    guard_fault::{Fault, Guarded, MeddledGuards},
    keys,
    ledger::Kind,
    phone::other_than,
    relay::Relay,
    system,
    waiting::until,
};
use serde_json::{Value, json};

use crate::{
    issuer,
    sign_out::{ANSWERED_WITHIN, expect_unavailable},
};

const INITIATE: &str = "AdminInitiateAuth";
const RESPOND: &str = "AdminRespondToAuthChallenge";

/// The tokens of a new user. The access token says what Cognito's says, but is by the key that `fault` knows.
#[track_caller]
fn signed_in() -> Tokens {
    let tokens = system().fault().signed_in(&Phone::new());
    let access = keys::PUBLISHED.plain_token(&keys::claims(&tokens.access));
    system().ledger.note(Kind::Token, &access);
    Tokens { access, ..tokens }
}

/// Checks that this is refused in time, with the word when to try again.
#[track_caller]
fn expect_refused(what: &str, request: impl FnOnce() -> Answer) {
    let begun = Instant::now();
    let answer = request();
    let took = begun.elapsed();
    expect_unavailable(&answer);
    assert!(took < ANSWERED_WITHIN, "{what} took {took:?}");
}

/// All Guards of `fault` fail so while users are at it, and then no longer.
fn expect_refusals_and_recovery(fault: Fault) {
    let _keys = issuer::open();
    let mut relay = Relay::open();
    let worker = &system().fault();
    let (known, new, elsewhere) = (&Phone::new(), &Phone::new(), &Phone::new());
    let tokens = &signed_in();
    let challenge = &worker.sign_up(known);
    let code = &known.code();

    let guards = MeddledGuards::of("fault", fault);
    relay.restore();
    // At once: each may take five seconds.
    thread::scope(|scope| {
        scope.spawn(|| expect_refused("sign-up, new", || worker.try_sign_up(new)));
        scope.spawn(|| expect_refused("sign-up, known", || worker.try_sign_up(known)));
        scope.spawn(|| {
            let worker = worker.clone().asked_from(&fresh_address());
            expect_refused("sign-up, counted by address", || worker.try_sign_up(elsewhere));
        });
        scope.spawn(|| expect_refused("right code", || worker.sign_in(challenge, code)));
        scope.spawn(|| {
            let wrong = other_than(code, 1);
            expect_refused("wrong code", || worker.sign_in(challenge, &wrong));
        });
        // What needs no Guard goes on meanwhile.
        worker.get("/health").expect_status(200);
        worker.call_secured(&tokens.access).expect_status(200);
        worker.refresh(&tokens.refresh).expect_status(200);
        worker.sign_out(&tokens.access, &Value::Null).expect_status(204);
        worker.call_secured(&tokens.access).expect_status(401);
    });
    assert!(guards.uses(Guarded::Number) >= 4 && guards.uses(Guarded::Address) == 1);
    assert_eq!(
        (relay.count(INITIATE), relay.count(RESPOND)),
        (0, 0),
        "Cognito was asked"
    );

    drop(guards);
    // The very session: neither of the two answers was compared or counted as this session's.
    worker.sign_in(challenge, code).expect_status(200);
    assert_eq!(known.texts().len(), 1);
    // The text of this sign-up is the only one.
    worker.signed_in(new);
    assert!(elsewhere.texts().is_empty());
}

#[test]
fn while_guards_are_out_of_reach_no_code_is_sent_and_no_answer_compared_and_all_else_goes_on() {
    expect_refusals_and_recovery(Fault::Error);
}

#[test]
fn while_guards_are_silent_it_is_the_same_and_clients_know_in_time() {
    expect_refusals_and_recovery(Fault::Silence);
}

#[test]
fn the_guard_of_an_address_that_fails_alone_refuses_its_clients_and_nobody_else() {
    let mut relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    for fault in [Fault::Error, Fault::Silence] {
        let elsewhere = worker.clone().asked_from(&fresh_address());
        let guards = MeddledGuards::of_kind("fault", Guarded::Address, fault);
        relay.restore();
        expect_refused("sign-up", || elsewhere.try_sign_up(&phone));
        assert_eq!((guards.uses(Guarded::Address), guards.uses(Guarded::Number)), (1, 0));
        assert_eq!(relay.count(INITIATE), 0);
        // Answers are not counted by address, so that whoever has a code can use it.
        let other = Phone::new();
        let challenge = worker.sign_up(&other);
        elsewhere.sign_in(&challenge, &other.code()).expect_status(200);
        drop(guards);
        elsewhere.sign_up(&Phone::new());
    }
    assert!(phone.texts().is_empty());
    worker.signed_in(&phone);
}

/// So far away that the worker has given up by the time that the answer is there: nobody knows what the Guard did, and it did it.
#[test]
fn what_a_guard_does_for_a_worker_that_gave_up_is_done_once_and_a_new_code_signs_in() {
    let relay = &mut Relay::open();
    let worker = &system().fault();
    let (new, known) = (&Phone::new(), &Phone::new());
    let challenge = &worker.sign_up(known);
    let code = &known.code();
    let guards = MeddledGuards::of("fault", Fault::FarAway(Duration::from_secs(3)));
    relay.restore();
    thread::scope(|scope| {
        scope.spawn(|| expect_refused("sign-up", || worker.try_sign_up(new)));
        scope.spawn(|| expect_refused("right code", || worker.sign_in(challenge, code)));
    });
    assert_eq!(guards.all_uses(), 2, "nobody is asked twice");
    drop(guards);
    new.code();
    // The Guard knows that this one is done with.
    until("the Guard to know", ANSWERED_WITHIN, || {
        let asked = relay.count(RESPOND);
        worker.sign_in(challenge, code).expect_problem(403, "NOT_AUTHORIZED");
        (relay.count(RESPOND) == asked).then_some(())
    });
    for phone in [new, known] {
        let challenge = worker.sign_up(phone);
        worker.sign_in(&challenge, &phone.code_of_text(2)).expect_status(200);
    }
}

#[test]
fn a_right_answer_ends_every_other_challenge_also_one_that_is_newer() {
    let relay = Relay::open();
    let (worker, phone) = (&system().fault(), &Phone::new());
    let (first, code) = (&worker.sign_up(phone), &phone.code());
    let asked = relay.count(RESPOND);
    relay.be_away(Duration::from_millis(1_500));
    let second = thread::scope(|scope| {
        let answering = scope.spawn(|| worker.sign_in(first, code).expect_status(200).status);
        until("the first code to be on its way", ANSWERED_WITHIN, || {
            (relay.count(RESPOND) > asked).then_some(())
        });
        relay.be_away(Duration::ZERO);
        let second = worker.sign_up(phone);
        assert!(!answering.is_finished(), "too slow to see it");
        second
    });
    // The user is in: a second code would only be one more to guess.
    let answer = worker.sign_in(&second, &phone.code_of_text(2));
    answer.expect_problem(403, "NOT_AUTHORIZED");
}

#[test]
fn who_tries_while_guards_fail_is_served_when_they_are_back() {
    let _relay = Relay::open();
    let worker = system().fault().asked_from(&fresh_address());
    let guards = MeddledGuards::of_kind("fault", Guarded::Number, Fault::Error);
    for _ in 0..5 {
        expect_unavailable(&worker.try_sign_up(&Phone::new()));
    }
    drop(guards);
    worker.sign_up(&Phone::new());
}

#[test]
fn a_guard_is_asked_for_codes_and_answers_alone() {
    let _keys = issuer::open();
    let _relay = Relay::open();
    let worker = system().fault().asked_from(&fresh_address());
    let (tokens, others) = (signed_in(), signed_in());
    let guards = MeddledGuards::of("fault", Fault::None);

    worker.get("/health").expect_status(200);
    worker.get("/health?deep=1").expect_status(200);
    worker.get("/nowhere").expect_status(404);
    worker.call_secured(&tokens.access).expect_status(200);
    worker.call_secured("no-token").expect_status(401);
    worker.get("/secured/call").expect_status(401);
    worker.get_with("/secured/other", &tokens.access).expect_status(404);
    let refreshed = Tokens::read(worker.refresh(&tokens.refresh).expect_status(200));
    worker.refresh("no-token").expect_status(403);
    worker.sign_out("no-token", &Value::Null).expect_status(401);
    let ended = json!({ "refresh_token": refreshed.refresh });
    worker.sign_out(&tokens.access, &ended).expect_status(204);
    let everywhere = json!({ "everywhere": true });
    worker.sign_out(&others.access, &everywhere).expect_status(204);
    worker.call_secured(&others.access).expect_status(401);
    // What is no number, and what is no session of ours, ends before.
    worker
        .post("/sign_up", &json!({ "phone_number": "+1" }))
        .expect_status(400);
    worker.post("/sign_up", &json!({})).expect_status(400);
    let forged = json!({ "username": "nobody", "session": "v2.1.a.b.0.c.d", "answer": "000000" });
    worker.post("/sign_in", &forged).expect_status(403);
    assert_eq!(guards.all_uses(), 0);

    let phone = Phone::new();
    let challenge = worker.sign_up(&phone);
    assert_eq!((guards.uses(Guarded::Address), guards.uses(Guarded::Number)), (1, 1));
    worker.sign_in(&challenge, &phone.code()).expect_status(200);
    assert_eq!((guards.uses(Guarded::Address), guards.uses(Guarded::Number)), (1, 2));
}
