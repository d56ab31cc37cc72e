//! How many answers are tried: for one session, for one challenge, for all challenges of a number. And which challenge it is that
//! an answer is for.

use std::{sync::Barrier, thread};

use e2e::{
    Answer, Phone, Tokens, Worker, client_address::fresh_address, phone::other_than, system, waiting::now,
    worker::Challenge,
};

use crate::sending_limits::{expect_wait, expect_wait_of};

const HOUR: u64 = 3_600;

/// Gives all of `codes` for one session at the same moment.
fn at_once(challenge: &Challenge, codes: &[String]) -> Vec<Answer> {
    let start = Barrier::new(codes.len());
    thread::scope(|scope| {
        let clients: Vec<_> = codes
            .iter()
            .map(|code| {
                scope.spawn(|| {
                    let worker = system().main();
                    start.wait();
                    worker.sign_in(challenge, code)
                })
            })
            .collect();
        clients
            .into_iter()
            .map(|client| client.join().expect("an answer"))
            .collect()
    })
}

/// The answer that is not a 403 of `NOT_AUTHORIZED`; there is one.
#[track_caller]
fn only_one_taken(answers: &[Answer]) -> &Answer {
    let (refused, taken): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 403);
    for answer in refused {
        answer.expect_problem(403, "NOT_AUTHORIZED");
    }
    let statuses: Vec<_> = taken.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.len(), 1, "{statuses:?}");
    taken[0]
}

/// Wrong codes, ten different ones: each is looked for in all logs later, and more would be found there by chance.
fn wrong_codes(code: &str, count: u32) -> Vec<String> {
    (0..count).map(|number| other_than(code, 1 + number % 10)).collect()
}

/// The worker, asked from an address that nobody asked from before: that a client has many is to be no help.
fn from_elsewhere() -> Worker {
    system().main().asked_from(&fresh_address())
}

/// Gives a wrong code and returns the challenge to go on with.
#[track_caller]
fn wrong(challenge: &Challenge, code: &str) -> Challenge {
    wrong_from(&from_elsewhere(), challenge, code)
}

#[track_caller]
fn wrong_from(worker: &Worker, challenge: &Challenge, code: &str) -> Challenge {
    let answer = worker.sign_in(challenge, &other_than(code, 1));
    answer.expect_problem(401, "WRONG_CODE");
    Challenge::read(&answer)
}

/// Gives as many wrong codes as a challenge takes.
#[track_caller]
fn use_up(challenge: &Challenge, code: &str) {
    let last = wrong(&wrong(challenge, code), code);
    let answer = from_elsewhere().sign_in(&last, &other_than(code, 1));
    answer.expect_problem(403, "NOT_AUTHORIZED");
}

/// Spends eight of the nine answers that a number has in an hour, and returns the challenge that has one left, and its code. What
/// the limits of codes have to say to three of them is forgotten each time; answers are not.
#[track_caller]
fn spend_eight(phone: &Phone) -> (Challenge, String) {
    use_up(&from_elsewhere().sign_up(phone), &phone.code());
    use_up(&from_elsewhere().sign_up_again(phone), &phone.code_of_text(2));
    let third = from_elsewhere().sign_up_again(phone);
    let code = phone.code_of_text(3);
    (wrong(&wrong(&third, &code), &code), code)
}

/// Spends all nine of them, and returns an open challenge, and its code, the phone's fourth.
#[track_caller]
pub(crate) fn spend_all(phone: &Phone) -> (Challenge, String) {
    spend_eight(phone);
    let fourth = from_elsewhere().sign_up_again(phone);
    let code = phone.code_of_text(4);
    (wrong(&fourth, &code), code)
}

/// How many answers an operator sees for the last hour, and how many of the newest in a row were wrong.
#[track_caller]
fn answers(phone: &Phone) -> [u64; 2] {
    let summary = system().main().order("show", phone).expect_status(200).json();
    ["answers_last_hour", "wrong_in_a_row"].map(|name| summary[name].as_u64().expect("a count"))
}

#[test]
fn of_100_right_answers_at_once_one_gets_tokens() {
    let (worker, phone) = (system().main(), Phone::new());
    let challenge = worker.sign_up(&phone);
    let given = at_once(&challenge, &vec![phone.code(); 100]);
    let tokens = Tokens::read(only_one_taken(&given).expect_status(200));
    worker.call_secured(&tokens.access).expect_status(200);
    assert_eq!(answers(&phone), [1, 0], "Cognito was asked for one of them");
}

/// Whoever sends them all before the first is counted has three tries all the same, and each session is good for one.
#[test]
fn of_wrong_answers_by_the_hundred_three_are_looked_at() {
    let (worker, phone) = (system().main(), Phone::new());
    let mut sessions = vec![worker.sign_up(&phone)];
    let code = phone.code();
    for (count, left) in [(100, 2), (30, 1)] {
        let newest = sessions.last().unwrap();
        let given = at_once(newest, &wrong_codes(&code, count));
        let taken = only_one_taken(&given);
        taken.expect_problem(401, "WRONG_CODE");
        let next = Challenge::read(taken);
        assert_eq!(next.number("attempts_left"), left);
        worker.sign_in(newest, &code).expect_problem(403, "NOT_AUTHORIZED");
        sessions.push(next);
    }
    for answer in at_once(sessions.last().unwrap(), &wrong_codes(&code, 30)) {
        answer.expect_problem(403, "NOT_AUTHORIZED");
    }
    for session in &sessions {
        worker.sign_in(session, &code).expect_problem(403, "NOT_AUTHORIZED");
    }
    assert_eq!(answers(&phone), [3, 3]);
}

/// Right and wrong ones mixed: either the one that counts is right, or the right code is good for the next session.
#[test]
fn of_right_and_wrong_answers_at_once_one_counts_whichever_it_is() {
    let (worker, phone) = (system().main(), Phone::new());
    let challenge = worker.sign_up(&phone);
    let code = phone.code();
    let mut codes = wrong_codes(&code, 20);
    codes.resize(40, code.clone());
    let given = at_once(&challenge, &codes);
    let taken = only_one_taken(&given);
    if taken.status == 401 {
        let next = Challenge::read(taken);
        assert_eq!(next.number("attempts_left"), 2);
        worker.sign_in(&next, &code).expect_status(200);
    } else {
        Tokens::read(taken.expect_status(200));
    }
}

#[test]
fn nine_wrong_answers_in_an_hour_are_all_whoever_gives_them_and_however_many_codes_are_sent() {
    let phone = Phone::new();
    let (open, code) = spend_all(&phone);
    assert_eq!(answers(&phone), [9, 9]);

    // The right code is not let through either, or else guessing would go on.
    for worker in [system().main(), from_elsewhere()] {
        let asked_at = now();
        expect_wait_of(HOUR, &worker.sign_in(&open, &code), asked_at);
    }
    // Nobody may answer with it, so no code is sent, though an operator lets codes be sent again.
    system().main().order("allow", &phone).expect_status(200);
    for worker in [system().main(), from_elsewhere()] {
        let asked_at = now();
        expect_wait_of(HOUR, &worker.try_sign_up(&phone), asked_at);
    }
    assert_eq!(phone.texts().len(), 4);
    assert_eq!(answers(&phone), [9, 9], "what is refused is not counted");
    // Somebody else is not concerned.
    system().main().signed_in(&Phone::new());
}

#[test]
fn a_right_answer_clears_the_count_of_the_hour() {
    let phone = Phone::new();
    let (third, code) = spend_eight(&phone);
    // It is the owner, who goes on from there.
    let home = from_elsewhere();
    home.sign_in(&third, &code).expect_status(200);
    assert_eq!(answers(&phone), [9, 0], "remembered, for the limit of a day");

    let fourth = home.sign_up_again(&phone);
    let code = phone.code_of_text(4);
    let last = wrong_from(&home, &wrong_from(&home, &fourth, &code), &code);
    home.sign_in(&last, &code).expect_status(200);
}

#[test]
fn a_new_code_has_three_tries_and_ends_the_sessions_that_wrong_answers_came_with() {
    let (worker, phone) = (system().main(), Phone::new());
    let old = worker.sign_up(&phone);
    let old_code = phone.code();
    let old = wrong(&old, &old_code);

    let new = worker.sign_up_again(&phone);
    let new_code = phone.code_of_text(2);
    for code in [&old_code, &new_code] {
        worker.sign_in(&old, code).expect_problem(403, "NOT_AUTHORIZED");
    }
    // Neither that nor what was tried before costs the new one anything.
    let new = wrong(&new, &new_code);
    assert_eq!(new.number("attempts_left"), 2);
    worker.sign_in(&wrong(&new, &new_code), &new_code).expect_status(200);
}

/// Otherwise whoever knows a number could keep its owner from signing in.
#[test]
fn a_code_that_is_refused_leaves_the_open_challenge_as_it_is() {
    let (worker, phone) = (system().main(), Phone::new());
    let challenge = worker.sign_up(&phone);
    let code = phone.code();
    let asked_at = now();
    expect_wait(&from_elsewhere().try_sign_up(&phone), asked_at);
    let next = wrong(&challenge, &code);
    let asked_at = now();
    expect_wait(&from_elsewhere().try_sign_up(&phone), asked_at);
    worker.sign_in(&next, &code).expect_status(200);
}
