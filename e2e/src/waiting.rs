//! Waiting for a condition instead of for a time.

use std::{
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(25);

/// Looks until `condition` gives something; fails the test after `limit`, naming `what` was waited for.
#[track_caller]
pub fn until<T>(what: &str, limit: Duration, condition: impl FnMut() -> Option<T>) -> T {
    within(limit, condition).unwrap_or_else(|| panic!("waited {} s in vain for {what}", limit.as_secs()))
}

/// Looks until `condition` gives something, but for `limit` at most.
pub fn within<T>(limit: Duration, mut condition: impl FnMut() -> Option<T>) -> Option<T> {
    let started = Instant::now();
    loop {
        let found = condition();
        if found.is_some() || started.elapsed() >= limit {
            return found;
        }
        thread::sleep(POLL);
    }
}

/// Seconds since the Unix epoch. The workers and the local AWS run on this machine and see the same clock.
pub fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("the clock is after 1970")
        .as_secs()
}

/// Waits until the clock shows `time` (Unix seconds).
#[track_caller]
pub fn until_clock_shows(time: u64) {
    let ahead = time.saturating_sub(now());
    until("the clock", Duration::from_secs(ahead.saturating_add(5)), || {
        (now() >= time).then_some(())
    });
}
