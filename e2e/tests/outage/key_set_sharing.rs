//! What an isolate learned, the others of its location know too: a new one need not ask the issuer, and can go on without it.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use e2e::{
    key_server::KeyServer,
    keys::{PUBLISHED, UNPUBLISHED},
};

use crate::{
    isolates::{Isolate, good, lenient_claims, unknown},
    issuer::published,
};

#[test]
fn a_new_isolate_takes_the_keys_from_its_location_and_needs_no_issuer() {
    let mut server = KeyServer::for_lenient(&published());
    let first = Isolate::in_new_location(&server, "sharing");
    first.expect_accepted("first isolate");
    assert_eq!(server.fetches(), 1, "the location knew nothing");

    let second = first.followed_by_another(&server);
    second.expect_accepted("second isolate");
    assert_eq!(server.fetches(), 1, "the location knew the keys");

    server.stop();
    let third = second.followed_by_another(&server);
    third.expect_accepted("third isolate, without the issuer");
    third.expect_undecided("unknown key, without the issuer", &unknown());

    server.start();
    let fourth = third.followed_by_another(&server);
    fourth.call(&unknown()).expect_problem(401, "INVALID_TOKEN");
    assert_eq!(
        server.fetches(),
        2,
        "only the issuer can know of a key that the location does not"
    );
}

#[test]
fn a_location_knows_the_newest_keys_and_only_those_of_the_same_issuer() {
    let server = KeyServer::for_lenient(&published());
    let first = Isolate::in_knowing_location(&server, "newest");
    server.publish(&[UNPUBLISHED.jwk()]);
    // The isolate may ask at once, learns the new key, and drops the old one.
    first.call(&unknown()).expect_status(200);
    first.call(&good()).expect_problem(401, "INVALID_TOKEN");
    let before = server.fetches();
    let second = first.followed_by_another(&server);
    second.call(&unknown()).expect_status(200);
    assert_eq!(server.fetches(), before, "the location knew the new key");

    let other = Isolate::in_new_location(&server, "another-issuer");
    other.call(&unknown()).expect_status(200);
    assert_eq!(server.fetches(), before + 1, "of another issuer it knew nothing");
}

#[test]
fn many_unknown_names_at_once_on_a_new_isolate_cause_one_fetch() {
    const CALLERS: usize = 24;
    let server = KeyServer::for_lenient(&published());
    let isolate = Isolate::in_knowing_location(&server, "burst").followed_by_another(&server);
    let (before, answered) = (server.fetches(), AtomicUsize::new(0));
    let tokens: Vec<String> = (0..CALLERS)
        .map(|number| {
            let header = serde_json::json!({ "alg": "RS256", "kid": format!("burst-{number}") });
            UNPUBLISHED.token(e2e::keys::Algorithm::Rs256, &header, &lenient_claims())
        })
        .collect();
    thread::scope(|scope| {
        for token in &tokens {
            scope.spawn(|| {
                isolate.call(token).expect_problem(401, "INVALID_TOKEN");
                answered.fetch_add(1, Ordering::SeqCst);
            });
        }
    });
    assert_eq!(answered.into_inner(), CALLERS);
    assert!(server.fetches() - before <= 1, "{} fetches", server.fetches() - before);
    isolate
        .call(&PUBLISHED.plain_token(&lenient_claims()))
        .expect_status(200);
}
