//! Codes sent to one number.

use serde::{Deserialize, Serialize};

use crate::{
    history::History,
    limit::Limits,
    policy::SendPolicy,
    refusal::{Cause, Refusal, Waiting},
    time::{HOUR, UnixMillis},
};

/// The codes that were sent, or may have been.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Sending {
    sent: History,
    /// When the last code before the last right answer was sent: only later ones are of the present run.
    run_after: Option<UnixMillis>,
}

impl Sending {
    /// Says what another code would have to wait for, whoever asks for it. `reserve_percent`: how much more than the limits there
    /// may be in all.
    pub(crate) fn wait(&self, policy: &SendPolicy, reserve_percent: u32, now: UnixMillis, waiting: &mut Waiting) {
        waiting.add(self.paused_until(policy, now), Cause::Pause);
        let limits = policy.limits.plus(reserve_percent);
        waiting.add(limits.retry_at(&self.sent, now), Cause::NumberSends);
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
        // After a right answer the run has none yet. The shortest pause still holds.
        let pause = pauses.get(self.run().max(1) - 1).or(pauses.last())?;
        let until = self.sent.last()?.plus(*pause);
        (until > now).then_some(until)
    }

    /// How many codes the run has. Counted anew each time: one that is taken back leaves no trace.
    fn run(&self) -> usize {
        let of_run = self.run_after.map_or(self.sent.times(), |at| self.sent.after(at));
        let follows = |pair: &&[UnixMillis]| matches!(pair, [one, next] if next.since(*one) < HOUR);
        let following = of_run.windows(2).rev().take_while(follows).count();
        of_run.len().min(following + 1)
    }

    pub(crate) fn record(&mut self, now: UnixMillis) -> UnixMillis {
        self.sent.record(now)
    }

    pub(crate) fn take_back(&mut self, at: UnixMillis) {
        self.sent.take_back(at);
        self.run_after = self.run_after.min(self.sent.last());
    }

    /// Somebody answered with the right code: the next one begins a run.
    pub(crate) fn verified(&mut self) {
        self.run_after = self.sent.last();
    }

    pub(crate) fn forget(&mut self, policy: &SendPolicy, now: UnixMillis) {
        self.sent.forget(kept_ms(policy), now);
        self.run_after = self.run_after.min(self.sent.last());
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

/// For how long a code counts for anything, in milliseconds.
pub(crate) fn kept_ms(policy: &SendPolicy) -> u64 {
    let soft = policy.soft_limits.as_ref().map_or(0, Limits::longest);
    let pause = policy.pauses_ms.iter().max().copied().unwrap_or_default();
    // A run's length matters up to the number of pauses, and less than an hour lies between one code and the next.
    let run = HOUR.saturating_mul(policy.pauses_ms.len().saturating_sub(1) as u64);
    policy.limits.longest().max(soft).max(pause.saturating_add(run))
}

#[cfg(test)]
mod tests;
