//! An answer before it becomes a platform response: plain data, so that every decision about status, headers and body is
//! tested natively.

use serde::Serialize;

/// Media type of an ordinary answer.
pub(crate) const JSON: &str = "application/json";

/// What the worker answers. Header names are lower case; the body is UTF-8 text or absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<String>,
}

impl Reply {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: None,
        }
    }

    /// A body of the given media type.
    pub(crate) fn text(status: u16, content_type: &'static str, body: String) -> Self {
        Self::empty(status)
            .with_header("content-type", content_type)
            .with_body(body)
    }

    /// `value` as JSON.
    ///
    /// Serialising the types of this crate cannot fail (string keys, no custom serializers); were it to, the client gets an
    /// empty object and not a panic.
    pub(crate) fn json(status: u16, value: &impl Serialize) -> Self {
        Self::text(
            status,
            JSON,
            serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned()),
        )
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Tokens, sessions and codes must not stay in any cache (RFC 6749 §5.1).
    pub(crate) fn no_store(self) -> Self {
        self.with_header("cache-control", "no-store")
    }

    /// The same answer as HEAD gives it: RFC 9110 §9.3.2, same headers, no content.
    pub(crate) fn without_body(mut self) -> Self {
        self.body = None;
        self
    }

    fn with_body(mut self, body: String) -> Self {
        self.body = Some(body);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_replies_name_their_media_type() {
        let reply = Reply::json(200, &serde_json::json!({"status": "ok"})).no_store();
        assert_eq!(reply.status, 200);
        assert_eq!(reply.headers[0], ("content-type", JSON.to_owned()));
        assert_eq!(reply.headers[1], ("cache-control", "no-store".to_owned()));
        assert_eq!(reply.body.as_deref(), Some(r#"{"status":"ok"}"#));
    }

    #[test]
    fn head_keeps_headers_and_drops_the_body() {
        let reply = Reply::json(200, &1).without_body();
        assert_eq!((reply.headers.len(), reply.body), (1, None));
    }
}
