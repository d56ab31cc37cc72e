use super::*;
use crate::{
    Memory, Number, Order, Policy,
    testing::{START, after, stranger, through_text},
    time::{DAY, MINUTE},
};

fn open(number: &mut Number, id: &str, now: UnixMillis) {
    let challenge = Challenge {
        id: id.to_owned(),
        sent_at: now,
        expires_at: now.plus(5 * MINUTE),
        answers: 0,
        is_unsure: false,
    };
    number.open_challenge(now, challenge);
}

fn opened(id: &str) -> Number {
    let mut number = Number::default();
    open(&mut number, id, START);
    number
}

fn begin(number: &mut Number, id: &str, turn: u32, milliseconds: u64) -> Result<Guess, Refusal> {
    number.begin_answer(&Policy::default(), id, turn, after(milliseconds), None)
}

fn conclude(number: &mut Number, guess: &Guess, outcome: Outcome) {
    number.conclude(&Policy::default(), guess, outcome);
}

/// One answer to a challenge of its own.
fn answer(number: &mut Number, milliseconds: u64, outcome: Outcome) {
    let id = milliseconds.to_string();
    open(number, &id, after(milliseconds));
    let guess = begin(number, &id, 0, milliseconds).unwrap();
    conclude(number, &guess, outcome);
}

fn may_answer(number: &Number, milliseconds: u64) -> bool {
    let mut number = number.clone();
    open(&mut number, "new", after(milliseconds));
    begin(&mut number, "new", 0, milliseconds).is_ok()
}

#[test]
fn of_a_hundred_answers_with_one_session_one_passes() {
    let mut number = opened("a");
    let passed = (0..100).filter(|_| begin(&mut number, "a", 0, 1).is_ok());
    assert_eq!(passed.count(), 1);
}

#[test]
fn a_challenge_has_three_turns_in_their_order() {
    let mut number = opened("a");
    assert_eq!(begin(&mut number, "a", 1, 1), Err(Refusal::NoChallenge));
    for turn in 0..3 {
        assert_eq!(begin(&mut number, "a", turn, 1).map(|guess| guess.turn), Ok(turn + 1));
        assert_eq!(begin(&mut number, "a", turn, 1), Err(Refusal::NoChallenge));
    }
    assert_eq!(begin(&mut number, "a", 3, 1), Err(Refusal::NoChallenge));
}

#[test]
fn a_newer_challenge_takes_the_older_ones_place_at_once() {
    let mut number = opened("old");
    open(&mut number, "new", after(1));
    assert_eq!(begin(&mut number, "old", 0, 1), Err(Refusal::NoChallenge));
    assert!(begin(&mut number, "new", 0, 1).is_ok());
}

#[test]
fn a_challenge_is_closed_while_a_newer_code_is_on_its_way() {
    let mut number = opened("a");
    number.close_challenge(after(1));
    assert_eq!(begin(&mut number, "a", 0, 1), Err(Refusal::NoChallenge));
}

#[test]
fn a_code_that_was_slow_on_its_way_does_not_take_a_newer_ones_place() {
    let mut number = opened("first");
    open(&mut number, "third", after(2));
    open(&mut number, "second", after(1));
    number.close_challenge(after(1));
    assert_eq!(begin(&mut number, "second", 0, 3), Err(Refusal::NoChallenge));
    assert!(begin(&mut number, "third", 0, 3).is_ok());
}

#[test]
fn a_code_is_good_up_to_its_last_moment_and_known_to_have_expired_for_an_hour() {
    for forgets in [false, true] {
        let told = |milliseconds| {
            let mut number = opened("a");
            if forgets {
                number.forget(&Policy::default(), after(milliseconds));
            }
            begin(&mut number, "a", 0, milliseconds).map(|guess| guess.turn)
        };
        let expiry = 5 * MINUTE;
        assert_eq!(told(expiry), Ok(1));
        assert_eq!(told(expiry + 1), Err(Refusal::Expired));
        assert_eq!(told(expiry + HOUR - 1), Err(Refusal::Expired));
        assert_eq!(told(expiry + HOUR), Err(Refusal::NoChallenge));
    }
}

#[test]
fn a_right_answer_closes_whatever_is_open() {
    for newer in [false, true] {
        let mut number = opened("a");
        let guess = begin(&mut number, "a", 0, 1).unwrap();
        if newer {
            open(&mut number, "b", after(1));
        }
        conclude(&mut number, &guess, Outcome::Right);
        assert_eq!(begin(&mut number, "a", 1, 2), Err(Refusal::NoChallenge));
        assert_eq!(begin(&mut number, "b", 0, 2), Err(Refusal::NoChallenge));
    }
}

#[test]
fn a_right_answer_clears_the_count_of_the_hour_and_not_that_of_the_day() {
    let mut number = Number::default();
    for at in 0..29 {
        let outcome = if at % 9 == 8 { Outcome::Right } else { Outcome::Wrong };
        answer(&mut number, at, outcome);
    }
    answer(&mut number, 29, Outcome::Right);
    open(&mut number, "31st", after(30));
    let until = after(DAY);
    assert_eq!(
        begin(&mut number, "31st", 0, 30),
        Err(Refusal::Wait {
            until,
            cause: Cause::Guesses
        })
    );
    assert!(!may_answer(&number, DAY - 1));
    assert!(may_answer(&number, DAY));
}

#[test]
fn nine_answers_without_a_right_one_fill_the_hour() {
    let mut number = Number::default();
    for at in 0..9 {
        answer(&mut number, at, Outcome::Unknown);
    }
    assert!(!may_answer(&number, HOUR - 1));
    assert!(may_answer(&number, HOUR));
}

#[test]
fn what_a_right_answer_cleared_does_not_come_back_by_forgetting() {
    let mut number = Number::default();
    for at in 0..9 {
        answer(&mut number, at, if at == 8 { Outcome::Right } else { Outcome::Wrong });
    }
    number.forget(&Policy::default(), after(HOUR - 1));
    assert!(may_answer(&number, HOUR - 1));
}

#[test]
fn of_two_right_answers_the_later_one_counts_in_whatever_order_they_end() {
    let mut number = opened("a");
    let first = begin(&mut number, "a", 0, 0).unwrap();
    for at in 1..8 {
        answer(&mut number, at, Outcome::Wrong);
    }
    open(&mut number, "b", after(8));
    let second = begin(&mut number, "b", 0, 8).unwrap();
    conclude(&mut number, &second, Outcome::Right);
    conclude(&mut number, &first, Outcome::Right);
    for at in 10..19 {
        answer(&mut number, at, Outcome::Wrong);
    }
    assert!(!may_answer(&number, 20));
}

#[test]
fn an_answer_that_was_not_asked_gives_its_turn_and_its_count_back() {
    let mut number = opened("a");
    for at in 0..100 {
        let guess = begin(&mut number, "a", 0, at).unwrap();
        conclude(&mut number, &guess, Outcome::NotAsked);
    }
    assert_eq!(number.summary(&Policy::default(), after(100)).answers_last_day, 0);
    assert!(begin(&mut number, "a", 0, 100).is_ok());
}

#[test]
fn an_answer_that_got_lost_gives_its_turn_back_and_counts() {
    let mut number = opened("a");
    for at in 0..9 {
        let guess = begin(&mut number, "a", 0, at).unwrap();
        conclude(&mut number, &guess, Outcome::Unknown);
    }
    assert_eq!(number.summary(&Policy::default(), after(9)).answers_last_day, 9);
    assert!(matches!(begin(&mut number, "a", 0, 9), Err(Refusal::Wait { .. })));
    // Which try the next one is, only Cognito knows.
    number.carry_out(crate::Order::Unlock, String::new(), after(9));
    let next = begin(&mut number, "a", 0, 9).unwrap();
    assert_eq!((next.turn, next.is_unsure), (1, true));
}

#[test]
fn an_answer_that_was_not_asked_does_not_touch_a_newer_challenge() {
    let mut number = opened("a");
    let late = begin(&mut number, "a", 0, 1).unwrap();
    open(&mut number, "b", after(2));
    assert!(begin(&mut number, "b", 0, 3).is_ok());
    conclude(&mut number, &late, Outcome::NotAsked);
    assert_eq!(begin(&mut number, "b", 0, 4), Err(Refusal::NoChallenge));
    assert!(begin(&mut number, "b", 1, 4).is_ok());
    assert_eq!(number.summary(&Policy::default(), after(5)).answers_last_day, 2);
}

#[test]
fn a_hundred_wrong_answers_in_a_row_lock_until_unlocked() {
    let policy = Policy::default();
    let mut number = Number::default();
    for wrong in 0..100 {
        let at = wrong * 2 * HOUR;
        assert!(!number.is_locked(), "{wrong}");
        answer(&mut number, at, Outcome::Unknown);
        answer(&mut number, at + 1, Outcome::NotAsked);
        answer(&mut number, at + 2, Outcome::Wrong);
        number.forget(&policy, after(at + HOUR));
        number = through_text(&number);
    }
    assert!(number.is_locked());
    let later = 1_000 * DAY;
    number.forget(&policy, after(later));
    assert!(!number.is_empty());
    open(&mut number, "late", after(later));
    assert_eq!(begin(&mut number, "late", 0, later), Err(Refusal::Locked));
    assert_eq!(
        number.begin_send(&policy, after(later), stranger(true)),
        Err(Refusal::Locked)
    );
    number.carry_out(Order::Allow, "ann".to_owned(), after(later));
    assert_eq!(
        number.begin_send(&policy, after(later), stranger(true)),
        Err(Refusal::Locked)
    );
    number.carry_out(Order::Unlock, "ann".to_owned(), after(later));
    assert!(begin(&mut number, "late", 0, later).is_ok());
    assert!(number.begin_send(&policy, after(later), stranger(false)).is_ok());
}

#[test]
fn a_right_answer_ends_the_row_of_wrong_ones() {
    let mut number = Number::default();
    for at in 0..150 {
        let outcome = if at == 99 { Outcome::Right } else { Outcome::Wrong };
        answer(&mut number, at * HOUR, outcome);
        assert!(!number.is_locked(), "{at}");
    }
    assert_eq!(number.summary(&Policy::default(), START).wrong_in_a_row, 50);
}

#[test]
fn a_right_answer_that_comes_after_the_lock_does_not_open_it() {
    let mut number = opened("a");
    let right = begin(&mut number, "a", 0, 0).unwrap();
    for at in 1..=100 {
        answer(&mut number, at * HOUR, Outcome::Wrong);
    }
    conclude(&mut number, &right, Outcome::Right);
    assert!(number.is_locked());
}

#[test]
fn an_unlocked_number_has_its_limits_again_even_if_the_clock_went_back() {
    let mut number = Number::default();
    answer(&mut number, 2 * HOUR, Outcome::Right);
    number.carry_out(Order::Unlock, "ann".to_owned(), after(2 * HOUR));
    for at in 0..9 {
        answer(&mut number, at, Outcome::Wrong);
    }
    assert!(!may_answer(&number, 10));
}
