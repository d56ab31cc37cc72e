//! A Durable Object's own side: its storage and its alarm. Not `worker::State`, whose SQL reads rows by way of a second
//! deserializer, and whose objects take whole requests (together 15 KiB of the bundle, gzipped).

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

#[wasm_bindgen]
extern "C" {
    /// What the platform gives the object's constructor.
    #[derive(Clone)]
    pub type ObjectState;

    #[wasm_bindgen(method, getter)]
    fn storage(this: &ObjectState) -> ObjectStorage;

    #[wasm_bindgen(method, js_name = waitUntil)]
    fn wait_until_promise(this: &ObjectState, promise: &Promise);

    type ObjectStorage;

    #[wasm_bindgen(method, getter)]
    fn sql(this: &ObjectStorage) -> Sql;

    #[wasm_bindgen(method, catch, js_name = getAlarm)]
    fn get_alarm(this: &ObjectStorage) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = setAlarm)]
    fn set_alarm(this: &ObjectStorage, at_ms: f64) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = deleteAll)]
    fn delete_all(this: &ObjectStorage) -> Result<Promise, JsValue>;

    type Sql;

    #[wasm_bindgen(method, catch, variadic)]
    fn exec(this: &Sql, query: &str, bindings: &Array) -> Result<Cursor, JsValue>;

    type Cursor;

    #[wasm_bindgen(method, catch, js_name = toArray)]
    fn to_array(this: &Cursor) -> Result<Array, JsValue>;
}

impl ObjectState {
    /// Goes on with it after the answer.
    pub(crate) fn wait_until(&self, work: impl Future<Output = ()> + 'static) {
        self.wait_until_promise(&future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        }));
    }

    /// Runs a statement of SQL, at once. The columns of its first row, as text, in the order of `columns`.
    pub(crate) fn sql_row<const N: usize>(
        &self,
        statement: &str,
        bindings: &[&str],
        columns: [&str; N],
    ) -> Result<Option<[String; N]>, JsValue> {
        let bindings: Array = bindings.iter().map(|text| JsValue::from_str(text)).collect();
        let rows = self.storage().sql().exec(statement, &bindings)?.to_array()?;
        if rows.length() == 0 {
            return Ok(None);
        }
        let row = rows.get(0);
        Ok(Some(columns.map(|name| {
            let column = Reflect::get(&row, &name.into()).unwrap_or_default();
            column.as_string().unwrap_or_default()
        })))
    }

    /// When the object's alarm goes off, if it has one: milliseconds since the Unix epoch.
    pub(crate) async fn alarm_at(&self) -> Result<Option<u64>, JsValue> {
        let at = JsFuture::from(self.storage().get_alarm()?).await?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a time is a small positive integer"
        )]
        let at = at.as_f64().map(|at| at as u64);
        Ok(at)
    }

    /// Has the alarm go off then, milliseconds since the Unix epoch.
    pub(crate) async fn set_alarm(&self, at_ms: u64) -> Result<(), JsValue> {
        // Far below 2^53.
        #[expect(clippy::cast_precision_loss, reason = "a time of this age is exact")]
        let at_ms = at_ms as f64;
        JsFuture::from(self.storage().set_alarm(at_ms)?).await?;
        Ok(())
    }

    /// Leaves nothing in the storage.
    pub(crate) async fn delete_all(&self) -> Result<(), JsValue> {
        JsFuture::from(self.storage().delete_all()?).await?;
        Ok(())
    }
}
