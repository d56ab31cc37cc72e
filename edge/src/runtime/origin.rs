//! The way to the origin; see `origin.js`.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, Response};
use worker::Env;

#[wasm_bindgen(module = "/src/runtime/origin.js")]
extern "C" {
    fn forward(
        request: &Request,
        url: &str,
        removed: &str,
        added: &str,
        service: Option<&Object>,
        limit: f64,
    ) -> Promise;
}

/// Why the platform has no answer, in its own words: what it rejects with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rejection {
    /// The JavaScript error's name.
    pub(crate) name: String,
    /// Whether the platform says that the same could work a moment later.
    pub(crate) is_retryable: bool,
}

/// Sends a request on to `url`, or to the service bound as `service`. Resolves with the answer's headers; its body streams.
pub(crate) async fn send(
    request: &Request,
    url: &str,
    changes: &crate::http::headers::Changes,
    service: Option<(&Env, &str)>,
    limit_ms: u64,
) -> Result<Response, Rejection> {
    let bound = service.and_then(|(env, name)| Reflect::get(env, &name.into()).ok()?.dyn_into().ok());
    // At most MAX_ORIGIN_TIMEOUT_MS.
    let limit = f64::from(u32::try_from(limit_ms).unwrap_or(u32::MAX));
    let sending = forward(request, url, &changes.removed, &changes.added, bound.as_ref(), limit);
    let answer = JsFuture::from(sending).await.map_err(|error| rejection(&error))?;
    answer.dyn_into().map_err(|answer| rejection(&answer))
}

fn rejection(error: &JsValue) -> Rejection {
    let member = |name: &str| Reflect::get(error, &name.into()).unwrap_or_default();
    Rejection {
        name: member("name").as_string().unwrap_or_default(),
        is_retryable: member("retryable").is_truthy(),
    }
}
