//! Points in time, to the millisecond: a limit that counted in whole seconds could be a second short.

use serde::{Deserialize, Serialize};

pub(crate) const SECOND: u64 = 1_000;
pub(crate) const MINUTE: u64 = 60 * SECOND;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMillis(pub u64);

impl UnixMillis {
    /// The point in time `milliseconds` later; stays at the end of time instead of wrapping round.
    #[must_use]
    pub const fn plus(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Milliseconds from `earlier` to this; zero if it is not earlier. A clock that went back makes no time pass.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whole seconds from `now` until this, rounded up: after so many it has come, one less and it has not. At least 1, as
    /// `Retry-After: 0` would invite to try at once.
    pub fn seconds_from(self, now: Self) -> u64 {
        self.since(now).div_ceil(SECOND).max(1)
    }

    /// Unix seconds, rounded up.
    pub const fn to_seconds_up(self) -> u64 {
        self.0.div_ceil(SECOND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_to_wait_are_enough_and_no_more_than_enough() {
        let at = UnixMillis(60_000);
        for (now, seconds) in [(0, 60), (1, 60), (999, 60), (1_000, 59), (59_001, 1), (60_000, 1)] {
            assert_eq!(at.seconds_from(UnixMillis(now)), seconds, "{now}");
        }
        assert_eq!(UnixMillis(1_001).to_seconds_up(), 2);
    }

    #[test]
    fn time_never_runs_backwards() {
        assert_eq!(UnixMillis(5).since(UnixMillis(7)), 0);
        assert_eq!(UnixMillis(u64::MAX).plus(1), UnixMillis(u64::MAX));
    }
}
