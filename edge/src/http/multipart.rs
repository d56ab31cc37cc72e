//! `multipart/form-data` bodies, parsed by the platform's own `FormData`.

use wasm_bindgen::{JsCast, JsValue};
use worker::{Headers, Method, Request, RequestInit, js_sys};

use super::problem::Problem;

/// The text fields of a form, in order. A file counts as a field whose value is its name: its content is no parameter.
pub(crate) async fn read(body: &[u8], content_type: &str) -> Result<Vec<(String, String)>, Problem> {
    parse(body, content_type)
        .await
        .map_err(|_| Problem::invalid_field("body", "is not the form that its content type promises"))
}

async fn parse(body: &[u8], content_type: &str) -> worker::Result<Vec<(String, String)>> {
    let headers = Headers::new();
    headers.set("content-type", content_type)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_body(Some(js_sys::Uint8Array::from(body).into()));
    // Never sent: a Request is what the platform parses forms of.
    let request = Request::new_with_init("http://form.invalid/", &init)?;
    let form: web_sys::FormData = wasm_bindgen_futures::JsFuture::from(request.inner().form_data()?)
        .await?
        .unchecked_into();
    let mut fields = Vec::new();
    for entry in form.entries() {
        let entry: js_sys::Array = entry?.unchecked_into();
        let value = entry.get(1);
        let text = value.as_string().or_else(|| file_name(&value)).unwrap_or_default();
        fields.push((entry.get(0).as_string().unwrap_or_default(), text));
    }
    Ok(fields)
}

fn file_name(file: &JsValue) -> Option<String> {
    js_sys::Reflect::get(file, &JsValue::from_str("name")).ok()?.as_string()
}
