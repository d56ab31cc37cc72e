//! What crosses between the platform and wasm for every request; see `border.js`.

use js_sys::Promise;
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use web_sys::{CryptoKey, Request, Response};

#[wasm_bindgen(module = "/src/runtime/border.js")]
extern "C" {
    /// Method, address, and the headers `authorization`, `origin` and `cache-control`, a line each; a header that is there
    /// begins with `=`.
    pub(crate) fn describe(request: &Request) -> String;

    /// A response. `text`: header names and values in turn, a line each and no name twice, an empty line, the body.
    #[wasm_bindgen(catch)]
    pub(crate) fn respond(status: u16, has_body: bool, text: &str) -> Result<Response, JsValue>;

    /// Verifies a signature. The promise is of what `settle` returns, given the ticket and whether the signature is right.
    #[wasm_bindgen(catch)]
    pub(crate) fn verify(
        algorithm: &str,
        key: &CryptoKey,
        signature: &[u8],
        signed: &[u8],
        ticket: u32,
        settle: &Closure<dyn Fn(u32, bool) -> Result<JsValue, JsValue>>,
    ) -> Result<Promise, JsValue>;
}
