//! `/secured/call` returns what was sent, to a caller with a good access token.

use std::sync::LazyLock;

use e2e::{Answer, Phone, Tokens, keys, system};
use serde_json::{Value, json};
use ureq::http::request::Builder;

/// One signed-in user for all tests of this file.
static USER: LazyLock<Tokens> = LazyLock::new(|| system().main().signed_in(&Phone::new()));

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

fn request(method: &str, query: &str) -> Builder {
    let path = format!("/secured/call{query}");
    system()
        .main()
        .request(method, &path)
        .header("authorization", format!("Bearer {}", USER.access))
        .header("cache-control", "no-cache")
}

#[track_caller]
fn body_of(content_type: &str, body: &[u8]) -> Value {
    post(content_type, body).expect_status(200).json()["body"].clone()
}

#[track_caller]
fn post(content_type: &str, body: &[u8]) -> Answer {
    let request = request("POST", "").header("content-type", content_type);
    system().main().send(&request.body(body).unwrap())
}

#[test]
fn every_method_returns_the_query_and_the_caller() {
    let claims = keys::claims(&USER.access);
    for method in METHODS {
        let answer = system().main().send(&request(method, "?a=1&b=x%20y").body(()).unwrap());
        answer.expect_status(200);
        if method == "HEAD" {
            assert!(answer.body.is_empty());
            continue;
        }
        let body = answer.json();
        assert_eq!(body["query"], json!({ "a": "1", "b": "x y" }), "{method}");
        assert_eq!(body["body"], Value::Null, "{method}");
        assert_eq!(body["caller"]["sub"], claims["sub"], "{method}");
        assert_eq!(body["caller"]["username"], claims["username"], "{method}");
        assert_eq!(body["caller"]["expires_at"], claims["exp"], "{method}");
        let scope: Vec<&str> = claims["scope"]
            .as_str()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        assert_eq!(body["caller"]["scope"], json!(scope), "{method}");
        assert_eq!(body.as_object().unwrap().len(), 3, "{method}");
    }
}

#[test]
fn head_has_the_headers_of_get_and_no_body() {
    let [get, head] = ["GET", "HEAD"].map(|method| system().main().send(&request(method, "?head").body(()).unwrap()));
    assert_eq!((get.status, head.status), (200, 200));
    assert!(!get.body.is_empty() && head.body.is_empty());
    let names = |answer: &Answer| {
        let mut names = answer.header_names();
        // How the body is framed may differ where there is none.
        names.retain(|name| !["content-length", "transfer-encoding", "content-encoding"].contains(&name.as_str()));
        names
    };
    assert_eq!(names(&get), names(&head));
    assert_eq!(get.header("content-type"), head.header("content-type"));
}

#[test]
fn a_repeated_query_key_is_an_array() {
    let answer = system()
        .main()
        .send(&request("GET", "?a=1&b=2&a=3&a=&c").body(()).unwrap());
    let query = &answer.expect_status(200).json()["query"];
    assert_eq!(*query, json!({ "a": ["1", "3", ""], "b": "2", "c": "" }));
}

#[test]
fn queries_are_decoded_as_forms_are() {
    let answer = system()
        .main()
        .send(&request("GET", "?k%C3%A9y=%E2%9C%93+%2B&%3D=%26").body(()).unwrap());
    let query = &answer.expect_status(200).json()["query"];
    assert_eq!(*query, json!({ "kéy": "✓ +", "=": "&" }));
}

#[test]
fn json_is_parsed() {
    let value = json!({ "a": [1, 2.5, null, true], "ü": { "b": "c" } });
    let text = value.to_string();
    for content_type in [
        "application/json",
        "application/json; charset=utf-8",
        "application/vnd.api+json",
    ] {
        assert_eq!(body_of(content_type, text.as_bytes()), value, "{content_type}");
    }
    assert_eq!(body_of("application/json", b"[1]"), json!([1]));
    assert_eq!(body_of("application/json", b"null"), Value::Null);
}

#[test]
fn a_form_is_parsed() {
    let body = body_of("application/x-www-form-urlencoded", b"a=1&b=x+y&a=%C3%BC");
    assert_eq!(body, json!({ "a": ["1", "ü"], "b": "x y" }));
}

#[test]
fn a_multipart_form_is_parsed() {
    let body = "--edge\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n\
                --edge\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ntwo\r\n\
                --edge\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nü\r\n--edge--\r\n";
    let parsed = body_of("multipart/form-data; boundary=edge", body.as_bytes());
    assert_eq!(parsed, json!({ "a": ["one", "two"], "b": "ü" }));
}

#[test]
fn other_text_is_a_string() {
    assert_eq!(body_of("text/plain", "grüß dich".as_bytes()), json!("grüß dich"));
    assert_eq!(body_of("application/xml", b"<a/>"), json!("<a/>"));
}

#[test]
fn bodies_come_through_with_every_method_that_may_have_one() {
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let request = request(method, "?q=1").header("content-type", "application/json");
        let answer = system().main().send(&request.body(r#"{"a":1}"#).unwrap());
        let body = answer.expect_status(200).json();
        assert_eq!(
            (&body["query"], &body["body"]),
            (&json!({ "q": "1" }), &json!({ "a": 1 })),
            "{method}"
        );
    }
}

#[test]
fn bodies_that_are_not_what_they_claim_are_refused() {
    for (content_type, body) in [
        ("application/json", &b"{"[..]),
        ("application/json", b"\xff"),
        ("text/plain", b"\xff\xfe"),
        ("multipart/form-data; boundary=edge", b"no form"),
        ("multipart/form-data", b"--edge--"),
    ] {
        let document = post(content_type, body).expect_problem(400, "INVALID_REQUEST");
        assert_eq!(document["errors"][0]["field"], "body", "{content_type}");
    }
}

#[test]
fn bodies_above_16_kib_are_refused() {
    let letters = "x".repeat(16 * 1024 + 1);
    post("text/plain", letters.as_bytes()).expect_problem(413, "BODY_TOO_LARGE");
    assert_eq!(body_of("text/plain", &letters.as_bytes()[1..]), letters[1..]);
}

#[test]
fn the_token_is_asked_for_before_the_body_is_looked_at() {
    let worker = system().main();
    let request = worker
        .request("POST", "/secured/call")
        .header("content-type", "application/json")
        .body("{")
        .unwrap();
    worker.send(&request).expect_problem(401, "INVALID_TOKEN");
}

#[test]
fn nothing_of_a_request_is_taken_for_the_answers_own() {
    let body = body_of("application/json", br#"{"caller":{"sub":"me"},"__proto__":{"x":1}}"#);
    assert_eq!(body, json!({ "caller": { "sub": "me" }, "__proto__": { "x": 1 } }));
}
