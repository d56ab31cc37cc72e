//! What goes back to the client, as the platform takes it.

use wasm_bindgen::JsValue;

use super::{
    headers::{Head, Headers},
    problem::Problem,
    reply::Reply,
};
use crate::runtime::{border, relay};

/// An answer of the worker's own, or the origin's, handed on as it streams in.
pub(crate) enum Answer {
    Own(Reply),
    /// Its headers can be changed: it was made here around the origin's body.
    Relayed(web_sys::Response),
}

/// What the origin answered, or what stands in for it: not yet what a client gets.
pub(crate) struct Fetched {
    pub(crate) head: Head,
    pub(crate) body: Body,
}

/// The body of an answer. One that streams is not read here: it passes through.
pub(crate) enum Body {
    Text(String),
    /// As it comes in, with the headers that it came with.
    Received(web_sys::Response, Headers),
    /// From the cache; the headers around it are the cache's.
    Kept(web_sys::Response),
}

impl Body {
    /// The body for two readers; for one of them only if the platform cannot double it.
    pub(crate) fn doubled(self) -> (Self, Option<Self>) {
        let copy = match &self {
            Self::Text(text) => Some(Self::Text(text.clone())),
            Self::Received(response, headers) => response
                .clone()
                .ok()
                .map(|response| Self::Received(response, headers.clone())),
            Self::Kept(response) => response.clone().ok().map(Self::Kept),
        };
        (self, copy)
    }
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self::Own(reply)
    }
}

impl Answer {
    /// An answer with this head and this body, which is left out where there must be none.
    pub(crate) fn new(head: &Head, body: &Body, is_head: bool) -> Result<Self, Problem> {
        let lines = || head.headers.to_lines();
        let has_no_body = is_head || matches!(head.status, 204 | 205 | 304);
        let response = match body {
            // First: one that came without a body can be handed on with every byte of its headers.
            Body::Received(response, headers)
                if response.status() == head.status && !(is_head && has_body(response)) =>
            {
                let changes = head.headers.changes_from(headers);
                relay::hand_on(response, &changes.removed, &changes.added)
            }
            _ if has_no_body => relay::respond(head.status, &lines(), &JsValue::NULL),
            Body::Text(text) => relay::respond(head.status, &lines(), &JsValue::from_str(text)),
            Body::Received(response, _) | Body::Kept(response) => relay::respond(head.status, &lines(), response),
        };
        response.map(Self::Relayed).map_err(|_| Problem::Internal)
    }

    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Own(reply) => reply.status,
            Self::Relayed(response) => response.status(),
        }
    }

    /// The platform's response, with `headers` added. `is_head`: RFC 9110 §9.3.2, same headers, no content.
    pub(crate) fn into_response(
        self,
        is_head: bool,
        headers: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Result<web_sys::Response, JsValue> {
        match self {
            Self::Own(reply) => {
                let reply = if is_head { reply.without_body() } else { reply };
                let mut all = reply.headers;
                for (name, value) in headers {
                    // RFC 9110 §5.3: two lines of one name are one line with both values.
                    match all.iter_mut().find(|(present, _)| *present == name) {
                        Some((_, present)) => {
                            present.push_str(", ");
                            present.push_str(&value);
                        }
                        None => all.push((name, value)),
                    }
                }
                let mut text = String::with_capacity(1_024);
                for (name, value) in all {
                    // A line break in a value would begin another header. None has one; if ever, it goes without.
                    if !value.contains(['\n', '\r']) {
                        text.push_str(name);
                        text.push('\n');
                        text.push_str(&value);
                        text.push('\n');
                    }
                }
                let has_body = reply.body.is_some();
                text.push('\n');
                text.push_str(&reply.body.unwrap_or_default());
                border::respond(reply.status, has_body, &text)
            }
            Self::Relayed(response) => {
                let own = response.headers();
                for (name, value) in headers {
                    own.append(name, &value)?;
                }
                Ok(response)
            }
        }
    }
}

fn has_body(response: &web_sys::Response) -> bool {
    response.body().is_some()
}
