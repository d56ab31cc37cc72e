//! Reading a request's body, bounded: never more than [`LIMIT`] bytes are kept, whatever the client announces or sends.

use super::{problem::Problem, request::Inbound};
use futures_util::StreamExt;

/// Largest body that is taken, in bytes (16 KiB).
pub(crate) const LIMIT: usize = 16 * 1024;

/// What a body claims to be, from `Content-Type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaType {
    /// `application/json`
    Json,
    /// A type whose name ends in `+json`, which is JSON underneath (RFC 6839 §3.1).
    JsonSuffix,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/form-data`
    Multipart,
    Other,
    /// No `Content-Type`.
    Absent,
}

impl MediaType {
    /// Reads a `Content-Type` value; parameters and case do not matter (RFC 9110 §8.3.1).
    pub(crate) fn parse(content_type: Option<&str>) -> Self {
        let Some(content_type) = content_type else {
            return Self::Absent;
        };
        let essence = content_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        match essence.as_str() {
            "" => Self::Absent,
            "application/json" => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            "multipart/form-data" => Self::Multipart,
            other if other.ends_with("+json") => Self::JsonSuffix,
            _ => Self::Other,
        }
    }
}

/// Reads the whole body; empty if there is none. [`Problem::BodyTooLarge`] above [`LIMIT`], at once if its length was
/// announced, otherwise as soon as the limit is passed.
pub(crate) async fn read(request: &Inbound) -> Result<Vec<u8>, Problem> {
    let announced = request.header("content-length");
    if announced
        .and_then(|length| length.parse::<u64>().ok())
        .is_some_and(|length| length > LIMIT as u64)
    {
        return Err(Problem::BodyTooLarge);
    }
    if request.body().is_none() {
        return Ok(Vec::new());
    }
    // A client that breaks off in the middle of its own body gets an answer only if it still listens.
    let broken = |_| Problem::invalid_field("body", "could not be read");
    let mut stream = worker::Request::from(Clone::clone(request.raw()))
        .stream()
        .map_err(broken)?;
    let mut body = Vec::new();
    while let Some(chunk) = stream.next().await {
        body.extend_from_slice(&chunk.map_err(broken)?);
        if body.len() > LIMIT {
            return Err(Problem::BodyTooLarge);
        }
    }
    Ok(body)
}

/// Reads the body of an endpoint that takes JSON only. [`Problem::UnsupportedMediaType`] for anything else.
pub(crate) async fn read_json(request: &Inbound) -> Result<Vec<u8>, Problem> {
    match MediaType::parse(request.header("content-type").as_deref()) {
        MediaType::Json => read(request).await,
        _ => Err(Problem::UnsupportedMediaType),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_read_without_parameters_and_in_any_case() {
        for (content_type, expected) in [
            (Some("application/json"), MediaType::Json),
            (Some("Application/JSON; charset=utf-8"), MediaType::Json),
            (Some("application/vnd.api+json"), MediaType::JsonSuffix),
            (Some("application/x-www-form-urlencoded;charset=UTF-8"), MediaType::Form),
            (Some("multipart/form-data; boundary=x"), MediaType::Multipart),
            (Some("application/jsonx"), MediaType::Other),
            (Some("text/plain"), MediaType::Other),
            (Some(" "), MediaType::Absent),
            (None, MediaType::Absent),
        ] {
            assert_eq!(MediaType::parse(content_type), expected, "{content_type:?}");
        }
    }
}
