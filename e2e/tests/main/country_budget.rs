//! How many codes of an hour a country may leave unverified, at the worker `guarded`: three, and it denies more.
//!
//! Only this file asks `guarded` for codes to the countries of [`COUNTRIES`]. A system may outlive the run (`cargo xtask test
//! --keep`), and what a country has used up stays so for an hour; hence the test looks for a country that is fresh, and answers
//! all its codes at the end, which makes the country as good as new.

use std::{collections::BTreeMap, process, thread, time::Duration};

use e2e::{Answer, Phone, client_address::fresh_address, system, waiting::until, worker::Challenge, worker_log};
use serde_json::Value;

/// Where the budget is used up.
const COUNTRIES: [&str; 4] = ["DE", "AT", "ES", "IT"];

/// How many unverified codes there may be (`CONVERSION_FLOOR`).
const BUDGET: usize = 3;

/// So many more are asked for at once.
const TOO_MANY: usize = 7;

/// An hour, and the minute that has begun.
const LONGEST_WAIT: u64 = 3_660;

/// Lines are in the log a moment after the answer, the country knows a verified code likewise; this is for a busy machine.
const SOON: Duration = Duration::from_secs(10);

/// What was decided about the country when this was asked for.
#[track_caller]
fn decision_on(answer: &Answer) -> Value {
    worker_log::line("guarded", "country_budget", answer)
}

/// Outcome, reason, codes unverified, and how many there may be.
fn summary(decision: &Value) -> (&str, &str, u64, u64) {
    let text = |name: &str| decision[name].as_str().expect("a word");
    let count = |name: &str| decision[name].as_u64().expect("a count");
    (text("outcome"), text("reason"), count("unverified"), count("budget"))
}

/// Asks for a code from an address that has asked for none.
fn ask(phone: &Phone) -> Answer {
    system().guarded().asked_from(&fresh_address()).try_sign_up(phone)
}

#[track_caller]
fn verify(phone: &Phone, answer: &Answer) {
    let challenge = Challenge::read(answer);
    system().guarded().sign_in(&challenge, &phone.code()).expect_status(200);
}

#[track_caller]
fn expect_denied(phone: &Phone, answer: &Answer) {
    answer.expect_problem(429, "TOO_MANY_REQUESTS");
    let seconds = answer.header("retry-after").and_then(|text| text.parse::<u64>().ok());
    let seconds = seconds.expect("a Retry-After in seconds");
    assert!((1..=LONGEST_WAIT).contains(&seconds), "{seconds}");
    assert!(phone.texts().is_empty(), "a code was sent all the same");
}

/// A country with its whole budget, of which one code is used; with the phone that has it, and the answer.
#[track_caller]
fn begin() -> (&'static str, Phone, Answer) {
    let first = process::id() as usize;
    for at in first..first + COUNTRIES.len() {
        let country = COUNTRIES[at % COUNTRIES.len()];
        let phone = Phone::in_country(country);
        let answer = ask(&phone);
        // What an earlier run left unverified makes it unfit, and also what earlier runs verified: that raises the budget.
        if summary(&decision_on(&answer)) == ("sent", "", 1, BUDGET as u64) {
            answer.expect_status(201);
            return (country, phone, answer);
        }
        if answer.status == 201 {
            verify(&phone, &answer);
        }
    }
    panic!("earlier runs against this system left no country with a fresh budget: start it anew");
}

/// Checks what is in the log, from that place on, about the decisions on a country: as many data points as lines, of the same
/// decisions, and no number in any of them.
#[track_caller]
fn expect_data_points(from: usize, country: &str, expected: &BTreeMap<String, usize>, phones: &[Phone]) {
    let found = until("as many data points as decisions", SOON, || {
        let log = worker_log::text_of("guarded");
        let (mut lines, mut points) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, usize>::new());
        let mut texts = String::new();
        for line in log[from..].lines() {
            let Some(object) = worker_log::object_in(line) else {
                continue;
            };
            if line.contains("data point ") {
                texts.push_str(line);
                let blobs = &object["blobs"];
                if blobs[0] == "country_budget" && object["indexes"] == serde_json::json!([country]) {
                    assert_eq!(blobs[3], country);
                    assert_eq!(blobs.as_array().map(Vec::len), Some(4));
                    assert_eq!(object["doubles"].as_array().map(Vec::len), Some(2));
                    *points.entry(blobs[1].to_string()).or_default() += 1;
                }
            } else if object["event"] == "country_budget" {
                texts.push_str(line);
                if object["country"] == country {
                    *lines.entry(object["outcome"].to_string()).or_default() += 1;
                }
            }
        }
        (lines == *expected && points == *expected).then_some(texts)
    });
    for phone in phones {
        let number = phone.number().trim_start_matches('+');
        // Nor what the number is within its country.
        for part in [number, &number[2..]] {
            assert!(!found.contains(part), "a number is in the log");
        }
    }
}

#[test]
fn of_the_codes_to_a_country_three_may_be_unverified_and_others_go_on() {
    let from = worker_log::text_of("guarded").len();
    let (country, first, answer) = begin();
    let mut sent = vec![(first, answer)];
    let mut decisions = BTreeMap::from([("\"sent\"".to_owned(), 1)]);
    let mut count = |decision: &str| *decisions.entry(format!("\"{decision}\"")).or_default() += 1;

    // At once, each from an address of its own: whatever the order is, there is room for two of them.
    let phones: Vec<_> = (0..TOO_MANY).map(|_| Phone::in_country(country)).collect();
    let answers = thread::scope(|scope| {
        let all: Vec<_> = phones.iter().map(|phone| scope.spawn(|| ask(phone))).collect();
        let answers = all.into_iter().map(|one| one.join().expect("an answer"));
        answers.collect::<Vec<_>>()
    });
    let mut denied = Vec::new();
    for (phone, answer) in phones.iter().zip(answers) {
        let decision = decision_on(&answer);
        assert_eq!(decision["country"], country);
        let (what, cause, unverified, budget) = summary(&decision);
        count(what);
        assert_eq!(budget, BUDGET as u64);
        if answer.status == 201 {
            assert!(matches!((what, cause, unverified), ("sent", "", 2..=3)));
            sent.push((phone.clone(), answer));
        } else {
            expect_denied(phone, &answer);
            assert_eq!((what, cause, unverified), ("denied", "country_budget", 4));
            denied.push(phone);
        }
    }
    assert_eq!(sent.len(), BUDGET, "exactly so many codes are sent");

    let elsewhere = Phone::in_country("CH");
    let answer = ask(&elsewhere);
    verify(&elsewhere, answer.expect_status(201));

    // Who answers makes room for one more, even for a number that was denied: the denial is not counted for it. The country
    // learns of it after the answer.
    let (verified, challenge) = sent.pop().expect("there are three");
    verify(&verified, &challenge);
    let late = denied[0];
    let answer = until("room for one more", SOON, || {
        let answer = ask(late);
        count(summary(&decision_on(&answer)).0);
        (answer.status != 429).then_some(answer)
    });
    assert_eq!(summary(&decision_on(answer.expect_status(201))).2, BUDGET as u64);
    sent.push((late.clone(), answer));

    let answer = ask(denied[1]);
    expect_denied(denied[1], &answer);
    assert_eq!(summary(&decision_on(&answer)), ("denied", "country_budget", 4, 3));
    count("denied");

    expect_data_points(from, country, &decisions, &phones);

    // For whoever runs this next.
    for (phone, answer) in &sent {
        verify(phone, answer);
    }
}
