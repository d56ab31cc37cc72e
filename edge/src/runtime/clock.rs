//! Time. `SystemTime::now()` panics on wasm32-unknown-unknown; the platform's clock is `Date.now()`, which stands still
//! between two I/O operations.

use std::{pin::pin, time::Duration};

use challenge::UnixSeconds;
use futures_util::future::{Either, select};
use guard::UnixMillis;

/// Milliseconds since the Unix epoch.
pub(crate) fn now_ms() -> u64 {
    // Date.now() is a whole number far below 2^53.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "Date.now() is a small positive integer"
    )]
    let now = js_sys::Date::now() as u64;
    now
}

/// Milliseconds since the Unix epoch, as Guards count them.
pub(crate) fn now_millis() -> UnixMillis {
    UnixMillis(now_ms())
}

/// Seconds since the Unix epoch.
pub(crate) fn now() -> UnixSeconds {
    UnixSeconds(now_ms() / 1_000)
}

/// Waits. The timer belongs to the request that calls this and ends with it.
pub(crate) async fn sleep(duration: Duration) {
    worker::Delay::from(duration).await;
}

/// What `work` comes to, or `None` if that takes longer than `limit`.
pub(crate) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    match select(pin!(work), pin!(sleep(limit))).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}

/// The moment by which a request must be answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    at_ms: u64,
}

impl Deadline {
    pub(crate) fn after(duration: Duration) -> Self {
        Self {
            at_ms: now_ms().saturating_add(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)),
        }
    }

    /// At this time, in milliseconds since the Unix epoch.
    pub(crate) fn at(at_ms: u64) -> Self {
        Self { at_ms }
    }

    /// Milliseconds since the Unix epoch.
    pub(crate) fn at_ms(self) -> u64 {
        self.at_ms
    }

    /// Zero once it has passed.
    pub(crate) fn remaining(self) -> Duration {
        Duration::from_millis(self.at_ms.saturating_sub(now_ms()))
    }
}
