//! Cognito does what it is asked and its answer gets lost, or the client hangs up before it has one: what the client is told,
//! what the very same request comes to when it is repeated, and that nobody is locked out by it.

use std::{collections::BTreeMap, thread, time::Duration};

use e2e::{
    Answer, Phone, Tokens, Worker,
    client_address::fresh_address,
    connection::Connection,
    phone::other_than,
    relay::Relay,
    system,
    waiting::{until, within},
    worker::Challenge,
};
use serde_json::{Value, json};

use crate::sign_out::expect_unavailable;

const INITIATE: &str = "AdminInitiateAuth";
const CREATE_USER: &str = "AdminCreateUser";
const SET_PASSWORD: &str = "AdminSetUserPassword";
const RESPOND: &str = "AdminRespondToAuthChallenge";
const REFRESH: &str = "GetTokensFromRefreshToken";

/// `SENDS_PER_ADDRESS` an hour, by default.
const SENDS_PER_ADDRESS: usize = 5;
/// `ANSWERS_PER_NUMBER` an hour, by default.
const ANSWERS_PER_NUMBER: usize = 9;

/// What takes a moment and no more on this machine.
const SOON: Duration = Duration::from_secs(10);

/// Checks that this says to wait, and no longer than the hour that the limits look back.
#[track_caller]
fn expect_wait(answer: &Answer) {
    answer.expect_problem(429, "TOO_MANY_REQUESTS");
    let seconds = answer.header("retry-after").and_then(|text| text.parse::<u32>().ok());
    assert!(seconds.is_some_and(|seconds| (1..=3_600).contains(&seconds)));
}

/// Asks for the text number `count` of this phone and signs in with it.
#[track_caller]
fn expect_signs_in(worker: &Worker, phone: &Phone, count: usize) -> Tokens {
    let challenge = worker.sign_up(phone);
    Tokens::read(
        worker
            .sign_in(&challenge, &phone.code_of_text(count))
            .expect_status(200),
    )
}

#[test]
fn a_sign_up_goes_on_when_one_answer_before_the_text_is_lost() {
    let relay = Relay::open();
    let worker = system().fault();
    for (operation, nth) in [(INITIATE, 1), (CREATE_USER, 1), (SET_PASSWORD, 1), (INITIATE, 2)] {
        let phone = Phone::new();
        relay.lose_answer_to(operation, nth);
        let challenge = worker.sign_up(&phone);
        let as_usual = if operation == INITIATE { 2 } else { 1 };
        assert_eq!(relay.count(operation), as_usual + 1, "{operation} {nth}: once more");
        worker.sign_in(&challenge, &phone.code()).expect_status(200);
    }
}

#[test]
fn a_sign_up_whose_answers_before_the_text_are_all_lost_is_503_and_the_next_one_works() {
    let mut relay = Relay::open();
    let worker = system().fault();
    for operation in [INITIATE, CREATE_USER, SET_PASSWORD] {
        let phone = Phone::new();
        relay.lose_answers_to(operation);
        expect_unavailable(&worker.try_sign_up(&phone));
        assert_eq!(relay.count(RESPOND), 0, "{operation}");
        relay.restore();
        // The first text that there is.
        expect_signs_in(&worker, &phone, 1);
    }
}

#[test]
fn a_text_whose_confirmation_is_lost_ends_the_challenge_before_and_the_next_sign_up_works() {
    let mut relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    let before = worker.sign_up(&phone);
    let code = phone.code();
    relay.lose_answer_to(RESPOND, 1);
    expect_unavailable(&worker.try_sign_up(&phone));
    phone.code_of_text(2);

    // Two codes that are good at once would be twice as easy to guess.
    relay.restore();
    worker.sign_in(&before, &code).expect_problem(403, "NOT_AUTHORIZED");
    assert_eq!(relay.count(RESPOND), 0, "the Guard says so");
    expect_signs_in(&worker, &phone, 3);
}

#[test]
fn an_address_pays_for_what_may_have_been_sent_and_not_for_what_was_not() {
    let mut relay = Relay::open();
    let worker = system().fault();
    let elsewhere = &worker.clone().asked_from(&fresh_address());
    let at_once = |ask: &(dyn Fn(&Phone) + Sync)| -> Vec<Phone> {
        let phones: Vec<_> = (0..SENDS_PER_ADDRESS).map(|_| Phone::new()).collect();
        thread::scope(|scope| {
            for phone in &phones {
                scope.spawn(move || ask(phone));
            }
        });
        phones
    };
    relay.lose_answers_to(INITIATE);
    for phone in at_once(&|phone| expect_unavailable(&elsewhere.try_sign_up(phone))) {
        assert!(phone.texts().is_empty());
    }
    relay.lose_answers_to(RESPOND);
    let may_have = at_once(&|phone| {
        // What was not sent is taken back after that was answered.
        let answer = until("a code of the address", SOON, || {
            Some(elsewhere.try_sign_up(phone)).filter(|answer| answer.status != 429)
        });
        expect_unavailable(&answer);
    });
    for phone in may_have {
        phone.code();
    }
    relay.restore();
    expect_wait(&elsewhere.try_sign_up(&Phone::new()));
    // Nobody else has to wait for that.
    worker.signed_in(&Phone::new());
    worker.asked_from(&fresh_address()).signed_in(&Phone::new());
}

/// The answer to an answer is lost: 503. The same once more cannot be decided any more, Cognito's session being used, and it is
/// said what to do: 403, sign up again.
#[track_caller]
fn expect_to_begin_anew(relay: &Relay, challenge: &Challenge, answer: &str) {
    let worker = system().fault();
    relay.lose_answer_to(RESPOND, 1);
    expect_unavailable(&worker.sign_in(challenge, answer));
    assert_eq!(relay.count(RESPOND), 1, "it is not sent twice");
    worker.sign_in(challenge, answer).expect_problem(403, "NOT_AUTHORIZED");
    // Its word alone can be taken: the answer might never have arrived.
    assert_eq!(relay.count(RESPOND), 2, "Cognito is asked");
    worker.sign_in(challenge, answer).expect_problem(403, "NOT_AUTHORIZED");
}

#[test]
fn a_right_code_whose_tokens_are_lost_is_403_the_next_time_and_a_new_code_signs_in() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    let challenge = worker.sign_up(&phone);
    expect_to_begin_anew(&relay, &challenge, &phone.code());
    expect_signs_in(&worker, &phone, 2);
}

#[test]
fn a_right_code_at_the_last_try_whose_tokens_are_lost_is_no_different() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    let mut challenge = worker.sign_up(&phone);
    let code = phone.code();
    for step in 1..=2 {
        let answer = worker.sign_in(&challenge, &other_than(&code, step));
        challenge = Challenge::read(answer.expect_status(401));
    }
    expect_to_begin_anew(&relay, &challenge, &code);
    expect_signs_in(&worker, &phone, 2);
}

#[test]
fn a_wrong_code_whose_session_is_lost_is_403_the_next_time_and_a_new_code_signs_in() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    let challenge = worker.sign_up(&phone);
    let code = phone.code();
    expect_to_begin_anew(&relay, &challenge, &other_than(&code, 1));
    // Nor is there a way on with the right one.
    worker.sign_in(&challenge, &code).expect_problem(403, "NOT_AUTHORIZED");
    expect_signs_in(&worker, &phone, 2);
}

#[test]
fn twenty_lost_answers_in_a_row_lock_nobody() {
    let mut relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    let challenge = worker.sign_up(&phone);
    let code = phone.code();
    relay.lose_answers_to(RESPOND);
    for number in 0..20 {
        let answer = worker.sign_in(&challenge, &code);
        if number < ANSWERS_PER_NUMBER {
            expect_unavailable(&answer);
        } else {
            // Each may have been compared, so that no more than these may be made in an hour.
            expect_wait(&answer);
        }
    }
    assert_eq!(relay.count(RESPOND), ANSWERS_PER_NUMBER);
    relay.restore();
    // A lock would be 403 and have no end.
    expect_wait(&worker.sign_in(&challenge, &code));
    expect_wait(&worker.try_sign_up(&phone));
    assert_eq!(phone.texts().len(), 1);
    worker.signed_in(&Phone::new());
}

#[test]
fn new_tokens_that_are_lost_are_got_by_asking_again_with_the_same_token() {
    let mut relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    let tokens = worker.signed_in(&phone);
    // By the worker itself.
    relay.lose_answer_to(REFRESH, 1);
    let renewed = Tokens::read(worker.refresh(&tokens.refresh).expect_status(200));
    assert_eq!(relay.count(REFRESH), 2);
    assert!(renewed.refresh != tokens.refresh, "it is rotated");
    // By the client, within the 10 s in which this stack takes a token that is already replaced.
    relay.lose_answers_to(REFRESH);
    expect_unavailable(&worker.refresh(&renewed.refresh));
    relay.restore();
    let again = Tokens::read(worker.refresh(&renewed.refresh).expect_status(200));
    worker.refresh(&again.refresh).expect_status(200);
}

/// Posts this to `fault` and hangs up as soon as Cognito is asked for the operation, `nth` counted from 1.
fn hang_up(relay: &Relay, path: &str, body: &Value, operation: &str, nth: usize) {
    let text = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: worker\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{text}",
        text.len()
    );
    // Now and then `wrangler dev` answers in the worker's place, as after a connection that was broken off; see
    // `e2e::Worker`. Then Cognito is not asked at all.
    for _ in 0..3 {
        let mut connection = Connection::open("fault");
        connection.send(head.as_bytes());
        let is_asked = || (relay.count(operation) >= nth).then_some(());
        if within(Duration::from_secs(4), is_asked).is_some() {
            return connection.close();
        }
    }
    panic!("{operation} was not asked for");
}

/// The calls of the new user's sign-up, by operation.
fn calls_of_a_sign_up(relay: &Relay) -> BTreeMap<String, usize> {
    let mut calls = BTreeMap::new();
    for call in relay.calls() {
        *calls.entry(call.operation).or_default() += 1;
    }
    calls
}

#[test]
fn what_a_client_began_that_hung_up_is_brought_to_its_end() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    // Far enough away that there is time to hang up in.
    relay.be_away(Duration::from_millis(300));
    let sign_up = json!({ "phone_number": phone.number() });
    hang_up(&relay, "/sign_up", &sign_up, INITIATE, 1);
    // The Guard goes on: what it counted is sent, and not lost with the limits' patience.
    phone.code();
    let calls = calls_of_a_sign_up(&relay);
    assert_eq!((calls[INITIATE], calls[CREATE_USER]), (2, 1));

    relay.be_away(Duration::ZERO);
    let challenge = worker.sign_up(&phone);
    let code = phone.code_of_text(2);
    relay.be_away(Duration::from_millis(300));
    let asked = relay.count(RESPOND);
    let wrong = other_than(&code, 1);
    let answer = json!({ "username": challenge.username, "session": challenge.session, "answer": wrong });
    hang_up(&relay, "/sign_in", &answer, RESPOND, asked + 1);
    until("Cognito's answer", SOON, || (!relay.calls().is_empty()).then_some(()));
    relay.be_away(Duration::ZERO);
    // It is written down as the wrong one that it was: its session is used, which the Guard knows by itself.
    until("the Guard to know", SOON, || {
        let before = relay.count(RESPOND);
        worker.sign_in(&challenge, &code).expect_problem(403, "NOT_AUTHORIZED");
        (relay.count(RESPOND) == before).then_some(())
    });
    expect_signs_in(&worker, &phone, 3);
}
