//! One client address: the codes that it asked for, and for which countries.

use serde::{Deserialize, Serialize};

use crate::{
    Memory, Policy,
    history::History,
    limit::Limits,
    policy::AddressPolicy,
    refusal::{Cause, Refusal, Waiting},
    time::{DAY, UnixMillis},
};

/// What is remembered of an address. Not the address itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    asked: History,
    /// Likewise, and those that were taken back.
    tried: History,
    /// When a code for the country was last asked for; at most as many as the policy allows in a day.
    countries: Vec<(String, UnixMillis)>,
}

impl Address {
    /// Counts a code that this address asks for, or says why it may not. `country` is an ISO 3166 code. Returns the time under
    /// which it is counted.
    pub fn begin_send(
        &mut self,
        policy: &Policy,
        country: &str,
        now: UnixMillis,
        is_human: bool,
    ) -> Result<UnixMillis, Refusal> {
        let policy = &policy.address;
        let mut waiting = Waiting::default();
        waiting.add(policy.limits.retry_at(&self.asked, now), Cause::AddressSends);
        waiting.add(policy.attempts.retry_at(&self.tried, now), Cause::AddressAttempts);
        waiting.add(self.country_from(policy, country, now), Cause::AddressCountries);
        waiting.end()?;
        let soft = policy.soft_limits.as_ref().filter(|_| !is_human);
        if soft.is_some_and(|limits| limits.retry_at(&self.asked, now).is_some()) {
            return Err(Refusal::HumanCheck);
        }
        self.tried.record(now);
        let at = self.asked.record(now);
        match self.countries.iter_mut().find(|(known, _)| known == country) {
            // The clock may have gone back, and what was asked for last been taken back.
            Some((_, last)) => *last = at.max(*last),
            None => self.countries.push((country.to_owned(), at)),
        }
        Ok(at)
    }

    /// From when on `country` may be one of the day's; `None` if at once.
    fn country_from(&self, policy: &AddressPolicy, country: &str, now: UnixMillis) -> Option<UnixMillis> {
        let is_today = |at: &UnixMillis| now.since(*at) < DAY;
        let mut others: Vec<UnixMillis> = self
            .countries
            .iter()
            .filter(|(known, at)| known != country && is_today(at))
            .map(|(_, at)| *at)
            .collect();
        others.sort_unstable();
        // So many of them must be a day old before there is room for one more.
        let oldest = others.len().checked_sub(policy.countries)?;
        others.get(oldest).map(|at| at.plus(DAY))
    }

    /// The code that was counted under `at` was not sent. Its country stays one of the day's: trying many is what that limit
    /// is about.
    pub fn take_back_send(&mut self, at: UnixMillis) {
        self.asked.take_back(at);
    }
}

impl Memory for Address {
    fn forget(&mut self, policy: &Policy, now: UnixMillis) {
        self.asked.forget(kept_ms(&policy.address), now);
        self.tried.forget(policy.address.attempts.longest(), now);
        self.countries.retain(|(_, at)| now.since(*at) < DAY);
    }

    fn is_empty(&self) -> bool {
        self.asked.is_empty() && self.tried.is_empty() && self.countries.is_empty()
    }

    fn fades_in(&self, _: UnixMillis) -> Option<u64> {
        (!self.is_empty()).then_some(DAY)
    }
}

/// For how long a code counts for the limits, in milliseconds.
fn kept_ms(policy: &AddressPolicy) -> u64 {
    let soft = policy.soft_limits.as_ref().map_or(0, Limits::longest);
    policy.limits.longest().max(soft)
}

#[cfg(test)]
mod tests;
