//! Each kind of disagreement between an answer and a description is found, on a description that is small enough to see why.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::{HeaderMap, HeaderName, HeaderValue};

use super::*;

/// Two endpoints, and what is behind a gateway.
const DESCRIPTION: &str = include_str!("tests/small.yaml");

const REQUEST_ID: (&str, &str) = ("x-request-id", "cfc440d1-702d-4ec3-8653-313da8a52330");
const JSON: (&str, &str) = ("content-type", "application/json");
const PROBLEM: (&str, &str) = ("content-type", "application/problem+json; charset=utf-8");

fn small() -> Document {
    Document::parse(DESCRIPTION).unwrap()
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let headers = headers.iter().map(|(name, value)| {
        let name: HeaderName = name.parse().unwrap();
        (name, HeaderValue::from_str(value).unwrap())
    });
    Answer {
        headers: headers.collect::<HeaderMap>(),
        status,
        body: body.as_bytes().to_vec(),
        took: Duration::ZERO,
    }
}

fn problem(status: u16, code: &str) -> Answer {
    let kind = "urn:passwordless-edge:problem:x";
    answer(
        status,
        &[PROBLEM, REQUEST_ID],
        &json!({ "type": kind, "code": code }).to_string(),
    )
}

fn sent(body: &Value) -> Answer {
    answer(201, &[JSON, REQUEST_ID], &body.to_string())
}

/// The outcomes as text.
#[track_caller]
fn agreed(method: &str, path: &str, answer: &Answer) -> Vec<String> {
    let outcomes = small().check(method, path, answer).unwrap();
    outcomes.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn disagreement(method: &str, path: &str, answer: &Answer) -> Disagreement {
    small().check(method, path, answer).unwrap_err()
}

#[test]
fn an_answer_as_described_is_the_outcome_of_its_operation() {
    let body = json!({ "code": "SENT", "left": 3, "new": true });
    assert_eq!(agreed("POST", "/codes", &sent(&body)), ["POST /codes 201 SENT"]);
    for code in ["LOCKED", "BLOCKED"] {
        let expected = format!("POST /codes 403 {code}");
        assert_eq!(agreed("POST", "/codes", &problem(403, code)), [expected]);
    }
    let preflight = answer(204, &[REQUEST_ID], "");
    assert_eq!(agreed("OPTIONS", "/codes", &preflight), ["OPTIONS /codes 204 -"]);
}

#[test]
fn headers_of_the_message_itself_need_no_description() {
    let headers = [
        JSON,
        REQUEST_ID,
        ("content-length", "5"),
        ("date", "x"),
        ("transfer-encoding", "chunked"),
    ];
    let answer = answer(201, &headers, r#"{"code":"SENT","left":3}"#);
    assert_eq!(agreed("POST", "/codes", &answer), ["POST /codes 201 SENT"]);
}

#[test]
fn a_status_that_is_not_described_is_found() {
    assert_eq!(
        disagreement("POST", "/codes", &problem(429, "LOCKED")),
        Disagreement::Status
    );
}

#[test]
fn a_media_type_that_is_not_described_is_found() {
    let text = answer(201, &[("content-type", "text/plain"), REQUEST_ID], "sent");
    let expected = Disagreement::ContentType("text/plain".to_owned());
    assert_eq!(disagreement("POST", "/codes", &text), expected);
    let none = answer(201, &[REQUEST_ID], "{}");
    assert_eq!(disagreement("POST", "/codes", &none), Disagreement::NoContentType);
    let preflight = answer(204, &[JSON, REQUEST_ID], "{}");
    let expected = Disagreement::ContentType("application/json".to_owned());
    assert_eq!(disagreement("OPTIONS", "/codes", &preflight), expected);
}

#[test]
fn a_body_that_does_not_fit_is_found_and_the_rule_is_named() {
    let schema = "/components/responses/Sent/content/application~1json/schema";
    for (body, rule) in [
        (json!({ "code": "SENT" }), "/required"),
        (json!({ "code": "SENT", "left": 4 }), "/properties/left/$ref/maximum"),
    ] {
        let expected = Disagreement::Body(format!("{schema}{rule}"));
        assert_eq!(disagreement("POST", "/codes", &sent(&body)), expected);
    }
    let broken = answer(201, &[JSON, REQUEST_ID], "{");
    assert_eq!(disagreement("POST", "/codes", &broken), Disagreement::NotJson);
}

#[test]
fn a_code_that_is_not_described_is_found() {
    for code in ["UNLOCKED", ""] {
        assert_eq!(disagreement("POST", "/codes", &problem(403, code)), Disagreement::Code);
    }
}

#[test]
fn a_required_header_that_is_not_there_is_found() {
    let answer = answer(201, &[JSON], r#"{"code":"SENT","left":3}"#);
    let expected = Disagreement::MissingHeader("x-request-id".to_owned());
    assert_eq!(disagreement("POST", "/codes", &answer), expected);
}

#[test]
fn a_header_that_does_not_fit_is_found() {
    for (name, value) in [("retry-after", "soon"), ("retry-after", "0"), ("x-request-id", "1")] {
        let headers = [JSON, REQUEST_ID, (name, value)];
        let answer = answer(201, &headers, r#"{"code":"SENT","left":3}"#);
        let expected = Disagreement::Header(name.to_owned());
        assert_eq!(disagreement("POST", "/codes", &answer), expected, "{value}");
    }
}

#[test]
fn a_header_that_is_not_described_is_found() {
    let headers = [JSON, REQUEST_ID, ("x-powered-by", "x")];
    let answer = answer(201, &headers, r#"{"code":"SENT","left":3}"#);
    let expected = Disagreement::UndescribedHeader("x-powered-by".to_owned());
    assert_eq!(disagreement("POST", "/codes", &answer), expected);
}

#[test]
fn a_path_that_is_not_described_is_404_and_nothing_else() {
    for path in ["/", "/code", "/codes/", "/Codes", "/behind"] {
        assert!(agreed("GET", path, &problem(404, "NOT_FOUND")).is_empty(), "{path}");
        assert_eq!(
            disagreement("GET", path, &problem(404, "LOCKED")),
            body_rule("NotFound")
        );
        assert_eq!(disagreement("GET", path, &problem(403, "LOCKED")), Disagreement::Path);
    }
}

/// The rule of the only property that one of the responses has.
fn body_rule(response: &str) -> Disagreement {
    let schema = format!("/components/responses/{response}/content/application~1problem+json/schema");
    Disagreement::Body(format!("{schema}/properties/code/const"))
}

#[test]
fn a_method_that_is_not_described_is_405_with_those_that_are() {
    let refused = |allow: &str| {
        let mut answer = problem(405, "METHOD_NOT_ALLOWED");
        answer.headers.insert("allow", HeaderValue::from_str(allow).unwrap());
        answer
    };
    let right = refused("OPTIONS, POST");
    assert_eq!(agreed("GET", "/codes", &right), ["POST /codes 405 METHOD_NOT_ALLOWED"]);
    assert_eq!(agreed("GET", "/codes", &refused("POST, OPTIONS")).len(), 1);
    for allow in ["POST", "POST, GET, OPTIONS", ""] {
        assert_eq!(
            disagreement("GET", "/codes", &refused(allow)),
            Disagreement::Allow,
            "{allow}"
        );
    }
    let taken = sent(&json!({ "code": "SENT", "left": 3 }));
    assert_eq!(disagreement("PUT", "/codes", &taken), Disagreement::Method);
    let nowhere = problem(404, "NOT_FOUND");
    assert_eq!(disagreement("PUT", "/codes", &nowhere), Disagreement::Status);

    // A path that may be missing is so for every method, and none of its operations was asked for.
    let both = r##""404": { $ref: "#/components/responses/NotFound" }
        "405":"##;
    let document = Document::parse(&DESCRIPTION.replace(r#""405":"#, both)).unwrap();
    assert_eq!(document.check("PUT", "/codes", &nowhere), Ok(Vec::new()));
    assert_eq!(document.check("POST", "/codes", &nowhere).unwrap().len(), 1);
}

#[test]
fn what_is_behind_the_gateway_answers_as_it_likes_and_the_worker_does_not() {
    let theirs = answer(401, &[("content-type", "text/html"), REQUEST_ID, ("x-own", "1")], "<p>");
    assert_eq!(agreed("GET", "/behind/a/b", &theirs), ["GET /behind/{path} 401 -"]);
    let theirs = answer(418, &[PROBLEM, REQUEST_ID], r#"{"type":"about:blank"}"#);
    assert_eq!(agreed("GET", "/behind/a", &theirs), ["GET /behind/{path} default -"]);
    let nameless = answer(418, &[PROBLEM], "");
    let expected = Disagreement::MissingHeader("x-request-id".to_owned());
    assert_eq!(disagreement("GET", "/behind/a", &nameless), expected);

    assert_eq!(
        agreed("GET", "/behind/a", &problem(401, "LOCKED")),
        ["GET /behind/{path} 401 LOCKED"]
    );
    assert_eq!(disagreement("GET", "/behind/a", &problem(401, "X")), Disagreement::Code);
    assert_eq!(
        disagreement("GET", "/behind/a", &problem(418, "LOCKED")),
        Disagreement::Status
    );
}

#[test]
fn an_answer_to_head_has_the_headers_and_no_body() {
    let yaml = DESCRIPTION.replace("    options:\n", "    head:\n");
    let document = Document::parse(&yaml).unwrap();
    let good = answer(204, &[JSON, REQUEST_ID], "");
    assert!(document.check("HEAD", "/codes", &good).is_ok());
    for bad in [answer(204, &[JSON], ""), answer(204, &[REQUEST_ID, ("x-own", "1")], "")] {
        assert!(document.check("HEAD", "/codes", &bad).is_err());
    }
    let body = answer(204, &[JSON, REQUEST_ID], "{}");
    assert_eq!(document.check("HEAD", "/codes", &body), Err(Disagreement::BodyOfHead));
}

#[test]
fn all_outcomes_are_listed_with_the_codes_of_their_examples() {
    let outcomes: Vec<_> = small().outcomes().iter().map(ToString::to_string).collect();
    let expected = [
        "GET /behind/{path} 401 BLOCKED",
        "GET /behind/{path} 401 LOCKED",
        "GET /behind/{path} default -",
        "OPTIONS /codes 204 -",
        "POST /codes 201 SENT",
        "POST /codes 403 BLOCKED",
        "POST /codes 403 LOCKED",
        "POST /codes 405 METHOD_NOT_ALLOWED",
    ];
    assert_eq!(outcomes, expected);
}
