//! Real tokens in wrong places, and how a token may be sent. Forged ones are in `tests/outage`, where the keys are ours.

use std::sync::LazyLock;

use e2e::{Answer, Phone, Tokens, keys, ledger::Kind, system};
use serde_json::json;

static USER: LazyLock<Tokens> = LazyLock::new(|| system().main().signed_in(&Phone::new()));

/// Sends these `Authorization` headers.
#[track_caller]
fn with_headers(values: &[&str]) -> Answer {
    let worker = system().main();
    let mut request = worker
        .request("GET", "/secured/call")
        .header("cache-control", "no-cache");
    for value in values {
        request = request.header("authorization", *value);
    }
    worker.send(&request.body(()).unwrap())
}

/// Checks that this is the refusal of a bad token, in the form of RFC 6750 §3.
#[track_caller]
fn expect_refused(answer: &Answer) {
    answer.expect_problem(401, "INVALID_TOKEN");
    let challenge = answer.header("www-authenticate").unwrap_or_default();
    assert!(challenge.starts_with("Bearer realm=\""), "{challenge}");
    assert!(
        challenge.contains(", error=\"invalid_token\", error_description=\""),
        "{challenge}"
    );
}

/// Checks that this is the answer to a request without a token: RFC 6750 §3.1, no error code.
#[track_caller]
fn expect_asked(answer: &Answer) {
    answer.expect_problem(401, "INVALID_TOKEN");
    let challenge = answer.header("www-authenticate").unwrap_or_default();
    assert!(challenge.starts_with("Bearer realm=\""), "{challenge}");
    assert!(!challenge.contains("error"), "{challenge}");
}

#[test]
fn without_a_token_one_is_asked_for() {
    expect_asked(&with_headers(&[]));
}

#[test]
fn another_scheme_is_no_token() {
    for value in [
        "Basic dXNlcjpwYXNz",
        "Digest x",
        &format!("JWT {}", USER.access),
        &USER.access,
    ] {
        expect_asked(&with_headers(&[value]));
    }
}

#[test]
fn the_scheme_is_taken_in_any_case() {
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        with_headers(&[&format!("{scheme} {}", USER.access)]).expect_status(200);
    }
}

#[test]
fn two_authorization_headers_are_refused_even_if_both_are_good() {
    let good = format!("Bearer {}", USER.access);
    for pair in [
        [good.as_str(), good.as_str()],
        [good.as_str(), "Bearer x"],
        ["Bearer x", good.as_str()],
    ] {
        expect_refused(&with_headers(&pair));
    }
    for pair in [
        ["Basic dXNlcjpwYXNz", good.as_str()],
        [good.as_str(), "Basic dXNlcjpwYXNz"],
    ] {
        with_headers(&pair).expect_problem(401, "INVALID_TOKEN");
    }
}

#[test]
fn a_token_in_query_body_or_cookie_is_ignored() {
    let worker = system().main();
    let query = format!("/secured/call?access_token={0}&token={0}", USER.access);
    expect_asked(&worker.get(&query));
    let form = format!("access_token={}", USER.access);
    let request = worker
        .request("POST", "/secured/call")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .unwrap();
    expect_asked(&worker.send(&request));
    let request = worker
        .request("GET", "/secured/call")
        .header(
            "cookie",
            format!("access_token={0}; Authorization=Bearer {0}", USER.access),
        )
        .body(())
        .unwrap();
    expect_asked(&worker.send(&request));
}

#[test]
fn malformed_bearer_values_are_refused() {
    let token = &USER.access;
    let values = [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Bearer {token} {token}"),
        format!("Bearer {token},"),
        format!("Bearer \"{token}\""),
        format!("Bearer token={token}"),
        "Bearer null".to_owned(),
        "Bearer ..".to_owned(),
    ];
    for value in values {
        let answer = with_headers(&[&value]);
        assert_eq!(answer.status, 401, "{}", value.len());
        expect_refused(&answer);
    }
}

#[test]
fn tokens_of_another_kind_or_pool_are_refused_like_any_other() {
    let foreign = system().short().signed_in(&Phone::new());
    let refused = [
        &USER.id,
        &USER.refresh,
        // Good there, and signed by the same AWS.
        &foreign.access,
        &foreign.id,
    ]
    .map(|token| system().main().call_secured(token));
    for answer in &refused {
        expect_refused(answer);
        assert_eq!(answer.distinguishable(), refused[0].distinguishable());
    }
    system().short().call_secured(&foreign.access).expect_status(200);
    expect_refused(&system().short().call_secured(&USER.access));
}

#[test]
fn a_tampered_token_is_refused() {
    let token = &USER.access;
    let parts: Vec<&str> = token.split('.').collect();
    let mut claims = keys::claims(token);
    claims["sub"] = json!("somebody-else");
    let mut longer = keys::claims(token);
    longer["exp"] = json!(4_102_444_800_u64);
    let flip = |part: &str, at: usize| {
        let mut letters: Vec<u8> = part.bytes().collect();
        letters[at] = if letters[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(letters).unwrap()
    };
    let tampered = [
        format!("{}.{}.{}", parts[0], keys::encoded(&claims), parts[2]),
        format!("{}.{}.{}", parts[0], keys::encoded(&longer), parts[2]),
        format!("{}.{}.{}", parts[0], flip(parts[1], parts[1].len() / 2), parts[2]),
        format!("{}.{}.{}", parts[0], parts[1], flip(parts[2], 0)),
        format!("{}.{}.{}", parts[0], parts[1], flip(parts[2], parts[2].len() / 2)),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], parts[1], &parts[2][..parts[2].len() - 4]),
        format!("{token}.{}", parts[2]),
        token[1..].to_owned(),
    ];
    for token in tampered {
        system().ledger.note(Kind::Token, &token);
        expect_refused(&system().main().call_secured(&token));
    }
    system().main().call_secured(token).expect_status(200);
}

#[test]
fn methods_beside_get_need_a_token_too() {
    let worker = system().main();
    for method in ["HEAD", "POST", "PUT", "PATCH", "DELETE"] {
        let answer = worker.send(&worker.request(method, "/secured/call").body(()).unwrap());
        answer.expect_status(401);
        assert!(answer.header("www-authenticate").is_some(), "{method}");
    }
}

#[test]
fn a_good_token_goes_on_being_good() {
    let worker = system().main();
    for _ in 0..20 {
        worker.call_secured(&USER.access).expect_status(200);
    }
}
