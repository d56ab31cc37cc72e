//! `/secured/call`, any method: returns the parameters that were sent, to a caller with a good access token.

use challenge::UnixSeconds;
use serde_json::{Value, json};
use worker::{Context, Request};

use super::{Call, Refused};
use crate::{
    cache::{self, CacheKey},
    http::{
        body::{self, MediaType},
        header::header,
        multipart, parameters,
        problem::Problem,
        reply::Reply,
    },
    runtime::clock,
    token::{self, Caller, Expected, TokenError, bearer::Bearer},
};

pub(crate) async fn secured_call(mut request: Request, call: &Call<'_>, context: &Context) -> Result<Reply, Refused> {
    let caller = authenticate(&request, call).await?;
    authorize(&caller, &call.settings.required_scopes)?;

    // Not `Request::method`: it takes every method that it does not know for GET.
    let is_read = matches!(request.inner().method().as_str(), "GET" | "HEAD");
    let url = request.inner().url();
    let query = parameters::decode(parameters::query_of(&url));
    if is_read && request.inner().body().is_none() {
        return Ok(private(read(&request, call, context, &caller, &url, query).await));
    }
    let reply = echo(query, &read_body(&mut request).await?, &caller);
    let reason = if is_read { "request" } else { "method" };
    Ok(reply.no_store().with_header("cache-status", cache::forwarded(reason)))
}

/// A GET or HEAD without a body: from the cache, or made now and kept.
async fn read(
    request: &Request,
    call: &Call<'_>,
    context: &Context,
    caller: &Caller,
    url: &str,
    query: Vec<(String, String)>,
) -> Reply {
    let now = clock::now();
    let seconds = cache::time_to_live(call.settings.cache_seconds, caller.expires_at, now);
    let cache_control = header(request, "cache-control");
    let bypass = cache::client_bypasses(cache_control.as_deref());
    if seconds == 0 || bypass {
        let reason = if bypass { "request" } else { "bypass" };
        return echo(query, &Value::Null, caller).with_header("cache-status", cache::forwarded(reason));
    }
    let key = CacheKey::new(&call.settings.client_id, caller, url, &query);
    if let Some(hit) = cache::lookup(&key, now).await {
        return hit;
    }
    let reply = echo(query, &Value::Null, caller);
    cache::store(&key, &reply, seconds, now, context);
    reply.with_header("cache-status", cache::stored(seconds))
}

/// RFC 6750 §2.1: the token from the `Authorization` header and from nowhere else.
async fn authenticate(request: &Request, call: &Call<'_>) -> Result<Caller, Refused> {
    let authorization = header(request, "authorization");
    let token = match Bearer::parse(authorization.as_deref()) {
        Bearer::Token(token) => token,
        Bearer::Absent => return Err(Problem::TokenMissing.into()),
        Bearer::Malformed => return Err(TokenError::Rejected(token::Rejection::Malformed).into()),
    };
    let settings = &call.settings;
    let expected = Expected {
        issuer: &settings.issuer,
        client_id: &settings.client_id,
    };
    Ok(token::verify(token, &expected, &settings.jwks_url, call.deadline).await?)
}

fn authorize(caller: &Caller, required: &[String]) -> Result<(), Problem> {
    if required.iter().all(|scope| caller.scope.contains(scope)) {
        Ok(())
    } else {
        Err(Problem::InsufficientScope(required.join(" ")))
    }
}

/// The request's body as JSON: JSON and forms are parsed, other text is a string, none is null.
async fn read_body(request: &mut Request) -> Result<Value, Problem> {
    let content_type = header(request, "content-type");
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

fn echo(query: Vec<(String, String)>, body: &Value, caller: &Caller) -> Reply {
    let Caller {
        sub,
        username,
        scope,
        expires_at: UnixSeconds(expires_at),
    } = caller;
    Reply::json(
        200,
        &json!({
            "query": parameters::to_json(query),
            "body": body,
            "caller": { "sub": sub, "username": username, "scope": scope, "expires_at": expires_at },
        }),
    )
}

/// For this caller alone: shared caches between here and there must not keep it (RFC 9111 §5.2.2.7).
fn private(reply: Reply) -> Reply {
    reply
        .with_header("cache-control", "private")
        .with_header("vary", "Authorization")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller() -> Caller {
        Caller {
            sub: "s".to_owned(),
            username: "u".to_owned(),
            scope: vec!["a".to_owned(), "b".to_owned()],
            expires_at: UnixSeconds(7),
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

    #[test]
    fn every_required_scope_must_be_there() {
        let required = |scopes: &[&str]| scopes.iter().map(|scope| (*scope).to_owned()).collect::<Vec<_>>();
        assert_eq!(authorize(&caller(), &[]), Ok(()));
        assert_eq!(authorize(&caller(), &required(&["b", "a"])), Ok(()));
        assert_eq!(
            authorize(&caller(), &required(&["a", "c"])),
            Err(Problem::InsufficientScope("a c".to_owned()))
        );
    }
}
