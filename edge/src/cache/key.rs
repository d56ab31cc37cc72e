//! Under which name an answer is kept.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use challenge::UnixSeconds;
use sha2::{Digest, Sha256};

use crate::{http::request::Inbound, token::Caller};

/// Where an answer is kept: a URL, as the Cache API wants it, that tells nothing of the caller.
pub(crate) struct CacheKey(String);

/// What an answer depends on. All of it is in the key, so no two callers ever share an entry, nor do two tokens with
/// different rights. The raw token is not: it is a secret, and the answer depends only on what it says.
pub(crate) struct KeyParts<'a> {
    /// With the sign-in that the token comes from: whoever signs out cannot reach what was kept before, nor can anybody else
    /// (docs/decisions.md).
    pub(crate) caller: &'a Caller,
    /// The absolute URL of the request.
    pub(crate) url: &'a str,
    /// Names of request headers by which an answer may vary, and what this request has for them.
    pub(crate) headers: Vec<(&'a str, Option<String>)>,
    /// For an answer that tells when its token expires.
    pub(crate) expires_at: Option<UnixSeconds>,
}

/// The request headers of the key: those of the setting, and `Origin`, by which an answer may vary in any case.
pub(crate) fn selecting_headers<'a>(names: &'a [String], request: &Inbound) -> Vec<(&'a str, Option<String>)> {
    let names = names.iter().map(String::as_str).chain(["origin"]);
    names.map(|name| (name, request.header(name))).collect()
}

impl CacheKey {
    pub(crate) fn new(parts: &KeyParts<'_>) -> Self {
        let KeyParts {
            caller,
            url,
            headers,
            expires_at,
        } = parts;
        let without_fragment = url.split('#').next().unwrap_or_default();
        let (resource, query) = without_fragment.split_once('?').unwrap_or((without_fragment, ""));
        let mut scope: Vec<&str> = caller.scope.iter().map(String::as_str).collect();
        scope.sort_unstable();

        let mut digest = Lengths::default();
        for part in [&caller.sub, &caller.username, &caller.client_id] {
            digest.add(part);
        }
        digest.add_optional(caller.sign_in.as_deref());
        digest.add_seconds(caller.signed_in_at);
        digest.add_seconds(*expires_at);
        digest.add_all(&scope);
        digest.add(resource);
        digest.add_all(&in_order_of_names(query));
        for (name, value) in headers {
            digest.add(name);
            digest.add_optional(value.as_deref());
        }
        // On the worker's own host: Cloudflare advises against any other ("Cache", Workers runtime APIs).
        Self(format!("{resource}/.cache/{}", digest.finish()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The query's parts as sent, sorted by decoded name. Order between names does not change an answer, order among values of a
/// name does: hence a stable sort, and by what the name means however it is written.
fn in_order_of_names(query: &str) -> Vec<&str> {
    let mut parts: Vec<(String, &str)> = query
        .split('&')
        .map(|part| {
            let name = form_urlencoded::parse(part.as_bytes()).next();
            (name.map(|(name, _)| name.into_owned()).unwrap_or_default(), part)
        })
        .collect();
    parts.sort_by(|(left, _), (right, _)| left.cmp(right));
    parts.into_iter().map(|(_, part)| part).collect()
}

/// A hash of parts with their lengths first, so that no two different lists give the same bytes.
#[derive(Default)]
struct Lengths(Sha256);

impl Lengths {
    fn add(&mut self, part: &str) {
        self.0.update((part.len() as u64).to_be_bytes());
        self.0.update(part);
    }

    fn add_all(&mut self, parts: &[&str]) {
        self.0.update((parts.len() as u64).to_be_bytes());
        for part in parts {
            self.add(part);
        }
    }

    /// Absent is not the same as empty.
    fn add_optional(&mut self, part: Option<&str>) {
        match part {
            None => self.add_all(&[]),
            Some(part) => self.add_all(&[part]),
        }
    }

    fn add_seconds(&mut self, seconds: Option<UnixSeconds>) {
        self.add_optional(seconds.map(|seconds| seconds.0.to_string()).as_deref());
    }

    fn finish(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.finalize())
    }
}

#[cfg(test)]
mod tests;
