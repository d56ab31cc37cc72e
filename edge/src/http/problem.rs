//! Every error that a client can see, and what it looks like on the wire (RFC 9457). The one place where errors become HTTP.
//!
//! A [`Problem`] carries nothing of its cause: reasons go to the log (see [`crate::runtime::log`]), never to the client.

#[cfg(test)]
pub(super) mod samples;
mod wording;

use serde::Serialize;

use super::reply::Reply;
use wording::Wording;

/// Media type of RFC 9457.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// Seconds a client should wait after an upstream failure. Cognito's throttling is counted per second; a little more
/// spreads the returning clients.
const UPSTREAM_RETRY_AFTER: u32 = 2;

/// The protection space of RFC 9110 §11.5, sent in every bearer challenge.
const REALM: &str = "passwordless-edge";

/// One wrong field of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FieldError {
    pub(crate) field: &'static str,
    pub(crate) detail: &'static str,
}

impl FieldError {
    pub(crate) fn new(field: &'static str, detail: &'static str) -> Self {
        Self { field, detail }
    }
}

/// An error as the client learns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    InvalidRequest(Vec<FieldError>),
    InvalidPhoneNumber,
    /// No bearer token was sent at all.
    TokenMissing,
    /// The token is not accepted, for whatever reason.
    TokenInvalid,
    /// The token is good but lacks these scopes.
    InsufficientScope(String),
    /// The code was wrong and another try is left: the next session and the challenge go with the answer.
    WrongCode {
        session: String,
        parameters: serde_json::Map<String, serde_json::Value>,
    },
    NotAuthorized,
    /// No code is sent to that number: its country is not on the list, or an operator blocked it.
    DestinationNotAllowed,
    /// A human check is asked for, and there was none or it failed.
    HumanCheckRequired,
    /// A limit is reached.
    TooManyRequests {
        /// Seconds from now.
        retry_after: u64,
        /// The same as a point in time, Unix seconds.
        retry_at: u64,
    },
    NotFound,
    /// With the methods that are allowed, as `Allow` lists them.
    MethodNotAllowed(&'static str),
    ExpiredCode,
    BodyTooLarge,
    UnsupportedMediaType,
    Internal,
    UpstreamError,
    UpstreamUnavailable,
    /// The API behind `/secured/` broke off or answered what is no HTTP.
    OriginError,
    OriginUnavailable,
    OriginTimeout,
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    code: &'a str,
    /// Same text as `detail`: what clients of the 2020 stack read.
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<&'a [FieldError]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_at: Option<u64>,
    #[serde(rename = "Session", skip_serializing_if = "Option::is_none")]
    session: Option<&'a str>,
    #[serde(rename = "ChallengeParameters", skip_serializing_if = "Option::is_none")]
    challenge_parameters: Option<&'a serde_json::Map<String, serde_json::Value>>,
}

impl Problem {
    /// One wrong field.
    pub(crate) fn invalid_field(field: &'static str, detail: &'static str) -> Self {
        Self::InvalidRequest(vec![FieldError::new(field, detail)])
    }

    /// The stable code that programs switch on; also the metric label.
    pub(crate) fn code(&self) -> &'static str {
        self.wording().code
    }

    /// The problem as an HTTP answer.
    pub(crate) fn into_reply(self) -> Reply {
        let Wording {
            status,
            code,
            title,
            detail,
        } = self.wording();
        let (session, challenge_parameters) = match &self {
            Self::WrongCode { session, parameters } => (Some(session.as_str()), Some(parameters)),
            _ => (None, None),
        };
        let errors = match &self {
            Self::InvalidRequest(errors) => Some(errors.as_slice()),
            _ => None,
        };
        let retry_at = match self {
            Self::TooManyRequests { retry_at, .. } => Some(retry_at),
            _ => None,
        };
        let document = Document {
            // RFC 9457 §3.1.1: a URI that identifies the type. A URN needs no page to exist anywhere.
            r#type: format!(
                "urn:passwordless-edge:problem:{}",
                code.to_lowercase().replace('_', "-")
            ),
            title,
            status,
            detail,
            code,
            message: detail,
            errors,
            retry_at,
            session,
            challenge_parameters,
        };
        let mut reply = Reply::json(status, &document).no_store();
        if let Some(content_type) = reply.headers.first_mut() {
            PROBLEM_JSON.clone_into(&mut content_type.1);
        }
        match self {
            // RFC 6750 §3.1: no error code where the client sent no token.
            Self::TokenMissing => reply.with_header("www-authenticate", format!("Bearer realm=\"{REALM}\"")),
            Self::TokenInvalid => reply.with_header(
                "www-authenticate",
                format!(
                    "Bearer realm=\"{REALM}\", error=\"invalid_token\", \
                     error_description=\"The access token is malformed, expired or not meant for this service\""
                ),
            ),
            Self::InsufficientScope(scope) => reply.with_header(
                "www-authenticate",
                format!(
                    "Bearer realm=\"{REALM}\", error=\"insufficient_scope\", \
                     error_description=\"The access token lacks a scope\", scope=\"{scope}\""
                ),
            ),
            Self::MethodNotAllowed(allow) => reply.with_header("allow", allow),
            Self::UpstreamUnavailable | Self::OriginUnavailable => {
                reply.with_header("retry-after", UPSTREAM_RETRY_AFTER.to_string())
            }
            Self::TooManyRequests { retry_after, .. } => reply.with_header("retry-after", retry_after.to_string()),
            Self::InvalidRequest(_)
            | Self::InvalidPhoneNumber
            | Self::WrongCode { .. }
            | Self::NotAuthorized
            | Self::DestinationNotAllowed
            | Self::HumanCheckRequired
            | Self::NotFound
            | Self::ExpiredCode
            | Self::BodyTooLarge
            | Self::UnsupportedMediaType
            | Self::Internal
            | Self::UpstreamError
            | Self::OriginError
            | Self::OriginTimeout => reply,
        }
    }
}

#[cfg(test)]
mod tests;
