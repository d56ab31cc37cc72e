//! Messages that pass through the worker; see `relay.js`.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{Request, Response};

#[wasm_bindgen(module = "/src/runtime/relay.js")]
extern "C" {
    /// All headers: name and value in turn, a line each.
    #[wasm_bindgen(js_name = headers)]
    pub(crate) fn headers_of_request(request: &Request) -> String;

    #[wasm_bindgen(js_name = headers)]
    pub(crate) fn headers_of_response(response: &Response) -> String;

    /// The same response with other headers. `removed`: names, a line each. `added`: name and value in turn, a line each.
    #[wasm_bindgen(catch, js_name = handOn)]
    pub(crate) fn hand_on(response: &Response, removed: &str, added: &str) -> Result<Response, JsValue>;

    /// A response. `headers`: name and value in turn, a line each. `body`: null, text, bytes, or a response whose body it is.
    #[wasm_bindgen(catch)]
    pub(crate) fn respond(status: u16, headers: &str, body: &JsValue) -> Result<Response, JsValue>;

    /// What the client itself accepts, where the platform changed `Accept-Encoding`.
    #[wasm_bindgen(js_name = clientAcceptEncoding)]
    pub(crate) fn client_accept_encoding(request: &Request) -> Option<String>;
}
