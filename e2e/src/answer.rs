//! An HTTP answer, whatever its status, and what is asked of it.

use std::time::{Duration, Instant};

use serde_json::Value;
use ureq::http::{HeaderMap, Response};

/// Largest body that is read: above what any of the servers sends.
const MAX_BODY: u64 = 8 * 1024 * 1024;

/// Status, headers and the whole body. No `Debug`: it may hold tokens, and test output is a log too.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// How long it took, from before the request until all of it was there. What is checked of every answer comes after that.
    pub took: Duration,
}

impl Answer {
    /// Reads the answer to a request that was begun then.
    pub(crate) fn read(mut response: Response<ureq::Body>, begun: Instant) -> Result<Self, ureq::Error> {
        let body = response.body_mut().with_config().limit(MAX_BODY).read_to_vec()?;
        Ok(Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body,
            took: begun.elapsed(),
        })
    }

    /// Whether `wrangler dev` answered in the worker's place. Its proxy keeps connections to the worker, and one on which a
    /// body was refused before all of it was read is closed (as is right: RFC 9112 §9.6); the proxy may have put another request
    /// on it by then, which it answers so. Seen in one of four runs, with wrangler 4.86.0; the request never reached the worker.
    pub(crate) fn is_wranglers_own(&self) -> bool {
        self.status == 503
            && self.header("x-request-id").is_none()
            && self.body.starts_with(b"Your worker restarted mid-request.")
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The header's value; fails the test if it is there more than once.
    #[track_caller]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next()?;
        assert!(values.next().is_none(), "the header {name} is there twice");
        Some(first.to_str().expect("a header of ours is ASCII"))
    }

    /// The names of all headers, sorted.
    pub fn header_names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    }

    /// What a client can tell two answers apart by: status, body, and all headers but the request's id and the date.
    pub fn distinguishable(&self) -> (u16, Vec<(String, String)>, String) {
        let mut headers: Vec<_> = self
            .headers
            .iter()
            .filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()))
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        headers.sort();
        let body = String::from_utf8_lossy(&self.body).into_owned();
        (self.status, headers, body)
    }

    /// The member `code`, which programs switch on; empty if there is none.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Checks the status. The failure shows the problem's code and never the body.
    #[track_caller]
    pub fn expect_status(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "answered {} {}", self.status, self.code());
        self
    }

    /// Checks that this is the problem `code` in the contract's form, RFC 9457 with two members of ours, and returns its
    /// document.
    #[track_caller]
    pub fn expect_problem(&self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.code().as_str()), (status, code));
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{code}");
        let document = self.json();
        assert_eq!(document["status"], status, "{code}");
        for name in ["type", "title", "detail"] {
            let text = document[name].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{code} has no {name}");
        }
        // RFC 9457 §3.1.1: a URI reference, so at least one without blanks.
        let kind = document["type"].as_str().unwrap_or_default();
        assert!(
            !kind.contains(char::is_whitespace) && kind.contains(':'),
            "{code}: {kind}"
        );
        assert_eq!(document["message"], document["detail"], "{code}");
        document
    }
}
