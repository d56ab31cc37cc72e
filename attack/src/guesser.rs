//! An attacker who guesses one user's codes: asks for a code as often as may be, and answers it as often as may be.

use std::collections::BTreeMap;

use fastrand::Rng;
use guard::UnixMillis;

use crate::flood::{OWN, PACE};
use crate::system::{Answer, Caller, Refused, Session, System};
use crate::world::Attacker;

/// More than are needed: each request comes from the next one.
const ADDRESSES: u32 = 1_000;

/// The number whose codes are guessed.
pub(crate) const VICTIM: u32 = 0;

#[derive(Debug, Clone)]
pub(crate) struct Guesser {
    next_at: Option<UnixMillis>,
    until: UnixMillis,
    /// What can be answered now, and which code was guessed first.
    open: Option<(Session, u32)>,
    /// So many codes there are to choose from; `None` to guess wrong always, to see how many guesses there can be.
    codes: Option<u32>,
    /// At least so long from a code to the next, in milliseconds.
    between_codes: u64,
    /// Takes addresses in turn.
    requests: u32,
    pub(crate) texts: u64,
    pub(crate) got_in: bool,
    /// Distinct wrong answers, by challenge; in order, as the last digit of a product of chances hangs on it.
    pub(crate) guesses: BTreeMap<u64, u32>,
    /// When waiting no longer helped.
    pub(crate) gave_up_at: Option<UnixMillis>,
}

impl Guesser {
    pub(crate) fn new(from: UnixMillis, until: UnixMillis, codes: Option<u32>) -> Self {
        Self {
            next_at: Some(from),
            until,
            open: None,
            codes,
            between_codes: 0,
            requests: 0,
            texts: 0,
            got_in: false,
            guesses: BTreeMap::new(),
            gave_up_at: None,
        }
    }

    /// Takes its time from a code to the next, so that the user can sign in: that ends a row of wrong answers.
    pub(crate) fn sparing(self, between_codes: u64) -> Self {
        Self { between_codes, ..self }
    }

    /// The user signed in, so there may be room at once: the attacker is taken to know it.
    pub(crate) fn try_at(&mut self, now: UnixMillis) {
        if self.between_codes == 0 {
            self.next_at = self.next_at.map(|at| at.min(now));
        }
    }

    fn ask(&mut self, system: &mut System, caller: Caller, now: UnixMillis, rng: &mut Rng) {
        match system.ask(caller, now, rng) {
            Ok(sent) => {
                self.texts += 1;
                self.open = Some((sent.session, rng.u32(..self.codes.unwrap_or(1))));
            }
            Err(Refused { until: None, .. }) => {
                self.next_at = None;
                self.gave_up_at = Some(now);
            }
            Err(Refused { until, .. }) => self.next_at = self.next_at.max(until),
        }
    }

    fn guess(&mut self, system: &mut System, caller: Caller, mut session: Session, first: u32, now: UnixMillis) {
        // No code has this many digits.
        let code = self.codes.map_or(u32::MAX, |codes| (first + session.turn) % codes);
        match system.answer(caller, &mut session, code, now) {
            Answer::Right => {
                self.got_in = true;
                self.next_at = None;
            }
            Answer::Wrong { challenge } => {
                *self.guesses.entry(challenge).or_default() += 1;
                if system.tries().is_none_or(|tries| session.turn < tries) {
                    self.open = Some((session, first));
                } else if self.between_codes > 0 {
                    self.next_at = Some(now.plus(self.between_codes));
                }
            }
            // Too quick for the system: the session is still good. Else a new code is needed.
            Answer::Refused(refused) => {
                if let Some(until) = refused.until {
                    self.next_at = self.next_at.max(Some(until));
                    self.open = Some((session, first));
                }
            }
        }
    }
}

impl Attacker for Guesser {
    fn next_at(&self) -> Option<UnixMillis> {
        self.next_at.filter(|at| *at < self.until)
    }

    fn step(&mut self, system: &mut System, rng: &mut Rng) {
        let Some(now) = self.next_at() else { return };
        self.requests += 1;
        let caller = Caller {
            address: 1 + self.requests % ADDRESSES,
            number: VICTIM,
            country: OWN,
        };
        self.next_at = Some(now.plus(PACE));
        match self.open.take() {
            None => self.ask(system, caller, now, rng),
            Some((session, first)) => self.guess(system, caller, session, first, now),
        }
    }
}

#[cfg(test)]
mod tests {
    use guard::Policy;

    use super::*;
    use crate::clock::{DAY, MINUTE, START};
    use crate::ours::Ours;
    use crate::peer::Peer;
    use crate::peers::SUPABASE;

    /// Lets the attacker make all requests there are until a time.
    fn attack(mut guesser: Guesser, mut system: System) -> Guesser {
        let mut rng = Rng::with_seed(1);
        while guesser.next_at().is_some() {
            guesser.step(&mut system, &mut rng);
        }
        guesser
    }

    fn ours(codes: u32) -> System {
        System::Ours(Box::new(Ours::new(Policy::default(), codes)))
    }

    #[test]
    fn three_guesses_a_code_until_the_number_is_locked_and_then_no_more() {
        let guesser = attack(Guesser::new(START, START.plus(30 * DAY), None), ours(1_000_000));
        assert_eq!(guesser.guesses.values().sum::<u32>(), 100);
        assert_eq!(guesser.texts, 34);
        assert!(guesser.gave_up_at.is_some() && !guesser.got_in);
    }

    #[test]
    fn with_as_many_guesses_as_there_are_codes_it_gets_in() {
        let guesser = attack(Guesser::new(START, START.plus(DAY), Some(3)), ours(3));
        assert!(guesser.got_in);
        assert_eq!(guesser.texts, 1);
    }

    #[test]
    fn where_wrong_answers_do_not_end_a_code_one_is_enough_for_all_guesses() {
        let supabase = System::Peer(Box::new(Peer::new(SUPABASE, 1_000_000)));
        let guesser = attack(Guesser::new(START, START.plus(10 * MINUTE), None), supabase);
        assert_eq!((guesser.texts, guesser.guesses.len()), (1, 1));
        // Ten requests a second, the first of which asked for the code.
        assert_eq!(guesser.guesses[&1], 10 * 600 - 1);
    }
}
