//! The Cache API: what one data centre of Cloudflare remembers, shared by all isolates there.
//!
//! Not `worker::Cache`, which panics where there is no cache to open (workerd without one configured). On `workers.dev` the
//! platform takes everything and finds nothing.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, CacheQueryOptions, Response, WorkerGlobalScope};

/// A named cache, apart from the one that the platform's own `fetch` fills.
pub(crate) struct LocationCache(Cache);

impl LocationCache {
    /// `None` where the platform has no cache.
    pub(crate) async fn open(name: &str) -> Option<Self> {
        let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
        let opened = JsFuture::from(scope.caches().ok()?.open(name)).await.ok()?;
        Some(Self(opened.unchecked_into()))
    }

    /// What was put under `key`, an absolute URL. A cache that fails has nothing.
    pub(crate) async fn get(&self, key: &str) -> Option<Response> {
        let options = CacheQueryOptions::new();
        // What a GET put there answers HEAD too.
        options.set_ignore_method(true);
        let found = JsFuture::from(self.0.match_with_str_and_options(key, &options))
            .await
            .ok()?;
        found.dyn_into().ok()
    }

    /// Keeps `response` for the `max-age` of its `Cache-Control`. A cache that does not take it costs a later miss.
    pub(crate) async fn put(&self, key: &str, response: &Response) {
        let _ = JsFuture::from(self.0.put_with_str(key, response)).await;
    }

    /// Forgets what was put under `key`.
    pub(crate) async fn delete(&self, key: &str) {
        let _ = JsFuture::from(self.0.delete_with_str(key)).await;
    }
}
