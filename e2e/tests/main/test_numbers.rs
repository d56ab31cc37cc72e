//! Test numbers, by which a client's own tests sign in: a fixed code, no text, and all else as with any number.
//!
//! The three of the worker `main` outlive a run. Each test has its own: a newer challenge would end another's.

use e2e::{
    Answer, Phone, Tokens, client_address::fresh_address, keys, ledger::Kind, phone::other_than, system,
    worker::Challenge, worker_log,
};
use serde_json::{Value, json};

/// A test number and its code, as the worker `main` has them.
fn test_phone(number: &str, code: &str) -> (Phone, String) {
    system().ledger.note(Kind::Code, code);
    (Phone::with_number(number), code.to_owned())
}

/// The user's attribute, as an administrator sees it.
fn attribute(username: &str, name: &str) -> Value {
    let user = json!({ "UserPoolId": system().main_stack().user_pool_id, "Username": username });
    let user = system().root().cognito("AdminGetUser", &user);
    let user = user.expect_status(200).json();
    let attributes = user["UserAttributes"].as_array().expect("a user has attributes");
    let found = attributes.iter().find(|attribute| attribute["Name"] == name);
    found.map_or(Value::Null, |attribute| attribute["Value"].clone())
}

fn members(answer: &Answer) -> Vec<String> {
    let document = answer.json();
    document.as_object().expect("an object").keys().cloned().collect()
}

#[test]
fn the_fixed_code_signs_in_without_a_text_and_the_log_says_that_it_was_used() {
    let worker = system().main();
    let (phone, code) = test_phone("+15005550001", "246810");
    // Where it is no test number, it is sent texts as any other: the local AWS may have some.
    let texts = phone.texts();
    let answer = worker.try_sign_up(&phone);
    let challenge = Challenge::read(answer.expect_status(201));
    let signed_in = worker.sign_in(&challenge, &code);
    let tokens = Tokens::read(signed_in.expect_status(200));
    assert!(phone.texts() == texts, "a text was sent");

    let caller = &worker.call_secured(&tokens.access).expect_status(200).json()["caller"];
    assert_eq!(caller["username"], challenge.username.as_str());
    worker.refresh(&tokens.refresh).expect_status(200);
    assert_eq!(attribute(&challenge.username, "phone_number"), phone.number());
    assert_eq!(keys::claims(&tokens.id)["phone_number"], phone.number());

    let line = worker_log::line("main", "test_number_used", &answer);
    assert_eq!(line.as_object().unwrap().len(), 2, "event and request_id");
    // A code is good once here, too.
    worker.sign_in(&challenge, &code).expect_problem(403, "NOT_AUTHORIZED");
}

#[test]
fn the_answers_are_those_that_other_numbers_get() {
    let worker = system().main();
    let (phone, code) = test_phone("+15005550002", "135791");
    let ordinary = Phone::new();
    let answers = [&phone, &ordinary].map(|phone| worker.try_sign_up(phone));
    let ordinary_code = ordinary.code();
    expect_alike(&answers, 201);
    let [challenge, other] = answers.each_ref().map(Challenge::read);
    assert!(challenge.parameters.keys().eq(other.parameters.keys()));
    for name in ["channel", "code_length", "attempts_left"] {
        assert_eq!(challenge.parameters[name], other.parameters[name], "{name}");
    }
    assert_eq!(challenge.parameters["destination"], "+1••••••0002");
    let lives = |challenge: &Challenge| challenge.expires_at() - challenge.number("issued_at");
    assert_eq!(lives(&challenge), lives(&other));
    assert_eq!(challenge.session.len(), other.session.len());

    let answers = [
        worker.sign_in(&challenge, &other_than(&code, 1)),
        worker.sign_in(&other, &other_than(&ordinary_code, 1)),
    ];
    expect_alike(&answers, 401);
    answers[0].expect_problem(401, "WRONG_CODE");
    let [challenge, other] = answers.each_ref().map(Challenge::read);
    assert_eq!(challenge.number("attempts_left"), 2);
    assert_eq!(challenge.parameters.len(), other.parameters.len());

    let answers = [
        worker.sign_in(&challenge, &code),
        worker.sign_in(&other, &ordinary_code),
    ];
    expect_alike(&answers, 200);
}

/// Two answers with the same status, headers and members.
#[track_caller]
fn expect_alike(answers: &[Answer; 2], status: u16) {
    let [one, other] = answers;
    assert_eq!((one.status, other.status), (status, status));
    assert_eq!(one.header_names(), other.header_names());
    assert_eq!(members(one), members(other));
    for member in ["ChallengeName", "code", "message"] {
        assert_eq!(one.json()[member], other.json()[member], "{member}");
    }
}

/// It costs nobody a text, so neither the number has to wait nor is its client counted.
#[test]
fn sign_ups_in_a_row_need_no_pause_and_do_not_count_for_the_address() {
    let worker = system().main().asked_from(&fresh_address());
    let (phone, code) = test_phone("+15005550003", "000000");
    // There is a limit of sixty codes an hour, which runs against one system would reach.
    worker.order("allow", &phone).expect_status(200);
    let texts = phone.texts();
    let challenges: Vec<_> = (0..5).map(|_| worker.sign_up(&phone)).collect();
    let (newest, older) = challenges.split_last().unwrap();
    for challenge in older {
        worker.sign_in(challenge, &code).expect_problem(403, "NOT_AUTHORIZED");
    }
    worker.sign_in(newest, &code).expect_status(200);
    assert!(phone.texts() == texts, "a text was sent");

    // The code is that number's alone.
    let ordinary = Phone::new();
    let challenge = worker.sign_up(&ordinary);
    if ordinary.code() != code {
        worker.sign_in(&challenge, &code).expect_problem(401, "WRONG_CODE");
    }
}
