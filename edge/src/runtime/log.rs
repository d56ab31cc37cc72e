//! Structured logs: one JSON object a line, on the console that Cloudflare and `wrangler dev` collect.
//!
//! Values are fixed words, numbers and names of ours. Nothing that a client or Cognito sent goes in, so no code, token,
//! session or phone number can.

use serde_json::{Value, json};

/// One answered request. `left_out`: how many like it were answered before without a line.
pub(crate) fn answered(request_id: &str, route: &str, status: u16, code: &str, reason: Option<&str>, left_out: u64) {
    let mut line = json!({
        "event": "answered", "request_id": request_id, "route": route, "status": status, "code": code, "reason": reason,
    });
    if let (Some(members), true) = (line.as_object_mut(), left_out > 0) {
        members.insert("left_out".to_owned(), json!(left_out));
    }
    if status >= 500 {
        worker::console_error!("{line}");
    } else {
        worker::console_log!("{line}");
    }
}

/// Something that happened, with fields that say what.
pub(crate) fn info(event: &str, fields: Value) {
    worker::console_log!("{}", with_event(event, fields));
}

/// Something that an operator should know, with fields that say what.
pub(crate) fn warning(event: &str, fields: Value) {
    worker::console_warn!("{}", with_event(event, fields));
}

/// Something that an operator must repair.
pub(crate) fn error(event: &str, fields: Value) {
    worker::console_error!("{}", with_event(event, fields));
}

fn with_event(event: &str, mut fields: Value) -> Value {
    if let Some(members) = fields.as_object_mut() {
        members.insert("event".to_owned(), json!(event));
    }
    fields
}
