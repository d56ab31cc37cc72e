//! The human check of the worker `guarded`: below the soft limits nobody is asked for it, above them a fresh good token is.
//!
//! Three codes of an hour to one country may be unverified at `guarded` (`country_budget`), so each test has a country that it
//! shares with at most two others, and answers every code before it asks for the next. By the limits of a number nothing is
//! tested here: its pauses would take minutes.

use std::{
    fs, process, thread,
    time::{Duration, Instant},
};

use e2e::{
    Answer, Phone, Tokens, Worker,
    client_address::fresh_address,
    system,
    turnstile::{ACTION, Asked, Health, Turnstile},
    worker::Challenge,
    worker_log,
};
use serde_json::json;

/// By when a client must know, whatever the service does.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

/// A phone of a country that no other test uses up.
fn phone_in(country: &str) -> Phone {
    let area = match country {
        "US" => ["212", "213", "305", "312", "404", "415", "512", "617", "702", "713"],
        "CA" => ["204", "250", "306", "403", "416", "506", "514", "604", "613", "902"],
        _ => return Phone::in_country(country),
    };
    // Numbers of the plan begin with any area code, and not all of them are of these countries: not `Phone::new` alone.
    let line = Phone::new().number()["+1212555".len()..].to_owned();
    let (area, exchange) = (area[process::id() as usize % area.len()], 200 + process::id() % 355);
    Phone::with_number(&format!("+1{area}{exchange}{line}"))
}

/// Asks for a code, with a token.
#[track_caller]
fn ask_with(worker: &Worker, phone: &Phone, token: &str) -> Answer {
    worker.post(
        "/sign_up",
        &json!({ "phone_number": phone.number(), "turnstile_token": token }),
    )
}

/// Checks that a code was sent, and answers it.
#[track_caller]
fn expect_sent(worker: &Worker, phone: &Phone, answer: &Answer) -> Tokens {
    let challenge = Challenge::read(answer.expect_status(201));
    Tokens::read(worker.sign_in(&challenge, &phone.code()).expect_status(200))
}

/// Checks that this is a refusal for want of a good token, and that no code was sent.
#[track_caller]
fn expect_check(phone: &Phone, answer: &Answer) {
    answer.expect_problem(403, "HUMAN_CHECK_REQUIRED");
    assert!(phone.texts().is_empty(), "a code was sent all the same");
}

/// Uses up what an address may ask for without a token.
#[track_caller]
fn ask_twice(worker: &Worker, country: &str) {
    for _ in 0..2 {
        let phone = phone_in(country);
        expect_sent(worker, &phone, &worker.try_sign_up(&phone));
    }
}

#[test]
fn above_the_soft_limits_of_an_address_every_code_takes_a_fresh_good_token() {
    let turnstile = Turnstile::shared();
    let address = fresh_address();
    let worker = system().guarded().asked_from(&address);
    ask_twice(&worker, "US");

    let phone = phone_in("US");
    expect_check(&phone, &worker.try_sign_up(&phone));
    // No token, however it is said.
    expect_check(&phone, &ask_with(&worker, &phone, ""));
    let token = turnstile.good_token();
    expect_sent(&worker, &phone, &ask_with(&worker, &phone, &token));

    let other = phone_in("US");
    let used = ask_with(&worker, &other, &token);
    expect_check(&other, &used);
    expect_sent(&worker, &other, &ask_with(&worker, &other, &turnstile.good_token()));

    let asked = turnstile.asked_about(&token);
    assert_eq!(asked.len(), 2, "once for each time that it was sent");
    let Asked {
        secret,
        remoteip,
        idempotency_key,
        ..
    } = &asked[0];
    assert!(*secret == system().description.turnstile.secret, "not the secret");
    assert_eq!(*remoteip, Some(address));
    let key = idempotency_key.as_deref().unwrap_or_default();
    assert_eq!(
        key.split('-').map(str::len).collect::<Vec<_>>(),
        [8, 4, 4, 4, 12],
        "a UUID"
    );
    assert_ne!(*idempotency_key, asked[1].idempotency_key);
    expect_nothing_logged(&used, &token);
}

#[test]
fn a_token_that_is_not_good_is_refused_and_costs_the_address_nothing() {
    let turnstile = Turnstile::shared();
    let worker = system().guarded().asked_from(&fresh_address());
    let hostname = &system().description.turnstile.hostname;
    let refused = phone_in("CA");
    // Below the soft limits, where no token at all would have been good enough.
    for (token, reason) in [
        (turnstile.issue("app.example.org", ACTION), "hostname"),
        (turnstile.issue(&format!("{hostname}.evil.example"), ACTION), "hostname"),
        (turnstile.issue("", ACTION), "hostname"),
        (turnstile.issue(hostname, "log_in"), "action"),
        (turnstile.issue(hostname, ""), "action"),
        ("a-token-that-nobody-issued".to_owned(), "invalid"),
        ("x".repeat(2_048), "invalid"),
    ] {
        let answer = ask_with(&worker, &refused, &token);
        expect_check(&refused, &answer);
        let line = worker_log::line("guarded", "human_check_failed", &answer);
        assert_eq!(line["reason"], reason);
    }
    let document = ask_with(&worker, &refused, &"x".repeat(2_049)).expect_problem(400, "INVALID_REQUEST");
    assert_eq!(document["errors"][0]["field"], "turnstile_token");

    // All five of the address's hour are still there, two of them without a token.
    ask_twice(&worker, "CA");
    for _ in 0..3 {
        let phone = phone_in("CA");
        expect_sent(&worker, &phone, &ask_with(&worker, &phone, &turnstile.good_token()));
    }
    // And a token does not help beyond.
    let answer = ask_with(&worker, &refused, &turnstile.good_token());
    answer.expect_problem(429, "TOO_MANY_REQUESTS");
    assert!(refused.texts().is_empty());
}

#[test]
fn of_two_sign_ups_at_once_with_one_token_one_gets_a_code() {
    let turnstile = Turnstile::shared();
    let worker = system().guarded().asked_from(&fresh_address());
    let token = turnstile.good_token();
    let phones = [phone_in("CH"), phone_in("CH")];
    let answers = thread::scope(|scope| {
        let both = phones
            .each_ref()
            .map(|phone| scope.spawn(|| ask_with(&worker, phone, &token)));
        both.map(|one| one.join().expect("an answer"))
    });
    let (sent, refused) = if answers[0].status == 201 { (0, 1) } else { (1, 0) };
    expect_check(&phones[refused], &answers[refused]);
    expect_sent(&worker, &phones[sent], &answers[sent]);
}

#[test]
fn a_token_is_not_used_up_by_an_answer_of_the_service_that_got_lost() {
    let turnstile = Turnstile::alone();
    turnstile.set(Health::LosingAnswers);
    let worker = system().guarded().asked_from(&fresh_address());
    let (phone, token) = (phone_in("FR"), turnstile.good_token());
    expect_sent(&worker, &phone, &ask_with(&worker, &phone, &token));
    let asked = turnstile.asked_about(&token);
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].idempotency_key, asked[1].idempotency_key);
}

/// The service is so while users are at it: who sends a token has to come again, and everybody else notices nothing.
fn expect_only_tokens_to_suffer(health: Health, country: &str) {
    let turnstile = Turnstile::alone();
    let worker = system().guarded().asked_from(&fresh_address());
    // Somebody who is at signing in.
    let early = phone_in(country);
    let challenge = worker.sign_up(&early);

    turnstile.set(health);
    let (phone, token) = (phone_in(country), turnstile.good_token());
    let begun = Instant::now();
    let answer = ask_with(&worker, &phone, &token);
    let took = begun.elapsed();
    answer.expect_problem(503, "UPSTREAM_UNAVAILABLE");
    assert!(took < ANSWERED_WITHIN, "{took:?}");
    let seconds = answer.header("retry-after").and_then(|text| text.parse::<u32>().ok());
    assert!(seconds.is_some_and(|seconds| seconds > 0));
    assert!(phone.texts().is_empty(), "nobody knows whether the token is good");
    worker_log::line("guarded", "human_check_unavailable", &answer);

    let tokens = Tokens::read(worker.sign_in(&challenge, &early.code()).expect_status(200));
    worker.call_secured(&tokens.access).expect_status(200);
    worker.refresh(&tokens.refresh).expect_status(200);
    // The one without an answer has cost the address nothing: this is its second.
    expect_sent(&worker, &phone, &worker.try_sign_up(&phone));
    let third = phone_in(country);
    expect_check(&third, &worker.try_sign_up(&third));

    turnstile.set(Health::Well);
    // The token was never verified, so it is as good as before.
    expect_sent(&worker, &third, &ask_with(&worker, &third, &token));
}

#[test]
fn while_the_service_cannot_be_reached_only_those_with_a_token_suffer() {
    expect_only_tokens_to_suffer(Health::Down, "US");
}

#[test]
fn while_the_service_is_silent_only_those_with_a_token_suffer() {
    expect_only_tokens_to_suffer(Health::Silent, "CH");
}

#[test]
fn while_the_service_fails_only_those_with_a_token_suffer() {
    expect_only_tokens_to_suffer(Health::Failing(500), "FR");
}

#[test]
fn while_the_service_answers_nonsense_only_those_with_a_token_suffer() {
    expect_only_tokens_to_suffer(Health::Garbage, "CA");
}

#[test]
fn a_secret_that_the_service_does_not_know_is_our_error_and_is_logged_by_name() {
    let turnstile = Turnstile::alone();
    turnstile.set(Health::OtherSecret);
    let worker = system().guarded().asked_from(&fresh_address());
    let (phone, token) = (phone_in("FR"), turnstile.good_token());
    let answer = ask_with(&worker, &phone, &token);
    answer.expect_problem(500, "INTERNAL");
    assert!(answer.header("retry-after").is_none(), "an operator has to look first");
    assert!(phone.texts().is_empty());
    worker_log::line("guarded", "human_check_misconfigured", &answer);
    expect_nothing_logged(&answer, &token);
    // Who needs no token is not concerned.
    expect_sent(&worker, &phone, &worker.try_sign_up(&phone));
}

/// Checks that the secret is in no log, and the token not in the worker's, once that has what was written about the answer.
#[track_caller]
fn expect_nothing_logged(answer: &Answer, token: &str) {
    worker_log::line("guarded", "answered", answer);
    assert!(!worker_log::text_of("guarded").contains(token), "a token");
    let secret = system().description.turnstile.secret.as_bytes();
    for log in &system().description.logs {
        let bytes = fs::read(log).expect("the log can be read");
        let is_there = bytes.windows(secret.len()).any(|window| window == secret);
        assert!(!is_there, "the secret is in {}", log.display());
    }
}
