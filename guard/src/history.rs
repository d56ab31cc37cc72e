//! When something happened, as far back as it matters.

use serde::{Deserialize, Serialize};

use crate::time::UnixMillis;

/// Times in ascending order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct History(Vec<UnixMillis>);

impl History {
    pub(crate) fn times(&self) -> &[UnixMillis] {
        &self.0
    }

    pub(crate) fn last(&self) -> Option<UnixMillis> {
        self.0.last().copied()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The times after `since`.
    pub(crate) fn after(&self, since: UnixMillis) -> &[UnixMillis] {
        let begin = self.0.partition_point(|at| *at <= since);
        self.0.get(begin..).unwrap_or_default()
    }

    /// Records what happens now, and returns when that is: after all that happened already, so that no two have the same time
    /// and a clock that went back makes no room.
    pub(crate) fn record(&mut self, now: UnixMillis) -> UnixMillis {
        let at = self.last().map_or(now, |last| now.max(last.plus(1)));
        self.0.push(at);
        at
    }

    /// Takes back what was recorded as happening at `at`.
    pub(crate) fn take_back(&mut self, at: UnixMillis) -> bool {
        let found = self.0.iter().rposition(|recorded| *recorded == at);
        found.map(|position| self.0.remove(position)).is_some()
    }

    /// Drops what happened `kept_ms` milliseconds ago or earlier.
    pub(crate) fn forget(&mut self, kept_ms: u64, now: UnixMillis) {
        self.0.retain(|at| now.since(*at) < kept_ms);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
