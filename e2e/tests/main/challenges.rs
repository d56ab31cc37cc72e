//! Answers that are wrong, late, repeated, or for somebody else's challenge.

use e2e::{
    Phone, Tokens,
    phone::other_than,
    system,
    waiting::until_clock_shows,
    worker::{Challenge, Worker},
};
use serde_json::json;

/// Gives a wrong code and returns the challenge of the answer, whose form it checks.
#[track_caller]
fn wrong(worker: &Worker, challenge: &Challenge, code: &str) -> Challenge {
    let answer = worker.sign_in(challenge, code);
    answer.expect_problem(401, "WRONG_CODE");
    assert!(
        answer.header("www-authenticate").is_none(),
        "no bearer token is asked for here"
    );
    Challenge::read(&answer)
}

#[test]
fn wrong_wrong_right_signs_in() {
    let (worker, phone) = (system().main(), Phone::new());
    let first = worker.sign_up(&phone);
    let code = phone.code();

    let second = wrong(&worker, &first, &other_than(&code, 1));
    let third = wrong(&worker, &second, &other_than(&code, 2));

    let attempts = [&first, &second, &third].map(|challenge| challenge.number("attempts_left"));
    assert_eq!(attempts, [3, 2, 1]);
    for later in [&second, &third] {
        for name in [
            "USERNAME",
            "channel",
            "destination",
            "code_length",
            "issued_at",
            "expires_at",
        ] {
            assert_eq!(later.parameters[name], first.parameters[name], "{name}");
        }
    }
    assert!(first.session != second.session && second.session != third.session);
    Tokens::read(worker.sign_in(&third, &code).expect_status(200));
    assert_eq!(phone.texts().len(), 1, "a wrong code sends no text");
}

#[test]
fn three_wrong_codes_end_the_challenge() {
    let (worker, phone) = (system().main(), Phone::new());
    let first = worker.sign_up(&phone);
    let code = phone.code();
    let second = wrong(&worker, &first, &other_than(&code, 1));
    let third = wrong(&worker, &second, &other_than(&code, 2));

    let last = worker.sign_in(&third, &other_than(&code, 3));
    let document = last.expect_problem(403, "NOT_AUTHORIZED");
    assert!(document.get("Session").is_none(), "there is no next try");
    worker.sign_in(&third, &code).expect_problem(403, "NOT_AUTHORIZED");
}

#[test]
fn a_session_is_good_for_one_answer() {
    let (worker, phone) = (system().main(), Phone::new());
    let first = worker.sign_up(&phone);
    let code = phone.code();
    let second = wrong(&worker, &first, &other_than(&code, 1));

    worker.sign_in(&first, &code).expect_problem(403, "NOT_AUTHORIZED");
    worker.sign_in(&second, &code).expect_status(200);
    worker.sign_in(&second, &code).expect_problem(403, "NOT_AUTHORIZED");
}

#[test]
fn the_session_of_another_user_is_refused() {
    let worker = system().main();
    let (mine, theirs) = (Phone::new(), Phone::new());
    let (my_challenge, their_challenge) = (worker.sign_up(&mine), worker.sign_up(&theirs));

    // My name with their session, and their name with mine; each with both codes.
    for code in [mine.code(), theirs.code()] {
        for (name, session) in [(&my_challenge, &their_challenge), (&their_challenge, &my_challenge)] {
            let mixed = Challenge {
                session: session.session.clone(),
                ..name.clone()
            };
            worker.sign_in(&mixed, &code).expect_problem(403, "NOT_AUTHORIZED");
        }
    }
    // Neither cost its owner anything.
    worker.sign_in(&my_challenge, &mine.code()).expect_status(200);
    worker.sign_in(&their_challenge, &theirs.code()).expect_status(200);
}

#[test]
fn the_code_of_another_user_is_wrong() {
    let worker = system().main();
    let (mine, theirs) = (Phone::new(), Phone::new());
    let challenge = worker.sign_up(&mine);
    worker.sign_up(&theirs);
    if mine.code() != theirs.code() {
        wrong(&worker, &challenge, &theirs.code());
    }
}

#[test]
fn a_newer_code_ends_the_older_challenge_at_once() {
    let (worker, phone) = (system().main(), Phone::new());
    let older = worker.sign_up(&phone);
    let older_code = phone.code_of_text(1);
    let newer = worker.sign_up_again(&phone);
    let newer_code = phone.code_of_text(2);
    assert_ne!(older.session, newer.session);
    for code in [&older_code, &newer_code] {
        worker.sign_in(&older, code).expect_problem(403, "NOT_AUTHORIZED");
    }
    if older_code != newer_code {
        let next = wrong(&worker, &newer, &older_code);
        worker.sign_in(&next, &newer_code).expect_status(200);
    }
}

#[test]
fn unknown_and_altered_sessions_and_users_get_one_answer() {
    let (worker, phone) = (system().main(), Phone::new());
    let challenge = worker.sign_up(&phone);
    let code = phone.code();
    let with_session = |session: String| Challenge {
        session,
        ..challenge.clone()
    };
    let with_username = |username: &str| Challenge {
        username: username.to_owned(),
        ..challenge.clone()
    };
    let mut flipped = challenge.session.clone();
    let last = flipped.pop().unwrap();
    flipped.push(if last == 'A' { 'B' } else { 'A' });
    let parts: Vec<&str> = challenge.session.splitn(3, '.').collect();
    // Whatever the session looks like inside, no digit of it can be changed to win time.
    let later = challenge.session.replacen(parts[1], "9999999999", 1);
    let refused = [
        with_session("unknown".to_owned()),
        with_session(format!("{}x", challenge.session)),
        with_session(challenge.session[1..].to_owned()),
        with_session(flipped),
        with_session(later),
        with_username("00000000-0000-4000-8000-000000000000"),
        with_username(phone.number()),
        with_username(&challenge.username.to_uppercase().replace('-', "_")),
    ]
    .map(|challenge| {
        let answer = worker.sign_in(&challenge, &code);
        answer.expect_problem(403, "NOT_AUTHORIZED");
        answer.distinguishable()
    });
    for other in &refused[1..] {
        assert_eq!(*other, refused[0]);
    }
    worker.sign_in(&challenge, &code).expect_status(200);
}

#[test]
fn a_session_of_another_stack_is_refused() {
    let (phone, other) = (Phone::new(), system().short());
    let challenge = system().main().sign_up(&phone);
    other
        .sign_in(&challenge, &phone.code())
        .expect_problem(403, "NOT_AUTHORIZED");
}

#[test]
fn an_expired_code_is_410_whether_right_or_wrong() {
    let (worker, phone) = (system().short(), Phone::new());
    let challenge = worker.sign_up(&phone);
    let code = phone.code();
    assert_eq!(
        challenge.expires_at() - challenge.number("issued_at"),
        system().short_stack().code_ttl_seconds
    );
    // More than the time to live after issued_at: the second after expires_at.
    until_clock_shows(challenge.expires_at() + 1);
    for code in [code.clone(), other_than(&code, 1), code] {
        let answer = worker.sign_in(&challenge, &code);
        let document = answer.expect_problem(410, "EXPIRED_CODE");
        assert!(document.get("Session").is_none());
    }
}

#[test]
fn a_code_expires_between_a_wrong_answer_and_the_right_one() {
    let (worker, phone) = (system().short(), Phone::new());
    let challenge = worker.sign_up(&phone);
    let code = phone.code();
    let next = wrong(&worker, &challenge, &other_than(&code, 1));
    assert_eq!(next.expires_at(), challenge.expires_at());
    until_clock_shows(challenge.expires_at() + 1);
    worker.sign_in(&next, &code).expect_problem(410, "EXPIRED_CODE");
}

#[test]
fn codes_are_taken_as_people_write_them() {
    let worker = system().main();
    let writings: [fn(&str) -> String; 3] = [
        |code| format!("{} {}", &code[..3], &code[3..]),
        |code| format!("{}-{}", &code[..3], &code[3..]),
        |code| format!(" {code} "),
    ];
    for write in writings {
        let phone = Phone::new();
        let challenge = worker.sign_up(&phone);
        worker.sign_in(&challenge, &write(&phone.code())).expect_status(200);
    }
}

#[test]
fn answers_that_are_no_code_are_wrong_and_cost_a_try() {
    let (worker, phone) = (system().main(), Phone::new());
    let challenge = worker.sign_up(&phone);
    let code = phone.code();
    // Digits of another script, and the code with something more.
    let next = wrong(&worker, &challenge, "１２３４５６");
    let next = wrong(&worker, &next, &format!("{code}0"));
    assert_eq!(next.number("attempts_left"), 1);
    worker.sign_in(&next, &code).expect_status(200);
}

#[test]
fn a_client_cannot_pass_a_permit_of_its_own() {
    let (worker, phone) = (system().main(), Phone::new());
    let challenge = worker.sign_up(&phone);
    let body = json!({
        "username": challenge.username, "session": challenge.session, "answer": other_than(&phone.code(), 1),
        "ClientMetadata": { "permit": "v1.x.y" }, "client_metadata": { "permit": "v1.x.y" }, "permit": "v1.x.y",
    });
    worker.post("/sign_in", &body).expect_problem(401, "WRONG_CODE");
    assert_eq!(phone.texts().len(), 1);
}
