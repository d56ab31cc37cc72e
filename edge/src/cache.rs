//! The edge cache of secured answers: each caller has an own one, looked up only after the token was verified.
//!
//! Stored answers live in the data centre that made them (Workers Cache API). On `workers.dev` that API does nothing, and
//! every lookup is a miss.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use challenge::UnixSeconds;
use sha2::{Digest, Sha256};
use worker::{Cache, Context, Headers, Response};

use crate::{http::reply::Reply, token::Caller};

/// The cache's name on the platform: apart from the one that the platform's own `fetch` fills.
const STORE: &str = "secured";

/// This cache's name in `Cache-Status` (RFC 9211 §2).
const NAME: &str = "passwordless-edge";

/// Keeps the expiry of a stored answer, in Unix seconds; never sent to a client.
const EXPIRES_AT: &str = "x-expires-at";
const STORED_AT: &str = "x-stored-at";

/// Where an answer is kept: a URL, as the Cache API wants it, that tells nothing of the caller.
pub(crate) struct CacheKey(String);

impl CacheKey {
    /// Everything that the answer depends on is in the key, so no two callers, and no two tokens with different rights or
    /// expiry, ever share one. The raw token is not: it is a secret, and the answer depends only on what it says.
    pub(crate) fn new(client_id: &str, caller: &Caller, url: &str, query: &[(String, String)]) -> Self {
        let resource = url.split(['?', '#']).next().unwrap_or_default();
        let mut query: Vec<_> = query.iter().collect();
        // Order between names does not change the answer, order among values of a name does: a stable sort by name.
        query.sort_by(|(left, _), (right, _)| left.cmp(right));
        let expires_at = caller.expires_at.0.to_string();
        let scope = caller.scope.join(" ");
        let mut hash = Sha256::new();
        let fixed = [client_id, &caller.sub, &caller.username, &scope, &expires_at, resource];
        for part in fixed.into_iter().chain(
            query
                .into_iter()
                .flat_map(|(name, value)| [name.as_str(), value.as_str()]),
        ) {
            // Lengths first, so that no two different lists give the same bytes.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let digest = URL_SAFE_NO_PAD.encode(hash.finalize());
        // On the worker's own host: Cloudflare advises against any other ("Cache", Workers runtime APIs).
        Self(format!("{resource}/.cache/{digest}"))
    }
}

/// Seconds for which an answer may be kept: never longer than its token is good.
pub(crate) fn time_to_live(setting: u64, expires_at: UnixSeconds, now: UnixSeconds) -> u64 {
    setting.min(expires_at.0.saturating_sub(now.0))
}

/// Whether the request asks for a fresh answer (RFC 9111 §5.2.1.4, §5.2.1.5).
pub(crate) fn client_bypasses(cache_control: Option<&str>) -> bool {
    cache_control.is_some_and(|directives| {
        directives
            .split(',')
            .map(str::trim)
            .any(|directive| directive.eq_ignore_ascii_case("no-cache") || directive.eq_ignore_ascii_case("no-store"))
    })
}

/// `Cache-Status` of an answer that was made for this request, with RFC 9211's reason.
pub(crate) fn forwarded(reason: &str) -> String {
    format!("{NAME}; fwd={reason}")
}

/// `Cache-Status` of an answer that was made for this request and kept.
pub(crate) fn stored(seconds: u64) -> String {
    format!("{NAME}; fwd=uri-miss; stored; ttl={seconds}")
}

fn hit(seconds: u64) -> String {
    format!("{NAME}; hit; ttl={seconds}")
}

/// The kept answer, if it is still good. A cache that fails is a miss.
pub(crate) async fn lookup(key: &CacheKey, now: UnixSeconds) -> Option<Reply> {
    let mut found = Cache::open(STORE.to_owned())
        .await
        .get(key.0.as_str(), true)
        .await
        .ok()
        .flatten()?;
    let seconds = |name| {
        found
            .headers()
            .get(name)
            .ok()
            .flatten()
            .and_then(|value| value.parse::<u64>().ok())
    };
    let (stored_at, expires_at) = (seconds(STORED_AT)?, seconds(EXPIRES_AT)?);
    // The platform's own clock may let an answer live a little longer than the token: ours decides.
    let left = expires_at.checked_sub(now.0).filter(|left| *left > 0)?;
    let body = found.text().await.ok()?;
    Some(
        Reply::text(200, crate::http::reply::JSON, body)
            .with_header("age", now.0.saturating_sub(stored_at).to_string())
            .with_header("cache-status", hit(left)),
    )
}

/// Keeps `reply` for `seconds`, after the client was answered.
pub(crate) fn store(key: &CacheKey, reply: &Reply, seconds: u64, now: UnixSeconds, context: &Context) {
    let Some(body) = reply.body.clone() else {
        return;
    };
    let key = key.0.clone();
    context.wait_until(async move {
        // A cache that does not take it costs the next caller a miss, nothing else.
        if let Ok(response) = response_to_keep(body, seconds, now) {
            let _ = Cache::open(STORE.to_owned()).await.put(key, response).await;
        }
    });
}

fn response_to_keep(body: String, seconds: u64, now: UnixSeconds) -> worker::Result<Response> {
    let headers = Headers::new();
    headers.set("cache-control", &format!("max-age={seconds}"))?;
    headers.set(STORED_AT, &now.0.to_string())?;
    headers.set(EXPIRES_AT, &now.0.saturating_add(seconds).to_string())?;
    Ok(Response::ok(body)?.with_headers(headers))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::http::parameters::decode;

    fn caller(sub: &str, scope: &[&str], expires_at: u64) -> Caller {
        Caller {
            sub: sub.to_owned(),
            username: "u".to_owned(),
            scope: scope.iter().map(|scope| (*scope).to_owned()).collect(),
            expires_at: UnixSeconds(expires_at),
        }
    }

    fn key(client: &str, caller: &Caller, url: &str, query: &str) -> String {
        CacheKey::new(client, caller, url, &decode(query)).0
    }

    #[test]
    fn whatever_the_answer_depends_on_changes_the_key() {
        let base = key("c", &caller("s", &["a"], 9), "https://h/secured/call", "x=1");
        for other in [
            key("d", &caller("s", &["a"], 9), "https://h/secured/call", "x=1"),
            key("c", &caller("t", &["a"], 9), "https://h/secured/call", "x=1"),
            key("c", &caller("s", &["a", "b"], 9), "https://h/secured/call", "x=1"),
            key("c", &caller("s", &["a"], 10), "https://h/secured/call", "x=1"),
            key("c", &caller("s", &["a"], 9), "https://h/secured/other", "x=1"),
            key("c", &caller("s", &["a"], 9), "https://i/secured/call", "x=1"),
            key("c", &caller("s", &["a"], 9), "https://h/secured/call", "x=2"),
            key("c", &caller("s", &["a"], 9), "https://h/secured/call", ""),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn the_order_of_names_does_not_matter_the_order_of_values_does() {
        let key = |query| key("c", &caller("s", &[], 9), "/p", query);
        assert_eq!(key("a=1&b=2"), key("b=2&a=1"));
        assert_ne!(key("a=1&a=2"), key("a=2&a=1"));
    }

    #[test]
    fn an_answer_never_outlives_its_token() {
        assert_eq!(time_to_live(60, UnixSeconds(1_100), UnixSeconds(1_000)), 60);
        assert_eq!(time_to_live(60, UnixSeconds(1_030), UnixSeconds(1_000)), 30);
        assert_eq!(time_to_live(60, UnixSeconds(1_000), UnixSeconds(1_000)), 0);
        assert_eq!(time_to_live(60, UnixSeconds(999), UnixSeconds(1_000)), 0);
    }

    #[test]
    fn clients_may_ask_for_a_fresh_answer() {
        for directives in ["no-cache", "no-store", "max-age=0, No-Cache"] {
            assert!(client_bypasses(Some(directives)), "{directives}");
        }
        for directives in [None, Some(""), Some("max-age=60"), Some("xno-cache")] {
            assert!(!client_bypasses(directives), "{directives:?}");
        }
    }

    proptest! {
        #[test]
        fn no_two_callers_share_a_key(
            left in "\\PC{1,20}", right in "\\PC{1,20}", query in "[a-c=&]{0,12}", scope in "[a-z ]{0,8}",
        ) {
            prop_assume!(left != right);
            let scopes = [scope.as_str()];
            prop_assert_ne!(
                key("c", &caller(&left, &scopes, 9), "/p", &query),
                key("c", &caller(&right, &scopes, 9), "/p", &query)
            );
        }
    }
}
