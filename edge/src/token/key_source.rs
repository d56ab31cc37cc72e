//! Where the issuer's keys come from: what this location remembers of them, or the issuer itself.

use std::time::Duration;

use serde_json::json;
use web_sys::{Headers, Response, ResponseInit};

use super::{
    jwks::{self, RsaKey},
    key_set::{FRESH_MS, USABLE_MS},
};
use crate::runtime::{
    clock::Deadline,
    fetch::{self, FetchError},
    location_cache::LocationCache,
    log,
};

/// Longest wait for the issuer.
const FETCH_LIMIT: Duration = Duration::from_secs(2);

/// Largest key set that is read, in bytes. Cognito's, of two keys, has about 900.
const MAX_BYTES: usize = 64 * 1024;

/// The name of the location's cache of key sets.
const STORE: &str = "jwks";

/// When the issuer was asked, in milliseconds since the Unix epoch.
const FETCHED_AT: &str = "x-fetched-at";

/// Where keys are to be had.
pub(super) struct KeySource<'a> {
    pub(super) jwks_url: &'a str,
    /// The worker's own scheme and host, for the cache's key.
    pub(super) site: &'a str,
    pub(super) deadline: Deadline,
}

/// A key set, and how it came here.
pub(super) struct Loaded {
    pub(super) keys: Vec<RsaKey>,
    /// When the issuer was asked for it, in milliseconds since the Unix epoch.
    pub(super) fetched_at: u64,
    pub(super) issuer: Issuer,
}

/// Whether the issuer was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Issuer {
    NotAsked,
    Answered,
    /// What was loaded is what the location had.
    Failed,
}

impl KeySource<'_> {
    /// The key set as this location knows it, if that is fresh, else as the issuer publishes it, else as this location knows
    /// it. `None` if neither has one.
    pub(super) async fn load(&self, now_ms: u64) -> Option<Loaded> {
        let kept = self.kept(now_ms).await;
        if let Some(kept) = kept
            .as_ref()
            .filter(|kept| now_ms.saturating_sub(kept.fetched_at) < FRESH_MS)
        {
            return Some(Loaded {
                keys: kept.keys.clone(),
                ..*kept
            });
        }
        match self.load_from_issuer(now_ms).await {
            Some(loaded) => Some(loaded),
            None => kept.map(|kept| Loaded {
                issuer: Issuer::Failed,
                ..kept
            }),
        }
    }

    /// The key set as the issuer publishes it now, which this location then knows too.
    pub(super) async fn load_from_issuer(&self, now_ms: u64) -> Option<Loaded> {
        let (document, keys) = self.fetch().await?;
        self.keep(&document, now_ms).await;
        Some(Loaded {
            keys,
            fetched_at: now_ms,
            issuer: Issuer::Answered,
        })
    }

    /// Asks the issuer: the document, and the keys in it.
    pub(super) async fn fetch(&self) -> Option<(String, Vec<RsaKey>)> {
        let limit = FETCH_LIMIT.min(self.deadline.remaining());
        let reason = match fetch::get(self.jwks_url, limit, MAX_BYTES).await {
            Ok(fetched) if fetched.status == 200 => match jwks::parse(&fetched.body) {
                Some(keys) => return Some((fetched.body, keys)),
                None => "not_a_key_set",
            },
            Ok(_) => "status",
            Err(FetchError::TimedOut) => "timed_out",
            Err(FetchError::Unreachable) => "unreachable",
            Err(FetchError::Unusable) => "too_large_or_not_utf8",
        };
        log::warning("jwks_unavailable", json!({ "reason": reason }));
        None
    }

    async fn kept(&self, now_ms: u64) -> Option<Loaded> {
        let found = LocationCache::open(STORE).await?.get(&self.key()).await?;
        let fetched_at: u64 = found.headers().get(FETCHED_AT).ok()??.parse().ok()?;
        let text = wasm_bindgen_futures::JsFuture::from(found.text().ok()?).await.ok()?;
        let keys = jwks::parse(&text.as_string()?)?;
        (now_ms.saturating_sub(fetched_at) < USABLE_MS).then_some(Loaded {
            keys,
            fetched_at,
            issuer: Issuer::NotAsked,
        })
    }

    async fn keep(&self, document: &str, now_ms: u64) {
        let Some(cache) = LocationCache::open(STORE).await else {
            return;
        };
        let response = || {
            let headers = Headers::new()?;
            headers.set("cache-control", &format!("max-age={}", USABLE_MS / 1_000))?;
            headers.set(FETCHED_AT, &now_ms.to_string())?;
            let init = ResponseInit::new();
            init.set_headers(&headers);
            Response::new_with_opt_str_and_init(Some(document), &init)
        };
        if let Ok(response) = response() {
            cache.put(&self.key(), &response).await;
        }
    }

    /// On the worker's own host: Cloudflare advises against any other ("Cache", Workers runtime APIs). With the issuer's
    /// address in it, since several workers may share a host.
    fn key(&self) -> String {
        let address: String = form_urlencoded::byte_serialize(self.jwks_url.as_bytes()).collect();
        format!("{}/.cache/jwks/{address}", self.site)
    }
}
