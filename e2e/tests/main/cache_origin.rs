//! The edge cache before the origin: what may be kept is kept for its caller, and nothing else.

use std::{sync::LazyLock, thread, time::Duration};

use e2e::{Answer, Phone, Tokens, origin::origin, system, waiting::until};
use ureq::http::request::Builder;

type Headers = &'static [(&'static str, &'static str)];

/// Keeping happens after the answer.
pub(crate) const KEPT_WITHIN: Duration = Duration::from_secs(5);

static USER: LazyLock<Tokens> = LazyLock::new(user);

pub(crate) fn user() -> Tokens {
    system().main().signed_in(&Phone::new())
}

pub(crate) fn request(method: &str, path: &str) -> Builder {
    let request = system().main().request(method, path);
    request.header("authorization", format!("Bearer {}", USER.access))
}

#[track_caller]
pub(crate) fn send(request: Builder) -> Answer {
    system().main().send(&request.body(()).unwrap())
}

#[track_caller]
pub(crate) fn get(path: &str) -> Answer {
    send(request("GET", path))
}

/// This cache's own part of `Cache-Status` (RFC 9211): the last member.
#[track_caller]
pub(crate) fn cache_status(answer: &Answer) -> String {
    let status = answer.header("cache-status").expect("Cache-Status");
    let own = status.rsplit(", ").next().unwrap_or_default();
    own.strip_prefix("passwordless-edge; ")
        .expect("our own part")
        .to_owned()
}

pub(crate) fn is_hit(answer: &Answer) -> bool {
    cache_status(answer).starts_with("hit; ttl=")
}

/// GETs until it comes from the cache.
#[track_caller]
pub(crate) fn hit(path: &str) -> Answer {
    until("an answer from the cache", KEPT_WITHIN, || {
        Some(get(path)).filter(is_hit)
    })
}

/// That what was just fetched is not kept: nothing can be waited for, so the origin is asked twice more.
#[track_caller]
fn expect_not_kept(path: &str, what: &str) {
    let asked = origin().received(path).len();
    for _ in 0..2 {
        thread::sleep(Duration::from_millis(150));
        assert!(!is_hit(&get(path)), "{what} was kept");
    }
    assert_eq!(origin().received(path).len(), asked + 2, "{what}");
}

#[test]
fn what_the_origin_lets_be_kept_comes_from_the_cache_the_second_time() {
    let path = "/secured/cached/plain";
    let headers = [
        ("cache-control", "public, max-age=50, s-maxage=40, must-revalidate"),
        ("content-type", "text/plain"),
        ("etag", "\"v1\""),
        ("vary", "Accept"),
        ("age", "10"),
        ("cache-status", "inner; hit"),
        ("x-own", "grüß"),
    ];
    origin().on(path, move |exchange| exchange.answer("200 OK", &headers, b"kept"));
    let miss = get(path);
    assert_eq!(cache_status(&miss), "fwd=miss; fwd-status=200; stored; ttl=30");
    assert_eq!(miss.header("age"), Some("10"));
    let hit = hit(path);
    let age: u64 = hit.header("age").unwrap().parse().unwrap();
    assert!((10..20).contains(&age), "{age}");
    let left: u64 = cache_status(&hit).trim_start_matches("hit; ttl=").parse().unwrap();
    assert_eq!(age + left, 40);
    for answer in [&miss, &hit] {
        assert_eq!(answer.body, b"kept");
        // For this caller alone; what the origin says to private caches goes with it.
        assert_eq!(
            answer.header("cache-control"),
            Some("private, max-age=50, must-revalidate")
        );
        assert_eq!(answer.header("vary"), Some("Accept, Authorization"));
        assert!(
            answer
                .header("cache-status")
                .unwrap()
                .starts_with("inner; hit, passwordless-edge; ")
        );
        assert_eq!(answer.headers.get("x-own").unwrap().as_bytes(), "grüß".as_bytes());
    }
    let without_what_changes = |answer: &Answer| {
        let mut names = answer.header_names();
        names.retain(|name| name != "date");
        (
            names,
            answer.header("content-type").map(str::to_owned),
            answer.header("etag").map(str::to_owned),
        )
    };
    assert_eq!(without_what_changes(&miss), without_what_changes(&hit));
    assert_eq!(origin().received(path).len(), 1);
    assert_eq!(origin().last(path).header("accept-encoding"), Some("identity"));
}

#[test]
fn what_must_not_be_kept_is_not() {
    let cases: [(&str, &str, Headers); 13] = [
        ("silent", "200 OK", &[]),
        ("no-store", "200 OK", &[("cache-control", "no-store, max-age=60")]),
        ("no-cache", "200 OK", &[("cache-control", "no-cache, max-age=60")]),
        ("stale", "200 OK", &[("cache-control", "max-age=0")]),
        ("unreadable", "200 OK", &[("cache-control", "max-age=soon")]),
        ("used-up", "200 OK", &[("cache-control", "max-age=60"), ("age", "60")]),
        (
            "cookie",
            "200 OK",
            &[("cache-control", "max-age=60"), ("set-cookie", "a=b")],
        ),
        ("vary-all", "200 OK", &[("cache-control", "max-age=60"), ("vary", "*")]),
        (
            "vary-cookie",
            "200 OK",
            &[("cache-control", "max-age=60"), ("vary", "Accept, Cookie")],
        ),
        (
            "coded",
            "200 OK",
            &[("cache-control", "max-age=60"), ("content-encoding", "br")],
        ),
        ("created", "201 Created", &[("cache-control", "max-age=60")]),
        ("redirect", "302 Found", &[("cache-control", "max-age=60")]),
        ("error", "500 Internal Server Error", &[("cache-control", "max-age=60")]),
    ];
    for (name, status, headers) in cases {
        let path = format!("/secured/uncached/{name}");
        origin().answer(&path, status, headers, b"");
        expect_not_kept(&path, name);
    }
    // Nor what has no end that is known.
    let path = "/secured/uncached/endless";
    origin().send(
        path,
        b"HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    );
    expect_not_kept(path, "a body of unknown length");
    // Nor what broke off.
    let path = "/secured/uncached/broken";
    origin().send(
        path,
        b"HTTP/1.1 200 OK\r\ncache-control: max-age=60\r\ncontent-length: 10\r\n\r\nhello",
    );
    for _ in 0..3 {
        let line = format!("GET {path}");
        let mut connection = e2e::connection::Connection::request("main", &line, &USER.access, &["Connection: close"]);
        let head = connection.read_head();
        assert!(!head.contains("; hit"), "a half answer was kept: {head}");
        connection.read_to_end();
        thread::sleep(Duration::from_millis(150));
    }
}

#[test]
fn other_statuses_that_last_are_kept_with_their_body() {
    for (path, status, code) in [
        ("/secured/cached/301", "301 Moved Permanently", 301),
        ("/secured/cached/404", "404 Not Found", 404),
        ("/secured/cached/410", "410 Gone", 410),
    ] {
        origin().answer(
            path,
            status,
            &[("cache-control", "max-age=60"), ("location", "/x")],
            b"words",
        );
        get(path).expect_status(code);
        let hit = hit(path);
        assert_eq!(
            (hit.expect_status(code).body.as_slice(), hit.header("location")),
            (&b"words"[..], Some("/x"))
        );
    }
}

#[test]
fn expires_does_where_nothing_else_is_said() {
    let path = "/secured/cached/expires";
    origin().answer(
        path,
        "200 OK",
        &[
            ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("expires", "Sunday, 06-Nov-94 08:50:17 GMT"),
        ],
        b"",
    );
    assert_eq!(cache_status(&get(path)), "fwd=miss; fwd-status=200; stored; ttl=40");
}

#[test]
fn head_is_served_from_what_get_kept_and_keeps_nothing_itself() {
    let path = "/secured/cached/head";
    origin().answer(
        path,
        "200 OK",
        &[("cache-control", "max-age=60"), ("x-own", "1")],
        b"12345",
    );
    for _ in 0..2 {
        let answer = send(request("HEAD", path));
        assert_eq!(cache_status(&answer), "fwd=miss; fwd-status=200");
        assert_eq!(answer.header("content-length"), Some("5"));
        thread::sleep(Duration::from_millis(150));
    }
    get(path);
    hit(path);
    let answer = send(request("HEAD", path));
    assert!(is_hit(&answer) && answer.body.is_empty());
    assert_eq!(
        (answer.header("content-length"), answer.header("x-own")),
        (Some("5"), Some("1"))
    );
}

#[test]
fn parts_fresh_answers_and_preconditions_are_asked_of_the_origin() {
    let path = "/secured/cached/bypassed";
    origin().answer(
        path,
        "200 OK",
        &[("cache-control", "max-age=60"), ("etag", "\"a\"")],
        b"whole",
    );
    get(path);
    hit(path);
    for (name, value) in [
        ("cache-control", "no-cache"),
        ("cache-control", "no-store"),
        ("cache-control", "max-age=0"),
        ("range", "bytes=0-1"),
        ("if-match", "\"a\""),
        ("if-unmodified-since", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ] {
        let conditional = request("GET", path)
            .header("if-none-match", "\"b\"")
            .header(name, value);
        let answer = send(conditional);
        assert_eq!(cache_status(&answer), "fwd=request; fwd-status=200", "{name}: {value}");
        let received = origin().last(path);
        assert_eq!(received.header(name), Some(value));
        // What a client asks past the cache reaches the origin as it is.
        assert_eq!(received.header("if-none-match"), Some("\"b\""), "{name}");
    }
}
