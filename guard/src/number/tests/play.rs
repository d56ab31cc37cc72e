//! A number that things are done to.

use std::collections::{BTreeMap, VecDeque};

use proptest::{prelude::*, sample::select};

use super::super::*;
use crate::known::KNOWN_FOR;
use crate::{
    testing::{START, just_before},
    time::{MINUTE, SECOND},
};

/// Where something comes from; nowhere in particular if nobody knows.
pub(super) type Network = Option<&'static str>;

pub(super) const HOME: Network = Some("home");

#[derive(Clone, Debug)]
pub(super) enum Act {
    /// A code is asked for. It is sent, or taken back if that fails.
    Send {
        network: Network,
        is_human: bool,
        arrives: bool,
    },
    /// An answer, with the session of the open challenge or with one that was handed out so many answers before.
    Answer {
        network: Network,
        earlier: u32,
    },
    /// The oldest answer that was let through comes to its end.
    Conclude(Outcome),
    Order(Order),
}

pub(super) fn any_network() -> impl Strategy<Value = Network> {
    select(vec![None, HOME, Some("work"), Some("evil1"), Some("evil2")])
}

/// How long ago a right answer came from home, in milliseconds, if one did: long ago, or so long that home is about to be
/// forgotten.
pub(super) fn any_earlier() -> impl Strategy<Value = Option<u64>> {
    prop_oneof![
        2 => Just(None),
        1 => (0..KNOWN_FOR).prop_map(Some),
        1 => (KNOWN_FOR - DAY..KNOWN_FOR).prop_map(Some),
    ]
}

pub(super) fn any_outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        2 => Just(Outcome::Right),
        8 => Just(Outcome::Wrong),
        2 => Just(Outcome::NotAsked),
        1 => Just(Outcome::Unknown),
    ]
}

pub(super) fn any_answer() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => any_network().prop_map(|network| Act::Answer { network, earlier: 0 }),
        1 => (any_network(), 1..3_u32).prop_map(|(network, earlier)| Act::Answer { network, earlier }),
        4 => any_outcome().prop_map(Act::Conclude),
    ]
}

fn any_send() -> impl Strategy<Value = Act> {
    let any = (any_network(), any::<bool>(), prop::bool::weighted(0.8));
    any.prop_map(|(network, is_human, arrives)| Act::Send {
        network,
        is_human,
        arrives,
    })
}

/// What users and attackers can do.
pub(super) fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => any_send(),
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
    /// When the last right answer came from where.
    right: BTreeMap<String, UnixMillis>,
}

impl Play {
    /// `earlier`: as in [`any_earlier`].
    pub(super) fn new(policy: Policy, earlier: Option<u64>) -> Self {
        let (mut number, mut right) = (Number::default(), BTreeMap::new());
        if let (Some(earlier), Some(home)) = (earlier, HOME) {
            let at = UnixMillis(START.0 - earlier);
            number.known.remember(home, at);
            right.insert(home.to_owned(), at);
        }
        Self {
            policy,
            number,
            challenges: 0,
            turns: 0,
            guesses: VecDeque::new(),
            right,
        }
    }

    pub(super) fn knows(&self, network: Network, now: UnixMillis) -> bool {
        let right = network.and_then(|network| self.right.get(network));
        right.is_some_and(|at| now.since(*at) < 30 * DAY)
    }

    /// Returns the time under which a code or an answer is counted.
    pub(super) fn act(&mut self, act: &Act, now: UnixMillis) -> Result<UnixMillis, Refusal> {
        match act {
            Act::Send {
                network,
                is_human,
                arrives,
            } => {
                let asker = Asker {
                    network: *network,
                    is_human: *is_human,
                };
                let at = self.number.begin_send(&self.policy, now, asker)?;
                self.number.close_challenge(at);
                if *arrives {
                    self.challenges += 1;
                    self.turns = 0;
                    self.number.open_challenge(at, challenge(self.challenges, at));
                } else {
                    self.number.take_back_send(at);
                }
                Ok(at)
            }
            Act::Answer { network, earlier } => {
                let (id, turn) = (self.challenges.to_string(), self.turns.wrapping_sub(*earlier));
                let guess = self.number.begin_answer(&self.policy, &id, turn, now, *network)?;
                assert_eq!(guess.turn, turn + 1);
                self.turns = guess.turn;
                self.guesses.push_back((self.challenges, guess));
                Ok(*self.number.guessing.times().last().unwrap())
            }
            Act::Conclude(outcome) => {
                if let Some((challenge, guess)) = self.guesses.pop_front() {
                    self.number.conclude(&self.policy, &guess, *outcome);
                    if let (Outcome::Right, Some(network)) = (outcome, &guess.network) {
                        self.right.insert(network.clone(), guess.at);
                    }
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
        is_unsure: false,
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
    let rounded_up = now.plus(seconds * SECOND);
    let late = play.would(act, rounded_up);
    let network = match act {
        Act::Send { network, .. } | Act::Answer { network, .. } => *network,
        Act::Conclude(_) | Act::Order(_) => None,
    };
    let is_stranger = |at| !play.knows(network, at);
    // What is forgotten meanwhile changes what there is to wait for: less, if nobody is known any more; more, if others are.
    let (stranger_now, stranger_then) = (is_stranger(now), is_stranger(rounded_up));
    if !stranger_now && stranger_then {
        return;
    }
    let stays = stranger_now == stranger_then;
    if matches!(act, Act::Send { .. }) {
        for refused in [before, early].into_iter().filter(|_| stays) {
            assert!(matches!(refused, Err(Refusal::Wait { .. })), "{refused:?}");
        }
        for allowed in [then, late] {
            assert!(matches!(allowed, Ok(_) | Err(Refusal::HumanCheck)), "{allowed:?}");
        }
    } else {
        // The code may have expired meanwhile.
        let is_over = |told| matches!(told, Err(Refusal::Expired | Refusal::NoChallenge));
        for refused in [before, early].into_iter().filter(|_| stays) {
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
