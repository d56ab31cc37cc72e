//! What goes wrong at a secured path is said with every method alike.

use std::{sync::LazyLock, thread};

use e2e::{
    Answer, Phone, Tokens, Worker,
    origin::{Exchange, origin},
    system,
};

/// One signed-in user for all tests of this file.
static USER: LazyLock<Tokens> = LazyLock::new(|| system().main().signed_in(&Phone::new()));

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

#[track_caller]
fn send(worker: &Worker, method: &str, path: &str, token: Option<&str>) -> Answer {
    let request = worker.request(method, path);
    let request = match token {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    };
    worker.send(&request.body(()).expect("a request"))
}

/// Checks that this is the problem; to HEAD, that it is its status.
#[track_caller]
fn expect_problem(answer: &Answer, method: &str, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{method}");
    if method == "HEAD" {
        assert!(answer.body.is_empty());
    } else {
        answer.expect_problem(status, code);
    }
}

#[test]
fn without_a_token_it_is_401() {
    let worker = system().main();
    for path in ["/secured/call", "/secured/methods"] {
        for method in METHODS {
            let answer = send(&worker, method, path, None);
            expect_problem(&answer, method, 401, "INVALID_TOKEN");
            assert!(answer.header("www-authenticate").is_some(), "{method} {path}");
        }
    }
}

#[test]
fn without_a_required_scope_it_is_403() {
    for method in METHODS {
        let answer = send(&system().strict(), method, "/secured/call", Some(&USER.access));
        expect_problem(&answer, method, 403, "INSUFFICIENT_SCOPE");
    }
}

#[test]
fn where_there_is_no_origin_it_is_404() {
    for method in METHODS {
        let answer = send(&system().strict(), method, "/secured/methods", Some(&USER.access));
        expect_problem(&answer, method, 404, "NOT_FOUND");
    }
}

#[test]
fn with_wrong_settings_it_is_500() {
    for method in METHODS {
        let answer = send(&system().broken(), method, "/secured/call", Some(&USER.access));
        expect_problem(&answer, method, 500, "INTERNAL");
    }
}

#[test]
fn a_body_that_is_not_what_it_claims_is_400_and_a_long_one_413() {
    let worker = system().main();
    let long = "x".repeat(16 * 1024 + 1);
    for (body, status, code) in [("{", 400, "INVALID_REQUEST"), (&long, 413, "BODY_TOO_LARGE")] {
        for method in METHODS {
            let request = worker
                .request(method, "/secured/call")
                .header("authorization", format!("Bearer {}", USER.access))
                .header("content-type", "application/json");
            let answer = worker.send(&request.body(body).expect("a request"));
            expect_problem(&answer, method, status, code);
        }
    }
}

#[test]
fn another_method_is_405_before_anything_is_asked() {
    for path in ["/secured/call", "/secured/methods"] {
        let answer = send(&system().main(), "PROPFIND", path, None);
        answer.expect_problem(405, "METHOD_NOT_ALLOWED");
    }
}

#[test]
fn a_head_that_finds_nothing_new_is_304() {
    let worker = system().main();
    let tag = send(&worker, "HEAD", "/secured/call?methods", Some(&USER.access));
    let tag = tag.header("etag").expect("an entity tag");
    let request = worker
        .request("HEAD", "/secured/call?methods")
        .header("authorization", format!("Bearer {}", USER.access))
        .header("if-none-match", tag);
    let answer = worker.send(&request.body(()).expect("a request"));
    answer.expect_status(304);
}

#[test]
fn an_origin_that_fails_is_told_apart() {
    let (garbage, closed, stalled) = (
        "/secured/methods/garbage",
        "/secured/methods/closed",
        "/secured/methods/stalled",
    );
    origin().send(garbage, b"Welcome to the mail server\r\n\r\n");
    origin().send(closed, b"");
    origin().on(stalled, Exchange::stall);
    let worker = &system().main();
    for (path, status, code) in [
        (garbage, 502, "ORIGIN_ERROR"),
        (closed, 503, "ORIGIN_UNAVAILABLE"),
        (stalled, 504, "ORIGIN_TIMEOUT"),
    ] {
        // At once: the worker waits two seconds for an origin that stalls.
        thread::scope(|scope| {
            for method in METHODS {
                scope.spawn(move || {
                    let answer = send(worker, method, path, Some(&USER.access));
                    expect_problem(&answer, method, status, code);
                });
            }
        });
    }
}
