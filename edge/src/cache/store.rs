//! Keeping answers in Cloudflare's cache, and finding them again. A cache that fails is a miss, never an error.

use challenge::UnixSeconds;
use js_sys::ArrayBuffer;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::Context;

use super::key::CacheKey;
use crate::{
    http::{
        answer::Body,
        headers::{Head, Headers},
    },
    runtime::{location_cache::LocationCache, relay},
};

/// The cache's name on the platform: apart from the one that the platform's own `fetch` fills.
const STORE: &str = "secured";

/// Holds status and headers of a kept answer. What the platform keeps is an answer of ours around the body: it looks at
/// headers of its own choice (`Cache-Control: private`, `Vary`, `ETag`, `Content-Encoding`) and adds others.
const ENTRY: &str = "x-entry";

/// What is written as `%XX` in it: everything but printable ASCII, and `%` itself.
const ENCODED: &AsciiSet = &CONTROLS.add(b'%');

/// All that is known of a kept answer beside its body.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    status: u16,
    headers: Vec<(String, String)>,
    /// Unix seconds.
    stored_at: u64,
    expires_at: u64,
}

/// An answer that was kept.
pub(super) struct Kept {
    pub(super) head: Head,
    pub(super) body: Body,
    /// Seconds for which it is still good.
    pub(super) left: u64,
    /// Seconds since it was stored.
    pub(super) resident: u64,
}

/// The kept answer, if it is still good.
pub(super) async fn get(key: &CacheKey, now: UnixSeconds) -> Option<Kept> {
    let found = LocationCache::open(STORE).await?.get(key.as_str()).await?;
    let entry = Entry::read(&found.headers().get(ENTRY).ok()??)?;
    // The platform's own clock may let an answer live a little longer than the token: ours decides.
    let left = entry.expires_at.checked_sub(now.0).filter(|left| *left > 0)?;
    Some(Kept {
        left,
        resident: now.0.saturating_sub(entry.stored_at),
        head: Head {
            status: entry.status,
            headers: Headers::new(entry.headers),
        },
        body: Body::Kept(found),
    })
}

/// Keeps an answer for `seconds`, after the client was answered. `body` is for this alone.
pub(super) fn put(key: CacheKey, head: &Head, body: Body, seconds: u64, now: UnixSeconds, context: &Context) {
    let entry = Entry {
        status: head.status,
        headers: head.headers.pairs().to_vec(),
        stored_at: now.0,
        expires_at: now.0.saturating_add(seconds),
    };
    let length = head
        .headers
        .get("content-length")
        .and_then(|length| length.parse().ok());
    context.wait_until(async move {
        let lines = format!("cache-control\nmax-age={seconds}\n{ENTRY}\n{}\n", entry.to_text());
        let whole = match body {
            Body::Text(text) => relay::respond(200, &lines, &JsValue::from_str(&text)).ok(),
            Body::Received(response, _) | Body::Kept(response) => read_whole(response, length, &lines).await,
        };
        if let (Some(response), Some(cache)) = (whole, LocationCache::open(STORE).await) {
            cache.put(key.as_str(), &response).await;
        }
    });
}

/// Forgets the answer.
pub(crate) async fn delete(key: &CacheKey) {
    if let Some(cache) = LocationCache::open(STORE).await {
        cache.delete(key.as_str()).await;
    }
}

/// The answer with its body in memory; `None` if the origin broke off. Given the stream itself, the cache of `wrangler dev`
/// keeps what came until then as if it were all.
async fn read_whole(response: web_sys::Response, length: Option<u32>, lines: &str) -> Option<web_sys::Response> {
    let bytes = JsFuture::from(response.array_buffer().ok()?).await.ok()?;
    let bytes: ArrayBuffer = bytes.dyn_into().ok()?;
    if Some(bytes.byte_length()) != length {
        return None;
    }
    relay::respond(200, lines, &bytes).ok()
}

impl Entry {
    /// JSON in ASCII: what else a header's value may hold depends on who reads it.
    fn to_text(&self) -> String {
        // Numbers and strings: writing them cannot fail. An empty text would be found to be no entry.
        let json = serde_json::to_string(self).unwrap_or_default();
        utf8_percent_encode(&json, ENCODED).to_string()
    }

    fn read(text: &str) -> Option<Self> {
        let json = percent_decode_str(text).decode_utf8().ok()?;
        serde_json::from_str(&json).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_entry_is_ascii_and_reads_back(status in 200_u16..600, name in "[a-z-]{1,9}", value in any::<String>()) {
            let entry = Entry { status, headers: vec![(name, value)], stored_at: 1, expires_at: 2 };
            let text = entry.to_text();
            prop_assert!(text.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            prop_assert_eq!(Entry::read(&text), Some(entry));
        }

        #[test]
        fn what_is_no_entry_is_none(text in "\\PC{0,40}") {
            prop_assert_eq!(Entry::read(&text), None);
        }
    }
}
