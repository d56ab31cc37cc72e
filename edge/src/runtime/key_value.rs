//! Workers KV. Not `worker::KvStore`, which looks up five functions of the binding each time that it is asked for.

use std::time::Duration;

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use worker::Env;

use super::clock;

#[wasm_bindgen]
extern "C" {
    /// The binding itself.
    type KvNamespace;

    #[wasm_bindgen(method, catch)]
    fn get(this: &KvNamespace, key: &str, options: &Object) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn put(this: &KvNamespace, key: &str, value: &str, options: &Object) -> Result<Promise, JsValue>;
}

/// Why KV did not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyValueError {
    TimedOut,
    Failed,
}

impl From<JsValue> for KeyValueError {
    fn from(_: JsValue) -> Self {
        Self::Failed
    }
}

/// A namespace.
pub(crate) struct KeyValue(KvNamespace);

impl KeyValue {
    /// The namespace with that binding. Only for this request: bindings are not to be kept.
    pub(crate) fn bound(env: &Env, name: &str) -> Result<Self, KeyValueError> {
        let binding = Reflect::get(env, &name.into())?;
        Ok(Self(binding.unchecked_into()))
    }

    /// The value under `key`, if there is one. The location may answer what it has read up to `cache_seconds` ago, at least
    /// 30.
    pub(crate) async fn get(
        &self,
        key: &str,
        cache_seconds: u32,
        limit: Duration,
    ) -> Result<Option<String>, KeyValueError> {
        let found = within(limit, self.0.get(key, &option("cacheTtl", f64::from(cache_seconds))?)?).await?;
        Ok(found.as_string())
    }

    /// Writes `value` under `key`, for `seconds`, at least 60.
    pub(crate) async fn put(&self, key: &str, value: &str, seconds: u32, limit: Duration) -> Result<(), KeyValueError> {
        within(
            limit,
            self.0.put(key, value, &option("expirationTtl", f64::from(seconds))?)?,
        )
        .await?;
        Ok(())
    }
}

fn option(name: &str, value: f64) -> Result<Object, KeyValueError> {
    let options = Object::new();
    Reflect::set(&options, &name.into(), &value.into())?;
    Ok(options)
}

async fn within(limit: Duration, promise: Promise) -> Result<JsValue, KeyValueError> {
    match clock::within(limit, JsFuture::from(promise)).await {
        Some(settled) => Ok(settled?),
        None => Err(KeyValueError::TimedOut),
    }
}
