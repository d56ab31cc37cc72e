//! Why an origin did not answer, and what the client hears of it.

use crate::{http::problem::Problem, runtime::origin::Rejection};

/// What happened, with a fixed word for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// It took too long, or took too long to be reached.
    Timeout,
    /// Nobody there, or the connection ended before an answer began.
    Unreachable,
    /// What came back is no answer in HTTP.
    Malformed,
    /// Cloudflare could not speak with it: a certificate that it does not accept, an answer that it does not understand.
    Refused,
}

impl Failure {
    /// What the platform's `fetch` rejects with. Seen with workerd of 2026-04-26: `AbortError` after our own abort; a
    /// retryable error ("Network connection lost.") for a connection that was refused, reset or closed; any other error for
    /// an answer that is no HTTP, and for a name that does not resolve (which on Cloudflare is status 530).
    pub(super) fn of_rejection(rejection: &Rejection) -> Self {
        if rejection.name == "AbortError" {
            Self::Timeout
        } else if rejection.is_retryable {
            Self::Unreachable
        } else {
            Self::Malformed
        }
    }

    /// Statuses that Cloudflare answers with in the origin's place (its documentation: "Cloudflare 5xx errors"), and those
    /// that no final answer has (RFC 9110 §15). workerd takes an interim answer, 100 or 103, for the final one.
    pub(super) fn of_status(status: u16, is_websocket: bool) -> Option<Self> {
        match status {
            101 if is_websocket => None,
            522 | 524 => Some(Self::Timeout),
            521 | 523 | 530 => Some(Self::Unreachable),
            520 | 525 | 526 => Some(Self::Refused),
            200..=599 => None,
            _ => Some(Self::Malformed),
        }
    }

    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Timeout => "origin_timeout",
            Self::Unreachable => "origin_unreachable",
            Self::Malformed => "origin_malformed",
            Self::Refused => "origin_refused_by_platform",
        }
    }

    pub(super) fn problem(self) -> Problem {
        match self {
            Self::Timeout => Problem::OriginTimeout,
            Self::Unreachable => Problem::OriginUnavailable,
            Self::Malformed | Self::Refused => Problem::OriginError,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejections_are_told_apart() {
        for (name, is_retryable, problem) in [
            ("AbortError", true, Problem::OriginTimeout),
            ("Error", true, Problem::OriginUnavailable),
            ("Error", false, Problem::OriginError),
            ("TypeError", false, Problem::OriginError),
        ] {
            let rejection = Rejection {
                name: name.to_owned(),
                is_retryable,
            };
            assert_eq!(Failure::of_rejection(&rejection).problem(), problem, "{name}");
        }
    }

    #[test]
    fn cloudflares_own_statuses_are_failures_and_the_origins_are_not() {
        for (statuses, problem) in [
            (&[520, 525, 526][..], Problem::OriginError),
            (&[521, 523, 530], Problem::OriginUnavailable),
            (&[522, 524], Problem::OriginTimeout),
            (&[0, 99, 100, 101, 103, 600, 999], Problem::OriginError),
        ] {
            for status in statuses {
                let failure = Failure::of_status(*status, false).unwrap();
                assert_eq!(failure.problem(), problem, "{status}");
            }
        }
        for status in [200, 204, 304, 404, 418, 500, 502, 503, 504, 527, 599] {
            assert_eq!(Failure::of_status(status, false), None, "{status}");
        }
        assert_eq!(Failure::of_status(101, true), None);
    }
}
