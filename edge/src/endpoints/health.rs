//! `GET /health`: whether the worker runs, and with `deep=1` whether what it needs can be reached.

use std::cell::Cell;

use serde_json::json;

use super::Call;
use crate::{
    cognito::Failure,
    http::{
        parameters,
        problem::Problem,
        reply::{JSON, Reply},
    },
    runtime::{clock, log},
    token::key_set,
};

/// How long a good result is handed out again, in milliseconds: strangers may ask as often as they like, and Cognito's
/// quota is for users.
const KEEP_GOOD_MS: u64 = 10_000;

/// How long a bad one is: a recovery should show soon.
const KEEP_BAD_MS: u64 = 1_000;

/// When a check that was begun counts as cut off, in milliseconds: a request's own deadline.
const CHECK_WITHIN_MS: u64 = 5_000;

/// Nobody's: a username that is no phone number cannot exist in this pool.
const NOBODY: &str = "health-check";

#[derive(Clone, Copy)]
struct DeepCheck {
    at_ms: u64,
    cognito: bool,
    jwks: bool,
}

impl DeepCheck {
    fn good(self) -> bool {
        self.cognito && self.jwks
    }

    fn keeps_at(self, now_ms: u64) -> bool {
        let keep = if self.good() { KEEP_GOOD_MS } else { KEEP_BAD_MS };
        now_ms.saturating_sub(self.at_ms) < keep
    }
}

thread_local! {
    static LAST: Cell<Option<DeepCheck>> = const { Cell::new(None) };
    /// When a check that is not finished was begun. A time, not a flag: a request that is cut off never takes it back.
    static CHECKING_SINCE: Cell<Option<u64>> = const { Cell::new(None) };
}

/// The worker runs.
pub(crate) fn shallow() -> Reply {
    Reply::text(200, JSON, r#"{"status":"ok"}"#.to_owned()).no_store()
}

/// Whether the query asks for the deep check.
pub(crate) fn is_deep(query: &str) -> bool {
    parameters::decode(query)
        .iter()
        .any(|(name, value)| name == "deep" && value == "1")
}

/// Asks Cognito to sign in someone who cannot exist, and fetches the key set.
pub(crate) async fn deep(call: &Call<'_>) -> Result<Reply, Problem> {
    let now = clock::now_ms();
    // Another request is at it: until that is done the last result holds, so that many at once cost Cognito one call.
    let checking = CHECKING_SINCE
        .get()
        .is_some_and(|since| now < since.saturating_add(CHECK_WITHIN_MS));
    let check = match LAST.get() {
        Some(last) if last.keeps_at(now) || checking => last,
        _ => {
            CHECKING_SINCE.set(Some(now));
            let (cognito, jwks) = futures_util::join!(
                cognito_answers(call),
                key_set::reachable(&call.settings.jwks_url, call.deadline)
            );
            let check = DeepCheck {
                at_ms: clock::now_ms(),
                cognito,
                jwks,
            };
            LAST.set(Some(check));
            CHECKING_SINCE.set(None);
            check
        }
    };
    if check.good() {
        Ok(deeply_good())
    } else {
        log::warning(
            "unhealthy",
            json!({ "request_id": call.request_id, "cognito": check.cognito, "jwks": check.jwks }),
        );
        Err(Problem::UpstreamUnavailable)
    }
}

pub(crate) fn deeply_good() -> Reply {
    Reply::json(
        200,
        &json!({ "status": "ok", "checks": { "cognito": "ok", "jwks": "ok" } }),
    )
    .no_store()
}

/// A challenge for nobody, or `UserNotFoundException`, proves it all: address, pool, client, secret, key, permission and
/// signature are right. Which of the two comes is a matter of the client's `PreventUserExistenceErrors`.
async fn cognito_answers(call: &Call<'_>) -> bool {
    let answer = call.cognito().start_sign_in(NOBODY).await;
    matches!(answer, Ok(_) | Err(Failure::UserNotFound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_result_is_kept_for_ten_seconds_and_a_bad_one_for_one() {
        let check = |jwks| DeepCheck {
            at_ms: 50_000,
            cognito: true,
            jwks,
        };
        assert!(check(true).keeps_at(59_999) && !check(true).keeps_at(60_000));
        assert!(check(false).keeps_at(50_999) && !check(false).keeps_at(51_000));
    }

    #[test]
    fn only_deep_equal_one_asks_for_the_deep_check() {
        assert!(is_deep("deep=1") && is_deep("x=2&deep=1"));
        assert!(!is_deep("") && !is_deep("deep=0") && !is_deep("xdeep=1"));
    }
}
