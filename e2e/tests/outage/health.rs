//! `GET /health?deep=1` when something is down.

use std::time::{Duration, Instant};

use e2e::{relay::Relay, system, waiting::until};

use crate::issuer;

/// A good result is handed out again for 10 s, a bad one for 1 s.
const NOTICED_WITHIN: Duration = Duration::from_secs(20);

/// Waits until the deep check answers `status`; each answer in between has to come in time, too.
#[track_caller]
fn wait_for(status: u16) {
    until("the deep check to notice", NOTICED_WITHIN, || {
        let begun = Instant::now();
        let answer = system().fault().get("/health?deep=1");
        assert!(begun.elapsed() < Duration::from_secs(6));
        if answer.status == 503 {
            answer.expect_problem(503, "UPSTREAM_UNAVAILABLE");
            assert!(answer.header("retry-after").is_some());
        }
        (answer.status == status).then_some(())
    });
    // HEAD says the same, without a body.
    let worker = system().fault();
    let head = worker.request("HEAD", "/health?deep=1").body(()).expect("a request");
    assert_eq!(worker.send(&head).status, status);
}

#[test]
fn deep_health_is_503_while_cognito_or_the_keys_are_away_and_200_when_they_are_back() {
    let mut keys = issuer::open();
    let mut relay = Relay::open();
    wait_for(200);

    keys.stop();
    wait_for(503);
    keys.start();
    wait_for(200);

    relay.cut();
    wait_for(503);
    system().fault().get("/health").expect_status(200);
    relay.restore();
    wait_for(200);
}
