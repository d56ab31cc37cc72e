//! `/secured/call`, any method: returns the parameters that were sent, to a caller with a good access token.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use challenge::UnixSeconds;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Call, Refused, authentication::authorize};
use crate::{
    cache::{self, CacheKey, Conditions, KeyParts, Lookup},
    http::{
        answer::{Answer, Body, Fetched},
        body::{self, MediaType},
        headers::{Head, Headers},
        multipart, parameters,
        problem::Problem,
        reply::Reply,
        request::Inbound,
    },
    runtime::{clock, task::apart},
    token::Caller,
};

pub(crate) async fn secured_call(request: &Inbound, call: &Call<'_>) -> Result<Answer, Refused> {
    let caller = authorize(request, call).await?;
    let now = clock::now();
    let limit = cache::limit(call.settings.cache_seconds, caller.expires_at, now);
    let query = parameters::decode(request.query());
    let Some(reason) = cache::bypass(request, limit) else {
        return apart(read(request, call, &caller, query, limit, now)).await;
    };
    let status = cache::forwarded(reason, None, None);
    let reply = if matches!(request.method(), "GET" | "HEAD") && request.body().is_none() {
        private(tagged(echo(query, &Value::Null, &caller), limit))
    } else {
        echo(query, &apart(read_body(request)).await?, &caller).no_store()
    };
    Ok(reply.with_header("cache-status", status).into())
}

/// From the cache, or made now and kept.
async fn read(
    request: &Inbound,
    call: &Call<'_>,
    caller: &Caller,
    query: Vec<(String, String)>,
    limit: u64,
    now: UnixSeconds,
) -> Result<Answer, Refused> {
    let settings = &call.settings;
    let lookup = Lookup {
        key: CacheKey::new(&KeyParts {
            caller,
            url: request.url(),
            headers: cache::selecting_headers(&settings.cache_headers, request),
            // The echo tells it.
            expires_at: Some(caller.expires_at),
        }),
        limit,
        headers: &settings.cache_headers,
        conditions: Conditions::of(request),
        is_head: request.method() == "HEAD",
        now,
        context: call.context,
    };
    let fetch = async || Ok::<_, Refused>(as_of_an_origin(tagged(echo(query, &Value::Null, caller), limit), limit));
    lookup.serve(fetch).await
}

/// The request's body as JSON: JSON and forms are parsed, other text is a string, none is null.
async fn read_body(request: &Inbound) -> Result<Value, Problem> {
    let content_type = request.header("content-type");
    let media_type = MediaType::parse(content_type.as_deref());
    let bytes = body::read(request).await?;
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    let text = |bytes| String::from_utf8(bytes).map_err(|_| Problem::invalid_field("body", "must be text in UTF-8"));
    match media_type {
        MediaType::Json | MediaType::JsonSuffix => serde_json::from_slice(&bytes)
            .map_err(|_| Problem::invalid_field("body", "is not the JSON that its content type promises")),
        MediaType::Form => Ok(parameters::to_json(parameters::decode(&text(bytes)?))),
        MediaType::Multipart => multipart::read(&bytes, &content_type.unwrap_or_default())
            .await
            .map(parameters::to_json),
        MediaType::Other | MediaType::Absent => Ok(Value::String(text(bytes)?)),
    }
}

/// What the endpoint answers.
#[derive(Serialize)]
struct Echo<'a> {
    query: Value,
    body: &'a Value,
    caller: EchoedCaller<'a>,
}

#[derive(Serialize)]
struct EchoedCaller<'a> {
    sub: &'a str,
    username: &'a str,
    scope: &'a [String],
    /// Unix seconds.
    expires_at: u64,
}

pub(crate) fn echo(query: Vec<(String, String)>, body: &Value, caller: &Caller) -> Reply {
    let echo = Echo {
        query: parameters::to_json(query),
        body,
        caller: EchoedCaller {
            sub: &caller.sub,
            username: &caller.username,
            scope: &caller.scope,
            expires_at: caller.expires_at.0,
        },
    };
    Reply::json(200, &echo)
}

/// For this caller alone: shared caches between here and there must not keep it (RFC 9111 §5.2.2.7).
pub(crate) fn private(reply: Reply) -> Reply {
    reply
        .with_header("cache-control", cache::cache_control(None))
        .with_header("vary", "Authorization")
}

/// With a strong entity tag (RFC 9110 §8.8.3), where clients may come again for the same.
pub(crate) fn tagged(reply: Reply, limit: u64) -> Reply {
    if limit == 0 {
        return reply;
    }
    let digest = Sha256::digest(reply.body.as_deref().unwrap_or_default());
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(digest));
    reply.with_header("etag", tag)
}

/// The echo as if an origin had answered so, fresh for `seconds` in a cache at the edge.
fn as_of_an_origin(reply: Reply, seconds: u64) -> Fetched {
    let body = reply.body.unwrap_or_default();
    let mut headers: Vec<_> = reply
        .headers
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    headers.push(("cache-control".to_owned(), format!("s-maxage={seconds}")));
    headers.push(("content-length".to_owned(), body.len().to_string()));
    Fetched {
        head: Head {
            status: reply.status,
            headers: Headers::new(headers),
        },
        body: Body::Text(body),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn caller() -> Caller {
        Caller {
            sub: "s".to_owned(),
            username: "u".to_owned(),
            scope: vec!["a".to_owned(), "b".to_owned()],
            expires_at: UnixSeconds(7),
            ..Caller::unverified("")
        }
    }

    #[test]
    fn the_echo_has_query_body_and_caller() {
        let reply = echo(parameters::decode("x=1&x=2"), &json!([true]), &caller());
        let body: Value = serde_json::from_str(reply.body.as_deref().unwrap()).unwrap();
        assert_eq!(
            body,
            json!({
                "query": {"x": ["1", "2"]},
                "body": [true],
                "caller": {"sub": "s", "username": "u", "scope": ["a", "b"], "expires_at": 7},
            })
        );
    }
}
