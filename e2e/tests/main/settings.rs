//! What the worker's settings change, and what it does when they are wrong.

use e2e::{Answer, Phone, system};
use serde_json::json;

/// `/health` as a page of `origin` asks for it.
fn health_for(origin: &str) -> Answer {
    let worker = system().strict();
    worker.send(
        &worker
            .request("GET", "/health")
            .header("origin", origin)
            .body(())
            .unwrap(),
    )
}

#[test]
fn a_token_without_a_required_scope_is_403_and_the_challenge_names_the_scope() {
    let worker = system().strict();
    let tokens = system().main().signed_in(&Phone::new());
    let answer = worker.call_secured(&tokens.access);
    answer.expect_problem(403, "INSUFFICIENT_SCOPE");
    let challenge = answer.header("www-authenticate").unwrap_or_default();
    assert!(challenge.starts_with("Bearer realm="), "{challenge}");
    assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
    assert!(challenge.contains("scope=\"orders/read\""), "{challenge}");
    // Where no scope is required, the same token is good.
    system().main().call_secured(&tokens.access).expect_status(200);
}

#[test]
fn a_bad_token_is_401_whatever_scope_is_required() {
    let answer = system().strict().call_secured("no-token");
    answer.expect_problem(401, "INVALID_TOKEN");
}

#[test]
fn only_listed_origins_may_read_and_caches_are_told_that_it_matters() {
    let listed = health_for("https://app.example.com");
    assert_eq!(
        listed.header("access-control-allow-origin"),
        Some("https://app.example.com")
    );
    for answer in [&listed, &health_for("https://evil.example.com")] {
        assert_eq!(answer.header("vary"), Some("Origin"));
    }
    assert_eq!(
        health_for("https://evil.example.com").header("access-control-allow-origin"),
        None
    );
}

#[test]
fn wrong_settings_are_answered_with_500_that_does_not_name_them() {
    let worker = system().broken();
    let answers = [
        worker.try_sign_up(&Phone::new()),
        worker.post("/refresh_token", &json!({ "refresh_token": "x" })),
        worker.post("/sign_in", &json!({ "username": "u", "session": "s", "answer": "1" })),
        worker.sign_out("no-token", &json!({})),
        worker.call_secured("no-token"),
        worker.get("/health?deep=1"),
    ];
    for answer in answers {
        let document = answer.expect_problem(500, "INTERNAL").to_string();
        assert!(!document.contains("CLIENT_SECRET") && !document.contains("PERMIT_KEY"));
    }
    let head = worker.request("HEAD", "/health?deep=1").body(()).unwrap();
    worker.send(&head).expect_status(500);
    // That it runs can be seen all the same.
    worker.get("/health").expect_status(200);
}
