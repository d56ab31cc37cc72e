//! A number that things are done to.

use std::collections::VecDeque;

use proptest::prelude::*;

use super::super::*;
use crate::{
    testing::{just_before, stranger},
    time::{MINUTE, SECOND},
};

#[derive(Clone, Debug)]
pub(super) enum Act {
    /// A code is asked for. It is sent, or taken back if that fails.
    Send {
        is_human: bool,
        arrives: bool,
    },
    /// An answer, with the session of the open challenge or with one that was handed out so many answers before.
    Answer {
        earlier: u32,
    },
    /// The oldest answer that was let through comes to its end.
    Conclude(Outcome),
    Order(Order),
}

pub(super) fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        1 => Just(Outcome::Right),
        8 => Just(Outcome::Wrong),
        2 => Just(Outcome::NotAsked),
        1 => Just(Outcome::Unknown),
    ]
}

pub(super) fn any_answer() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => Just(Act::Answer { earlier: 0 }),
        1 => (1..3_u32).prop_map(|earlier| Act::Answer { earlier }),
        4 => any_outcome().prop_map(Act::Conclude),
    ]
}

/// What users and attackers can do.
pub(super) fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (any::<bool>(), prop::bool::weighted(0.8)).prop_map(|(is_human, arrives)| Act::Send { is_human, arrives }),
        6 => any_answer(),
    ]
}

/// What operators can do besides.
pub(super) fn any_act_or_order() -> impl Strategy<Value = Act> {
    let order = prop_oneof![Just(Order::Unlock), Just(Order::Block), Just(Order::Allow)];
    prop_oneof![15 => any_act(), 1 => order.prop_map(Act::Order)]
}

/// A number, and what the worker would hold in its hands.
#[derive(Clone)]
pub(super) struct Play {
    pub(super) policy: Policy,
    pub(super) number: Number,
    /// Challenges opened so far; the newest has this number as its id.
    pub(super) challenges: u32,
    /// Answers let through to the newest.
    pub(super) turns: u32,
    /// Answers under way, and to which challenge.
    pub(super) guesses: VecDeque<(u32, Guess)>,
}

impl Play {
    pub(super) fn new(policy: Policy) -> Self {
        Self {
            policy,
            number: Number::default(),
            challenges: 0,
            turns: 0,
            guesses: VecDeque::new(),
        }
    }

    /// Returns the time under which a code or an answer is counted.
    pub(super) fn act(&mut self, act: &Act, now: UnixMillis) -> Result<UnixMillis, Refusal> {
        match act {
            Act::Send { is_human, arrives } => {
                let at = self.number.begin_send(&self.policy, now, stranger(*is_human))?;
                self.number.close_challenge();
                if *arrives {
                    self.challenges += 1;
                    self.turns = 0;
                    self.number.open_challenge(challenge(self.challenges, at));
                } else {
                    self.number.take_back_send(at);
                }
                Ok(at)
            }
            Act::Answer { earlier } => {
                let (id, turn) = (self.challenges.to_string(), self.turns.wrapping_sub(*earlier));
                let guess = self.number.begin_answer(&self.policy, &id, turn, now, None)?;
                assert_eq!(guess.turn, turn + 1);
                self.turns = guess.turn;
                self.guesses.push_back((self.challenges, guess));
                Ok(*self.number.guessing.times().last().unwrap())
            }
            Act::Conclude(outcome) => {
                if let Some((challenge, guess)) = self.guesses.pop_front() {
                    self.number.conclude(&self.policy, &guess, *outcome);
                    let gives_back = challenge == self.challenges && guess.turn == self.turns;
                    if *outcome == Outcome::NotAsked && gives_back {
                        self.turns -= 1;
                    }
                }
                Ok(now)
            }
            Act::Order(order) => {
                self.number.carry_out(*order, "operator".to_owned(), now);
                Ok(now)
            }
        }
    }

    /// What the same would be told, were it asked for at another time.
    pub(super) fn would(&self, act: &Act, now: UnixMillis) -> Result<UnixMillis, Refusal> {
        self.clone().act(act, now)
    }
}

pub(super) fn challenge(id: u32, sent_at: UnixMillis) -> Challenge {
    Challenge {
        id: id.to_string(),
        sent_at,
        expires_at: sent_at.plus(5 * MINUTE),
        answers: 0,
    }
}

/// The pause that must be kept after the last of the codes. With each: whether a right answer came after it.
pub(super) fn pause_after(codes: &[(UnixMillis, bool)], pauses: &[u64]) -> u64 {
    let mut run = 0_usize;
    let mut last: Option<(UnixMillis, bool)> = None;
    for (at, answered) in codes {
        let goes_on = last.is_some_and(|(last, answered)| !answered && at.since(last) < HOUR);
        run = if goes_on { run + 1 } else { 1 };
        last = Some((*at, *answered));
    }
    let step = if last.is_some_and(|(_, answered)| answered) {
        1
    } else {
        run
    };
    let within = step.clamp(1, pauses.len().max(1)) - 1;
    pauses.get(within).copied().unwrap_or_default()
}

pub(super) fn assert_retry_is_true(play: &Play, act: &Act, now: UnixMillis, until: UnixMillis) {
    assert!(until > now);
    let before = play.would(act, just_before(until));
    let then = play.would(act, until);
    let seconds = until.seconds_from(now);
    let early = play.would(act, now.plus((seconds - 1) * SECOND));
    let late = play.would(act, now.plus(seconds * SECOND));
    if matches!(act, Act::Send { .. }) {
        for refused in [before, early] {
            assert!(matches!(refused, Err(Refusal::Wait { .. })), "{refused:?}");
        }
        for allowed in [then, late] {
            assert!(matches!(allowed, Ok(_) | Err(Refusal::HumanCheck)), "{allowed:?}");
        }
    } else {
        // The code may have expired meanwhile.
        let is_over = |told| matches!(told, Err(Refusal::Expired | Refusal::NoChallenge));
        for refused in [before, early] {
            assert!(
                matches!(refused, Err(Refusal::Wait { .. })) || is_over(refused),
                "{refused:?}"
            );
        }
        for allowed in [then, late] {
            assert!(allowed.is_ok() || is_over(allowed), "{allowed:?}");
        }
    }
}
