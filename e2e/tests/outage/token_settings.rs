//! The settings that say whose tokens are accepted where, on `lenient`; see `xtask/src/system/for_tests.rs`.

use e2e::{key_server::KeyServer, keys::PUBLISHED, system};
use serde_json::json;

use crate::isolates::{Isolate, lenient_claims_with};

/// What is in `CLIENT_IDS`.
const OTHER_CLIENT: &str = "another1client";

#[test]
fn tokens_of_each_listed_client_are_accepted_and_of_no_other() {
    let server = KeyServer::for_lenient(&[PUBLISHED.jwk()]);
    let isolate = Isolate::in_new_location(&server, "clients");
    let own = system().main_stack().client_id.clone();
    let with_client = |id: &str| isolate.call(&PUBLISHED.plain_token(&lenient_claims_with("client_id", json!(id))));
    for id in [own.as_str(), OTHER_CLIENT] {
        let answer = with_client(id);
        assert_eq!(answer.status, 200, "{id}");
    }
    for id in [
        "",
        "another",
        "another1clien",
        "another1client ",
        "Another1client",
        &format!("{own},{OTHER_CLIENT}"),
        &system().short_stack().client_id,
    ] {
        let answer = with_client(id);
        assert_eq!(answer.status, 401, "{id}");
    }
}

#[test]
fn scopes_of_all_prefixes_above_a_path_are_needed_and_those_of_others_are_not() {
    let server = KeyServer::for_lenient(&[PUBLISHED.jwk()]);
    let isolate = Isolate::in_new_location(&server, "scopes");
    let with_scope = |scope: &str| isolate.call(&PUBLISHED.plain_token(&lenient_claims_with("scope", json!(scope))));
    for enough in [
        "orders/read calls/make",
        "calls/make openid orders/read",
        " calls/make  orders/read ",
    ] {
        let answer = with_scope(enough);
        assert_eq!(answer.status, 200, "{enough:?}");
    }
    for too_little in [
        "",
        "orders/read",
        "calls/make",
        // Case and boundaries count (RFC 6749 §3.3).
        "orders/read Calls/make",
        "orders/readcalls/make",
        "orders/read\tcalls/make",
        "orders/read,calls/make",
        "orders/read calls/makes",
        "reports/read",
    ] {
        let answer = with_scope(too_little);
        assert_eq!(answer.status, 403, "{too_little:?}");
        answer.expect_problem(403, "INSUFFICIENT_SCOPE");
        // RFC 6750 §3.1: the challenge may name the scopes that are needed.
        let challenge = answer.header("www-authenticate").unwrap_or_default();
        assert!(challenge.contains("scope=\"orders/read calls/make\""), "{challenge}");
    }
}

#[test]
fn a_bad_token_with_the_scopes_is_401_and_not_403() {
    let server = KeyServer::for_lenient(&[PUBLISHED.jwk()]);
    let isolate = Isolate::in_new_location(&server, "scopes-of-bad");
    for scope in ["orders/read calls/make", "nothing"] {
        let mut claims = lenient_claims_with("scope", json!(scope));
        claims["exp"] = json!(1);
        isolate
            .call(&PUBLISHED.plain_token(&claims))
            .expect_problem(401, "INVALID_TOKEN");
    }
}
