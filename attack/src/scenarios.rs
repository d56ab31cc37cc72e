//! The attacks, one module each.

pub(crate) mod address;
pub(crate) mod country;
pub(crate) mod guess;
pub(crate) mod number;

mod flooded;

use fastrand::Rng;
use guard::{OnBudget, Policy, UnixMillis};

use crate::chance::CODES;
use crate::clock::{DAY, START};
use crate::ours::Ours;
use crate::peer::Peer;
use crate::peers;
use crate::report::Row;
use crate::system::{Answer, Caller, System};
use crate::world::TYPING;

/// What can be attacked, anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scenario {
    Number,
    Address,
    Country,
    Guess,
}

/// What came of a scenario.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Findings {
    pub(crate) rows: Vec<Row>,
    pub(crate) calculation: Vec<String>,
    /// What is not as it must be.
    pub(crate) faults: Vec<String>,
}

impl Scenario {
    pub(crate) const ALL: [Self; 4] = [Self::Number, Self::Address, Self::Country, Self::Guess];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scenario| scenario.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Number => number::NAME,
            Self::Address => address::NAME,
            Self::Country => country::NAME,
            Self::Guess => guess::NAME,
        }
    }

    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::Number => number::WHAT,
            Self::Address => address::WHAT,
            Self::Country => country::WHAT,
            Self::Guess => guess::WHAT,
        }
    }

    pub(crate) fn run(self, seed: u64) -> Findings {
        let flooded = |rows| Findings {
            rows,
            ..Findings::default()
        };
        match self {
            Self::Number => flooded(number::run(seed)),
            Self::Address => flooded(address::run(seed)),
            Self::Country => flooded(country::run(seed)),
            Self::Guess => guess::run(seed),
        }
    }
}

/// Ours with the defaults, but for what a used-up budget of a country leads to.
fn ours(on_budget: OnBudget, codes: u32) -> System {
    let mut policy = Policy::default();
    policy.conversion.on_budget = on_budget;
    System::Ours(Box::new(Ours::new(policy, codes)))
}

/// The system with a user who signed in a day before the attack, from where he comes now.
fn with_known(mut system: System, user: Caller, seed: u64) -> System {
    let at = UnixMillis(START.0 - DAY);
    if let Ok(mut sent) = system.ask(user, at, &mut Rng::with_seed(seed)) {
        let answer = system.answer(user, &mut sent.session, sent.code, at.plus(TYPING));
        debug_assert!(matches!(answer, Answer::Right), "{answer:?}");
    }
    system
}

fn systems() -> Vec<System> {
    let peers = peers::ALL.map(|limits| System::Peer(Box::new(Peer::new(limits, CODES))));
    [OnBudget::Record, OnBudget::Deny]
        .map(|on_budget| ours(on_budget, CODES))
        .into_iter()
        .chain(peers)
        .collect()
}
