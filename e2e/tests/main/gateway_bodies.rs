//! Bodies on their way through the worker, in both directions: of any size, in any framing, while they are being made.

use std::{
    process::Command,
    sync::LazyLock,
    time::{Duration, Instant},
};

use e2e::{
    Answer, Phone, Tokens,
    connection::Connection,
    origin::{Gate, origin},
    system,
    waiting::until,
};
use ureq::http::{Request, request::Builder};

static USER: LazyLock<Tokens> = LazyLock::new(|| system().main().signed_in(&Phone::new()));

/// Five million bytes of every value.
static LARGE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..5_000_000).map(|_| next()).collect()
});

fn request(method: &str, path: &str) -> Builder {
    let request = system().main().request(method, path);
    request.header("authorization", format!("Bearer {}", USER.access))
}

#[track_caller]
fn post(path: &str, body: &[u8]) -> Answer {
    system().main().send(&request("POST", path).body(body).unwrap())
}

#[test]
fn large_binary_bodies_go_both_ways() {
    let path = "/secured/large";
    origin().on(path, |exchange| {
        exchange.read_body()?;
        let body = exchange.request.body.clone();
        exchange.answer("200 OK", &[("content-type", "application/octet-stream")], &body)
    });
    let answer = post(path, &LARGE);
    answer.expect_status(200);
    assert!(answer.body == *LARGE, "the answer's body was changed");
    assert_eq!(answer.header("content-length"), Some("5000000"));
    assert!(origin().last(path).body == *LARGE, "the request's body was changed");
}

#[test]
fn a_body_of_unknown_length_is_passed_on_in_chunks() {
    let path = "/secured/chunked";
    origin().on(path, |exchange| {
        exchange.read_body()?;
        exchange.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
    });
    let text = "many words ".repeat(30_000);
    let sent = request("PUT", path).body(()).unwrap();
    let (head, ()) = sent.into_parts();
    let worker = system().main();
    let answer = worker.send_chunked(&Request::from_parts(head, text.clone()));
    assert_eq!(answer.expect_status(200).body, b"hello world");
    let received = origin().last(path);
    assert_eq!(received.header("transfer-encoding"), Some("chunked"));
    assert!(received.body == text.as_bytes(), "the request's body was changed");
}

#[test]
fn a_read_with_a_body_and_a_change_without_one_are_passed_on_as_they_are() {
    let path = "/secured/odd";
    origin().answer(path, "200 OK", &[("cache-control", "max-age=60")], b"");
    let mut connection = Connection::request("main", &format!("GET {path}"), &USER.access, &["Content-Length: 3"]);
    connection.send(b"abc");
    let head = connection.read_head();
    // What a cache may keep is the answer to the address alone.
    assert!(head.contains("fwd=request"), "{head}");
    assert_eq!(origin().last(path).body, b"abc");
    for headers in [&[][..], &["Content-Length: 0"]] {
        let mut connection = Connection::request("main", &format!("POST {path}"), &USER.access, headers);
        assert!(connection.read_head().starts_with("HTTP/1.1 200 "));
        assert_eq!(origin().last(path).header("content-length"), Some("0"));
    }
}

#[test]
fn the_origin_gets_what_a_client_has_sent_before_it_has_sent_all() {
    let path = "/secured/upload";
    let arrived = Gate::default();
    let begun = arrived.clone();
    origin().on(path, move |exchange| {
        exchange.read_bytes(5)?;
        begun.open();
        exchange.read_body()?;
        exchange.answer("200 OK", &[], b"all")
    });
    let headers = ["Content-Length: 10"];
    let mut connection = Connection::request("main", &format!("POST {path}"), &USER.access, &headers);
    connection.send(b"first");
    arrived
        .pass()
        .expect("the origin gets the first half before the client sends the second");
    connection.send(b"later");
    assert!(connection.read_head().starts_with("HTTP/1.1 200 "));
    assert_eq!(origin().last(path).body, b"firstlater");
}

/// The worker `main` gives its origin two seconds for the beginning of an answer. The rest may take as long as it likes.
#[test]
fn a_client_gets_what_the_origin_has_sent_before_it_has_sent_all() {
    let path = "/secured/events";
    let seen = Gate::default();
    let go_on = seen.clone();
    origin().on(path, move |exchange| {
        exchange.send(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")?;
        exchange.send(b"d\r\ndata: first\n\n\r\n")?;
        go_on.pass()?;
        std::thread::sleep(Duration::from_millis(2_500));
        exchange.send(b"c\r\ndata: last\n\n\r\n0\r\n\r\n")
    });
    let started = Instant::now();
    let mut connection = Connection::request("main", &format!("GET {path}"), &USER.access, &[]);
    let head = connection.read_head();
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    connection.read_until("data: first\n\n");
    seen.open();
    connection.read_until("data: last\n\n\r\n0\r\n\r\n");
    assert!(started.elapsed().as_millis() > 2_400);
}

#[test]
fn a_client_may_take_longer_for_its_body_than_the_origin_for_its_answer() {
    let path = "/secured/slow-upload";
    origin().on(path, |exchange| {
        exchange.read_body()?;
        exchange.answer("200 OK", &[], b"all")
    });
    let headers = ["Content-Length: 4"];
    let mut connection = Connection::request("main", &format!("POST {path}"), &USER.access, &headers);
    for byte in [b"a", b"b", b"c", b"d"] {
        std::thread::sleep(Duration::from_millis(700));
        connection.send(byte);
    }
    assert!(connection.read_head().starts_with("HTTP/1.1 200 "));
}

#[test]
fn a_client_that_wants_to_be_told_to_continue_is_told_and_the_origin_is_not_asked() {
    let path = "/secured/expect";
    origin().answer(path, "200 OK", &[], b"");
    let headers = ["Content-Length: 5", "Expect: 100-continue"];
    let mut connection = Connection::request("main", &format!("POST {path}"), &USER.access, &headers);
    connection.send(b"hello");
    let mut head = connection.read_head();
    if head.starts_with("HTTP/1.1 100 ") {
        head = connection.read_head();
    }
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let received = origin().last(path);
    assert_eq!(received.body, b"hello");
    assert!(received.header("expect").is_none());
}

/// `compressed words`, by gzip.
const GZIP: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\xce\xcf\x2d\x28\x4a\x2d\x2e\
    \x4e\x4d\x51\x28\xcf\x2f\x4a\x29\x06\x00\xbc\xb9\xf4\x01\x10\x00\x00\x00";

#[test]
fn a_compressed_answer_reaches_only_clients_that_ask_for_it() {
    let path = "/secured/gzip";
    origin().on(path, |exchange| {
        exchange.read_body()?;
        let accepted = exchange.request.header("accept-encoding").unwrap_or_default();
        if accepted.contains("gzip") {
            exchange.answer(
                "200 OK",
                &[("content-encoding", "gzip"), ("cache-control", "max-age=60")],
                GZIP,
            )
        } else {
            exchange.answer("200 OK", &[("cache-control", "max-age=60")], b"compressed words")
        }
    });
    let worker = system().main();
    let ask = |method: &str, codings: &str| {
        let request = request(method, path).header("accept-encoding", codings);
        worker.send(&request.body(()).unwrap())
    };
    let compressed = ask("POST", "gzip");
    assert_eq!(compressed.header("content-encoding"), Some("gzip"));
    assert_eq!(compressed.body, GZIP);
    for codings in ["identity", "gzip;q=0", "zstd"] {
        let plain = ask("POST", codings);
        assert!(plain.header("content-encoding").is_none(), "{codings}");
        assert_eq!(plain.body, b"compressed words", "{codings}");
    }
    // What may be kept is plain: the next who asks may know no coding. (To those that do, the platform may compress it.)
    for codings in ["gzip", "identity", "identity"] {
        let answer = ask("GET", codings);
        if codings == "identity" {
            assert!(answer.header("content-encoding").is_none());
            assert_eq!(answer.body, b"compressed words");
        }
        assert_eq!(origin().last(path).header("accept-encoding"), Some("identity"));
    }
}

/// RFC 6455 §4.2.2. It takes SHA-1, which nothing else here does.
fn websocket_accept(key: &str) -> String {
    let script = "require('crypto').createHash('sha1').update(process.argv[1]).digest('base64')";
    let text = format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    let output = Command::new("node")
        .args(["-p", script, &text])
        .output()
        .expect("node runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
fn a_websocket_goes_through() {
    let path = "/secured/socket";
    origin().on(path, |exchange| {
        let key = exchange
            .request
            .header("sec-websocket-key")
            .unwrap_or_default()
            .to_owned();
        let accept = websocket_accept(&key);
        exchange.send(
            format!(
                "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
                 sec-websocket-accept: {accept}\r\nx-own: 1\r\n\r\n"
            )
            .as_bytes(),
        )?;
        // RFC 6455 §5.7: unmasked text "Hello"; then what the client says, masked, seven bytes for "a".
        exchange.send(b"\x81\x05Hello")?;
        let already = exchange.request.body.len();
        exchange.read_bytes(already + 7)
    });
    let headers = [
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    ];
    let mut connection = Connection::request("main", &format!("GET {path}"), &USER.access, &headers);
    let head = connection.read_head().to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 101 "), "{head}");
    assert!(
        head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="),
        "{head}"
    );
    assert!(head.contains("x-own: 1"), "{head}");
    connection.read_until("Hello");
    connection.send(b"\x81\x81\x00\x00\x00\x00a");
    until("what the client said", Duration::from_secs(5), || {
        let received = origin().received(path).pop()?;
        (received.body.first() == Some(&0x81)).then_some(())
    });
    assert!(origin().last(path).header("x-caller-sub").is_some());
}
