//! The words of each problem: one table.

use super::Problem;

/// The fixed words of a problem.
pub(super) struct Wording {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) detail: &'static str,
}

impl Problem {
    #[expect(clippy::too_many_lines, reason = "one table of all problems")]
    pub(super) fn wording(&self) -> Wording {
        let (status, code, title, detail) = match self {
            Self::InvalidRequest(_) => (
                400,
                "INVALID_REQUEST",
                "Invalid request",
                "The request is not as this endpoint expects it; `errors` names what to change.",
            ),
            Self::InvalidPhoneNumber => (
                400,
                "INVALID_PHONE_NUMBER",
                "Invalid phone number",
                "`phone_number` must be a possible number in E.164 form, such as +15005550006.",
            ),
            Self::TokenMissing => (
                401,
                "INVALID_TOKEN",
                "Access token missing",
                "Send the access token in the header `Authorization: Bearer <access token>`.",
            ),
            Self::TokenInvalid => (
                401,
                "INVALID_TOKEN",
                "Access token not accepted",
                "The access token is malformed, expired or not meant for this service; refresh it or sign in again.",
            ),
            Self::InsufficientScope(_) => (
                403,
                "INSUFFICIENT_SCOPE",
                "Insufficient scope",
                "The access token lacks a scope that this resource needs.",
            ),
            Self::WrongCode { .. } => (
                401,
                "WRONG_CODE",
                "Wrong code",
                "The code is not right; try again with the `Session` of this answer.",
            ),
            Self::NotAuthorized => (
                403,
                "NOT_AUTHORIZED",
                "Not authorized",
                "The session or token is unknown, used up, revoked or not this user's; sign in again.",
            ),
            Self::DestinationNotAllowed => (
                403,
                "DESTINATION_NOT_ALLOWED",
                "Destination not allowed",
                "No codes are sent to this number; its country may not be served.",
            ),
            Self::HumanCheckRequired => (
                403,
                "HUMAN_CHECK_REQUIRED",
                "Human check required",
                "Show the human check and send its fresh token as `turnstile_token`; each is good once.",
            ),
            Self::TooManyRequests { .. } => (
                429,
                "TOO_MANY_REQUESTS",
                "Too many requests",
                "A limit is reached; the same request is taken again after `Retry-After` seconds.",
            ),
            Self::NotFound => (404, "NOT_FOUND", "Not found", "There is nothing at this path."),
            Self::MethodNotAllowed(_) => (
                405,
                "METHOD_NOT_ALLOWED",
                "Method not allowed",
                "This path does not take this method; the header `Allow` lists those it takes.",
            ),
            Self::ExpiredCode => (
                410,
                "EXPIRED_CODE",
                "Code expired",
                "The code has expired; ask for a new one with /sign_up.",
            ),
            Self::BodyTooLarge => (
                413,
                "BODY_TOO_LARGE",
                "Body too large",
                "The request's body is larger than the 16 KiB that are taken.",
            ),
            Self::UnsupportedMediaType => (
                415,
                "UNSUPPORTED_MEDIA_TYPE",
                "Unsupported media type",
                "Send the body as JSON with the header `Content-Type: application/json`.",
            ),
            Self::Internal => (
                500,
                "INTERNAL",
                "Internal error",
                "Something failed on our side; it has been logged.",
            ),
            Self::UpstreamError => (
                502,
                "UPSTREAM_ERROR",
                "Upstream error",
                "The identity provider gave an unexpected answer; it has been logged.",
            ),
            Self::UpstreamUnavailable => (
                503,
                "UPSTREAM_UNAVAILABLE",
                "Upstream unavailable",
                "A service that this needs is busy or cannot be reached; try again after `Retry-After` seconds.",
            ),
            Self::OriginError => (
                502,
                "ORIGIN_ERROR",
                "Origin error",
                "The API behind this path gave no proper answer; it has been logged.",
            ),
            Self::OriginUnavailable => (
                503,
                "ORIGIN_UNAVAILABLE",
                "Origin unavailable",
                "The API behind this path cannot be reached; try again after `Retry-After` seconds.",
            ),
            Self::OriginTimeout => (
                504,
                "ORIGIN_TIMEOUT",
                "Origin too slow",
                "The API behind this path did not answer in time.",
            ),
        };
        Wording {
            status,
            code,
            title,
            detail,
        }
    }
}
