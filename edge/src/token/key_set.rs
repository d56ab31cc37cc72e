//! The issuer's keys, fetched once and kept in the isolate as imported keys.
//!
//! An isolate must not await another request's future, so requests that find no keys fetch each for itself: look, do one's
//! own work, then set. No borrow is held across an await.

use std::{cell::RefCell, collections::HashMap, time::Duration};

use serde_json::json;
use web_sys::CryptoKey;

use super::{Rejection, TokenError, jwks};
use crate::runtime::{
    clock::{self, Deadline},
    fetch, log, signature,
};

/// Least time between two fetches that an unknown key name causes, however many such tokens come.
const REFETCH_INTERVAL_MS: u64 = 10_000;

/// Longest wait for the key set.
const FETCH_LIMIT: Duration = Duration::from_secs(2);

/// Least time between two fetches while there are no keys at all: a short failure should not be felt for long.
const FIRST_FETCH_INTERVAL_MS: u64 = 1_000;

/// How the newest fetch went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fetch {
    Begun,
    Succeeded,
    Failed,
}

#[derive(Default)]
struct KeySet {
    keys: HashMap<String, CryptoKey>,
    /// The newest fetch, and when it was begun.
    newest: Option<(Fetch, u64)>,
}

/// What to do about a key that is not among the known ones.
#[derive(Debug, PartialEq, Eq)]
enum Missing {
    Fetch,
    /// The issuer was asked a moment ago and does not publish it.
    Unknown,
    /// The issuer could not be asked a moment ago.
    Unavailable,
}

fn missing(newest: Option<(Fetch, u64)>, have_keys: bool, now_ms: u64) -> Missing {
    let Some((fetch, begun_at)) = newest else {
        return Missing::Fetch;
    };
    let interval = if have_keys {
        REFETCH_INTERVAL_MS
    } else {
        FIRST_FETCH_INTERVAL_MS
    };
    let lately = now_ms < begun_at.saturating_add(interval);
    match fetch {
        // On a new isolate each request fetches for itself until one has succeeded.
        Fetch::Begun if !have_keys => Missing::Fetch,
        Fetch::Begun | Fetch::Succeeded if lately => Missing::Unknown,
        Fetch::Failed if lately => Missing::Unavailable,
        _ => Missing::Fetch,
    }
}

thread_local! {
    static KEY_SET: RefCell<KeySet> = RefCell::default();
}

/// The published key of that name, fetched if need be.
///
/// # Errors
/// [`Rejection::UnknownKey`] if the issuer does not publish it, [`TokenError::KeysUnavailable`] if that cannot be known.
pub(super) async fn key(id: &str, jwks_url: &str, deadline: Deadline) -> Result<CryptoKey, TokenError> {
    let now = clock::now_ms();
    let found = KEY_SET.with_borrow_mut(|set| {
        if let Some(key) = set.keys.get(id) {
            return Ok(key.clone());
        }
        let missing = missing(set.newest, !set.keys.is_empty(), now);
        if missing == Missing::Fetch {
            // Claimed before the fetch: requests that come meanwhile do not fetch too.
            set.newest = Some((Fetch::Begun, now));
        }
        Err(missing)
    });
    match found {
        Ok(key) => Ok(key),
        Err(Missing::Unknown) => Err(Rejection::UnknownKey.into()),
        Err(Missing::Unavailable) => Err(TokenError::KeysUnavailable),
        Err(Missing::Fetch) => match fetch_keys(jwks_url, deadline).await {
            Ok(keys) => {
                let found = keys.get(id).cloned();
                KEY_SET.set(KeySet {
                    keys,
                    newest: Some((Fetch::Succeeded, now)),
                });
                found.ok_or(Rejection::UnknownKey.into())
            }
            Err(error) => {
                KEY_SET.with_borrow_mut(|set| set.newest = Some((Fetch::Failed, now)));
                Err(error)
            }
        },
    }
}

/// Fetches and imports the key set. Keys that the platform does not take are left out with a warning.
async fn fetch_keys(jwks_url: &str, deadline: Deadline) -> Result<HashMap<String, CryptoKey>, TokenError> {
    let fetched = fetch::get(jwks_url, FETCH_LIMIT.min(deadline.remaining()))
        .await
        .map_err(|error| {
            log::warning("jwks_unavailable", json!({ "reason": format!("{error:?}") }));
            TokenError::KeysUnavailable
        })?;
    let published = if fetched.status == 200 {
        jwks::parse(&fetched.body)
    } else {
        None
    };
    let Some(published) = published else {
        log::warning(
            "jwks_unavailable",
            json!({ "reason": "not a key set", "status": fetched.status }),
        );
        return Err(TokenError::KeysUnavailable);
    };
    let mut keys = HashMap::with_capacity(published.len());
    for key in published {
        match signature::import(&key.modulus, &key.exponent).await {
            Ok(imported) => {
                keys.insert(key.id, imported);
            }
            Err(_) => log::warning("jwks_key_refused", json!({})),
        }
    }
    Ok(keys)
}

/// Whether the issuer's key set can be fetched now; for the deep health check.
pub(crate) async fn reachable(jwks_url: &str, deadline: Deadline) -> bool {
    fetch_keys(jwks_url, deadline).await.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: u64 = 100_000;

    #[test]
    fn an_unknown_key_makes_one_fetch_in_ten_seconds() {
        for newest in [Fetch::Begun, Fetch::Succeeded] {
            assert_eq!(missing(Some((newest, AT)), true, AT + 9_999), Missing::Unknown);
            assert_eq!(missing(Some((newest, AT)), true, AT + 10_000), Missing::Fetch);
        }
    }

    #[test]
    fn a_failed_fetch_leaves_the_key_undecided_until_the_next_one() {
        let failed = Some((Fetch::Failed, AT));
        assert_eq!(missing(failed, true, AT + 9_999), Missing::Unavailable);
        assert_eq!(missing(failed, true, AT + 10_000), Missing::Fetch);
        assert_eq!(missing(failed, false, AT + 999), Missing::Unavailable);
        assert_eq!(missing(failed, false, AT + 1_000), Missing::Fetch);
    }

    #[test]
    fn a_new_isolate_does_not_wait_for_another_requests_fetch() {
        assert_eq!(missing(None, false, AT), Missing::Fetch);
        assert_eq!(missing(Some((Fetch::Begun, AT)), false, AT), Missing::Fetch);
    }
}
