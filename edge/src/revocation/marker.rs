//! What one location of Cloudflare knows of the sign-outs that were made there: markers in its cache, which all isolates
//! there see at once.
//!
//! They bridge the time until the deny list says the same: KV serves what a location has read before for as long as it
//! was asked to, also "nothing there". Markers are bound to the host that was called, as everything in that cache is, and
//! on `workers.dev`, where the platform has no such cache, there are none.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::future::join;
use sha2::{Digest, Sha256};
use web_sys::{Headers, Response, ResponseInit};

use super::record::{Entry, Extent, Keys, SignOuts};
use crate::runtime::location_cache::LocationCache;

/// The name of the location's cache of markers.
const STORE: &str = "signed_out";

/// How long a marker stays, in seconds: twice the minute that a write to KV takes to be seen.
const KEPT: u32 = 120;

/// What the deny list's value would be; in a header, so that no body has to be read.
const VALUE: &str = "x-value";

/// Where markers are.
pub(super) struct Markers<'a> {
    /// The worker's own scheme and host.
    pub(super) site: &'a str,
    /// Several workers, for different pools, may share a host.
    pub(super) issuer: &'a str,
}

impl Markers<'_> {
    /// What this location knows of the caller: two look-ups side by side.
    pub(super) async fn look_up(&self, keys: &Keys) -> SignOuts {
        let Some(cache) = LocationCache::open(STORE).await else {
            return SignOuts::default();
        };
        let (session, user) = (self.url(keys, Extent::Session), self.url(keys, Extent::User));
        let (session, user) = join(cache.get(&session), cache.get(&user)).await;
        SignOuts::read(value(session).as_deref(), value(user).as_deref())
    }

    /// Tells this location.
    pub(super) async fn leave(&self, keys: &Keys, entry: &Entry) {
        let Some(cache) = LocationCache::open(STORE).await else {
            return;
        };
        let marker = || {
            let headers = Headers::new()?;
            headers.set("cache-control", &format!("max-age={KEPT}"))?;
            headers.set(VALUE, &entry.value())?;
            let init = ResponseInit::new();
            init.set_headers(&headers);
            Response::new_with_opt_str_and_init(None, &init)
        };
        if let Ok(marker) = marker() {
            cache.put(&self.url(keys, entry.extent), &marker).await;
        }
    }

    /// On the worker's own host: Cloudflare advises against any other ("Cache", Workers runtime APIs). It tells nothing of
    /// the caller.
    fn url(&self, keys: &Keys, extent: Extent) -> String {
        let mut hash = Sha256::new();
        hash.update(self.issuer);
        // Neither of the two contains one.
        hash.update("\n");
        hash.update(keys.key(extent));
        format!(
            "{}/.cache/signed_out/{}",
            self.site,
            URL_SAFE_NO_PAD.encode(hash.finalize())
        )
    }
}

fn value(marker: Option<Response>) -> Option<String> {
    // One without a value is there all the same.
    marker.map(|marker| marker.headers().get(VALUE).ok().flatten().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Caller;

    #[test]
    fn a_marker_is_one_callers_at_one_pool_on_one_host_and_shows_no_name() {
        let url = |site, issuer, sub: &str, extent| {
            let caller = Caller {
                sign_in: Some("session".to_owned()),
                ..Caller::unverified(sub)
            };
            Markers { site, issuer }.url(&Keys::of(&caller), extent)
        };
        let base = url("https://h", "https://i/p", "user", Extent::User);
        assert!(base.starts_with("https://h/.cache/signed_out/") && !base.contains("user"));
        for other in [
            url("https://g", "https://i/p", "user", Extent::User),
            url("https://h", "https://i/q", "user", Extent::User),
            url("https://h", "https://i/p", "other", Extent::User),
            url("https://h", "https://i/p", "user", Extent::Session),
        ] {
            assert_ne!(base, other);
        }
    }
}
