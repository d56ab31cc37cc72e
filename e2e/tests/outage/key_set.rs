//! How the worker keeps the issuer's key set: fetched rarely, and soon enough when keys change.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use e2e::{
    keys::{PUBLISHED, UNPUBLISHED, encoded, of_this_run},
    waiting::until,
};
use serde_json::json;

use crate::issuer::{LEARNS_WITHIN, call, claims, header_with, open, published};

/// Least seconds between two fetches that unknown key names cause.
const REFETCH_SECONDS: u64 = 10;

/// Longer than that, so that there is a second fetch to be seen.
const STORM: Duration = Duration::from_secs(12);

/// Fewer tokens would be no storm.
const FEWEST: usize = 200;

#[test]
fn a_storm_of_unknown_key_names_causes_one_fetch_in_ten_seconds_and_disturbs_nobody() {
    let server = open();
    let good = PUBLISHED.plain_token(&claims());
    // No key, no signature to look at: one is as good as another, and making them would slow the storm down.
    let rest = format!("{}.{}", encoded(&claims()), "A".repeat(342));
    let (begun, before, sent) = (Instant::now(), server.fetches(), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while begun.elapsed() < STORM {
                    let number = sent.fetch_add(1, Ordering::SeqCst);
                    let kid = of_this_run(&format!("unknown-{number}"));
                    let token = format!("{}.{rest}", encoded(&header_with("kid", json!(kid))));
                    call(&token).expect_problem(401, "INVALID_TOKEN");
                    if number % 16 == 0 {
                        call(&good).expect_status(200);
                    }
                }
            });
        }
    });
    let fetched = server.fetches() - before;
    let allowed = 1 + begun.elapsed().as_secs() / REFETCH_SECONDS;
    assert!((1..=allowed).contains(&(fetched as u64)), "{fetched} fetches");
    let sent = sent.into_inner();
    assert!(sent >= FEWEST, "{sent} tokens");
}

#[test]
fn good_tokens_cause_no_fetch() {
    let server = open();
    let before = server.fetches();
    for number in 0..20 {
        // Each another one, so that none is remembered.
        let mut claims = claims();
        claims["jti"] = json!(number);
        call(&PUBLISHED.plain_token(&claims)).expect_status(200);
    }
    assert_eq!(server.fetches(), before);
}

#[test]
fn while_keys_change_old_and_new_tokens_are_served_and_those_of_a_withdrawn_key_end() {
    let server = open();
    let (old, new) = (PUBLISHED.plain_token(&claims()), UNPUBLISHED.plain_token(&claims()));
    let (learned, withdrawn, done) = (AtomicBool::new(false), AtomicBool::new(false), AtomicBool::new(false));
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(Ordering::SeqCst) {
                    // Looked at before the call: what is learned during it may come too late for it.
                    let must = learned.load(Ordering::SeqCst);
                    match call(&new).status {
                        200 => learned.store(true, Ordering::SeqCst),
                        status => assert_eq!((status, must), (401, false), "the new key was known before"),
                    }
                }
            });
            scope.spawn(|| {
                while !done.load(Ordering::SeqCst) {
                    let may = withdrawn.load(Ordering::SeqCst);
                    let status = call(&old).status;
                    assert!(status == 200 || (status == 401 && may), "{status} for the old key");
                }
            });
        }
        let course = || {
            server.publish(&[published(), vec![UNPUBLISHED.jwk()]].concat());
            until("the new key to be learned", LEARNS_WITHIN, || {
                learned.load(Ordering::SeqCst).then_some(())
            });
            // The worker may ask again at any time from here on.
            withdrawn.store(true, Ordering::SeqCst);
            server.publish(&[UNPUBLISHED.jwk()]);
            let unknown = json!({ "alg": "RS256", "kid": of_this_run("makes-it-ask") });
            let unknown = UNPUBLISHED.token(e2e::keys::Algorithm::Rs256, &unknown, &claims());
            // With the tokens that were accepted by it, and remembered.
            until("the old key to be dropped", LEARNS_WITHIN, || {
                call(&unknown).expect_problem(401, "INVALID_TOKEN");
                (call(&old).status == 401).then_some(())
            });
            call(&new).expect_status(200);
        };
        // Else the callers would go on for ever after a failure.
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(course));
        done.store(true, Ordering::SeqCst);
        if let Err(failure) = ended {
            std::panic::resume_unwind(failure);
        }
    });
}
