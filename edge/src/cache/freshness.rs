//! Whether an answer may be kept, and for how long (RFC 9111 §3, §4.2).
//!
//! More is asked than RFC 9111 asks. An answer that says nothing about its freshness is not kept: an API that never thought
//! of caches must not begin to answer with the past. Nor is one of unknown or great length: a copy of it would be held in
//! memory while it is handed on.

use challenge::UnixSeconds;

use super::directives::{Directives, delta_seconds};
use crate::http::{date, headers::Head};

/// Statuses of whole answers that mean the same a minute later. 206 is not among them: it is a part.
const STATUSES: [u16; 6] = [200, 203, 301, 308, 404, 410];

/// Longest body that is kept, in bytes (8 MiB).
const MAX_LENGTH: u64 = 8 * 1024 * 1024;

/// What an answer may vary by beside the headers of the key. The token is in the key as what it says; `Origin` is in the key
/// always; and the origin is asked for one content encoding only.
const HARMLESS_VARY: [&str; 3] = ["authorization", "origin", "accept-encoding"];

/// Seconds for which an answer that arrived at `received` may be kept, at most `limit`; `None` if it may not.
/// `key_headers`: the request headers that are part of the key, in lower case.
pub(super) fn seconds(head: &Head, key_headers: &[String], limit: u64, received: UnixSeconds) -> Option<u64> {
    if !is_storable(head, key_headers) {
        return None;
    }
    let lifetime = lifetime(head, received)?;
    let left = lifetime.saturating_sub(age(head)).min(limit);
    (left > 0).then_some(left)
}

/// The age that the answer already had when it arrived: its `Age`, of which the first member counts, and which counts as
/// nothing if it is no number (RFC 9111 §5.1).
pub(super) fn age(head: &Head) -> u64 {
    let first = head.headers.members("age").next();
    first.and_then(delta_seconds).unwrap_or_default()
}

fn is_storable(head: &Head, key_headers: &[String]) -> bool {
    let headers = &head.headers;
    let directives = Directives::parse(headers.get("cache-control"));
    let is_whole = STATUSES.contains(&head.status) && headers.get("content-range").is_none();
    let is_allowed = !directives.has("no-store") && !directives.has("no-cache");
    // Whoever got it from the cache would get somebody's earlier session, if only the same caller's.
    let sets_no_cookie = headers.get("set-cookie").is_none();
    // One that was not asked for; a client that does not know it must not get it.
    let is_plain = headers
        .members("content-encoding")
        .all(|coding| coding.eq_ignore_ascii_case("identity"));
    let is_short = headers
        .get("content-length")
        .and_then(delta_seconds)
        .is_some_and(|length| length <= MAX_LENGTH);
    // A byte that is no UTF-8 could not be kept as it is.
    let is_text = headers
        .pairs()
        .iter()
        .all(|(_, value)| !value.contains(char::REPLACEMENT_CHARACTER));
    let varies_by_key = headers.members("vary").all(|name| {
        let name = name.to_ascii_lowercase();
        HARMLESS_VARY.contains(&name.as_str()) || key_headers.contains(&name)
    });
    is_whole && is_allowed && sets_no_cookie && is_plain && is_short && is_text && varies_by_key
}

/// For how long the answer is fresh by its own word (RFC 9111 §4.2.1), from when it was made. An edge is what `s-maxage` is
/// for. `None` if it does not say, or not in a way that can be read.
fn lifetime(head: &Head, received: UnixSeconds) -> Option<u64> {
    let directives = Directives::parse(head.headers.get("cache-control"));
    let said = directives.seconds("s-maxage").or(directives.seconds("max-age"));
    if let Some(said) = said {
        return said.ok();
    }
    let expires = date::parse(head.headers.get("expires")?)?;
    // RFC 9110 §6.6.1: one without a date was made when it arrived.
    let made = match head.headers.get("date") {
        Some(date) => date::parse(date)?,
        None => received,
    };
    Some(expires.0.saturating_sub(made.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: UnixSeconds = UnixSeconds(784_111_777);
    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const LATER: &str = "Sun, 06 Nov 1994 08:50:17 GMT";

    fn of(status: u16, pairs: &[(&str, &str)]) -> Option<u64> {
        let mut pairs = pairs.to_vec();
        if !pairs.iter().any(|(name, _)| *name == "content-length") {
            pairs.push(("content-length", "2"));
        }
        let key = ["accept".to_owned(), "accept-language".to_owned()];
        seconds(&Head::with(status, &pairs), &key, 60, NOW)
    }

    fn with(name: &str, value: &str) -> Option<u64> {
        of(200, &[("cache-control", "max-age=30"), (name, value)])
    }

    #[test]
    fn the_answer_says_for_how_long() {
        for (cache_control, seconds) in [
            ("max-age=30", Some(30)),
            ("max-age=3000", Some(60)),
            ("max-age=30, s-maxage=10", Some(10)),
            ("s-maxage=40, max-age=0", Some(40)),
            ("private, max-age=30", Some(30)),
            ("public, must-revalidate, max-age=30", Some(30)),
            ("max-age=0", None),
            ("max-age=x", None),
            ("s-maxage=x, max-age=30", None),
            ("no-store, max-age=30", None),
            ("no-cache, max-age=30", None),
            ("no-cache=\"x\", max-age=30", None),
            ("public", None),
            ("", None),
        ] {
            assert_eq!(of(200, &[("cache-control", cache_control)]), seconds, "{cache_control}");
        }
        assert_eq!(of(200, &[]), None);
    }

    #[test]
    fn expires_counts_from_the_date_and_only_without_max_age() {
        assert_eq!(of(200, &[("expires", LATER), ("date", DATE)]), Some(40));
        assert_eq!(of(200, &[("expires", LATER)]), Some(40));
        assert_eq!(of(200, &[("expires", DATE), ("date", LATER)]), None);
        assert_eq!(of(200, &[("expires", "0")]), None);
        assert_eq!(of(200, &[("expires", LATER), ("date", "never")]), None);
        assert_eq!(
            of(
                200,
                &[("expires", LATER), ("date", DATE), ("cache-control", "max-age=5")]
            ),
            Some(5)
        );
    }

    #[test]
    fn what_another_cache_used_up_is_gone() {
        assert_eq!(with("age", "10"), Some(20));
        assert_eq!(with("age", "30"), None);
        assert_eq!(with("age", "10, 90"), Some(20));
        assert_eq!(with("age", "old"), Some(30));
        assert_eq!(with("age", "-5"), Some(30));
    }

    #[test]
    fn only_whole_plain_short_answers_without_cookies_are_kept() {
        assert_eq!(with("x", "y"), Some(30));
        assert_eq!(with("set-cookie", "a=b"), None);
        assert_eq!(with("content-encoding", "gzip"), None);
        assert_eq!(with("content-encoding", "identity"), Some(30));
        assert_eq!(with("content-range", "bytes 0-1/2"), None);
        assert_eq!(with("content-length", "8388608"), Some(30));
        assert_eq!(with("content-length", "8388609"), None);
        assert_eq!(with("content-length", "x"), None);
        assert_eq!(with("content-disposition", "caf\u{fffd}"), None);
        let unknown_length = Head::with(200, &[("cache-control", "max-age=30")]);
        assert_eq!(seconds(&unknown_length, &[], 60, NOW), None);
    }

    #[test]
    fn only_statuses_that_last_are_kept() {
        for status in [200, 203, 301, 308, 404, 410] {
            assert_eq!(of(status, &[("cache-control", "max-age=30")]), Some(30), "{status}");
        }
        for status in [201, 204, 206, 302, 304, 307, 400, 401, 403, 405, 429, 500, 503] {
            assert_eq!(of(status, &[("cache-control", "max-age=30")]), None, "{status}");
        }
    }

    #[test]
    fn an_answer_may_vary_only_by_what_is_in_the_key() {
        for vary in [
            "Accept",
            "accept-language, ACCEPT",
            "Authorization, Origin, Accept-Encoding",
        ] {
            assert_eq!(with("vary", vary), Some(30), "{vary}");
        }
        for vary in ["*", "Accept, *", "Cookie", "X-Tenant, Accept", "User-Agent"] {
            assert_eq!(with("vary", vary), None, "{vary}");
        }
    }

    proptest! {
        #[test]
        fn never_longer_than_the_limit(
            limit in 0_u64..100_000, said in any::<u64>(), age in any::<u64>(), directive in "max-age|s-maxage",
        ) {
            let cache_control = format!("{directive}={said}");
            let age = age.to_string();
            let head = Head::with(
                200,
                &[("cache-control", &cache_control), ("age", &age), ("content-length", "2")],
            );
            let kept = seconds(&head, &[], limit, NOW);
            prop_assert!(kept.is_none_or(|seconds| seconds > 0 && seconds <= limit && seconds <= said));
        }

        #[test]
        fn nothing_that_an_origin_sends_panics(name in "cache-control|expires|age|vary|date", value in "\\PC{0,40}") {
            let _ = with(&name, &value);
        }
    }
}
