//! `exp` and `nbf` to the second, by the clock that the worker and the tests share.

use std::{thread, time::Duration};

use e2e::{
    Worker,
    keys::PUBLISHED,
    ledger::Kind,
    system,
    waiting::{now, until},
};
use serde_json::json;

use crate::{
    isolates::{Isolate, lenient_claims_with},
    issuer::{open, with_claim},
};

/// `CLOCK_TOLERANCE_SECONDS` of `lenient`.
const TOLERANCE: u64 = 5;

/// Calls on and on and checks that the answer is `before` until the second `at` begins, and `from` then on. A call during
/// which it begins may be answered either way.
#[track_caller]
fn expect_turn(worker: &Worker, token: &str, at: u64, before: u16, from: u16) {
    system().ledger.note(Kind::Token, token);
    let (mut seen_before, mut seen_in_that_second) = (false, false);
    until("the second to pass", Duration::from_secs(20), || {
        let begun = now();
        let status = worker.call_secured(token).status;
        if now() < at {
            assert_eq!(status, before, "{} s before", at - begun);
            seen_before = true;
        } else if begun >= at {
            assert_eq!(status, from, "{} s after", begun - at);
            seen_in_that_second |= begun == at;
        }
        (begun > at).then_some(())
    });
    assert!(seen_before && seen_in_that_second, "too slow to see the turn");
}

#[test]
fn tokens_begin_and_end_at_the_very_second() {
    let _keys = open();
    let worker = &system().fault();
    let at = now() + 2;
    thread::scope(|scope| {
        // RFC 7519 §4.1.4: "on or after". Remembered tokens too: this one is accepted again and again before.
        scope.spawn(|| expect_turn(worker, &with_claim("exp", json!(at)), at, 200, 401));
        // RFC 7519 §4.1.5: "before".
        scope.spawn(|| expect_turn(worker, &with_claim("nbf", json!(at)), at, 401, 200));
    });
}

#[test]
fn a_tolerance_moves_both_by_its_seconds_and_by_no_more() {
    let server = e2e::key_server::KeyServer::for_lenient(&[PUBLISHED.jwk()]);
    let isolate = Isolate::in_new_location(&server, "tolerance");
    isolate.expect_accepted("before all");
    let token = |claim: &str, time: u64| PUBLISHED.plain_token(&lenient_claims_with(claim, json!(time)));
    let at = now() + 2;
    thread::scope(|scope| {
        scope.spawn(|| expect_turn(&isolate.worker, &token("exp", at - TOLERANCE), at, 200, 401));
        scope.spawn(|| expect_turn(&isolate.worker, &token("nbf", at + TOLERANCE), at, 401, 200));
    });
}

#[test]
fn without_a_tolerance_there_is_none() {
    let _keys = open();
    let worker = system().fault();
    for token in [
        with_claim("exp", json!(now())),
        with_claim("nbf", json!(now() + TOLERANCE)),
    ] {
        worker.call_secured(&token).expect_problem(401, "INVALID_TOKEN");
    }
}
