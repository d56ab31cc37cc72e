//! Where at the origin a request goes.

/// The address at the origin: `base`, a URL without a slash at the end, before the request's path and query. Without a base,
/// the request's own address.
///
/// Both are as the URL standard writes them, and so is the whole: what is sent is this text.
pub(super) fn url(base: Option<&str>, request_url: &str) -> String {
    let target = target(request_url);
    match base {
        Some(base) => format!("{base}{target}"),
        None => without_fragment(request_url).to_owned(),
    }
}

/// Path and query of a URL, as they stand in a request line (RFC 9112 §3.2.1).
pub(super) fn target(url: &str) -> &str {
    let url = without_fragment(url);
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_scheme.find('/').and_then(|start| after_scheme.get(start..));
    path.unwrap_or("/")
}

fn without_fragment(url: &str) -> &str {
    url.split('#').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_and_query_stay_as_they_were_sent() {
        for (base, request, url) in [
            ("https://o", "https://h/secured/a", "https://o/secured/a"),
            (
                "https://o/base/v1",
                "https://h/secured/a?b=c&&d",
                "https://o/base/v1/secured/a?b=c&&d",
            ),
            (
                "http://127.0.0.1:9",
                "https://h/secured//a%2Fb;x=%zz?",
                "http://127.0.0.1:9/secured//a%2Fb;x=%zz?",
            ),
            ("https://o", "https://h/secured/a?b#c?d", "https://o/secured/a?b"),
        ] {
            assert_eq!(super::url(Some(base), request), url);
        }
        assert_eq!(super::url(None, "https://h/secured/a?b#c"), "https://h/secured/a?b");
    }

    #[test]
    fn the_target_begins_with_the_path() {
        assert_eq!(target("https://o/base/a?b=/c"), "/base/a?b=/c");
        assert_eq!(target("https://o:8443/?"), "/?");
        assert_eq!(target("https://o/a?#"), "/a?");
    }
}
