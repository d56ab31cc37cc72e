//! Networks from which a number's user has signed in before, and a part of the number's limits that is kept for them.
//!
//! Limits on a number can be turned against its owner: whoever uses them up locks the owner out. NIST SP 800-63B §5.2.2
//! names a remedy: to accept requests only from IP addresses from which the user has signed in before. Here such addresses are
//! not the only ones accepted; strangers share all but a reserve. No limit gets wider by it: known networks and strangers together have what the policy allows.

use serde::{Deserialize, Serialize};

use crate::{
    Policy,
    history::History,
    refusal::{Cause, Waiting},
    sending,
    time::{DAY, UnixMillis},
};

/// For how long a network is known after its last right answer, in milliseconds: a refresh token's life, after which everyone
/// signs in anew.
pub(crate) const KNOWN_FOR: u64 = 30 * DAY;

/// Most networks that are known of a number: home, work, a mobile carrier, and some that change.
const MOST: usize = 8;

/// What is remembered of networks, and of what came from all others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Known {
    /// Name, and when the last right answer came from it. Oldest first.
    networks: Vec<(String, UnixMillis)>,
    /// Codes that strangers asked for.
    sent: History,
    /// Answers that strangers gave.
    answered: History,
}

impl Known {
    /// Whether the reserve is not for whoever comes from there. While nobody is known, nobody is a stranger.
    fn is_stranger(&self, network: Option<&str>, now: UnixMillis) -> bool {
        self.at(now).next().is_some() && !self.knows(network, now)
    }

    fn knows(&self, network: Option<&str>, now: UnixMillis) -> bool {
        self.at(now).any(|known| Some(known) == network)
    }

    /// Those that are known then: whether the others are forgotten already makes no difference.
    fn at(&self, now: UnixMillis) -> impl Iterator<Item = &str> {
        let known = self.networks.iter().filter(move |(_, at)| now.since(*at) < KNOWN_FOR);
        known.map(|(known, _)| known.as_str())
    }

    /// Says what another code would have to wait for, beyond what everyone has to.
    pub(crate) fn wait_to_send(&self, policy: &Policy, network: Option<&str>, now: UnixMillis, waiting: &mut Waiting) {
        if self.is_stranger(network, now) {
            let limits = policy.sending.limits.without(policy.reserve_percent);
            waiting.add(limits.retry_at(&self.sent, now), Cause::NumberSends);
        }
    }

    /// Likewise for another answer.
    pub(crate) fn wait_to_answer(
        &self,
        policy: &Policy,
        network: Option<&str>,
        now: UnixMillis,
        waiting: &mut Waiting,
    ) {
        if self.is_stranger(network, now) {
            let limits = policy.guessing.limits.without(policy.reserve_percent);
            waiting.add(limits.retry_at(&self.answered, now), Cause::Guesses);
        }
    }

    /// A code that is counted under `at`.
    pub(crate) fn sent(&mut self, network: Option<&str>, at: UnixMillis) {
        if !self.knows(network, at) {
            self.sent.record(at);
        }
    }

    /// An answer that is counted under `at`.
    pub(crate) fn answered(&mut self, network: Option<&str>, at: UnixMillis) {
        if !self.knows(network, at) {
            self.answered.record(at);
        }
    }

    pub(crate) fn take_back_send(&mut self, at: UnixMillis) {
        self.sent.take_back(at);
    }

    pub(crate) fn take_back_answer(&mut self, at: UnixMillis) {
        self.answered.take_back(at);
    }

    /// A right answer came from there.
    pub(crate) fn remember(&mut self, network: &str, now: UnixMillis) {
        self.networks.retain(|(known, _)| known != network);
        if self.networks.len() >= MOST {
            self.networks.remove(0);
        }
        self.networks.push((network.to_owned(), now));
    }

    pub(crate) fn clear_sent(&mut self) {
        self.sent.clear();
    }

    pub(crate) fn clear_answered(&mut self) {
        self.answered.clear();
    }

    pub(crate) fn forget(&mut self, policy: &Policy, now: UnixMillis) {
        self.sent.forget(sending::kept_ms(&policy.sending), now);
        self.answered.forget(policy.guessing.limits.longest(), now);
        self.networks.retain(|(_, at)| now.since(*at) < KNOWN_FOR);
    }

    /// Whether something is left that counts for a day.
    pub(crate) fn has_counts(&self) -> bool {
        !self.sent.is_empty() || !self.answered.is_empty()
    }

    pub(crate) fn has_networks(&self) -> bool {
        !self.networks.is_empty()
    }
}

#[cfg(test)]
mod tests;
