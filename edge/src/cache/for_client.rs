//! What a client is told of an answer that may come from the cache, or may be kept on the way.

use super::directives::Directives;
use crate::http::headers::Head;

/// Directives for caches that many users share. There is none between here and the client that may keep it.
const FOR_SHARED_CACHES: [&str; 4] = ["public", "s-maxage", "proxy-revalidate", "private"];

/// The head as the client gets it; `status` is this cache's word for `Cache-Status`.
pub(super) fn head(mut head: Head, status: &str) -> Head {
    let headers = &mut head.headers;
    headers.set("cache-control", cache_control(headers.get("cache-control")));
    // To a cache, the same URL with another token is another answer (RFC 9111 §4.1).
    headers.add_member("vary", "Authorization");
    // RFC 9211 §2: the cache closest to the origin comes first.
    let status = match headers.get("cache-status") {
        Some(earlier) => format!("{earlier}, {status}"),
        None => status.to_owned(),
    };
    headers.set("cache-status", status);
    head
}

/// For this caller alone (RFC 9111 §5.2.2.7); what the origin says to private caches goes with it. `no-store` says it all.
pub(crate) fn cache_control(of_origin: Option<&str>) -> String {
    let directives = Directives::parse(of_origin);
    if directives.has("no-store") {
        return "no-store".to_owned();
    }
    let kept = directives.texts(|name| !FOR_SHARED_CACHES.contains(&name));
    ["private"].into_iter().chain(kept).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_caches_must_not_keep_it_and_private_ones_hear_what_the_origin_said() {
        for (origin, client) in [
            (None, "private"),
            (Some(""), "private"),
            (Some("max-age=60"), "private, max-age=60"),
            (
                Some("public, s-maxage=600, Max-Age=5, must-revalidate"),
                "private, Max-Age=5, must-revalidate",
            ),
            (Some("private=\"x, y\", no-cache"), "private, no-cache"),
            (Some("no-store, max-age=5"), "no-store"),
            (Some("no-transform, immutable"), "private, no-transform, immutable"),
        ] {
            assert_eq!(cache_control(origin), client, "{origin:?}");
        }
    }

    #[test]
    fn a_client_hears_of_every_cache_on_the_way() {
        let answered = head(
            Head::with(200, &[("cache-status", "inner; hit"), ("vary", "Accept")]),
            "ours; hit",
        );
        assert_eq!(answered.headers.get("cache-status"), Some("inner; hit, ours; hit"));
        assert_eq!(answered.headers.get("vary"), Some("Accept, Authorization"));
        let answered = head(Head::with(200, &[]), "ours; hit");
        assert_eq!(answered.headers.get("cache-status"), Some("ours; hit"));
        assert_eq!(answered.headers.get("vary"), Some("Authorization"));
    }
}
