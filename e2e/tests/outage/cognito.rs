//! Cognito out of reach, silent or talking nonsense: what clients are told, how soon, and that it passes.

use std::{
    thread,
    time::{Duration, Instant},
};

use e2e::{
    Answer, Phone, Tokens,
    relay::{Fixed, Relay},
    system,
    worker::Challenge,
};

/// By when a client must know, whatever Cognito does.
const ANSWERED_WITHIN: Duration = Duration::from_secs(6);

/// Checks that a request is answered in time with `UPSTREAM_UNAVAILABLE` and when to come back.
#[track_caller]
fn expect_unavailable(what: &str, request: impl FnOnce() -> Answer) {
    let begun = Instant::now();
    let answer = request();
    let took = begun.elapsed();
    answer.expect_problem(503, "UPSTREAM_UNAVAILABLE");
    assert!(took < ANSWERED_WITHIN, "{what} took {took:?}");
    let seconds = answer.header("retry-after").unwrap_or_default();
    assert!(
        seconds.parse::<u32>().is_ok_and(|seconds| seconds > 0),
        "{what}: {seconds}"
    );
}

/// Each endpoint that needs Cognito, as users who were at it when Cognito went away.
fn expect_all_unavailable(challenge: &Challenge, code: &str, tokens: &Tokens, known: &Phone) {
    let worker = &system().fault();
    // At once: each may take five seconds.
    thread::scope(|scope| {
        scope.spawn(|| {
            expect_unavailable("sign-up, new", || worker.try_sign_up(&Phone::new()));
        });
        scope.spawn(|| expect_unavailable("sign-up, known", || worker.try_sign_up(known)));
        scope.spawn(|| expect_unavailable("refresh", || worker.refresh(&tokens.refresh)));
        scope.spawn(|| expect_unavailable("sign-in", || worker.sign_in(challenge, code)));
        // What needs no Cognito goes on meanwhile.
        worker.get("/health").expect_status(200);
    });
}

/// Cognito goes away as `leave` says, while users are at it, and comes back.
fn expect_503_and_recovery(leave: impl FnOnce(&mut Relay)) {
    let mut relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    let tokens = worker.signed_in(&phone);
    let challenge = worker.sign_up(&phone);
    let code = phone.code_of_text(2);

    leave(&mut relay);
    expect_all_unavailable(&challenge, &code, &tokens, &phone);

    relay.restore();
    // The answer never reached Cognito, so the session is as good as before.
    worker.sign_in(&challenge, &code).expect_status(200);
    worker.refresh(&tokens.refresh).expect_status(200);
    worker.signed_in(&Phone::new());
}

#[test]
fn cut_off_it_is_503_and_works_again_when_it_is_back() {
    expect_503_and_recovery(Relay::cut);
}

#[test]
fn silent_it_is_503_in_time_and_works_again_when_it_speaks() {
    expect_503_and_recovery(|relay| relay.stall());
}

#[test]
fn an_outage_in_the_middle_of_a_sign_up_is_503_and_the_next_one_works() {
    let mut relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    // The user is created and not confirmed: what a worker leaves behind that is cut off at this moment.
    relay.answer_to("AdminSetUserPassword", usize::MAX, Fixed::FAILED);
    expect_unavailable("sign-up", || worker.try_sign_up(&phone));
    relay.restore();
    worker.signed_in(&phone);
}

#[track_caller]
fn expect_error_without_nonsense(answer: &Answer) {
    let document = answer.expect_problem(502, "UPSTREAM_ERROR").to_string();
    for leaked in ["oops", "arn:", "log in", "html", "Exception", "NEW_PASSWORD"] {
        assert!(!document.contains(leaked), "{leaked}");
    }
}

#[test]
fn nonsense_is_502_and_none_of_it_reaches_the_client() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    let tokens = worker.signed_in(&Phone::new());
    let user = Phone::new();
    let challenge = worker.sign_up(&user);
    let code = user.code();
    let nonsense = [
        Fixed::GARBAGE,
        Fixed {
            status: 404,
            ..Fixed::GARBAGE
        },
        Fixed {
            status: 302,
            ..Fixed::GARBAGE
        },
        Fixed::json(200, "{"),
        Fixed::json(200, "[1]"),
        Fixed::json(200, "{}"),
        Fixed::json(
            200,
            r#"{"ChallengeName":"NEW_PASSWORD_REQUIRED","Session":"s","ChallengeParameters":{}}"#,
        ),
        Fixed::json(400, r#"{"__type":"SomethingNewException","message":"oops"}"#),
        Fixed::json(
            400,
            r#"{"__type":"AccessDeniedException","message":"oops: arn:aws:iam::1:user/x"}"#,
        ),
        Fixed::json(
            400,
            r#"{"__type":"com.amazonaws#UserLambdaValidationException","message":"oops: not sent"}"#,
        ),
    ];
    for fixed in nonsense {
        let (status, body) = (fixed.status, fixed.body);
        relay.answer(fixed);
        let answer = worker.try_sign_up(&phone);
        assert_eq!(answer.status, 502, "{status} {body}");
        expect_error_without_nonsense(&answer);
    }
    relay.answer(Fixed::GARBAGE);
    expect_error_without_nonsense(&worker.refresh(&tokens.refresh));
    expect_error_without_nonsense(&worker.sign_in(&challenge, &code));
    assert!(phone.texts().is_empty());
}

#[test]
fn an_error_of_cognito_with_a_status_of_its_own_is_503() {
    let relay = Relay::open();
    let worker = system().fault();
    for fixed in [
        Fixed {
            status: 503,
            ..Fixed::GARBAGE
        },
        Fixed {
            status: 429,
            ..Fixed::GARBAGE
        },
        Fixed::json(500, r#"{"__type":"InternalErrorException","message":"oops"}"#),
    ] {
        relay.answer(fixed);
        expect_unavailable("sign-up", || worker.try_sign_up(&Phone::new()));
    }
}

#[test]
fn a_text_that_cannot_be_sent_is_502() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    let failed = r#"{"__type":"UserLambdaValidationException","message":"CreateAuthChallenge failed with error the code was not sent."}"#;
    relay.answer_to("AdminRespondToAuthChallenge", usize::MAX, Fixed::json(400, failed));
    let document = worker.try_sign_up(&phone).expect_problem(502, "UPSTREAM_ERROR");
    assert!(!document.to_string().contains("CreateAuthChallenge"));
}

#[test]
fn a_sign_in_succeeds_even_if_the_phone_cannot_be_marked_verified() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    let challenge = worker.sign_up(&phone);
    let code = phone.code();
    relay.answer_to("AdminUpdateUserAttributes", usize::MAX, Fixed::FAILED);
    worker.sign_in(&challenge, &code).expect_status(200);
    // Done after the answer; repeated, because twice does what once does.
    e2e::waiting::until("all tries", Duration::from_secs(10), || {
        (relay.count("AdminUpdateUserAttributes") == 3).then_some(())
    });
}
