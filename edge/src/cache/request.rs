//! Which requests may be answered from the cache.

use challenge::UnixSeconds;

use super::{directives::Directives, status::Forwarded};
use crate::http::request::Inbound;

/// Headers that ask for something else than the whole answer, or that only the origin can decide: a part (RFC 9110 §14), a
/// precondition for a change (§13.1.1, §13.1.4), another protocol (§7.8).
const NOT_FOR_THE_CACHE: [&str; 5] = ["range", "if-range", "if-match", "if-unmodified-since", "upgrade"];

/// Seconds for which an answer may be kept: never longer than its token is good.
pub(crate) fn limit(setting: u64, expires_at: UnixSeconds, now: UnixSeconds) -> u64 {
    setting.min(expires_at.0.saturating_sub(now.0))
}

/// Why the cache is not asked; `None` if it is.
pub(crate) fn bypass(request: &Inbound, limit: u64) -> Option<Forwarded> {
    let has_body = || request.body().is_some();
    reason(request.method(), |name| request.header(name), has_body, limit)
}

fn reason(
    method: &str,
    header: impl Fn(&str) -> Option<String>,
    has_body: impl Fn() -> bool,
    limit: u64,
) -> Option<Forwarded> {
    if !matches!(method, "GET" | "HEAD") {
        Some(Forwarded::Method)
    } else if limit == 0 {
        // First: without a cache nothing need be asked of the platform.
        Some(Forwarded::Bypass)
    } else if asks_for_fresh(header("cache-control").as_deref())
        || NOT_FOR_THE_CACHE.iter().any(|name| header(name).is_some())
        || has_body()
    {
        Some(Forwarded::Request)
    } else {
        None
    }
}

/// RFC 9111 §5.2.1.4, §5.2.1.5; and `max-age=0` (§5.2.1.1), which browsers send when their user reloads. A cache may leave
/// the other directives alone (§5.2.1), and this one does.
fn asks_for_fresh(cache_control: Option<&str>) -> bool {
    let directives = Directives::parse(cache_control);
    directives.has("no-cache") || directives.has("no-store") || directives.seconds("max-age") == Some(Ok(0))
}

/// Whether an answer means that what is kept for the same address may be out of date (RFC 9111 §4.4): the method is not safe
/// (RFC 9110 §9.2.1), and it did not fail.
pub(crate) fn invalidates(method: &str, status: u16) -> bool {
    !matches!(method, "GET" | "HEAD") && (200..400).contains(&status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get_with(name: &str, value: &str) -> Option<Forwarded> {
        let header = |asked: &str| (asked == name).then(|| value.to_owned());
        reason("GET", header, || false, 60)
    }

    #[test]
    fn an_answer_never_outlives_its_token() {
        for (expires_at, limit) in [(1_100, 60), (1_030, 30), (1_000, 0), (999, 0)] {
            assert_eq!(super::limit(60, UnixSeconds(expires_at), UnixSeconds(1_000)), limit);
        }
    }

    #[test]
    fn only_plain_reads_are_for_the_cache() {
        assert_eq!(reason("GET", |_| None, || false, 60), None);
        assert_eq!(reason("HEAD", |_| None, || false, 60), None);
        assert_eq!(reason("GET", |_| None, || true, 60), Some(Forwarded::Request));
        assert_eq!(reason("GET", |_| None, || false, 0), Some(Forwarded::Bypass));
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            assert_eq!(
                reason(method, |_| None, || false, 60),
                Some(Forwarded::Method),
                "{method}"
            );
        }
    }

    #[test]
    fn parts_and_preconditions_are_the_origins() {
        for name in ["range", "if-range", "if-match", "if-unmodified-since", "upgrade"] {
            assert_eq!(get_with(name, "x"), Some(Forwarded::Request), "{name}");
        }
        for name in ["if-none-match", "if-modified-since", "accept", "cookie"] {
            assert_eq!(get_with(name, "x"), None, "{name}");
        }
    }

    #[test]
    fn clients_may_ask_for_a_fresh_answer() {
        for directives in ["no-cache", "no-store", "max-age=0", "max-age=5, No-Cache"] {
            assert_eq!(
                get_with("cache-control", directives),
                Some(Forwarded::Request),
                "{directives}"
            );
        }
        for directives in ["", "max-age=60", "xno-cache", "max-stale", "only-if-cached"] {
            assert_eq!(get_with("cache-control", directives), None, "{directives}");
        }
    }

    #[test]
    fn a_change_that_succeeded_invalidates() {
        assert!(invalidates("POST", 201) && invalidates("DELETE", 204) && invalidates("PUT", 303));
        assert!(!invalidates("POST", 400) && !invalidates("PATCH", 503) && !invalidates("GET", 200));
    }
}
