//! A key set that cannot be had: its server down, slow, sending elsewhere, or talking nonsense. Whoever has a known key goes
//! on; of other tokens nobody can say whether they are good, which is 503 and not 401.

use std::{
    thread,
    time::{Duration, Instant},
};

use e2e::{
    key_server::{KeyServer, Serving, key_set},
    keys::{PUBLISHED, UNPUBLISHED},
    waiting::until,
};
use serde_json::json;

use crate::{
    isolates::{Isolate, good, unknown},
    issuer::published,
};

/// The worker waits two seconds for the issuer, and answers within five whatever happens.
const GIVES_UP_WITHIN: Duration = Duration::from_millis(3_500);

/// Who needs no fetch need not wait for one.
const AT_ONCE: Duration = Duration::from_millis(1_500);

/// Far above 64 KiB, to leave room for what the connection itself holds.
const TAKEN_AT_MOST: usize = 32 * 1024 * 1024;

/// Calls with a key that is not known, which the issuer is asked for, and meanwhile with one that is.
#[track_caller]
fn expect_undecided_while_known_keys_work(isolate: &Isolate, name: &str) {
    thread::scope(|scope| {
        let undecided = scope.spawn(|| {
            let begun = Instant::now();
            isolate.expect_undecided(name, &unknown());
            begun.elapsed()
        });
        while !undecided.is_finished() {
            let begun = Instant::now();
            isolate.expect_accepted(name);
            assert!(begun.elapsed() < AT_ONCE, "{name}: {:?}", begun.elapsed());
        }
        let took = undecided.join().unwrap_or_else(|_| panic!("{name}"));
        assert!(took < GIVES_UP_WITHIN, "{name}: {took:?}");
    });
    // For the ten seconds in which the issuer is not asked again, too.
    isolate.expect_undecided(name, &unknown());
    isolate.expect_accepted(name);
}

#[test]
fn known_keys_outlive_an_outage_of_their_server() {
    let mut server = KeyServer::for_lenient(&published());
    let isolate = Isolate::in_knowing_location(&server, "down");
    server.stop();
    expect_undecided_while_known_keys_work(&isolate, "down");
    server.start();
    isolate.expect_accepted("back");
}

#[test]
fn a_silent_server_is_given_up_in_time_and_nobody_else_waits_for_it() {
    let server = KeyServer::for_lenient(&published());
    let isolate = Isolate::in_knowing_location(&server, "silent");
    server.serve(Serving::Silently);
    expect_undecided_while_known_keys_work(&isolate, "silent");
}

#[test]
fn a_body_without_end_is_given_up_in_time_however_regularly_it_comes() {
    let server = KeyServer::for_lenient(&published());
    let isolate = Isolate::in_knowing_location(&server, "trickling");
    server.serve(Serving::Trickling);
    expect_undecided_while_known_keys_work(&isolate, "trickling");
}

#[test]
fn a_flood_is_cut_off_and_not_taken_in() {
    let server = KeyServer::for_lenient(&published());
    let isolate = Isolate::in_knowing_location(&server, "flooding");
    server.serve(Serving::Flooding);
    expect_undecided_while_known_keys_work(&isolate, "flooding");
    // The worker hangs up: no more is sent.
    let mut sent = server.sent();
    until("the flood to end", Duration::from_secs(10), || {
        let before = std::mem::replace(&mut sent, server.sent());
        (before == sent).then_some(())
    });
    assert!(sent < TAKEN_AT_MOST, "{sent} bytes");
}

#[test]
fn what_is_no_key_set_costs_no_known_key() {
    let server = KeyServer::for_lenient(&published());
    let isolate = Isolate::in_knowing_location(&server, "nonsense");
    server.publish_text("<html>maintenance</html>");
    expect_undecided_while_known_keys_work(&isolate, "nonsense");
}

#[test]
fn documents_that_are_no_key_set_are_a_failure_of_the_issuer_and_not_of_the_token() {
    let server = KeyServer::for_lenient(&[]);
    let good_set = key_set(&[PUBLISHED.jwk()]);
    let documents = [
        ("nothing", String::new()),
        ("HTML", "<!doctype html><title>Please log in</title>".to_owned()),
        ("cut off", good_set[..good_set.len() - 2].to_owned()),
        ("more after it", format!("{good_set}{{}}")),
        // RFC 8259 §8.1: no byte order mark may be added.
        ("byte order mark", format!("\u{feff}{good_set}")),
        ("a list", json!([PUBLISHED.jwk()]).to_string()),
        ("a text", json!(good_set).to_string()),
        ("null", "null".to_owned()),
        ("no keys member", json!({ "kees": [PUBLISHED.jwk()] }).to_string()),
        ("keys a single key", json!({ "keys": PUBLISHED.jwk() }).to_string()),
        ("keys by name", json!({ "keys": { "a": PUBLISHED.jwk() } }).to_string()),
        ("keys null", json!({ "keys": null }).to_string()),
        (
            "keys twice",
            format!("{{\"keys\":[],{}", good_set.trim_start_matches('{')),
        ),
        ("nested deeply", format!("{{\"keys\":{}", "[".repeat(20_000))),
    ];
    // No keys at all: it asks again after a second, so one isolate sees them all.
    let isolate = Isolate::in_new_location(&server, "no-key-set");
    for (name, document) in documents {
        server.publish_text(&document);
        let before = server.fetches();
        until(name, Duration::from_secs(15), || {
            isolate.expect_undecided(name, &good());
            (server.fetches() > before).then_some(())
        });
    }
    server.publish_text(&good_set);
    until("the keys to be learned", Duration::from_secs(15), || {
        (isolate.call(&good()).status == 200).then_some(())
    });
}

#[test]
fn answers_that_are_no_200_are_a_failure_of_the_issuer() {
    let server = KeyServer::for_lenient(&[PUBLISHED.jwk()]);
    let isolate = Isolate::in_new_location(&server, "status");
    let elsewhere = [301, 302, 307].map(Serving::Redirected);
    let refused = [203, 206, 404, 500, 503].map(Serving::Status);
    for serving in elsewhere.into_iter().chain(refused) {
        server.serve(serving);
        let (name, before) = (format!("{serving:?}"), server.fetches());
        until(&name, Duration::from_secs(15), || {
            isolate.expect_undecided(&name, &good());
            (server.fetches() > before).then_some(())
        });
    }
    // RFC 8725 §3.10: what an address leads to is asked of that address and of no other.
    assert_eq!(server.fetches_elsewhere(), 0, "a redirect was followed");
    server.serve(Serving::Plainly);
    until("the keys to be learned", Duration::from_secs(15), || {
        (isolate.call(&good()).status == 200).then_some(())
    });
}

#[test]
fn a_new_isolate_that_can_learn_no_keys_says_so_in_time() {
    let mut server = KeyServer::for_lenient(&[PUBLISHED.jwk(), UNPUBLISHED.jwk()]);
    let isolate = Isolate::in_new_location(&server, "never");
    server.stop();
    isolate.expect_undecided("down", &good());
    server.start();
    server.serve(Serving::Silently);
    until("it to be asked", Duration::from_secs(15), || {
        let begun = Instant::now();
        isolate.expect_undecided("silent", &good());
        assert!(begun.elapsed() < GIVES_UP_WITHIN, "{:?}", begun.elapsed());
        (server.fetches() > 0).then_some(())
    });
}
