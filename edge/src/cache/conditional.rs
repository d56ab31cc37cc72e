//! Conditional requests, decided here and not by the origin: it is asked for the whole, which can be kept (RFC 9110 §13).

use challenge::UnixSeconds;

use crate::http::{date, headers::Head, request::Inbound};

/// What a client has, by its own word.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Conditions {
    pub(super) if_none_match: Option<String>,
    pub(super) if_modified_since: Option<String>,
}

impl Conditions {
    pub(crate) fn of(request: &Inbound) -> Self {
        Self {
            if_none_match: request.header("if-none-match"),
            if_modified_since: request.header("if-modified-since"),
        }
    }

    /// Whether the client has what `head` heads (RFC 9110 §13.2.2). Only where the answer would be a 200 (§13.2.1).
    pub(super) fn are_met_by(&self, head: &Head) -> bool {
        if head.status != 200 {
            return false;
        }
        match (&self.if_none_match, &self.if_modified_since) {
            // RFC 9110 §13.1.3: with If-None-Match, the date is ignored, whatever it says.
            (Some(tags), _) => matches(tags, head.headers.get("etag")),
            (None, Some(since)) => is_unmodified(since, head),
            (None, None) => false,
        }
    }
}

/// RFC 9110 §15.4.5: a 304 has the headers that a 200 would have had, but nothing about a body that it does not have.
pub(super) fn not_modified(mut head: Head) -> Head {
    head.status = 304;
    head.headers.retain(|name| {
        !matches!(
            name,
            "content-encoding" | "content-language" | "content-length" | "content-range" | "content-type"
        )
    });
    head
}

/// RFC 9110 §13.1.2: whether one of the tags is the answer's, by weak comparison (§8.8.3.2).
fn matches(tags: &str, etag: Option<&str>) -> bool {
    let opaque = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    if tags.trim() == "*" {
        return true;
    }
    let Some(etag) = etag.map(|etag| opaque(etag.trim())) else {
        return false;
    };
    entity_tags(tags).any(|tag| opaque(tag) == etag)
}

/// The tags of a list: each is in quotation marks, and may contain commas between them (RFC 9110 §8.8.3). What follows a tag
/// that is none is not looked at.
fn entity_tags(list: &str) -> impl Iterator<Item = &str> {
    let mut rest = list;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let opening = if rest.starts_with("W/") { 2 } else { 0 };
        let quoted = rest.get(opening..)?.strip_prefix('"')?;
        let end = opening + quoted.find('"')? + 2;
        let (tag, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(tag)
    })
}

/// RFC 9110 §13.1.3. Without `Last-Modified`, the answer's own date stands in (RFC 9111 §4.3.2).
fn is_unmodified(since: &str, head: &Head) -> bool {
    let modified = head.headers.get("last-modified").or(head.headers.get("date"));
    let (Some(UnixSeconds(since)), Some(UnixSeconds(modified))) = (date::parse(since), modified.and_then(date::parse))
    else {
        return false;
    };
    modified <= since
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const LATER: &str = "Sun, 06 Nov 1994 08:50:17 GMT";

    fn met(if_none_match: Option<&str>, if_modified_since: Option<&str>, pairs: &[(&str, &str)]) -> bool {
        let conditions = Conditions {
            if_none_match: if_none_match.map(str::to_owned),
            if_modified_since: if_modified_since.map(str::to_owned),
        };
        conditions.are_met_by(&Head::with(200, pairs))
    }

    #[test]
    fn one_tag_of_a_list_is_enough_and_weak_is_as_good_as_strong() {
        for tags in [
            "\"a\"",
            "W/\"a\"",
            "\"b\", \"a\"",
            "\"b\",W/\"a\"",
            "  ,\"x,y\" , \"a\"",
            "*",
            " * ",
        ] {
            assert!(met(Some(tags), None, &[("etag", "\"a\"")]), "{tags}");
            assert!(met(Some(tags), None, &[("etag", "W/\"a\"")]), "{tags}");
        }
        for tags in ["", "a", "\"A\"", "\"a", "\"b,a\"", "\"*\"", "b, \"a\"", "w/\"a\""] {
            assert!(!met(Some(tags), None, &[("etag", "\"a\"")]), "{tags}");
        }
        assert!(met(Some("\"x,y\""), None, &[("etag", "\"x,y\"")]));
        assert!(!met(Some("\"a\""), None, &[]));
    }

    #[test]
    fn a_date_counts_only_without_tags() {
        assert!(met(None, Some(DATE), &[("last-modified", DATE)]));
        assert!(met(None, Some(LATER), &[("last-modified", DATE)]));
        assert!(!met(None, Some(DATE), &[("last-modified", LATER)]));
        assert!(!met(
            Some("\"b\""),
            Some(DATE),
            &[("last-modified", DATE), ("etag", "\"a\"")]
        ));
        assert!(met(
            Some("\"a\""),
            Some(DATE),
            &[("last-modified", LATER), ("etag", "\"a\"")]
        ));
        assert!(met(None, Some(DATE), &[("date", DATE)]));
        assert!(!met(None, Some(DATE), &[("date", DATE), ("last-modified", LATER)]));
        assert!(!met(None, Some("yesterday"), &[("last-modified", DATE)]));
        assert!(!met(None, Some(DATE), &[]));
        assert!(!met(None, None, &[("last-modified", DATE)]));
    }

    #[test]
    fn errors_and_redirects_are_not_what_the_client_has() {
        let conditions = Conditions {
            if_none_match: Some("*".to_owned()),
            if_modified_since: None,
        };
        for status in [203, 301, 404, 410, 500] {
            assert!(
                !conditions.are_met_by(&Head::with(status, &[("etag", "\"a\"")])),
                "{status}"
            );
        }
    }

    #[test]
    fn a_304_keeps_what_a_200_would_have_said_beside_the_body() {
        let pairs = [
            ("etag", "\"a\""),
            ("cache-control", "private"),
            ("vary", "Authorization"),
            ("content-location", "/x"),
            ("content-length", "5"),
            ("content-type", "text/plain"),
        ];
        assert_eq!(
            not_modified(Head::with(200, &pairs)),
            Head::with(304, pairs.get(..4).unwrap())
        );
    }

    proptest! {
        #[test]
        fn nothing_that_a_client_sends_panics(tags in "[\"W/,* a-cä]{0,20}", since in "\\PC{0,20}") {
            let _ = met(Some(&tags), Some(&since), &[("etag", "\"a\"")]);
            let _ = met(None, Some(&since), &[("date", DATE)]);
        }
    }
}
