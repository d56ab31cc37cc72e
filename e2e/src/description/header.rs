//! The headers of an answer: those that the description has, and those that come with the connection.

use anyhow::Result;
use serde_json::Value;
use ureq::http::{HeaderMap, HeaderName};

use super::{
    disagreement::Disagreement,
    node::Node,
    schema::{Compiler, Schema},
};

/// What is about the message or the connection, as servers and proxies write it (RFC 9110 §6.6.1 and §8.6, RFC 9112), and
/// therefore in no description. `Content-Type` is described with the body (OpenAPI 3.1 §4.8.17.1).
const OF_THE_PLATFORM: [&str; 5] = [
    "connection",
    "content-length",
    "content-type",
    "date",
    "transfer-encoding",
];

/// The headers of one status.
pub(super) struct Headers(Vec<Header>);

struct Header {
    /// In lower case.
    name: String,
    is_required: bool,
    is_number: bool,
    schema: Schema,
}

impl Headers {
    /// Of a Response Object.
    pub(super) fn read(response: &Node<'_>, compiler: &Compiler<'_>) -> Result<Self> {
        let Some(headers) = response.member("headers")? else {
            return Ok(Self(Vec::new()));
        };
        let headers = headers.members()?.into_iter();
        headers
            .map(|(name, header)| Header::read(name, &header, compiler))
            .collect::<Result<_>>()
            .map(Self)
    }

    /// Checks that what is described is there and as it must be, and that there is nothing else.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Disagreement> {
        self.check_described(headers)?;
        let is_described = |name: &str| self.0.iter().any(|header| header.name == name);
        let mut names = headers.keys().map(HeaderName::as_str);
        match names.find(|name| !OF_THE_PLATFORM.contains(name) && !is_described(name)) {
            Some(name) => Err(Disagreement::UndescribedHeader(name.to_owned())),
            None => Ok(()),
        }
    }

    /// Checks what is described, whatever else there is.
    pub(super) fn check_described(&self, headers: &HeaderMap) -> Result<(), Disagreement> {
        self.0.iter().try_for_each(|header| header.check(headers))
    }
}

impl Header {
    fn read(name: &str, header: &Node<'_>, compiler: &Compiler<'_>) -> Result<Self> {
        let schema = header.expect("schema")?;
        Ok(Self {
            name: name.to_ascii_lowercase(),
            is_required: header.value.get("required").and_then(Value::as_bool) == Some(true),
            is_number: matches!(schema.text("type"), Some("integer" | "number")),
            schema: compiler.schema(&schema)?,
        })
    }

    fn check(&self, headers: &HeaderMap) -> Result<(), Disagreement> {
        let mut values = headers.get_all(&self.name).iter().peekable();
        if self.is_required && values.peek().is_none() {
            return Err(Disagreement::MissingHeader(self.name.clone()));
        }
        let fits = |value: &[u8]| {
            let text = std::str::from_utf8(value).ok()?;
            let value = if self.is_number {
                Value::Number(text.parse().ok()?)
            } else {
                text.into()
            };
            self.schema.allows(&value).then_some(())
        };
        if values.all(|value| fits(value.as_bytes()).is_some()) {
            Ok(())
        } else {
            Err(Disagreement::Header(self.name.clone()))
        }
    }
}
