//! `GET /health` of a healthy system. What it says of an unhealthy one is in `tests/outage`.

use e2e::system;

#[test]
fn health_says_ok_without_a_token() {
    let answer = system().main().get("/health");
    assert_eq!(answer.expect_status(200).json()["status"], "ok");
}

#[test]
fn deep_health_names_what_it_checked() {
    let answer = system().main().get("/health?deep=1");
    let body = answer.expect_status(200).json();
    assert_eq!(body["status"], "ok");
    assert_eq!(body["checks"]["cognito"], "ok");
    assert_eq!(body["checks"]["jwks"], "ok");
}

#[test]
fn head_of_health_has_no_body() {
    let worker = system().main();
    let answer = worker.send(&worker.request("HEAD", "/health").body(()).unwrap());
    answer.expect_status(200);
    assert!(answer.body.is_empty());
}

#[test]
fn health_must_not_be_kept_by_caches() {
    for path in ["/health", "/health?deep=1"] {
        assert_eq!(system().main().get(path).header("cache-control"), Some("no-store"));
    }
}
