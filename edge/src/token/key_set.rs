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

#[derive(Default)]
struct KeySet {
    keys: HashMap<String, CryptoKey>,
    /// When the newest fetch was begun; `None` until one has succeeded.
    fetched_at_ms: Option<u64>,
}

thread_local! {
    static KEY_SET: RefCell<KeySet> = RefCell::default();
}

/// The published key of that name, fetched if need be.
///
/// # Errors
/// [`Rejection::UnknownKey`] if the issuer does not publish it, [`TokenError::KeysUnavailable`] if that cannot be known.
pub(super) async fn key(
    id: &str,
    jwks_url: &str,
    deadline: Deadline,
) -> Result<CryptoKey, TokenError> {
    let now = clock::now_ms();
    let (known, may_fetch) = KEY_SET.with_borrow_mut(|set| {
        let known = set.keys.get(id).cloned();
        let may_fetch = set
            .fetched_at_ms
            .is_none_or(|fetched_at| now >= fetched_at.saturating_add(REFETCH_INTERVAL_MS));
        if known.is_none() && may_fetch && set.fetched_at_ms.is_some() {
            // Claimed before the fetch: requests that come meanwhile do not fetch too.
            set.fetched_at_ms = Some(now);
        }
        (known, may_fetch)
    });
    match known {
        Some(key) => Ok(key),
        None if may_fetch => {
            let keys = fetch_keys(jwks_url, deadline).await?;
            let found = keys.get(id).cloned();
            KEY_SET.set(KeySet {
                keys,
                fetched_at_ms: Some(now),
            });
            found.ok_or(TokenError::Rejected(Rejection::UnknownKey))
        }
        None => Err(TokenError::Rejected(Rejection::UnknownKey)),
    }
}

/// Fetches and imports the key set. Keys that the platform does not take are left out with a warning.
async fn fetch_keys(
    jwks_url: &str,
    deadline: Deadline,
) -> Result<HashMap<String, CryptoKey>, TokenError> {
    let fetched = fetch::get(jwks_url, FETCH_LIMIT.min(deadline.remaining()))
        .await
        .map_err(|error| {
            log::warning(
                "jwks_unavailable",
                json!({ "reason": format!("{error:?}") }),
            );
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
        match signature::import(&key).await {
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
