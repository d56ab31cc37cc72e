use super::*;
use crate::{
    Asker, Challenge, Memory, Number, Outcome, Refusal,
    testing::{START, after, through_text},
    time::{HOUR, MINUTE},
};

const HOME: Option<&str> = Some("home");
const ELSEWHERE: Option<&str> = Some("elsewhere");

fn ask(number: &mut Number, network: Option<&str>, milliseconds: u64) -> Result<UnixMillis, Refusal> {
    let asker = Asker {
        network,
        is_human: true,
    };
    number.begin_send(&Policy::default(), after(milliseconds), asker)
}

fn open(number: &mut Number, milliseconds: u64) {
    number.open_challenge(
        after(milliseconds),
        Challenge {
            id: milliseconds.to_string(),
            sent_at: after(milliseconds),
            expires_at: after(milliseconds + MINUTE),
            answers: 0,
            is_unsure: false,
        },
    );
}

fn answer(number: &mut Number, network: Option<&str>, milliseconds: u64, outcome: Outcome) -> Result<(), Refusal> {
    let policy = Policy::default();
    open(number, milliseconds);
    let guess = number.begin_answer(&policy, &milliseconds.to_string(), 0, after(milliseconds), network)?;
    number.conclude(&policy, &guess, outcome);
    Ok(())
}

/// A number whose user has signed in from home.
fn known_at_home() -> Number {
    let mut number = Number::default();
    ask(&mut number, HOME, 0).unwrap();
    answer(&mut number, HOME, 1, Outcome::Right).unwrap();
    number
}

/// Asks as soon as it is told to be let through, until `end`; how many codes it got.
fn pump(number: &mut Number, network: Option<&str>, begin: u64, end: u64) -> usize {
    let (mut now, mut sent) = (begin, 0);
    while now < end {
        match ask(number, network, now) {
            Ok(_) => sent += 1,
            Err(Refusal::Wait { until, .. }) => now = until.since(START),
            Err(refusal) => panic!("{refusal:?}"),
        }
    }
    sent
}

#[test]
fn strangers_cannot_use_up_what_is_kept_for_where_the_user_was_before() {
    let mut number = known_at_home();
    // Ten a day: the user's first code was a stranger's at its time.
    assert_eq!(pump(&mut number, ELSEWHERE, HOUR, 20 * HOUR), 9);
    let at = 20 * HOUR;
    assert!(matches!(ask(&mut number, ELSEWHERE, at), Err(Refusal::Wait { .. })));
    // Two more.
    assert!(ask(&mut number, HOME, at).is_ok());
    assert!(ask(&mut number, HOME, at + HOUR).is_ok());
    assert!(matches!(
        ask(&mut number, HOME, at + 2 * HOUR),
        Err(Refusal::Wait { .. })
    ));
}

#[test]
fn nor_the_answers() {
    let mut number = known_at_home();
    let wrong = (0..20).filter(|at| answer(&mut number, ELSEWHERE, 10 + at, Outcome::Wrong).is_ok());
    assert_eq!(wrong.count(), 9);
    assert!(answer(&mut number, HOME, 30, Outcome::Wrong).is_ok());
    assert!(answer(&mut number, HOME, 31, Outcome::Right).is_ok());
    // Which clears the hour for all.
    assert!(answer(&mut number, ELSEWHERE, 32, Outcome::Wrong).is_ok());
}

/// All that somebody from nowhere in particular is told who asks and answers whenever there is something to wait for no longer.
fn told(number: &mut Number) -> Vec<Result<UnixMillis, Refusal>> {
    let mut told = Vec::new();
    for minute in 60..20 * 60 {
        told.push(ask(number, None, minute * MINUTE));
        open(number, minute * MINUTE + 1);
        let policy = Policy::default();
        let id = (minute * MINUTE + 1).to_string();
        let guess = number.begin_answer(&policy, &id, 0, after(minute * MINUTE + 1), None);
        told.push(guess.map(|guess| {
            number.conclude(&policy, &guess, Outcome::Unknown);
            guess.at
        }));
    }
    told
}

#[test]
fn strangers_cannot_tell_whether_a_number_has_a_user_somewhere() {
    let mut known = known_at_home();
    // The same but for where the right answer came from.
    let mut unknown = Number::default();
    ask(&mut unknown, None, 0).unwrap();
    answer(&mut unknown, None, 1, Outcome::Right).unwrap();
    assert_eq!(told(&mut known), told(&mut unknown));
}

#[test]
fn who_cannot_be_told_from_others_is_never_known() {
    let mut number = Number::default();
    answer(&mut number, None, 0, Outcome::Right).unwrap();
    assert_eq!(pump(&mut number, None, 1, 20 * HOUR), 10);
}

#[test]
fn a_network_is_known_for_thirty_days_and_the_eight_newest_are() {
    let mut number = known_at_home();
    let policy = Policy::default();
    number.forget(&policy, after(2 * DAY));
    assert_eq!(number.fades_in(after(2 * DAY)), Some(28 * DAY + 1));
    number.forget(&policy, after(KNOWN_FOR + 2));
    assert!(number.is_empty());

    let mut known = Known::default();
    for at in 0..=MOST as u64 {
        known.remember(&format!("network {at}"), after(at));
    }
    let is_known = |network, milliseconds| known.knows(Some(network), after(milliseconds));
    assert!(!is_known("network 0", 9));
    assert!(is_known("network 1", 9) && is_known("network 8", 9));
    // Forgotten or not, it is no longer known.
    assert!(!is_known("network 1", KNOWN_FOR + 1) && is_known("network 2", KNOWN_FOR + 1));
    assert_eq!(known.networks.len(), MOST);
}

#[test]
fn a_restart_forgets_no_network() {
    let mut number = through_text(&known_at_home());
    assert_eq!(pump(&mut number, ELSEWHERE, HOUR, 20 * HOUR), 9);
    assert!(ask(&mut through_text(&number), HOME, 20 * HOUR).is_ok());
}

#[test]
fn what_was_not_sent_or_not_asked_is_given_back_to_strangers_too() {
    let mut number = known_at_home();
    for at in 0..30 {
        let sent = ask(&mut number, ELSEWHERE, HOUR + at).unwrap();
        number.take_back_send(sent);
        answer(&mut number, ELSEWHERE, HOUR + at, Outcome::NotAsked).unwrap();
    }
    assert_eq!(pump(&mut number, ELSEWHERE, 2 * HOUR, 20 * HOUR), 9);
}

#[test]
fn a_reserve_is_rounded_up() {
    let limits = crate::Limits::new([(1, HOUR), (5, HOUR), (10, DAY)]);
    assert_eq!(limits.plus(20), crate::Limits::new([(2, HOUR), (6, HOUR), (12, DAY)]));
    assert_eq!(limits.plus(0), limits);
}
