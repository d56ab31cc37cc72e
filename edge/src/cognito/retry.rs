//! Whether and when a failed call is made again.
//!
//! Exponential backoff with full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog), within the request's
//! deadline.

use std::time::Duration;

use super::{failure::Failure, operation::Repeatable};

/// Calls in all, the first one included.
const MAX_CALLS: u32 = 3;

/// Upper bound of the first pause; doubled for each later one.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The pause before the next call, or `None` if there shall be none.
///
/// `calls` have been made, the last one ended with `failure`, `remaining` is left of the deadline, and `jitter` is a
/// random byte.
pub(super) fn pause(
    repeatable: Repeatable,
    failure: Failure,
    calls: u32,
    remaining: Duration,
    jitter: u8,
) -> Option<Duration> {
    let safe = match failure {
        Failure::Throttled => true,
        Failure::Unavailable | Failure::Unreachable => repeatable == Repeatable::Always,
        // After a time-out nothing is left of the deadline; all others would fail again.
        _ => false,
    };
    if !safe || calls >= MAX_CALLS {
        return None;
    }
    let bound = FIRST_PAUSE.saturating_mul(1 << calls.saturating_sub(1).min(8));
    let pause = bound.mul_f64(f64::from(jitter) / 255.0);
    (pause < remaining).then_some(pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMPLE: Duration = Duration::from_secs(5);

    #[test]
    fn only_throttling_repeats_an_answer_to_a_challenge() {
        for failure in [
            Failure::Unavailable,
            Failure::Unreachable,
            Failure::TimedOut,
            Failure::TriggerFailed,
        ] {
            assert_eq!(
                pause(Repeatable::OnlyIfThrottled, failure, 1, AMPLE, 0),
                None,
                "{failure:?}"
            );
        }
        assert!(pause(Repeatable::OnlyIfThrottled, Failure::Throttled, 1, AMPLE, 0).is_some());
    }

    #[test]
    fn failures_that_would_fail_again_are_final() {
        for failure in [
            Failure::NotAuthorized,
            Failure::UserDisabled,
            Failure::UserNotFound,
            Failure::UserNotReady,
            Failure::UsernameExists,
            Failure::InvalidParameter,
            Failure::TokenType,
            Failure::TriggerFailed,
            Failure::TimedOut,
            Failure::Credentials,
            Failure::Unexpected,
        ] {
            assert_eq!(pause(Repeatable::Always, failure, 1, AMPLE, 0), None, "{failure:?}");
        }
    }

    #[test]
    fn pauses_grow_with_jitter_and_end_after_three_calls() {
        let pause = |calls, jitter| pause(Repeatable::Always, Failure::Unavailable, calls, AMPLE, jitter);
        assert_eq!(pause(1, 0), Some(Duration::ZERO));
        assert_eq!(pause(1, 255), Some(Duration::from_millis(100)));
        assert_eq!(pause(2, 255), Some(Duration::from_millis(200)));
        assert_eq!(pause(3, 0), None);
    }

    #[test]
    fn no_pause_reaches_beyond_the_deadline() {
        let remaining = Duration::from_millis(100);
        assert_eq!(pause(Repeatable::Always, Failure::Throttled, 2, remaining, 255), None);
        assert_eq!(
            pause(Repeatable::Always, Failure::Throttled, 1, Duration::ZERO, 0),
            None
        );
    }
}
