//! Networks from which a number's user has signed in before, and what came from all others.
//!
//! Limits on a number can be turned against its owner: whoever uses them up locks the owner out. NIST SP 800-63B §5.2.2
//! names a remedy: to accept requests only from IP addresses from which the user has signed in before. Here such addresses are
//! not the only ones accepted; they have a reserve, beyond what the limits allow to everyone.
//!
//! What strangers may do does not depend on whether anybody is known: else they could tell a number with a user from one
//! without.

use serde::{Deserialize, Serialize};

use crate::{
    Policy, guessing,
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
    /// Whether a right answer came from there lately. One that is due to be forgotten makes no difference any more.
    fn knows(&self, network: Option<&str>, now: UnixMillis) -> bool {
        let known = self.networks.iter().filter(|(_, at)| now.since(*at) < KNOWN_FOR);
        known.into_iter().any(|(known, _)| Some(known.as_str()) == network)
    }

    /// Says what another code would have to wait for if it is a stranger's.
    pub(crate) fn wait_to_send(&self, policy: &Policy, network: Option<&str>, now: UnixMillis, waiting: &mut Waiting) {
        if !self.knows(network, now) {
            waiting.add(policy.sending.limits.retry_at(&self.sent, now), Cause::NumberSends);
        }
    }

    /// Likewise for another answer. `right_at`: when the last right one was given.
    pub(crate) fn wait_to_answer(
        &self,
        policy: &Policy,
        network: Option<&str>,
        right_at: Option<UnixMillis>,
        now: UnixMillis,
        waiting: &mut Waiting,
    ) {
        if !self.knows(network, now) {
            let retry_at = guessing::retry_at(&policy.guessing.limits, &self.answered, right_at, now);
            waiting.add(retry_at, Cause::Guesses);
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

    /// How long the oldest network is still known, in milliseconds.
    pub(crate) fn fades_in(&self, now: UnixMillis) -> Option<u64> {
        let (_, oldest) = self.networks.first()?;
        Some(KNOWN_FOR.saturating_sub(now.since(*oldest)).max(1))
    }
}

#[cfg(test)]
mod tests;
