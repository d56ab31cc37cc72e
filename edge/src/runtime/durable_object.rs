//! Durable Objects, asked by `fetch`. Not `worker::ObjectNamespace`, which takes only what the platform itself has made: under
//! test something may stand in between.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use worker::Env;

#[wasm_bindgen]
extern "C" {
    /// The binding itself.
    type Namespace;

    #[wasm_bindgen(method, catch, js_name = getByName)]
    fn get_by_name(this: &Namespace, name: &str, options: &Object) -> Result<Stub, JsValue>;

    type Stub;

    #[wasm_bindgen(method, catch)]
    fn fetch(this: &Stub, url: &str, init: &Object) -> Result<Promise, JsValue>;
}

/// The platform did not bring an answer: out of reach, overloaded, or the object failed.
pub(crate) struct NoAnswer;

impl From<JsValue> for NoAnswer {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// Asks the object of that name, which is made if need be, near `location` (a location hint of the platform's). What it answers
/// with 200.
pub(crate) async fn ask(
    env: &Env,
    binding: &str,
    name: &str,
    location: Option<&str>,
    question: &str,
) -> Result<String, NoAnswer> {
    let namespace: Namespace = Reflect::get(env, &binding.into())?.unchecked_into();
    let options = Object::new();
    if let Some(location) = location {
        Reflect::set(&options, &"locationHint".into(), &location.into())?;
    }
    let stub = namespace.get_by_name(name, &options)?;
    let init = Object::new();
    Reflect::set(&init, &"method".into(), &"POST".into())?;
    Reflect::set(&init, &"body".into(), &question.into())?;
    // The host is of no meaning: it is a URL because fetch wants one.
    let response: web_sys::Response = JsFuture::from(stub.fetch("https://guard/", &init)?).await?.dyn_into()?;
    if !response.ok() {
        return Err(NoAnswer);
    }
    JsFuture::from(response.text()?).await?.as_string().ok_or(NoAnswer)
}
