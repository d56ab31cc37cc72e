use self::play::challenge;
use super::*;
use crate::{
    refusal::Cause,
    testing::{after, stranger},
    time::MINUTE,
};

mod play;
mod properties;

fn ask(number: &mut Number, milliseconds: u64) -> Result<UnixMillis, Refusal> {
    number.begin_send(&Policy::default(), after(milliseconds), stranger(false))
}

fn wait(milliseconds: u64, cause: Cause) -> Result<UnixMillis, Refusal> {
    Err(Refusal::Wait {
        until: after(milliseconds),
        cause,
    })
}

#[test]
fn a_blocked_number_gets_no_code_and_no_answer_until_it_is_allowed() {
    let mut number = Number::default();
    let policy = Policy::default();
    let at = ask(&mut number, 0).unwrap();
    number.open_challenge(at, challenge(1, at));
    number.carry_out(Order::Block, "ann".to_owned(), at);
    number.forget(&policy, after(100 * DAY));
    assert_eq!(ask(&mut number, 100 * DAY), Err(Refusal::Blocked));
    assert_eq!(
        number.begin_answer(&policy, "1", 0, after(1), None),
        Err(Refusal::Blocked)
    );
    number.carry_out(Order::Unlock, "ann".to_owned(), after(1));
    assert_eq!(ask(&mut number, 2), Err(Refusal::Blocked));
    number.carry_out(Order::Allow, "ann".to_owned(), after(2));
    assert_eq!(
        number.begin_answer(&policy, "1", 0, after(3), None),
        Err(Refusal::NoChallenge)
    );
    assert!(ask(&mut number, 3).is_ok());
}

#[test]
fn only_the_newest_orders_are_kept() {
    let mut number = Number::default();
    for at in 0..50 {
        number.carry_out(Order::Unlock, at.to_string(), after(at));
    }
    let orders = number.summary(&Policy::default(), after(50)).orders;
    assert_eq!(orders.len(), Number::ORDERS);
    assert_eq!(orders.last().map(|order| order.operator.as_str()), Some("49"));
}

#[test]
fn no_code_is_sent_while_it_could_not_be_answered() {
    let policy = Policy::default();
    let mut number = Number::default();
    for round in 0..3_u32 {
        let sent_at = number
            .begin_send(&policy, after(u64::from(round) * 5 * MINUTE), stranger(false))
            .unwrap();
        number.open_challenge(sent_at, challenge(round, sent_at));
        for turn in 0..3 {
            let guess = number
                .begin_answer(&policy, &round.to_string(), turn, sent_at, None)
                .unwrap();
            number.conclude(&policy, &guess, Outcome::Wrong);
        }
    }
    assert_eq!(ask(&mut number, 30 * MINUTE), wait(HOUR, Cause::Guesses));
    assert!(ask(&mut number, HOUR).is_ok());
}

#[test]
fn the_summary_says_what_there_is() {
    let policy = Policy::default();
    let mut number = Number::default();
    let at = ask(&mut number, 0).unwrap();
    number.open_challenge(at, challenge(1, at));
    let guess = number.begin_answer(&policy, "1", 0, after(1), None).unwrap();
    number.conclude(&policy, &guess, Outcome::Wrong);
    ask(&mut number, HOUR).unwrap();
    let summary = number.summary(&policy, after(HOUR));
    assert_eq!((summary.codes_last_hour, summary.codes_last_day), (1, 2));
    assert_eq!((summary.answers_last_hour, summary.answers_last_day), (1, 1));
    assert_eq!(
        (summary.wrong_in_a_row, summary.locked, summary.blocked),
        (1, false, false)
    );
    assert_eq!(summary.next_code.map(Err), Some(wait(HOUR + MINUTE, Cause::Pause)));
}
