//! An origin that does not answer as it should: the client is told which way, and the log too.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use e2e::{
    Answer, Phone, Tokens,
    connection::Connection,
    origin::{Exchange, origin},
    system,
};

static USER: LazyLock<Tokens> = LazyLock::new(|| system().main().signed_in(&Phone::new()));

#[track_caller]
fn get(path: &str) -> Answer {
    system().main().get_with(path, &USER.access)
}

#[test]
fn an_origin_that_does_not_begin_to_answer_is_504() {
    let path = "/secured/stalls";
    origin().on(path, Exchange::stall);
    let started = Instant::now();
    get(path).expect_problem(504, "ORIGIN_TIMEOUT");
    let took = started.elapsed();
    assert!(
        took >= Duration::from_millis(1_900) && took < Duration::from_secs(5),
        "{took:?}"
    );
}

#[test]
fn an_origin_that_does_not_get_through_its_head_is_504() {
    let path = "/secured/stalls-in-head";
    origin().on(path, |exchange| {
        exchange.send(b"HTTP/1.1 200 OK\r\ncontent-le")?;
        exchange.stall()
    });
    get(path).expect_problem(504, "ORIGIN_TIMEOUT");
}

#[test]
fn an_origin_that_is_not_there_is_503_and_worth_another_try() {
    let worker = system().short();
    let tokens = worker.signed_in(&Phone::new());
    let answer = worker.get_with("/secured/any", &tokens.access);
    answer.expect_problem(503, "ORIGIN_UNAVAILABLE");
    assert!(
        answer
            .header("retry-after")
            .is_some_and(|seconds| seconds.parse::<u32>().is_ok())
    );
    // The worker's own path does not need it.
    worker.call_secured(&tokens.access).expect_status(200);
}

#[test]
fn an_origin_that_closes_before_it_answers_is_503() {
    let path = "/secured/closes";
    for half in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-le"] {
        origin().send(path, half);
        let answer = get(path);
        answer.expect_problem(503, "ORIGIN_UNAVAILABLE");
        assert!(answer.header("retry-after").is_some());
    }
}

#[test]
fn what_is_no_http_is_502() {
    for (path, bytes) in [
        ("/secured/garbage/words", &b"Welcome to the mail server\r\n\r\n"[..]),
        (
            "/secured/garbage/status",
            b"HTTP/1.1 fine OK\r\ncontent-length: 0\r\n\r\n",
        ),
        (
            "/secured/garbage/length",
            b"HTTP/1.1 200 OK\r\ncontent-length: some\r\n\r\n",
        ),
        (
            "/secured/garbage/lengths",
            b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        ),
        (
            "/secured/garbage/name",
            b"HTTP/1.1 200 OK\r\nno name\r\ncontent-length: 0\r\n\r\n",
        ),
        ("/secured/garbage/999", b"HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n"),
        // workerd takes it for the answer; the final one that follows is never seen.
        (
            "/secured/garbage/103",
            b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        ),
    ] {
        origin().send(path, bytes);
        let answer = get(path);
        assert_eq!(answer.status, 502, "{path}");
        answer.expect_problem(502, "ORIGIN_ERROR");
    }
}

/// Cloudflare answers so in the place of an origin that it cannot reach; its words are for people at a browser.
#[test]
fn what_cloudflare_says_in_the_origins_place_is_said_in_our_words() {
    for (path, bytes, status, code) in [
        (
            "/secured/cloudflare/520",
            &b"HTTP/1.1 520 x\r\ncontent-length: 4\r\n\r\nhtml"[..],
            502,
            "ORIGIN_ERROR",
        ),
        (
            "/secured/cloudflare/521",
            b"HTTP/1.1 521 x\r\ncontent-length: 4\r\n\r\nhtml",
            503,
            "ORIGIN_UNAVAILABLE",
        ),
        (
            "/secured/cloudflare/524",
            b"HTTP/1.1 524 x\r\ncontent-length: 4\r\n\r\nhtml",
            504,
            "ORIGIN_TIMEOUT",
        ),
        (
            "/secured/cloudflare/526",
            b"HTTP/1.1 526 x\r\ncontent-length: 4\r\n\r\nhtml",
            502,
            "ORIGIN_ERROR",
        ),
        (
            "/secured/cloudflare/530",
            b"HTTP/1.1 530 x\r\ncontent-length: 4\r\n\r\nhtml",
            503,
            "ORIGIN_UNAVAILABLE",
        ),
    ] {
        origin().send(path, bytes);
        let answer = get(path);
        assert_eq!(answer.status, status, "{path}");
        answer.expect_problem(status, code);
    }
}

#[test]
fn an_answer_that_breaks_off_does_not_look_whole() {
    let path = "/secured/breaks-off";
    origin().send(path, b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello");
    let mut connection = Connection::request("main", &format!("GET {path}"), &USER.access, &["Connection: close"]);
    let head = connection.read_head();
    assert!(head.to_ascii_lowercase().contains("content-length: 10"), "{head}");
    assert!(connection.read_to_end().len() < 10);
}

#[test]
fn a_client_that_breaks_off_harms_nobody_else() {
    let path = "/secured/client-gone";
    origin().answer(path, "200 OK", &[], b"");
    let headers = ["Content-Length: 10"];
    let mut connection = Connection::request("main", &format!("POST {path}"), &USER.access, &headers);
    connection.send(b"first");
    connection.close();
    get(path).expect_status(200);
}
