//! Our system: the very decisions of the crate `guard`, in the order in which the worker asks for them. Left out is what
//! decides nothing in these scenarios: the list of allowed countries (all are), the human check (off by default), outages.

use std::collections::HashMap;

use fastrand::Rng;
use guard::{Address, Asker, Challenge, Country, Memory, Number, OnBudget, Outcome, Policy, Refusal, UnixMillis};

use crate::clock::SECOND;
use crate::system::{Answer, Caller, Refused, Sent, Session};

/// For how long a code is good, in milliseconds.
const LIFETIME: u64 = 60 * SECOND;

/// All Guards together, and the codes that are out.
#[derive(Debug, Clone)]
pub(crate) struct Ours {
    policy: Policy,
    /// So many codes are possible: a million, but for tests of the arithmetic.
    codes: u32,
    addresses: HashMap<u32, Address>,
    numbers: HashMap<u32, Number>,
    countries: HashMap<&'static str, Country>,
    /// The newest code of each number.
    open: HashMap<u32, Open>,
    challenges: u64,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    code: u32,
    /// Under which time its country counts it.
    counted_at: UnixMillis,
}

impl Ours {
    pub(crate) fn new(policy: Policy, codes: u32) -> Self {
        Self {
            policy,
            codes,
            addresses: HashMap::new(),
            numbers: HashMap::new(),
            countries: HashMap::new(),
            open: HashMap::new(),
            challenges: 0,
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self.policy.conversion.on_budget {
            OnBudget::Record => "ours (default)",
            OnBudget::Deny => "ours (budget denies)",
        }
    }

    pub(crate) fn tries(&self) -> u32 {
        self.policy.guessing.per_challenge
    }

    /// Address, number, country: whoever lets a code pass that a later one refuses takes it back.
    pub(crate) fn ask(&mut self, caller: Caller, now: UnixMillis, rng: &mut Rng) -> Result<Sent, Refused> {
        let policy = &self.policy;
        let address = self.addresses.entry(caller.address).or_default();
        let number = self.numbers.entry(caller.number).or_default();
        let country = self.countries.entry(caller.country).or_default();
        address.forget(policy, now);
        number.forget(policy, now);
        country.forget(policy, now);

        let at_address = address
            .begin_send(policy, caller.country, now, false)
            .map_err(refused)?;
        let network = caller.address.to_string();
        let asker = Asker {
            network: Some(&network),
            is_human: false,
        };
        let at_number = number.begin_send(policy, now, asker).map_err(|refusal| {
            address.take_back_send(at_address);
            refused(refusal)
        })?;
        let counted_at = country.begin_send(policy, now).decision.map_err(|refusal| {
            number.take_back_send(at_number);
            address.take_back_send(at_address);
            refused(refusal)
        })?;

        self.challenges += 1;
        let challenge = Challenge {
            id: self.challenges.to_string(),
            sent_at: at_number,
            expires_at: now.plus(LIFETIME),
            answers: 0,
            is_unsure: false,
        };
        number.open_challenge(at_number, challenge);
        let code = rng.u32(..self.codes);
        self.open.insert(caller.number, Open { code, counted_at });
        let session = Session {
            challenge: self.challenges,
            turn: 0,
        };
        Ok(Sent { session, code })
    }

    pub(crate) fn answer(&mut self, caller: Caller, session: &mut Session, code: u32, now: UnixMillis) -> Answer {
        let policy = &self.policy;
        let number = self.numbers.entry(caller.number).or_default();
        number.forget(policy, now);
        let network = caller.address.to_string();
        let guess = match number.begin_answer(
            policy,
            &session.challenge.to_string(),
            session.turn,
            now,
            Some(&network),
        ) {
            Ok(guess) => guess,
            Err(refusal) => return Answer::Refused(refused(refusal)),
        };
        session.turn = guess.turn;
        // What is let through is the newest code's, so that is the one to compare with.
        match self.open.get(&caller.number) {
            Some(open) if open.code == code => {
                number.conclude(policy, &guess, Outcome::Right);
                if let Some(country) = self.countries.get_mut(caller.country) {
                    country.verified(open.counted_at);
                }
                Answer::Right
            }
            _ => {
                number.conclude(policy, &guess, Outcome::Wrong);
                Answer::Wrong {
                    challenge: session.challenge,
                }
            }
        }
    }
}

fn refused(refusal: Refusal) -> Refused {
    let until = match refusal {
        Refusal::Wait { until, .. } => Some(until),
        _ => None,
    };
    let by = match refusal.name() {
        "pause" => "the pause between codes",
        "number_sends" => "the number's codes of the hour or day",
        "guesses" => "the number's answers of the hour or day",
        "address_sends" => "the address's codes of the hour or day",
        "address_countries" => "the address's countries of the day",
        "country_budget" => "the country's budget",
        "locked" => "the lock after too many wrong answers",
        "no_challenge" => "a newer code",
        "expired" => "the code's age",
        other => other,
    };
    Refused { until, by }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{DAY, START};

    const CALLER: Caller = Caller {
        address: 1,
        number: 1,
        country: "XA",
    };

    fn ours() -> Ours {
        Ours::new(Policy::default(), 1_000_000)
    }

    #[test]
    fn it_sends_and_refuses_at_the_very_times_at_which_the_guards_do() {
        let (mut ours, mut rng) = (ours(), Rng::with_seed(1));
        let (policy, mut number) = (Policy::default(), Number::default());
        for minute in 0..2 * DAY / 60_000 {
            let now = START.plus(minute * 60_000);
            // Each from an address of its own, so that the number alone decides.
            let address = u32::try_from(minute).unwrap();
            let asked = ours.ask(Caller { address, ..CALLER }, now, &mut rng);
            let expected = number.begin_send(&policy, now, Asker::default());
            assert_eq!(asked.map(|_| ()), expected.map(|_| ()).map_err(refused), "{minute}");
        }
    }

    #[test]
    fn what_a_number_refuses_does_not_count_for_the_address() {
        let (mut ours, mut rng) = (ours(), Rng::with_seed(1));
        let mut ask = |number| ours.ask(Caller { number, ..CALLER }, START, &mut rng).is_ok();
        assert!(ask(1));
        for _ in 0..10 {
            assert!(!ask(1));
        }
        // Five an hour, the first included.
        assert!((2..6).all(&mut ask));
        assert!(!ask(6));
    }

    #[test]
    fn what_a_country_refuses_counts_for_nobody() {
        let mut policy = Policy::default();
        policy.conversion.on_budget = OnBudget::Deny;
        policy.conversion.floor = 1;
        let (mut ours, mut rng) = (Ours::new(policy, 10), Rng::with_seed(1));
        ours.ask(CALLER, START, &mut rng).unwrap();
        let other = Caller {
            address: 2,
            number: 2,
            country: "XA",
        };
        for _ in 0..9 {
            let refused = ours.ask(other, START, &mut rng).unwrap_err();
            assert_eq!(refused.by, "the country's budget");
        }
        let elsewhere = Caller { country: "XB", ..other };
        ours.ask(elsewhere, START, &mut rng).unwrap();
    }

    #[test]
    fn the_right_answer_ends_a_challenge_and_a_fourth_is_not_looked_at() {
        let (mut ours, mut rng) = (ours(), Rng::with_seed(1));
        let mut sent = ours.ask(CALLER, START, &mut rng).unwrap();
        for _ in 0..3 {
            let answer = ours.answer(CALLER, &mut sent.session, sent.code + 1, START);
            assert_eq!(answer, Answer::Wrong { challenge: 1 });
        }
        let fourth = ours.answer(CALLER, &mut sent.session, sent.code, START);
        assert!(matches!(fourth, Answer::Refused(_)));

        let later = START.plus(120_000);
        let mut sent = ours.ask(CALLER, later, &mut rng).unwrap();
        let too_late = ours.answer(CALLER, &mut sent.session, sent.code, later.plus(LIFETIME + 1));
        assert!(matches!(too_late, Answer::Refused(_)));
    }
}
