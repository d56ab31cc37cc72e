//! Signing out while Cognito is away.

use std::time::{Duration, Instant};

use e2e::{
    Answer, Phone, Tokens, keys,
    ledger::Kind,
    relay::{Fixed, Relay},
    system,
};
use serde_json::{Value, json};

use crate::issuer;

const SIGN_OUT: &str = "AdminUserGlobalSignOut";
const REVOKE: &str = "RevokeToken";

/// By when a client must know.
pub(crate) const ANSWERED_WITHIN: Duration = Duration::from_secs(6);

#[track_caller]
pub(crate) fn expect_unavailable(answer: &Answer) {
    answer.expect_problem(503, "UPSTREAM_UNAVAILABLE");
    let seconds = answer.header("retry-after").unwrap_or_default();
    assert!(seconds.parse::<u32>().is_ok_and(|seconds| seconds > 0), "{seconds}");
}

/// The tokens of a new user. The access token says what Cognito's says, but is by the key that `fault` knows.
#[track_caller]
fn signed_in() -> Tokens {
    let tokens = system().fault().signed_in(&Phone::new());
    let access = keys::PUBLISHED.plain_token(&keys::claims(&tokens.access));
    system().ledger.note(Kind::Token, &access);
    Tokens { access, ..tokens }
}

/// Both ways of ending a sign-in at Cognito, with the operation of each.
fn both_ways(tokens: &Tokens) -> [(&'static str, Value); 2] {
    [
        (REVOKE, json!({ "refresh_token": tokens.refresh })),
        (SIGN_OUT, json!({ "everywhere": true })),
    ]
}

#[test]
fn while_cognito_is_away_the_edge_refuses_and_a_retry_ends_the_sign_in() {
    let _keys = issuer::open();
    let mut relay = Relay::open();
    let worker = system().fault();
    for how in ["cut", "silent", "failing"] {
        for way in 0..2 {
            let tokens = signed_in();
            let (operation, body) = both_ways(&tokens)[way].clone();
            match how {
                "cut" => relay.cut(),
                "silent" => relay.stall(),
                _ => relay.answer(Fixed::FAILED),
            }
            let begun = Instant::now();
            expect_unavailable(&worker.sign_out(&tokens.access, &body));
            assert!(begun.elapsed() < ANSWERED_WITHIN, "{how} {operation}");
            worker.call_secured(&tokens.access).expect_problem(401, "INVALID_TOKEN");

            relay.restore();
            worker.sign_out(&tokens.access, &body).expect_status(204);
            assert_eq!(relay.count(operation), 1, "{how}");
            worker.refresh(&tokens.refresh).expect_problem(403, "NOT_AUTHORIZED");
        }
    }
}

#[test]
fn a_plain_sign_out_needs_no_cognito() {
    let _keys = issuer::open();
    let mut relay = Relay::open();
    let worker = system().fault();
    let tokens = signed_in();
    relay.cut();
    worker.sign_out(&tokens.access, &Value::Null).expect_status(204);
    worker.call_secured(&tokens.access).expect_problem(401, "INVALID_TOKEN");
}

#[test]
fn what_was_throttled_or_failed_is_repeated() {
    let _keys = issuer::open();
    let relay = Relay::open();
    let worker = system().fault();
    for fixed in [Fixed::THROTTLED, Fixed::FAILED] {
        for way in 0..2 {
            let tokens = signed_in();
            let (operation, body) = both_ways(&tokens)[way].clone();
            relay.answer_to(operation, 2, fixed.clone());
            worker.sign_out(&tokens.access, &body).expect_status(204);
            assert_eq!(relay.count(operation), 3, "{operation}");
            worker.refresh(&tokens.refresh).expect_problem(403, "NOT_AUTHORIZED");
        }
    }
}

#[test]
fn what_cognito_says_is_told_apart() {
    let _keys = issuer::open();
    let relay = Relay::open();
    let worker = system().fault();
    let error = |name: &str| -> Fixed {
        let body = json!({ "__type": name, "message": "oops" }).to_string();
        Fixed::json(400, body.leak())
    };
    for (operation, name, status) in [
        // Nothing to end.
        (REVOKE, "InvalidParameterException", 204),
        (REVOKE, "NotAuthorizedException", 204),
        (SIGN_OUT, "UserNotFoundException", 204),
        // The client's mistake.
        (REVOKE, "UnsupportedTokenTypeException", 400),
        // Ours.
        (REVOKE, "UnauthorizedException", 502),
        (REVOKE, "UnsupportedOperationException", 502),
        (REVOKE, "ResourceNotFoundException", 502),
        (SIGN_OUT, "AccessDeniedException", 502),
        (SIGN_OUT, "NotAuthorizedException", 502),
        (SIGN_OUT, "InvalidParameterException", 502),
        (SIGN_OUT, "ResourceNotFoundException", 502),
    ] {
        let tokens = signed_in();
        let (_, body) = both_ways(&tokens)
            .into_iter()
            .find(|(way, _)| *way == operation)
            .unwrap();
        relay.answer_to(operation, usize::MAX, error(name));
        let answer = worker.sign_out(&tokens.access, &body);
        assert_eq!(answer.status, status, "{operation} {name}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("oops"));
        // The edge's part is done whatever Cognito says.
        worker.call_secured(&tokens.access).expect_problem(401, "INVALID_TOKEN");
    }
}

#[test]
fn everywhere_is_one_call_and_the_refresh_token_needs_none() {
    let _keys = issuer::open();
    let relay = Relay::open();
    let worker = system().fault();
    let tokens = signed_in();
    relay.answer_to(SIGN_OUT, 0, Fixed::FAILED);
    let body = json!({ "everywhere": true, "refresh_token": tokens.refresh });
    worker.sign_out(&tokens.access, &body).expect_status(204);
    assert_eq!((relay.count(SIGN_OUT), relay.count(REVOKE)), (1, 0));
    worker.refresh(&tokens.refresh).expect_problem(403, "NOT_AUTHORIZED");
}
