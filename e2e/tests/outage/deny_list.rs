//! The deny list away: what secured calls and sign-outs come to, and what still holds.

use std::{
    fs,
    time::{Duration, Instant},
};

use e2e::{
    Phone,
    deny_list::{DenyList, Fault},
    key_server::KeyServer,
    keys::{PUBLISHED, of_this_run},
    ledger::Kind,
    system,
    waiting::until,
};
use serde_json::{Value, json};

use crate::{
    isolates::{Isolate, lenient_claims},
    issuer::{self, claims},
    sign_out::{ANSWERED_WITHIN, expect_unavailable},
};

/// A secured call waits a second for the deny list; the rest is for a busy machine.
const CALLED_WITHIN: Duration = Duration::from_secs(4);

/// Makes a token of these claims for that user and sign-in, which are this run's own.
fn token_of(mut claims: Value, user: &str, sign_in: &str) -> String {
    let signed_in_at = claims["iat"].as_u64().expect("a time") - 5;
    claims["sub"] = json!(of_this_run(user));
    claims["origin_jti"] = json!(of_this_run(sign_in));
    claims["auth_time"] = json!(signed_in_at);
    let token = PUBLISHED.plain_token(&claims);
    system().ledger.note(Kind::Token, &token);
    token
}

/// How often a worker warned that it could not read the deny list.
fn warnings(worker: &str) -> usize {
    let name = format!("worker-{worker}.log");
    let log = system()
        .description
        .logs
        .iter()
        .find(|log| log.ends_with(&name))
        .expect("every worker has a log");
    let text = fs::read(log).expect("the log can be read");
    String::from_utf8_lossy(&text).matches("\"deny_list_not_read\"").count()
}

#[test]
fn while_the_deny_list_cannot_be_read_calls_go_on_in_time_with_few_warnings() {
    let _keys = issuer::open();
    let worker = system().fault();
    let deny_list = DenyList::of("fault");
    for fault in [Fault::Error, Fault::Silence] {
        let before = warnings("fault");
        let broken = deny_list.broken(fault);
        let all_begun = Instant::now();
        for number in 0..5 {
            let name = format!("{fault:?}-{number}");
            let begun = Instant::now();
            worker
                .call_secured(&token_of(claims(), &name, &name))
                .expect_status(200);
            assert!(begun.elapsed() < CALLED_WITHIN, "{fault:?}: {:?}", begun.elapsed());
        }
        assert!(broken.uses() >= 5, "{fault:?}: it was asked");
        let tens = usize::try_from(all_begun.elapsed().as_secs()).expect("a small number") / 10;
        let warned = warnings("fault") - before;
        assert!(warned <= 1 + tens, "{fault:?}: {warned} warnings");
    }
    // The log may be behind the answers.
    until("a warning in the log", Duration::from_secs(10), || {
        (warnings("fault") > 0).then_some(())
    });
}

#[test]
fn while_the_deny_list_cannot_be_read_calls_are_refused_where_the_settings_say_so() {
    let worker = system().short();
    let deny_list = DenyList::of("short");
    let known = worker.signed_in(&Phone::new());
    for fault in [Fault::Error, Fault::Silence] {
        let tokens = worker.signed_in(&Phone::new());
        let broken = deny_list.broken(fault);
        let begun = Instant::now();
        expect_unavailable(&worker.call_secured(&tokens.access));
        assert!(begun.elapsed() < CALLED_WITHIN, "{fault:?}");
        // No token is still no token.
        worker.call_secured("no-token").expect_problem(401, "INVALID_TOKEN");
        drop(broken);
        worker.call_secured(&tokens.access).expect_status(200);
    }
    // What it was told lately it need not ask.
    worker.call_secured(&known.access).expect_status(200);
    let _broken = deny_list.broken(Fault::Error);
    worker.call_secured(&known.access).expect_status(200);
}

#[test]
fn a_sign_out_that_the_deny_list_did_not_take_is_503_and_holds_here() {
    let worker = system().short();
    let deny_list = DenyList::of("short");
    for fault in [Fault::Error, Fault::Silence] {
        let tokens = worker.signed_in(&Phone::new());
        let body = json!({ "refresh_token": tokens.refresh });
        let broken = deny_list.broken(fault);
        let begun = Instant::now();
        expect_unavailable(&worker.sign_out(&tokens.access, &body));
        assert!(begun.elapsed() < ANSWERED_WITHIN, "{fault:?}");
        assert!(broken.uses() >= 1, "{fault:?}");
        worker.call_secured(&tokens.access).expect_problem(401, "INVALID_TOKEN");
        // Cognito was told all the same.
        worker.refresh(&tokens.refresh).expect_problem(403, "NOT_AUTHORIZED");
        drop(broken);
        worker.sign_out(&tokens.access, &body).expect_status(204);
    }
}

/// Also while the deny list cannot be read and in an isolate that has just begun: only the location itself can tell.
#[test]
fn every_isolate_of_the_location_refuses_at_once() {
    let keys = KeyServer::for_lenient(&issuer::published());
    let token = |user, sign_in| token_of(lenient_claims(), user, sign_in);
    let (phone, laptop) = (token("alice", "alice-phone"), token("alice", "alice-laptop"));
    let bystander = token("bob", "bob-phone");

    let first = Isolate::in_new_location(&keys, "sign-out");
    first.expect_accepted("before anybody signs out");
    let deny_list = DenyList::of("lenient");
    let _broken = deny_list.broken(Fault::Error);
    first.call(&phone).expect_status(200);
    expect_unavailable(&first.worker.sign_out(&phone, &Value::Null));
    first.call(&phone).expect_problem(401, "INVALID_TOKEN");

    let second = first.followed_by_another(&keys);
    second.call(&phone).expect_problem(401, "INVALID_TOKEN");
    second.call(&laptop).expect_status(200);
    // Cognito is away too, so that the answer is the same with it.
    expect_unavailable(&second.worker.sign_out(&laptop, &json!({ "everywhere": true })));

    let third = second.followed_by_another(&keys);
    third.call(&laptop).expect_problem(401, "INVALID_TOKEN");
    third.call(&bystander).expect_status(200);
}

/// Cognito's tokens have one while its revocation is on, which is the default.
#[test]
fn a_token_without_origin_jti_is_signed_out_and_the_users_other_sign_ins_are_not() {
    let keys = KeyServer::for_lenient(&issuer::published());
    let signed_in = |seconds_ago: u64| {
        let mut claims = lenient_claims();
        claims["sub"] = json!(of_this_run("carol"));
        claims["auth_time"] = json!(claims["iat"].as_u64().expect("a time") - seconds_ago);
        PUBLISHED.plain_token(&claims)
    };
    let (one, other) = (signed_in(60), signed_in(30));
    let mut isolate = Isolate::in_new_location(&keys, "sign-out-plain");
    isolate.call(&one).expect_status(200);
    isolate.worker.sign_out(&one, &Value::Null).expect_status(204);
    for _ in 0..2 {
        isolate.call(&one).expect_problem(401, "INVALID_TOKEN");
        isolate.call(&other).expect_status(200);
        isolate = isolate.followed_by_another(&keys);
    }
}
