//! The way from a verified caller to the origin, the API behind `/secured/`, and back (docs/gateway.md).
//!
//! A gateway in RFC 9110's words (§3.7): it speaks for the origin to clients, and for the caller to the origin. Bodies stream
//! in both directions; what happens to the heads is decided by pure functions here, and [`crate::runtime::origin`] sends.

mod connection;
mod failure;
mod identity;
mod request_head;
mod response_head;
mod target;

pub(crate) use request_head::Ask;

use serde_json::json;

use crate::{
    endpoints::{Call, Refused},
    http::{
        answer::{Body, Fetched},
        headers::{Head, Headers},
        problem::Problem,
        request::Inbound,
    },
    runtime::{clock, log, origin, relay},
    settings::{ORIGIN_SERVICE, Origin},
    token::Caller,
};
use failure::Failure;
use request_head::Facts;

/// Asks the origin what `caller` asks for.
pub(crate) async fn fetch(
    request: &Inbound,
    call: &Call<'_>,
    origin: &Origin,
    caller: &Caller,
    ask: Ask,
) -> Result<Fetched, Refused> {
    let url = target::url(origin.url.as_deref(), request.url());
    let identity = identity::headers(
        caller,
        &origin.signing_key,
        request.method(),
        target::target(&url),
        clock::now(),
    );
    let facts = Facts {
        ask,
        client_ip: request.header("cf-connecting-ip"),
        host: request.header("host"),
        scheme: request.url().split("://").next().unwrap_or_default(),
        request_id: call.request_id,
        client_accept_encoding: relay::client_accept_encoding(request.raw()),
        identity: identity.ok_or(Problem::Internal)?,
    };
    let sent = Headers::from_lines(&relay::headers_of_request(request.raw()));
    let changes = request_head::for_origin(&sent, facts).changes_from(&sent);
    let service = origin.is_service.then_some((call.env, ORIGIN_SERVICE));
    let response = origin::send(request.raw(), &url, &changes, service, origin.timeout_ms)
        .await
        .map_err(|rejection| refused(Failure::of_rejection(&rejection), call.request_id))?;
    let status = response.status();
    if let Some(failure) = Failure::of_status(status, request_head::is_websocket(&sent)) {
        return Err(refused(failure, call.request_id));
    }
    let headers = Headers::from_lines(&relay::headers_of_response(&response));
    let head = Head {
        status,
        headers: headers.clone(),
    };
    Ok(Fetched {
        head: response_head::from_origin(head),
        body: Body::Received(response, headers),
    })
}

fn refused(failure: Failure, request_id: &str) -> Refused {
    let reason = failure.reason();
    log::warning("origin_failed", json!({ "request_id": request_id, "reason": reason }));
    Refused {
        problem: failure.problem(),
        reason: Some(reason),
    }
}
