//! Cross-origin answers (Fetch standard, §3.3 "CORS protocol").
//!
//! Credentials mode is never needed: the token travels in a header that a page must set itself, so a wildcard origin gives
//! a foreign page nothing that it does not already hold.

use super::reply::Reply;

/// What scripts may read beside the safelisted response headers.
const EXPOSED: &str = "Age, Cache-Status, ETag, Retry-After, WWW-Authenticate, X-Request-Id";

/// What scripts may send when they do not ask for particular headers.
const DEFAULT_REQUEST_HEADERS: &str = "Authorization, Content-Type";

/// How long browsers may keep a preflight's answer, in seconds (Chromium caps it at two hours).
const MAX_AGE: &str = "7200";

/// Which pages' scripts may read the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AllowedOrigins {
    Any,
    /// Exact origins, such as `https://app.example.com`.
    Listed(Vec<String>),
}

impl AllowedOrigins {
    /// The value of `Access-Control-Allow-Origin` for this request, if its page is allowed.
    fn answer_to<'a>(&self, origin: &'a str) -> Option<&'a str> {
        match self {
            Self::Any => Some("*"),
            Self::Listed(origins) => origins.iter().any(|allowed| allowed == origin).then_some(origin),
        }
    }

    /// The response headers that let the page at `origin` read the answer, whoever made it. Without an `Origin` header
    /// there are none but `Vary`.
    pub(crate) fn headers(&self, origin: Option<&str>) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        // The answer depends on the request's Origin: a cache in between must know (Fetch standard §3.3.5).
        if matches!(self, Self::Listed(_)) {
            headers.push(("vary", "Origin".to_owned()));
        }
        if let Some(allowed) = origin.and_then(|origin| self.answer_to(origin)) {
            headers.push(("access-control-allow-origin", allowed.to_owned()));
            headers.push(("access-control-expose-headers", EXPOSED.to_owned()));
        }
        headers
    }
}

/// The answer to `OPTIONS`: the methods that the path takes, and the headers that the page asked for.
pub(crate) fn preflight(allow: &'static str, requested_headers: Option<String>) -> Reply {
    Reply::empty(204)
        .with_header("allow", allow)
        .with_header("access-control-allow-methods", allow)
        .with_header(
            "access-control-allow-headers",
            requested_headers.unwrap_or_else(|| DEFAULT_REQUEST_HEADERS.to_owned()),
        )
        .with_header("access-control-max-age", MAX_AGE)
        // Browsers keep a preflight for the time above, whatever this says; no other cache shall.
        .no_store()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origins: &AllowedOrigins, origin: Option<&str>) -> Option<String> {
        origins
            .headers(origin)
            .into_iter()
            .find(|(name, _)| *name == "access-control-allow-origin")
            .map(|(_, value)| value)
    }

    #[test]
    fn only_listed_origins_may_read() {
        let listed = AllowedOrigins::Listed(vec!["https://app.example.com".to_owned()]);
        assert_eq!(
            allowed(&listed, Some("https://app.example.com")).as_deref(),
            Some("https://app.example.com")
        );
        for other in [
            "https://app.example.com.evil.example",
            "http://app.example.com",
            "https://APP.example.com",
            "null",
        ] {
            assert_eq!(allowed(&listed, Some(other)), None, "{other}");
        }
        assert!(listed.headers(None).contains(&("vary", "Origin".to_owned())));
    }

    #[test]
    fn any_origin_gets_the_wildcard_and_non_browsers_get_nothing() {
        assert_eq!(
            allowed(&AllowedOrigins::Any, Some("https://a.example")).as_deref(),
            Some("*")
        );
        assert_eq!(allowed(&AllowedOrigins::Any, None), None);
    }

    #[test]
    fn a_preflight_grants_the_methods_of_the_path_and_the_headers_asked_for() {
        let reply = preflight("POST, OPTIONS", Some("x-trace, content-type".to_owned()));
        assert_eq!(reply.status, 204);
        assert!(
            reply
                .headers
                .contains(&("access-control-allow-methods", "POST, OPTIONS".to_owned()))
        );
        assert!(
            reply
                .headers
                .contains(&("access-control-allow-headers", "x-trace, content-type".to_owned()))
        );
    }
}
