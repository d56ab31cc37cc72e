//! Any path below `/secured/` that is not the worker's own: handed on to the origin, or answered from the cache.

use super::{Call, Refused, authentication::authorize};
use crate::{
    cache::{self, CacheKey, Conditions, KeyParts, Lookup},
    gateway::{self, Ask},
    http::{answer::Answer, problem::Problem, request::Inbound},
    runtime::clock,
};

pub(crate) async fn secured_origin(request: &Inbound, call: &Call<'_>) -> Result<Answer, Refused> {
    let settings = &call.settings;
    let origin = settings.origin.as_ref().ok_or(Problem::NotFound)?;
    let caller = authorize(request, call).await?;
    let now = clock::now();
    let limit = cache::limit(settings.cache_seconds, caller.expires_at, now);
    let is_head = request.method() == "HEAD";
    let key = || {
        CacheKey::new(&KeyParts {
            caller: &caller,
            url: request.url(),
            headers: cache::selecting_headers(&settings.cache_headers, request),
            expires_at: None,
        })
    };
    if let Some(reason) = cache::bypass(request, limit) {
        let fetched = gateway::fetch(request, call, origin, &caller, Ask::AsSent).await?;
        if limit > 0 && cache::invalidates(request.method(), fetched.head.status) {
            // Before the answer: whoever reads after it must not get what was there before.
            cache::delete(&key()).await;
        }
        return Ok(cache::pass(&fetched, reason, is_head)?);
    }
    let lookup = Lookup {
        key: key(),
        limit,
        headers: &settings.cache_headers,
        conditions: Conditions::of(request),
        is_head,
        now,
        context: call.context,
    };
    lookup
        .serve(async || gateway::fetch(request, call, origin, &caller, Ask::Whole).await)
        .await
}
