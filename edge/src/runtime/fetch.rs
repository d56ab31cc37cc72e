//! HTTP requests to other servers, each with a time limit that covers the body too, and a limit for the body's size.

use std::time::Duration;

use futures_util::StreamExt;
use worker::{
    AbortSignal, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, ResponseBody, wasm_bindgen::JsValue,
};

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FetchError {
    /// The time limit passed, or was zero.
    TimedOut,
    /// Connection refused, reset, name not resolved, or broken off in the middle.
    Unreachable,
    /// The body is larger than was asked for, or is not UTF-8.
    Unusable,
}

/// Largest body of an answer to a POST, in bytes. Cognito's are a few thousand.
const POST_LIMIT: usize = 256 * 1024;

/// What a server answered.
pub(crate) struct Fetched {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// POSTs `body` to `url`.
pub(crate) async fn post(
    url: &str,
    headers: impl IntoIterator<Item = (&str, &str)>,
    body: &str,
    limit: Duration,
) -> Result<Fetched, FetchError> {
    let sent = Headers::new();
    for (name, value) in headers {
        // Fails only for characters that no header may have; the server then refuses the request for its signature.
        let _ = sent.set(name, value);
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(sent)
        .with_body(Some(JsValue::from_str(body)));
    send(url, init, limit, POST_LIMIT).await
}

/// GETs `url`, whose body must not be larger than `bytes`.
pub(crate) async fn get(url: &str, limit: Duration, bytes: usize) -> Result<Fetched, FetchError> {
    send(url, RequestInit::new(), limit, bytes).await
}

async fn send(url: &str, mut init: RequestInit, limit: Duration, bytes: usize) -> Result<Fetched, FetchError> {
    let limit_ms = u32::try_from(limit.as_millis()).unwrap_or(u32::MAX);
    if limit_ms == 0 {
        return Err(FetchError::TimedOut);
    }
    // No redirect is ever legitimate here, and following one would carry signed headers elsewhere.
    init.with_redirect(RequestRedirect::Manual);
    let signal = AbortSignal::from(web_sys::AbortSignal::timeout_with_u32(limit_ms));
    let failed = |_| {
        if signal.aborted() {
            FetchError::TimedOut
        } else {
            FetchError::Unreachable
        }
    };
    let request = Request::new_with_init(url, &init).map_err(failed)?;
    let mut response = Fetch::Request(request)
        .send_with_signal(&signal)
        .await
        .map_err(failed)?;
    let status = response.status_code();
    let mut body = Vec::new();
    if !matches!(response.body(), ResponseBody::Empty) {
        // Not `text()`: that would take whatever the server goes on sending.
        let mut stream = response.stream().map_err(failed)?;
        while let Some(chunk) = stream.next().await {
            body.extend_from_slice(&chunk.map_err(failed)?);
            if body.len() > bytes {
                return Err(FetchError::Unusable);
            }
        }
    }
    let body = String::from_utf8(body).map_err(|_| FetchError::Unusable)?;
    Ok(Fetched { status, body })
}
