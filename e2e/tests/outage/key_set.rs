//! How the worker keeps the issuer's key set: fetched rarely, soon enough when keys change, and not needed to go on.

use std::{thread, time::Instant};

use e2e::{
    keys::{PUBLISHED, UNPUBLISHED},
    waiting::until,
};
use serde_json::json;

use crate::issuer::{LEARNS_WITHIN, call, claims, header_with, open, published};

/// Least seconds between two fetches that unknown key names cause.
const REFETCH_SECONDS: u64 = 10;

#[test]
fn unknown_key_names_cause_one_fetch_in_ten_seconds_however_many() {
    let server = open();
    let (begun, before) = (Instant::now(), server.fetches());
    thread::scope(|scope| {
        for caller in 0..8 {
            scope.spawn(move || {
                for number in 0..10 {
                    let header = header_with("kid", json!(format!("unknown-{caller}-{number}")));
                    let token = UNPUBLISHED.token(e2e::keys::Algorithm::Rs256, &header, &claims());
                    call(&token).expect_problem(401, "INVALID_TOKEN");
                }
            });
        }
    });
    let allowed = 1 + begun.elapsed().as_secs() / REFETCH_SECONDS;
    let fetched = server.fetches() - before;
    assert!(fetched as u64 <= allowed, "{fetched} fetches");
}

#[test]
fn good_tokens_cause_no_fetch() {
    let server = open();
    let before = server.fetches();
    for _ in 0..20 {
        call(&PUBLISHED.plain_token(&claims())).expect_status(200);
    }
    assert_eq!(server.fetches(), before);
}

#[test]
fn a_new_key_is_picked_up_and_a_withdrawn_one_dropped() {
    let server = open();
    let (old, new) = (PUBLISHED.plain_token(&claims()), UNPUBLISHED.plain_token(&claims()));
    call(&new).expect_problem(401, "INVALID_TOKEN");

    server.publish(&[UNPUBLISHED.jwk()]);
    until("the new key to be learned", LEARNS_WITHIN, || {
        (call(&new).status == 200).then_some(())
    });
    call(&old).expect_problem(401, "INVALID_TOKEN");

    server.publish(&published());
    until("the old key to be learned again", LEARNS_WITHIN, || {
        (call(&old).status == 200).then_some(())
    });
}

#[test]
fn known_keys_outlive_an_outage_of_their_server() {
    let mut server = open();
    let token = PUBLISHED.plain_token(&claims());
    server.stop();
    call(&token).expect_status(200);
    // A name that nobody knows makes the worker ask, in vain; that must not cost the keys that it has.
    let unknown = UNPUBLISHED.plain_token(&claims());
    until("the worker to have asked in vain", LEARNS_WITHIN, || {
        (call(&unknown).status == 503).then_some(())
    });
    call(&token).expect_status(200);
    server.start();
    call(&token).expect_status(200);
}

#[test]
fn a_key_set_that_makes_no_sense_does_not_cost_the_known_keys() {
    let server = open();
    let (token, unknown) = (PUBLISHED.plain_token(&claims()), UNPUBLISHED.plain_token(&claims()));
    server.publish_text("<html>maintenance</html>");
    let before = server.fetches();
    until("the worker to have fetched it", LEARNS_WITHIN, || {
        assert_ne!(call(&unknown).status, 200);
        (server.fetches() > before).then_some(())
    });
    call(&token).expect_status(200);
}
