//! One request has one id: in the client's answer, in the worker's log, and in the log of every trigger that ran for it.

use e2e::{Answer, Challenge, Phone, phone::other_than, system, trigger_log::expect_lines, worker_log};

/// The worker's line about an answer, which says nothing else of the request.
#[track_caller]
fn expect_line_of_the_worker(answer: &Answer, route: &str) {
    let line = worker_log::line("main", "answered", answer);
    assert_eq!(
        (&line["route"], &line["status"]),
        (&route.into(), &answer.status.into())
    );
}

#[test]
fn the_id_of_a_sign_up_leads_to_the_trigger_that_sent_the_code() {
    let answer = system().main().try_sign_up(&Phone::new());
    answer.expect_status(201);
    expect_line_of_the_worker(&answer, "sign_up");
    // Challenge 0 has none: Cognito gives triggers no metadata of the call that starts a sign-in.
    expect_lines(
        &answer,
        &[("verify", "no_state"), ("define", "challenge"), ("create", "sent")],
    );
}

#[test]
fn the_id_of_an_answer_leads_to_the_trigger_that_judged_it() {
    let worker = system().main();
    let phone = Phone::new();
    let challenge = Challenge::read(&worker.try_sign_up(&phone));
    let code = phone.code();

    let wrong = worker.sign_in(&challenge, &other_than(&code, 1));
    wrong.expect_status(401);
    expect_line_of_the_worker(&wrong, "sign_in");
    expect_lines(
        &wrong,
        &[("verify", "wrong"), ("define", "challenge"), ("create", "asked_again")],
    );

    let right = worker.sign_in(&Challenge::read(&wrong), &code);
    right.expect_status(200);
    expect_line_of_the_worker(&right, "sign_in");
    expect_lines(&right, &[("verify", "right"), ("define", "tokens")]);
}
