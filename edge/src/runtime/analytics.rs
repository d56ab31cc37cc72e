//! Workers Analytics Engine. Writing neither waits nor fails: the platform takes a data point or loses it.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use worker::Env;

#[wasm_bindgen]
extern "C" {
    /// The binding itself.
    type Dataset;

    #[wasm_bindgen(method, catch, js_name = writeDataPoint)]
    fn write_data_point(this: &Dataset, point: &Object) -> Result<(), JsValue>;
}

/// Writes a data point, if there is a dataset of that name.
pub(crate) fn write(env: &Env, binding: &str, index: &str, blobs: &[&str], doubles: &[f64]) {
    let written = || -> Result<(), JsValue> {
        let dataset = Reflect::get(env, &binding.into())?;
        if !dataset.is_object() {
            return Ok(());
        }
        let point = Object::new();
        let blobs: Array = blobs.iter().map(|blob| JsValue::from_str(blob)).collect();
        let doubles: Array = doubles.iter().map(|double| JsValue::from_f64(*double)).collect();
        Reflect::set(&point, &"indexes".into(), &Array::of1(&index.into()))?;
        Reflect::set(&point, &"blobs".into(), &blobs)?;
        Reflect::set(&point, &"doubles".into(), &doubles)?;
        dataset.unchecked_into::<Dataset>().write_data_point(&point)
    };
    // A data point that is lost costs an operator a dot on a chart.
    let _ = written();
}
