//! Which keys of a document are used, and how much of a document is read.

use std::time::Duration;

use e2e::{
    forgeries::signature_for_exponent_one,
    key_server::{KeyServer, key_set},
    keys::{Algorithm, PUBLISHED, SigningKey, UNPUBLISHED, base64url, encoded},
    waiting::until,
};
use serde_json::{Value, json};

use crate::{
    isolates::{Isolate, good, lenient_claims, unknown},
    issuer::published,
};

/// Largest document that is read, in bytes.
const LARGEST: usize = 64 * 1024;

/// Most keys that are looked at.
const MOST_KEYS: usize = 20;

/// A token signed by `key` whose header names it so.
fn signed_by(key: &SigningKey, name: &str) -> String {
    key.token(
        Algorithm::Rs256,
        &json!({ "alg": "RS256", "kid": name }),
        &lenient_claims(),
    )
}

/// A document of exactly that many bytes that publishes the usual key.
fn document_of(bytes: usize) -> String {
    let unpadded = json!({ "padding": "", "keys": [PUBLISHED.jwk()] }).to_string().len();
    json!({ "padding": "p".repeat(bytes - unpadded), "keys": [PUBLISHED.jwk()] }).to_string()
}

#[test]
fn documents_above_64_kib_are_refused_and_none_below() {
    let server = KeyServer::for_lenient(&[]);
    let isolate = Isolate::in_new_location(&server, "size");
    for bytes in [LARGEST + 1, 2 * LARGEST, 4 * 1024 * 1024] {
        server.publish_text(&document_of(bytes));
        let before = server.fetches();
        until("it to be asked", Duration::from_secs(15), || {
            isolate.expect_undecided(&bytes.to_string(), &good());
            (server.fetches() > before).then_some(())
        });
    }
    let largest = document_of(LARGEST);
    assert_eq!(largest.len(), LARGEST);
    server.publish_text(&largest);
    until("the keys to be learned", Duration::from_secs(15), || {
        (isolate.call(&good()).status == 200).then_some(())
    });
}

#[test]
fn a_document_that_is_too_large_costs_no_known_key() {
    let server = KeyServer::for_lenient(&published());
    let isolate = Isolate::in_knowing_location(&server, "too-large");
    server.publish_text(&document_of(LARGEST + 1));
    isolate.expect_undecided("unknown key", &unknown());
    isolate.expect_accepted("known key");
}

#[test]
fn of_many_keys_the_first_twenty_are_used() {
    let names: Vec<String> = (0..=MOST_KEYS).map(|number| format!("key-{number}")).collect();
    let keys: Vec<Value> = names.iter().map(|name| PUBLISHED.jwk_named(name)).collect();
    let server = KeyServer::for_lenient(&keys);
    let isolate = Isolate::in_new_location(&server, "many");
    for name in [&names[0], &names[MOST_KEYS - 1]] {
        isolate.call(&signed_by(&PUBLISHED, name)).expect_status(200);
    }
    isolate
        .call(&signed_by(&PUBLISHED, &names[MOST_KEYS]))
        .expect_problem(401, "INVALID_TOKEN");
}

#[test]
fn a_key_listed_twice_is_used_and_two_keys_of_one_name_are_not() {
    let other_exponent = {
        let mut jwk = PUBLISHED.jwk_named("exponents");
        jwk["e"] = json!("Aw");
        jwk
    };
    let server = KeyServer::for_lenient(&[
        PUBLISHED.jwk_named("same"),
        PUBLISHED.jwk_named("same"),
        PUBLISHED.jwk_named("different"),
        UNPUBLISHED.jwk_named("different"),
        PUBLISHED.jwk_named("exponents"),
        other_exponent,
        // Names are compared to the letter: these are two.
        PUBLISHED.jwk_named("one"),
        UNPUBLISHED.jwk_named("One"),
    ]);
    let isolate = Isolate::in_new_location(&server, "twice");
    let status = |key: &SigningKey, name: &str| isolate.call(&signed_by(key, name)).status;
    assert_eq!(status(&PUBLISHED, "same"), 200);
    // Whichever of the two is meant: first and last, each by its own signature.
    assert_eq!(status(&PUBLISHED, "different"), 401);
    assert_eq!(status(&UNPUBLISHED, "different"), 401);
    assert_eq!(status(&PUBLISHED, "exponents"), 401);
    assert_eq!(
        [
            status(&PUBLISHED, "one"),
            status(&UNPUBLISHED, "One"),
            status(&PUBLISHED, "One")
        ],
        [200, 200, 401]
    );
}

#[test]
fn names_are_compared_as_they_are_and_not_as_they_look() {
    // RFC 7515 §4.1.4 and RFC 8259 §8.3: code point by code point, after escapes and without normalisation.
    let composed = "caf\u{e9}";
    let decomposed = "cafe\u{301}";
    let server = KeyServer::for_lenient(&[PUBLISHED.jwk_named(composed)]);
    let isolate = Isolate::in_new_location(&server, "unicode");
    isolate.call(&signed_by(&PUBLISHED, composed)).expect_status(200);
    let escaped = r#"{"alg":"RS256","kid":"\u0063af\u00e9"}"#;
    let signed = format!("{}.{}", base64url(escaped.as_bytes()), encoded(&lenient_claims()));
    let signature = PUBLISHED.sign(Algorithm::Rs256, &signed);
    isolate.call(&format!("{signed}.{signature}")).expect_status(200);
    for other in [decomposed, "caf\u{e9}\0", "\u{feff}caf\u{e9}", "CAF\u{c9}", "cafe"] {
        let answer = isolate.call(&signed_by(&PUBLISHED, other));
        assert_eq!(answer.status, 401, "{other:?}");
    }
}

#[test]
fn keys_that_make_every_message_its_own_signature_are_not_used() {
    // RFC 8017 §3.1: an exponent is odd and at least 3. With 1 the padded digest is its own signature.
    let with_exponent = |name: &str, exponent: &[u8]| {
        let mut jwk = PUBLISHED.jwk_named(name);
        jwk["e"] = json!(base64url(exponent));
        jwk
    };
    let exponents: [(&str, &[u8]); 5] = [
        ("one", &[1]),
        ("one with zeros", &[0, 0, 1]),
        ("zero", &[0]),
        ("two", &[2]),
        ("empty", &[]),
    ];
    let mut keys: Vec<Value> = exponents
        .iter()
        .map(|(name, exponent)| with_exponent(name, exponent))
        .collect();
    keys.push(PUBLISHED.jwk());
    let server = KeyServer::for_lenient(&keys);
    let isolate = Isolate::in_new_location(&server, "exponents");
    isolate.expect_accepted("the good key beside them");
    for (name, _) in exponents {
        let signed = format!(
            "{}.{}",
            encoded(&json!({ "alg": "RS256", "kid": name })),
            encoded(&lenient_claims())
        );
        for signature in [
            signature_for_exponent_one(&signed),
            vec![0; 256],
            [vec![0; 255], vec![1]].concat(),
        ] {
            let answer = isolate.call(&format!("{signed}.{}", base64url(&signature)));
            assert_eq!(answer.status, 401, "exponent {name}");
        }
    }
}

#[test]
fn a_set_without_a_usable_key_costs_no_known_key() {
    let server = KeyServer::for_lenient(&published());
    let isolate = Isolate::in_knowing_location(&server, "empty");
    for set in [json!([]), json!([7, "key"]), json!([{ "kty": "EC", "kid": "e" }])] {
        server.publish_text(&key_set(set.as_array().unwrap()));
        isolate.expect_undecided("unknown key", &unknown());
        isolate.expect_accepted("known key");
    }
}
