//! How likely it is to guess a code.

use guard::Policy;

use crate::clock::DAY;
use crate::report::{chance, grouped};

/// Codes of six digits.
pub(crate) const CODES: u32 = 1_000_000;
/// At most so likely may somebody's codes be guessed within a week.
pub(crate) const MOST: f64 = 1e-3;

/// The probability that at least one of several codes is guessed, given how many distinct guesses were made at each: each
/// code is any one of `codes`, whatever the others are.
pub(crate) fn of_guesses(guesses: impl IntoIterator<Item = u32>, codes: u32) -> f64 {
    let missed: f64 = guesses
        .into_iter()
        .map(|guesses| 1.0 - f64::from(guesses.min(codes)) / f64::from(codes))
        .product();
    1.0 - missed
}

/// The same number of guesses at each of several codes, and a rest at one more.
fn of_total(guesses: u32, per_challenge: u32, codes: u32) -> f64 {
    let full = (0..guesses / per_challenge).map(|_| per_challenge);
    of_guesses(full.chain([guesses % per_challenge]), codes)
}

/// What a policy allows at worst, whoever attacks and however.
#[derive(Debug, PartialEq)]
pub(crate) struct Worst {
    pub(crate) per_challenge: u32,
    /// Answers of strangers in any 24 hours; `None` if there is no such limit.
    pub(crate) a_day: Option<u32>,
    /// If the user keeps signing in, so that wrong answers are never too many in a row.
    pub(crate) in_a_week: f64,
    pub(crate) until_locked: f64,
    lock_after: u32,
}

impl Worst {
    pub(crate) fn of(policy: &Policy) -> Self {
        let guessing = &policy.guessing;
        let per_day = guessing.limits.iter().filter(|limit| limit.window_ms == DAY);
        let a_day = per_day.map(|limit| limit.count).min();
        let per_challenge = guessing.per_challenge;
        Self {
            per_challenge,
            a_day,
            in_a_week: a_day.map_or(1.0, |a_day| of_total(7 * a_day, per_challenge, CODES)),
            until_locked: of_total(guessing.lock_after, per_challenge, CODES),
            lock_after: guessing.lock_after,
        }
    }

    pub(crate) fn steps(&self) -> Vec<String> {
        let Self {
            per_challenge,
            a_day,
            lock_after,
            ..
        } = self;
        let mut steps = vec![format!(
            "A code is one of {codes}, and {per_challenge} answers to it are compared. The attacker's are distinct: \
             {per_challenge}/{codes} = {} for each code. Codes do not depend on each other, so n of them are guessed with a \
             probability of 1-(1-{per_challenge}/{codes})^n.",
            chance(of_guesses([*per_challenge], CODES)),
            codes = grouped(CODES.into()),
        )];
        steps.push(match a_day {
            Some(a_day) => format!(
                "At worst strangers have {a_day} answers a day compared for a number, however many they are: {a_day} x 7 = {week} in a week, \
                 at n = {week}/{per_challenge} = {challenges} codes: 1-(1-{per_challenge}/10^6)^{challenges} = {}.",
                chance(self.in_a_week),
                week = 7 * a_day,
                challenges = (7 * a_day).div_ceil(*per_challenge),
            ),
            None => "There is no limit of answers a day, so a week bounds nothing.".to_owned(),
        });
        steps.push(format!(
            "If the user does not sign in meanwhile, {lock_after} wrong answers in a row lock the number, until an operator \
             unlocks it: {lock_after} guesses at n = {} codes, {}, however long it takes.",
            lock_after.div_ceil(*per_challenge),
            chance(self.until_locked),
        ));
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(value: f64, expected: f64) -> bool {
        (value - expected).abs() < expected * 1e-3
    }

    #[test]
    fn few_guesses_add_up_and_many_saturate() {
        assert!(about(of_guesses([3; 70], CODES), 2.1e-4));
        assert!(about(of_guesses([500_000; 2], CODES), 0.75));
        assert!(about(of_guesses([2_000_000], CODES), 1.0));
        assert!(of_guesses([], CODES).abs() < f64::EPSILON);
    }

    #[test]
    fn the_defaults_are_far_below_what_may_be() {
        let worst = Worst::of(&Policy::default());
        assert_eq!((worst.per_challenge, worst.a_day), (3, Some(30)));
        assert!(about(worst.in_a_week, 2.1e-4), "{}", worst.in_a_week);
        assert!(about(worst.until_locked, 1e-4), "{}", worst.until_locked);
        assert!(worst.in_a_week <= MOST);
    }

    #[test]
    fn without_a_daily_limit_nothing_is_promised() {
        let mut policy = Policy::default();
        policy.guessing.limits = guard::Limits::new([(9, 3_600_000)]);
        assert!(Worst::of(&policy).in_a_week > MOST);
    }
}
