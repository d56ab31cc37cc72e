//! What a Guard's refusal means to the client.

use guard::{Refusal, UnixMillis};

use super::Refused;
use crate::{http::problem::Problem, runtime::clock};

/// To somebody who asks for a code.
pub(super) fn refused_code(refusal: Refusal) -> Refused {
    refused(refusal, Problem::DestinationNotAllowed, clock::now_millis())
}

/// To somebody who answers with one.
pub(super) fn refused_answer(refusal: Refusal) -> Refused {
    refused(refusal, Problem::NotAuthorized, clock::now_millis())
}

/// `blocked`: what a number is told that an operator blocked.
fn refused(refusal: Refusal, blocked: Problem, now: UnixMillis) -> Refused {
    let problem = match refusal {
        Refusal::Wait { until, .. } => Problem::TooManyRequests {
            retry_after: until.seconds_from(now),
            retry_at: until.to_seconds_up(),
        },
        Refusal::HumanCheck => Problem::HumanCheckRequired,
        Refusal::Blocked => blocked,
        Refusal::Locked | Refusal::NoChallenge => Problem::NotAuthorized,
        Refusal::Expired => Problem::ExpiredCode,
    };
    Refused {
        problem,
        reason: Some(refusal.name()),
    }
}

#[cfg(test)]
mod tests {
    use guard::Cause;

    use super::*;

    #[test]
    fn retry_after_is_whole_seconds_that_are_just_enough() {
        let until = UnixMillis(1_800_000_060_500);
        let refusal = Refusal::Wait {
            until,
            cause: Cause::Pause,
        };
        let refused = refused(refusal, Problem::Internal, UnixMillis(1_800_000_000_900));
        assert_eq!(
            (refused.problem, refused.reason),
            (
                Problem::TooManyRequests {
                    retry_after: 60,
                    retry_at: 1_800_000_061
                },
                Some("pause")
            )
        );
    }

    #[test]
    fn a_lock_looks_like_any_other_used_up_session() {
        for refusal in [Refusal::Locked, Refusal::NoChallenge] {
            let refused = refused(refusal, Problem::Internal, UnixMillis(0));
            assert_eq!(refused.problem, Problem::NotAuthorized);
        }
    }
}
