//! What is described of one status of an operation.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::Value;

use super::{
    codes,
    disagreement::Disagreement,
    header::Headers,
    node::Node,
    schema::{Compiler, Schema},
};
use crate::Answer;

/// The media range of a body of any type.
const ANY: &str = "*/*";

/// A Response Object, ready to check answers.
pub(super) struct Response {
    headers: Headers,
    /// One for each media type; none for answers without a body.
    bodies: Vec<Body>,
}

struct Body {
    /// Without parameters, in lower case.
    media_type: String,
    schema: Option<Schema>,
    /// Empty if it has none.
    codes: BTreeSet<String>,
}

impl Response {
    pub(super) fn read(response: &Node<'_>, compiler: &Compiler<'_>) -> Result<Self> {
        let mut bodies = Vec::new();
        if let Some(content) = response.member("content")? {
            for (media_type, body) in content.members()? {
                bodies.push(Body::read(media_type, &body, compiler)?);
            }
        }
        Ok(Self {
            headers: Headers::read(response, compiler)?,
            bodies,
        })
    }

    /// The codes that this status may have: one that is none if it has no code.
    pub(super) fn codes(&self) -> BTreeSet<Option<String>> {
        let codes = self.bodies.iter().flat_map(|body| &body.codes);
        let codes: BTreeSet<_> = codes.cloned().map(Some).collect();
        if codes.is_empty() { [None].into() } else { codes }
    }

    /// Checks an answer of the worker's own and returns its code.
    pub(super) fn check(&self, answer: &Answer) -> Result<Option<String>, Disagreement> {
        self.headers.check(&answer.headers)?;
        match media_type(answer) {
            Some(media_type) => self.body(&media_type)?.check(&answer.body),
            None if self.bodies.is_empty() && answer.body.is_empty() => Ok(None),
            None => Err(Disagreement::NoContentType),
        }
    }

    /// Checks an answer to HEAD. It has the headers that GET has, those of the body included, and no body (RFC 9110 §9.3.2).
    pub(super) fn check_head(&self, answer: &Answer) -> Result<(), Disagreement> {
        self.headers.check(&answer.headers)?;
        if answer.body.is_empty() {
            Ok(())
        } else {
            Err(Disagreement::BodyOfHead)
        }
    }

    /// Checks an answer that the worker hands on: what is described has to be there, and nothing is said of all else.
    pub(super) fn check_relayed(&self, answer: &Answer) -> Result<(), Disagreement> {
        self.headers.check_described(&answer.headers)
    }

    fn body(&self, media_type: &str) -> Result<&Body, Disagreement> {
        let of_type = |media_type: &str| self.bodies.iter().find(|body| body.media_type == media_type);
        let body = of_type(media_type).or_else(|| of_type(ANY));
        body.ok_or_else(|| Disagreement::ContentType(media_type.to_owned()))
    }
}

impl Body {
    fn read(media_type: &str, body: &Node<'_>, compiler: &Compiler<'_>) -> Result<Self> {
        let schema = body.member("schema")?;
        Ok(Self {
            media_type: essence(media_type),
            schema: schema.map(|schema| compiler.schema(&schema)).transpose()?,
            codes: codes::of_body(body)?.unwrap_or_default(),
        })
    }

    fn check(&self, body: &[u8]) -> Result<Option<String>, Disagreement> {
        let body: Value = serde_json::from_slice(body).map_err(|_| Disagreement::NotJson)?;
        if let Some(schema) = &self.schema {
            schema.check(&body)?;
        }
        match body["code"].as_str() {
            None if self.codes.is_empty() => Ok(None),
            Some(code) if self.codes.contains(code) => Ok(Some(code.to_owned())),
            _ => Err(Disagreement::Code),
        }
    }
}

/// The media type of an answer's body, without parameters; none if it has none.
pub(super) fn media_type(answer: &Answer) -> Option<String> {
    let value = answer.headers.get("content-type")?;
    Some(essence(&String::from_utf8_lossy(value.as_bytes())))
}

fn essence(media_type: &str) -> String {
    let (essence, _) = media_type.split_once(';').unwrap_or((media_type, ""));
    essence.trim().to_ascii_lowercase()
}
