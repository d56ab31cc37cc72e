//! Codes sent to one number.

use serde::{Deserialize, Serialize};

use crate::{
    history::History,
    policy::SendPolicy,
    refusal::{Cause, Refusal, Waiting},
    time::{HOUR, UnixMillis},
};

/// The codes that were sent, or may have been.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Sending {
    sent: History,
    /// How many codes this run has, up to the last one.
    run: usize,
}

impl Sending {
    /// Says what another code would have to wait for.
    pub(crate) fn wait(&self, policy: &SendPolicy, now: UnixMillis, waiting: &mut Waiting) {
        waiting.add(self.paused_until(policy, now), Cause::Pause);
        waiting.add(policy.limits.retry_at(&self.sent, now), Cause::NumberSends);
    }

    /// Whether another code would be one more than the soft limits allow for everyone.
    pub(crate) fn needs_human(&self, policy: &SendPolicy, now: UnixMillis) -> Result<(), Refusal> {
        let soft = policy.soft_limits.as_ref();
        match soft.and_then(|limits| limits.retry_at(&self.sent, now)) {
            Some(_) => Err(Refusal::HumanCheck),
            None => Ok(()),
        }
    }

    fn paused_until(&self, policy: &SendPolicy, now: UnixMillis) -> Option<UnixMillis> {
        let pauses = &policy.pauses_ms;
        let pause = pauses.get(self.run.max(1) - 1).or(pauses.last())?;
        let until = self.sent.last()?.plus(*pause);
        (until > now).then_some(until)
    }

    pub(crate) fn record(&mut self, now: UnixMillis) -> UnixMillis {
        let goes_on = self.sent.last().is_some_and(|last| now.since(last) < HOUR);
        self.run = if goes_on { self.run + 1 } else { 1 };
        self.sent.record(now)
    }

    pub(crate) fn take_back(&mut self, at: UnixMillis) {
        if self.sent.take_back(at) {
            self.run = self.run.saturating_sub(1);
        }
    }

    /// Somebody answered with the right code: pauses begin anew. The shortest one still holds.
    pub(crate) fn verified(&mut self) {
        self.run = self.run.min(1);
    }

    pub(crate) fn forget(&mut self, policy: &SendPolicy, now: UnixMillis) {
        self.sent.forget(&policy.limits, now);
        if self.sent.is_empty() {
            self.run = 0;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.sent.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn times(&self) -> &[UnixMillis] {
        self.sent.times()
    }
}
