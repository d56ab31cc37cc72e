//! Answers do not tell whether a number has an account. Their durations are measured in `tests/timing`, which runs alone.

use std::process;

use e2e::{Answer, Phone, Worker, client_address::fresh_address, system, worker::Challenge};

use known::known_phone;

#[path = "../timing/known.rs"]
mod known;

/// What tells two refusals apart, but for the time to wait, which is the same limit's at another moment.
#[track_caller]
fn but_for_the_time(answer: &Answer) -> (u16, Vec<(String, String)>, serde_json::Value) {
    let mut document = answer.expect_problem(429, "TOO_MANY_REQUESTS");
    assert!(document["retry_at"].take().is_u64());
    let (status, mut headers, _) = answer.distinguishable();
    // The length of the body follows from that of the time, which has ten digits for the next centuries.
    for (_, value) in headers.iter_mut().filter(|(name, _)| name == "retry-after") {
        assert!(value.parse::<u32>().is_ok());
        value.clear();
    }
    (status, headers, document)
}

/// Asks for both and compares how they are refused.
#[track_caller]
fn expect_alike(worker: &Worker, known: &Phone, unknown: &Phone) {
    let [known, unknown] = [known, unknown].map(|phone| worker.try_sign_up(phone));
    assert_eq!(but_for_the_time(&known), but_for_the_time(&unknown));
}

#[test]
fn an_address_that_asked_too_often_does_not_learn_which_numbers_are_known() {
    let worker = system().main().asked_from(&fresh_address());
    for _ in 0..5 {
        worker.sign_up(&Phone::new());
    }
    let (known, unknown) = (known_phone(), Phone::new());
    expect_alike(&worker, &known, &unknown);
    assert!(known.texts().is_empty() && unknown.texts().is_empty());
}

#[test]
fn a_number_that_was_asked_for_too_often_does_not_tell_whether_it_was_known() {
    let worker = system().main();
    let (known, unknown) = (known_phone(), Phone::new());
    let answers = [&known, &unknown].map(|phone| worker.try_sign_up(phone));
    let [first, second] = answers.each_ref().map(|answer| {
        let challenge = Challenge::read(answer.expect_status(201));
        (answer.header_names(), challenge.session.len(), members(answer))
    });
    assert_eq!(first, second);
    expect_alike(&worker, &known, &unknown);
}

/// The names in an answer, and in what it holds.
fn members(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let parameters = body["ChallengeParameters"].as_object();
    let names = body.as_object().into_iter().chain(parameters).flatten();
    names.map(|(name, _)| name.clone()).collect()
}

#[test]
fn an_invented_session_is_refused_alike_for_users_and_for_nobody() {
    let worker = system().main();
    let phone = Phone::new();
    let real = worker.sign_up(&phone);
    let nobody = format!("00000000-0000-4000-8000-{:012x}", process::id());
    let other = worker.sign_up(&Phone::new());
    // From nonsense to what is a session of somebody else's.
    for session in ["x", "v1.1.x.x", "v2.9999999999.0.0.0.x.x", &other.session] {
        let refused = [&real.username, &nobody].map(|username| {
            let invented = Challenge {
                username: username.clone(),
                session: session.to_owned(),
                ..real.clone()
            };
            let answer = worker.sign_in(&invented, "123456");
            answer.expect_problem(403, "NOT_AUTHORIZED");
            answer.distinguishable()
        });
        assert_eq!(refused[0], refused[1]);
    }
    worker.sign_in(&real, &phone.code()).expect_status(200);
}
