//! Which calls the worker repeats: those that a repetition cannot harm, three times at most.

use e2e::{
    Phone, Tokens,
    relay::{Fixed, Relay},
    system,
};

/// Calls in all, the first included.
const CALLS: usize = 3;

const INITIATE: &str = "AdminInitiateAuth";
const RESPOND: &str = "AdminRespondToAuthChallenge";
const REFRESH: &str = "GetTokensFromRefreshToken";

#[test]
fn what_was_throttled_is_repeated_and_then_given_up() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    let tokens = worker.signed_in(&phone);

    for operation in [INITIATE, RESPOND] {
        relay.answer_to(operation, usize::MAX, Fixed::THROTTLED);
        let answer = worker.try_sign_up(&phone);
        let document = answer.expect_problem(503, "UPSTREAM_UNAVAILABLE");
        assert!(!document.to_string().contains("Rate exceeded"));
        assert!(answer.header("retry-after").is_some());
        assert_eq!(relay.count(operation), CALLS, "{operation}");
    }
    relay.answer_to(REFRESH, usize::MAX, Fixed::THROTTLED);
    worker
        .refresh(&tokens.refresh)
        .expect_problem(503, "UPSTREAM_UNAVAILABLE");
    assert_eq!(relay.count(REFRESH), CALLS);
    assert_eq!(phone.texts().len(), 1, "nothing was sent");
}

#[test]
fn what_was_throttled_once_succeeds_unnoticed() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    for operation in [INITIATE, RESPOND, "AdminCreateUser", "AdminSetUserPassword"] {
        let phone = Phone::new();
        relay.answer_to(operation, 1, Fixed::THROTTLED);
        worker.sign_up(&phone);
        assert_eq!(phone.texts().len(), 1, "{operation}");
    }
    // A sign-in as well: throttling happens before the session is looked at.
    let challenge = worker.sign_up(&phone);
    let code = phone.code();
    relay.answer_to(RESPOND, 1, Fixed::THROTTLED);
    let tokens = Tokens::read(worker.sign_in(&challenge, &code).expect_status(200));
    assert_eq!(relay.count(RESPOND), 2);
    relay.answer_to(REFRESH, 1, Fixed::THROTTLED);
    worker.refresh(&tokens.refresh).expect_status(200);
}

#[test]
fn a_call_that_may_be_repeated_is_repeated_after_a_failure_of_cognito() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    relay.answer_to(INITIATE, 2, Fixed::FAILED);
    worker.sign_up(&phone);
    assert_eq!(phone.texts().len(), 1);

    relay.answer_to(INITIATE, usize::MAX, Fixed::FAILED);
    worker.try_sign_up(&phone).expect_problem(503, "UPSTREAM_UNAVAILABLE");
    assert_eq!(relay.count(INITIATE), CALLS);
}

#[test]
fn an_answer_to_a_challenge_is_never_sent_twice_after_a_failure() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    // Whether the session was used up is not known: a second answer could take a try, or send a second text.
    relay.answer_to(RESPOND, usize::MAX, Fixed::FAILED);
    worker.try_sign_up(&phone).expect_problem(503, "UPSTREAM_UNAVAILABLE");
    assert_eq!(relay.count(RESPOND), 1);

    relay.answer_to(RESPOND, 0, Fixed::FAILED);
    let challenge = worker.sign_up(&phone);
    let code = phone.code();
    relay.answer_to(RESPOND, usize::MAX, Fixed::FAILED);
    worker
        .sign_in(&challenge, &code)
        .expect_problem(503, "UPSTREAM_UNAVAILABLE");
    assert_eq!(relay.count(RESPOND), 1);
}

#[test]
fn an_answer_that_got_lost_is_not_asked_for_again() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    relay.lose_answers_to(RESPOND);
    worker.try_sign_up(&phone).expect_problem(503, "UPSTREAM_UNAVAILABLE");
    assert_eq!(relay.count(RESPOND), 1);
    assert_eq!(phone.texts().len(), 1, "the text went out once");
}

#[test]
fn a_refusal_is_not_repeated() {
    let relay = Relay::open();
    let worker = system().fault();
    relay.answer_to(REFRESH, 0, Fixed::FAILED);
    worker.refresh("malformed").expect_problem(403, "NOT_AUTHORIZED");
    assert_eq!(relay.count(REFRESH), 1);
    relay.answer(Fixed::GARBAGE);
    worker.try_sign_up(&Phone::new()).expect_problem(502, "UPSTREAM_ERROR");
    assert_eq!(relay.count(INITIATE), 1);
}
