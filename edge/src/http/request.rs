//! A request as it reached the worker.

use web_sys::ReadableStream;

use crate::runtime::border;

/// Headers that [`border::describe`] reads along, in its order.
const DESCRIBED: [&str; 3] = ["authorization", "origin", "cache-control"];

/// A request: what nearly every request is asked for read once, everything else on demand.
///
/// Not `worker::Request`, which takes every method that it does not know for GET, and reads `cf` whether or not anyone asks
/// for it.
pub(crate) struct Inbound {
    description: Description,
    raw: web_sys::Request,
}

/// What [`border::describe`] says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Description {
    method: String,
    url: String,
    headers: [Option<String>; 3],
}

impl Description {
    fn read(text: &str) -> Self {
        let mut lines = text.split('\n');
        let mut line = || lines.next().unwrap_or_default();
        Self {
            method: line().to_owned(),
            url: line().to_owned(),
            headers: DESCRIBED.map(|_| line().strip_prefix('=').map(str::to_owned)),
        }
    }
}

impl Inbound {
    pub(crate) fn new(raw: web_sys::Request) -> Self {
        Self {
            description: Description::read(&border::describe(&raw)),
            raw,
        }
    }

    /// Upper case for the methods that HTTP defines.
    pub(crate) fn method(&self) -> &str {
        &self.description.method
    }

    /// The absolute URL, as the URL standard writes it: dot segments resolved, host in lower case.
    pub(crate) fn url(&self) -> &str {
        &self.description.url
    }

    /// The worker's own address in this request: scheme and host, without a slash at the end.
    pub(crate) fn site(&self) -> &str {
        site_of(self.url())
    }

    /// The URL's path, as sent: percent-encoded, beginning with a slash.
    pub(crate) fn path(&self) -> &str {
        path_of(self.url())
    }

    /// The URL's query without the question mark; empty if there is none.
    pub(crate) fn query(&self) -> &str {
        query_of(self.url())
    }

    /// The value of a header (`name` in lower case), several of one name joined by commas (Fetch standard, "get a header").
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        if let Some(described) = DESCRIBED.iter().position(|described| *described == name) {
            return self.description.headers.get(described).cloned().flatten();
        }
        // An error means that `name` cannot be a header's name.
        self.raw.headers().get(name).ok().flatten()
    }

    /// The body, if there is one, not yet read.
    pub(crate) fn body(&self) -> Option<ReadableStream> {
        self.raw.body()
    }

    /// The platform's own request.
    pub(crate) fn raw(&self) -> &web_sys::Request {
        &self.raw
    }
}

fn site_of(url: &str) -> &str {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    let end = url.get(host..).and_then(|rest| rest.find('/'));
    end.and_then(|end| url.get(..host + end)).unwrap_or(url)
}

fn path_of(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_scheme.find('/').and_then(|start| after_scheme.get(start..));
    path.and_then(|path| path.split(['?', '#']).next()).unwrap_or("/")
}

fn query_of(url: &str) -> &str {
    let without_fragment = url.split_once('#').map_or(url, |(before, _)| before);
    without_fragment.split_once('?').map_or("", |(_, query)| query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_read_line_by_line() {
        let description = Description::read("GET\nhttps://h/p?q\n=Bearer a.b.c\n\n=");
        let expected = Description {
            method: "GET".to_owned(),
            url: "https://h/p?q".to_owned(),
            headers: [Some("Bearer a.b.c".to_owned()), None, Some(String::new())],
        };
        assert_eq!(description, expected);
    }

    #[test]
    fn the_path_is_between_host_and_query() {
        for (url, path) in [
            ("https://h/a/b?c=/d#/e", "/a/b"),
            ("http://127.0.0.1:8787/a%2Fb", "/a%2Fb"),
            ("https://h/", "/"),
            ("https://h/#?x", "/"),
        ] {
            assert_eq!(path_of(url), path, "{url}");
        }
    }

    #[test]
    fn the_site_is_scheme_and_host() {
        for (url, site) in [
            ("https://h/a/b", "https://h"),
            ("http://127.0.0.1:8787/", "http://127.0.0.1:8787"),
            ("https://h", "https://h"),
        ] {
            assert_eq!(site_of(url), site);
        }
    }

    #[test]
    fn the_query_ends_at_the_fragment() {
        assert_eq!(query_of("https://h/p?a=1?b#c?d"), "a=1?b");
        assert_eq!(query_of("https://h/p#c?d"), "");
        assert_eq!(query_of("https://h/p"), "");
    }
}
