//! `Cache-Status`: what the cache did (RFC 9211).

/// This cache's name (RFC 9211 §2).
const NAME: &str = "passwordless-edge";

/// Why an answer did not come from the cache (RFC 9211 §2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forwarded {
    /// Nothing was kept. Whether for the URL or only for the headers cannot be told: both are in one key.
    Miss,
    /// The request asked for what is not kept: a fresh answer, a part.
    Request,
    Method,
    /// The cache is off, or the token expires now.
    Bypass,
}

impl Forwarded {
    fn reason(self) -> &'static str {
        match self {
            Self::Miss => "miss",
            Self::Request => "request",
            Self::Method => "method",
            Self::Bypass => "bypass",
        }
    }
}

/// An answer that was fetched or made for this request. `origin_status`: what the origin said, if it was asked. `kept_for`:
/// seconds, if it is kept.
pub(crate) fn forwarded(reason: Forwarded, origin_status: Option<u16>, kept_for: Option<u64>) -> String {
    let origin = origin_status.map_or_else(String::new, |status| format!("; fwd-status={status}"));
    let kept = kept_for.map_or_else(String::new, |seconds| format!("; stored; ttl={seconds}"));
    format!("{NAME}; fwd={}{origin}{kept}", reason.reason())
}

/// An answer that was kept, and is good for so many seconds more.
pub(super) fn hit(seconds: u64) -> String {
    format!("{NAME}; hit; ttl={seconds}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_has_the_form_of_the_rfc() {
        assert_eq!(
            forwarded(Forwarded::Request, None, None),
            "passwordless-edge; fwd=request"
        );
        assert_eq!(
            forwarded(Forwarded::Miss, Some(200), Some(60)),
            "passwordless-edge; fwd=miss; fwd-status=200; stored; ttl=60"
        );
        assert_eq!(hit(7), "passwordless-edge; hit; ttl=7");
    }
}
