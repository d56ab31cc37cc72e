//! Signing out: what a request may look like, and what each other one is answered.

use std::thread;

use e2e::{Phone, ledger::Kind, system};
use serde_json::json;

use crate::sign_out::{everywhere, expect_done, expect_refused};

#[test]
fn the_body_may_be_missing_or_empty_and_must_be_json_otherwise() {
    let worker = system().main();
    let send = |content_type: Option<&str>, body: &str| {
        let tokens = worker.signed_in(&Phone::new());
        let mut request = worker
            .request("POST", "/sign_out")
            .header("authorization", format!("Bearer {}", tokens.access));
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        (worker.send(&request.body(body.to_owned()).unwrap()), tokens)
    };
    let json = Some("application/json");
    thread::scope(|scope| {
        for (content_type, body) in [
            (None, ""),
            (json, ""),
            (Some("text/plain"), ""),
            (json, "{}"),
            (Some("application/json; charset=utf-8"), r#"{"everywhere": false}"#),
            (json, r#"{"everywhere":null,"refresh_token":null,"more":[1]}"#),
        ] {
            scope.spawn(move || {
                let (answer, tokens) = send(content_type, body);
                expect_done(&answer);
                expect_refused(&system().main(), &tokens.access);
            });
        }
        for (content_type, body, status, code) in [
            (None, "{}", 415, "UNSUPPORTED_MEDIA_TYPE"),
            (Some("text/plain"), "{}", 415, "UNSUPPORTED_MEDIA_TYPE"),
            (
                Some("application/x-www-form-urlencoded"),
                "everywhere=true",
                415,
                "UNSUPPORTED_MEDIA_TYPE",
            ),
            (json, "{", 400, "INVALID_REQUEST"),
            (json, "[]", 400, "INVALID_REQUEST"),
            (json, "null", 400, "INVALID_REQUEST"),
            (json, "\"everywhere\"", 400, "INVALID_REQUEST"),
            (json, &*"x".repeat(20_000).leak(), 413, "BODY_TOO_LARGE"),
        ] {
            scope.spawn(move || {
                let (answer, tokens) = send(content_type, body);
                answer.expect_problem(status, code);
                // What was refused has done nothing.
                system().main().call_secured(&tokens.access).expect_status(200);
            });
        }
    });
}

#[test]
fn a_wrong_field_is_named_and_nothing_is_done() {
    let worker = system().main();
    let tokens = worker.signed_in(&Phone::new());
    let long = "x".repeat(8_193);
    for (body, fields) in [
        (json!({ "everywhere": "true" }), vec!["everywhere"]),
        (json!({ "everywhere": 1 }), vec!["everywhere"]),
        (json!({ "refresh_token": 1 }), vec!["refresh_token"]),
        (json!({ "refresh_token": ["x"] }), vec!["refresh_token"]),
        (json!({ "refresh_token": long }), vec!["refresh_token"]),
        (
            json!({ "everywhere": [], "refresh_token": {} }),
            vec!["everywhere", "refresh_token"],
        ),
    ] {
        let document = worker
            .sign_out(&tokens.access, &body)
            .expect_problem(400, "INVALID_REQUEST");
        let named: Vec<_> = document["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| error["field"].as_str().unwrap())
            .collect();
        assert_eq!(named, fields);
    }
    worker.call_secured(&tokens.access).expect_status(200);
}

#[test]
fn what_is_no_refresh_token_of_the_client_counts_as_revoked() {
    let worker = system().main();
    let foreign = system().short().signed_in(&Phone::new());
    for token in [
        "unknown",
        "a.b.c",
        "not a token's form",
        &"x".repeat(8_192),
        &foreign.refresh,
    ] {
        let tokens = worker.signed_in(&Phone::new());
        expect_done(&worker.sign_out(&tokens.access, &json!({ "refresh_token": token })));
        expect_refused(&worker, &tokens.access);
    }
    // It was not theirs to end.
    system().short().refresh(&foreign.refresh).expect_status(200);
}

#[test]
fn another_kind_of_token_in_its_place_is_told_to_the_client() {
    let worker = system().main();
    for kind in ["access", "id"] {
        let tokens = worker.signed_in(&Phone::new());
        let token = if kind == "id" { &tokens.id } else { &tokens.access };
        let document = worker
            .sign_out(&tokens.access, &json!({ "refresh_token": token }))
            .expect_problem(400, "INVALID_REQUEST");
        assert_eq!(document["errors"][0]["field"], "refresh_token", "{kind}");
        // It is the refresh token that lives on, as the answer says.
        expect_refused(&worker, &tokens.access);
        worker.refresh(&tokens.refresh).expect_status(200);
    }
}

#[test]
fn it_takes_a_good_access_token() {
    let worker = system().main();
    let tokens = worker.signed_in(&Phone::new());
    let request = worker.request("POST", "/sign_out").body(()).unwrap();
    let answer = worker.send(&request);
    answer.expect_problem(401, "INVALID_TOKEN");
    assert!(
        answer
            .header("www-authenticate")
            .unwrap_or_default()
            .starts_with("Bearer")
    );
    let foreign = system().short().signed_in(&Phone::new());
    for token in ["no-token", &tokens.id, &tokens.refresh, &foreign.access] {
        worker
            .sign_out(token, &everywhere())
            .expect_problem(401, "INVALID_TOKEN");
    }
    system().ledger.note(Kind::Token, &tokens.refresh);
    worker.call_secured(&tokens.access).expect_status(200);
}

#[test]
fn it_takes_no_other_method() {
    let worker = system().main();
    let tokens = worker.signed_in(&Phone::new());
    for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH"] {
        let request = worker
            .request(method, "/sign_out")
            .header("authorization", format!("Bearer {}", tokens.access))
            .body(())
            .unwrap();
        let answer = worker.send(&request);
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), Some("POST, OPTIONS"), "{method}");
    }
    worker.call_secured(&tokens.access).expect_status(200);
}
