//! The edge cache of secured answers: each caller has an own one, looked up only after the token was verified.
//!
//! Kept answers live in the data centre that made them (Workers Cache API). On `workers.dev` that API does nothing, and
//! every lookup is a miss. What may be kept and for how long is RFC 9111's, and stricter where [`freshness`] says so; what a
//! client learns of it is RFC 9211's.

mod conditional;
mod directives;
mod for_client;
mod freshness;
mod key;
mod request;
mod status;
mod store;

pub(crate) use conditional::Conditions;
pub(crate) use for_client::cache_control;
pub(crate) use key::{CacheKey, KeyParts, selecting_headers};
pub(crate) use request::{bypass, invalidates, limit};
pub(crate) use status::{Forwarded, forwarded};
pub(crate) use store::delete;

use challenge::UnixSeconds;
use worker::Context;

use crate::http::{
    answer::{Answer, Body, Fetched},
    headers::Head,
    problem::Problem,
};

/// A request that the cache may answer.
pub(crate) struct Lookup<'a> {
    pub(crate) key: CacheKey,
    /// See [`limit`].
    pub(crate) limit: u64,
    /// The setting's request headers, which are in the key.
    pub(crate) headers: &'a [String],
    pub(crate) conditions: Conditions,
    pub(crate) is_head: bool,
    /// When the request came. What is fetched for it counts its time from then: that the answer took a while to come does not
    /// make it younger (RFC 9111 §4.2.3).
    pub(crate) now: UnixSeconds,
    pub(crate) context: &'a Context,
}

impl Lookup<'_> {
    /// Answers from the cache, or with what `fetch` gets, the whole of it, which is kept if it may be.
    pub(crate) async fn serve<E>(self, fetch: impl AsyncFnOnce() -> Result<Fetched, E>) -> Result<Answer, E>
    where
        E: From<Problem>,
    {
        if let Some(kept) = store::get(&self.key, self.now).await {
            let mut head = kept.head;
            let age = freshness::age(&head).saturating_add(kept.resident);
            head.headers.set("age", age.to_string());
            return Ok(self.answer(head, &kept.body, &status::hit(kept.left))?);
        }
        let Fetched { head, body } = fetch().await?;
        // A HEAD has no body that could be kept.
        let seconds = (!self.is_head)
            .then(|| freshness::seconds(&head, self.headers, self.limit, self.now))
            .flatten();
        let status = forwarded(Forwarded::Miss, origin_status(&head, &body), seconds);
        let (body, copy) = match seconds {
            Some(_) => body.doubled(),
            None => (body, None),
        };
        let answer = self.answer(head.clone(), &body, &status)?;
        if let (Some(seconds), Some(copy)) = (seconds, copy) {
            store::put(self.key, &head, copy, seconds, self.now, self.context);
        }
        Ok(answer)
    }

    fn answer(&self, head: Head, body: &Body, status: &str) -> Result<Answer, Problem> {
        let is_met = self.conditions.are_met_by(&head);
        let head = for_client::head(head, status);
        let head = if is_met { conditional::not_modified(head) } else { head };
        Answer::new(&head, body, self.is_head)
    }
}

/// An answer that the cache has nothing to do with, as the client gets it.
pub(crate) fn pass(fetched: &Fetched, reason: Forwarded, is_head: bool) -> Result<Answer, Problem> {
    let Fetched { head, body } = fetched;
    let status = forwarded(reason, origin_status(head, body), None);
    Answer::new(&for_client::head(head.clone(), &status), body, is_head)
}

/// What the origin said, if it was asked.
fn origin_status(head: &Head, body: &Body) -> Option<u16> {
    matches!(body, Body::Received(..)).then_some(head.status)
}
