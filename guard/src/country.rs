//! One country: how many codes are sent there that nobody verifies. Pumped texts go to numbers that nobody reads.

use serde::{Deserialize, Serialize};

use crate::{
    Memory, Policy,
    policy::{ConversionPolicy, OnBudget},
    refusal::{Cause, Refusal},
    time::{DAY, HOUR, MINUTE, UnixMillis},
};

/// For how long an hour can be the best one, in milliseconds.
const BEST_OF: u64 = 14 * DAY;

/// What is remembered of a country: the last hour minute by minute, the last 14 days hour by hour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Country {
    /// Oldest first, at most 62 of them.
    minutes: Vec<Minute>,
    /// Number of the hour since 1970, and codes verified that were sent in it. Oldest first, at most 337 of them.
    hours: Vec<(u64, u32)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Minute {
    /// Its number since 1970.
    number: u64,
    sent: u32,
    /// Of those sent in this minute.
    verified: u32,
}

/// How a country stands when a code is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Codes of the last hour that nobody verified, the one that is asked for included.
    pub unverified: u32,
    /// How many of them there may be.
    pub limit: u32,
    /// Whether the code may be sent, and since when it is counted.
    pub decision: Result<UnixMillis, Refusal>,
}

impl Budget {
    /// Whether there are more than there may be.
    pub const fn is_exceeded(&self) -> bool {
        self.unverified > self.limit
    }
}

impl Country {
    /// Counts a code as sent, unless the budget is used up and the policy denies it then.
    ///
    /// An hour is sixty whole minutes and the one that has begun, so that no sixty minutes have more than the budget.
    pub fn begin_send(&mut self, policy: &Policy, now: UnixMillis) -> Budget {
        let policy = &policy.conversion;
        let minute = self.minute_at(now);
        let limit = self.limit(policy, now.max(start_of(minute)));
        let unverified = self.unverified_from(minute.saturating_sub(60)).saturating_add(1);
        if unverified > limit && policy.on_budget == OnBudget::Deny {
            let until = self.free_at(policy, minute);
            let cause = Cause::CountryBudget;
            return Budget {
                unverified,
                limit,
                decision: Err(Refusal::Wait { until, cause }),
            };
        }
        match self.minutes.last_mut() {
            Some(last) if last.number == minute => last.sent = last.sent.saturating_add(1),
            _ => self.minutes.push(Minute {
                number: minute,
                sent: 1,
                verified: 0,
            }),
        }
        Budget {
            unverified,
            limit,
            decision: Ok(start_of(minute)),
        }
    }

    /// The code that was counted under `at` was not sent.
    pub fn take_back_send(&mut self, at: UnixMillis) {
        if let Some(minute) = self.minute_mut(at) {
            minute.sent = minute.sent.saturating_sub(1).max(minute.verified);
        }
        self.minutes.retain(|minute| minute.sent > 0);
    }

    /// The code that was counted under `at` was verified.
    pub fn verified(&mut self, at: UnixMillis) {
        if let Some(minute) = self.minute_mut(at) {
            minute.verified = minute.verified.saturating_add(1).min(minute.sent);
        }
        let hour = at.0 / HOUR;
        if let Some((_, verified)) = self.hours.iter_mut().find(|(known, _)| *known == hour) {
            *verified = verified.saturating_add(1);
        } else {
            let place = self.hours.partition_point(|(known, _)| *known < hour);
            self.hours.insert(place, (hour, 1));
        }
    }

    /// The minute of `now`, or the newest known one if the clock went back.
    fn minute_at(&self, now: UnixMillis) -> u64 {
        let minute = now.0 / MINUTE;
        self.minutes.last().map_or(minute, |last| last.number.max(minute))
    }

    fn minute_mut(&mut self, at: UnixMillis) -> Option<&mut Minute> {
        self.minutes.iter_mut().find(|minute| minute.number == at.0 / MINUTE)
    }

    fn limit(&self, policy: &ConversionPolicy, now: UnixMillis) -> u32 {
        let recent = self.hours.iter().filter(|(hour, _)| counts(*hour, now));
        let best = recent.map(|(_, verified)| *verified).max().unwrap_or_default();
        let share = u64::from(best) * u64::from(policy.percent) / 100;
        policy.floor.max(u32::try_from(share).unwrap_or(u32::MAX))
    }

    /// Codes sent and not verified since the beginning of a minute.
    fn unverified_from(&self, minute: u64) -> u32 {
        let recent = self.minutes.iter().filter(|counted| counted.number >= minute);
        recent.map(Minute::unverified).fold(0, u32::saturating_add)
    }

    /// When so many of the unverified have become old that one more fits in. The limit may have fallen until then.
    fn free_at(&self, policy: &ConversionPolicy, now: u64) -> UnixMillis {
        let first = now.saturating_sub(60);
        let recent = self.minutes.iter().filter(|minute| minute.number >= first);
        let without = recent.map(|minute| minute.number.saturating_add(1));
        let at = |from: u64| start_of(from.saturating_add(60));
        let free = without
            .map(|from| (self.unverified_from(from), at(from)))
            .find(|(unverified, at)| *unverified < self.limit(policy, *at));
        free.map_or(at(now), |(_, at)| at)
    }
}

impl Minute {
    fn unverified(&self) -> u32 {
        self.sent.saturating_sub(self.verified)
    }
}

fn start_of(minute: u64) -> UnixMillis {
    UnixMillis(minute.saturating_mul(MINUTE))
}

/// Whether the hour is one of the last 14 days.
fn counts(hour: u64, now: UnixMillis) -> bool {
    now.since(UnixMillis(hour.saturating_mul(HOUR))) < BEST_OF
}

impl Memory for Country {
    fn forget(&mut self, _: &Policy, now: UnixMillis) {
        let first = self.minute_at(now).saturating_sub(60);
        self.minutes.retain(|minute| minute.number >= first);
        self.hours.retain(|(hour, _)| counts(*hour, now));
    }

    fn is_empty(&self) -> bool {
        self.minutes.is_empty() && self.hours.is_empty()
    }

    fn fades_in(&self, _: UnixMillis) -> Option<u64> {
        (!self.is_empty()).then_some(DAY)
    }
}

#[cfg(test)]
mod tests;
