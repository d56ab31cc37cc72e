//! The funnel's data points, at the worker `guarded`: each step of one user, by country and reason, and no number in any.
//!
//! Only this file asks for codes to [`HOME`] and [`ABROAD`]: data points say nothing of whose they are.

use std::{collections::BTreeMap, time::Duration};

use e2e::{
    Phone, client_address::fresh_address, phone::other_than, system, waiting::until, worker::Challenge, worker_log,
};
use serde_json::{Value, json};

/// A country that `guarded` sends codes to.
const HOME: &str = "SE";

/// One that it does not.
const ABROAD: &str = "PT";

/// Lines are in the log a moment after the answer; this is for a busy machine.
const SOON: Duration = Duration::from_secs(10);

/// How often each step was taken in the country, from that place of the log on: event, outcome and reason.
fn steps(from: usize, country: &str) -> BTreeMap<[String; 3], usize> {
    let mut steps = BTreeMap::new();
    let points = worker_log::text_of("guarded")[from..]
        .lines()
        .filter(|line| line.contains("data point "))
        .filter_map(worker_log::object_in)
        .collect::<Vec<Value>>();
    for point in points.iter().filter(|point| point["indexes"] == json!([country])) {
        let blobs: [String; 4] = serde_json::from_value(point["blobs"].clone()).expect("four words");
        let [event, outcome, reason, repeated] = blobs;
        assert_eq!(repeated, country);
        *steps.entry([event, outcome, reason]).or_default() += 1;
    }
    steps
}

/// Waits until these steps and no others were taken, each so often.
#[track_caller]
fn expect_steps(from: usize, country: &str, expected: &[([&str; 3], usize)]) {
    let expected: BTreeMap<_, _> = expected
        .iter()
        .map(|(step, times)| (step.map(str::to_owned), *times))
        .collect();
    until("a data point for every step", SOON, || {
        let found = steps(from, country);
        assert!(
            found.iter().all(|(step, times)| expected.get(step) >= Some(times)),
            "{found:?}"
        );
        (found == expected).then_some(())
    });
}

#[test]
fn every_step_of_a_sign_in_is_a_data_point_of_its_country() {
    let from = worker_log::text_of("guarded").len();
    let worker = system().guarded().asked_from(&fresh_address());
    let phone = Phone::in_country(HOME);
    let answer = worker.try_sign_up(&phone);
    let challenge = Challenge::read(answer.expect_status(201));

    worker.try_sign_up(&phone).expect_problem(429, "TOO_MANY_REQUESTS");

    let code = phone.code();
    let answer = worker.sign_in(&challenge, &other_than(&code, 1));
    answer.expect_problem(401, "WRONG_CODE");
    let next = Challenge::read(&answer);
    worker.sign_in(&next, &code).expect_status(200);
    // Answered already.
    worker.sign_in(&next, &code).expect_problem(403, "NOT_AUTHORIZED");

    expect_steps(
        from,
        HOME,
        &[
            (["code", "asked", ""], 2),
            (["country_budget", "sent", ""], 1),
            (["code", "sent", ""], 1),
            (["code", "denied", "pause"], 1),
            (["answer", "failed", "wrong"], 1),
            (["answer", "verified", ""], 1),
            (["answer", "denied", "no_challenge"], 1),
        ],
    );
}

#[test]
fn what_the_country_list_refuses_was_asked_for_and_denied() {
    let from = worker_log::text_of("guarded").len();
    let worker = system().guarded().asked_from(&fresh_address());
    let phone = Phone::in_country(ABROAD);
    worker
        .try_sign_up(&phone)
        .expect_problem(403, "DESTINATION_NOT_ALLOWED");
    expect_steps(
        from,
        ABROAD,
        &[(["code", "asked", ""], 1), (["code", "denied", "country"], 1)],
    );
}
