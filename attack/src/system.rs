//! What is attacked: ours or a peer. Both are asked for codes and given answers in the same way.

use fastrand::Rng;
use guard::UnixMillis;

use crate::ours::Ours;
use crate::peer::Peer;

/// Who makes a request, and for which number. Addresses and numbers are just numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) address: u32,
    pub(crate) number: u32,
    pub(crate) country: &'static str,
}

/// What whoever asked for a code has in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) challenge: u64,
    /// Answers that were compared in this session.
    pub(crate) turn: u32,
}

/// A code was texted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) session: Session,
    /// Only whoever holds the phone may look.
    pub(crate) code: u32,
}

/// A request was turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused {
    /// When to try again; `None` if waiting does not help.
    pub(crate) until: Option<UnixMillis>,
    /// By what, in words.
    pub(crate) by: &'static str,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Right,
    /// It was compared with the code of this challenge.
    Wrong {
        challenge: u64,
    },
    /// It was not compared.
    Refused(Refused),
}

/// Either is large, and there are few of them.
#[derive(Debug, Clone)]
pub(crate) enum System {
    Ours(Box<Ours>),
    Peer(Box<Peer>),
}

impl System {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Ours(ours) => ours.name(),
            Self::Peer(peer) => peer.name(),
        }
    }

    /// Answers to one code that are compared at most; `None` if there is no such limit.
    pub(crate) fn tries(&self) -> Option<u32> {
        match self {
            Self::Ours(ours) => Some(ours.tries()),
            Self::Peer(peer) => peer.tries(),
        }
    }

    /// Asks for a code.
    pub(crate) fn ask(&mut self, caller: Caller, now: UnixMillis, rng: &mut Rng) -> Result<Sent, Refused> {
        match self {
            Self::Ours(ours) => ours.ask(caller, now, rng),
            Self::Peer(peer) => peer.ask(caller, now, rng),
        }
    }

    /// Answers a challenge.
    pub(crate) fn answer(&mut self, caller: Caller, session: &mut Session, code: u32, now: UnixMillis) -> Answer {
        match self {
            Self::Ours(ours) => ours.answer(caller, session, code, now),
            Self::Peer(peer) => peer.answer(caller, session, code, now),
        }
    }
}
