//! How a token is sent: as the one value of the `Authorization` header, and with nothing around it.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::Duration,
};

use e2e::{Answer, keys::PUBLISHED, ledger::Kind, system};

use crate::issuer::{call, claims, expect_accepted, open};

/// Sends these headers.
#[track_caller]
fn with_headers(values: &[&str]) -> Answer {
    let worker = system().fault();
    let mut request = worker
        .request("GET", "/secured/call")
        .header("cache-control", "no-cache");
    for value in values {
        request = request.header("authorization", *value);
    }
    worker.send(&request.body(()).expect("a request"))
}

/// A token that the worker accepted a moment ago, and remembers.
fn accepted() -> String {
    let token = PUBLISHED.plain_token(&claims());
    expect_accepted("by itself", &token);
    token
}

#[test]
fn nothing_may_stand_around_an_accepted_token() {
    let _keys = open();
    let token = accepted();
    let values = [
        format!("Bearer {token}."),
        format!("Bearer .{token}"),
        format!("Bearer {token}="),
        format!("Bearer {token}=="),
        format!("Bearer {token}A"),
        format!("Bearer {token}AAAA"),
        format!("Bearer {token}%0A"),
        format!("Bearer {token}%00"),
        format!("Bearer {token}%20"),
        format!("Bearer {token}\\n"),
        format!("Bearer {token} x"),
        format!("Bearer x {token}"),
        format!("Bearer {token}\tx"),
        format!("Bearer {token};"),
        format!("Bearer {token},"),
        format!("Bearer ,{token}"),
        format!("Bearer {token},{token}"),
        format!("Bearer {token}, Bearer {token}"),
        format!("Bearer {token}, Bearer x"),
        format!("Bearer Bearer {token}"),
        format!("Bearer \"{token}\""),
        format!("Bearer '{token}'"),
        format!("Bearer <{token}>"),
        format!("Bearer token={token}"),
        format!("Bearer {}", token.replacen('.', "\u{2024}", 1)),
        format!("Bearer {}", token.replacen('e', "\u{ff45}", 1)),
        format!("Bearer {token}\u{e9}"),
        format!("Bearer {token}\u{a0}"),
        format!("Bearer \u{feff}{token}"),
        format!("Bearer {token}\u{200b}"),
        // Not the scheme `Bearer` and one space: no token was offered.
        format!("Bearer\t{token}"),
        format!("Bearer:{token}"),
        format!("Bearer{token}"),
        format!("Bearer\u{a0}{token}"),
        format!("\u{ff22}earer {token}"),
        format!("JWT {token}"),
        token.clone(),
    ];
    for value in values {
        let shown = value.replace(&token, "…");
        assert_eq!(status_of_raw(value.as_bytes()), 401, "{shown:?}");
    }
    // Latin-1, which is no UTF-8.
    let latin = [b"Bearer ", token.as_bytes(), b"\xe9"].concat();
    assert_eq!(status_of_raw(&latin), 401);
    call(&token).expect_status(200);
}

#[test]
fn the_scheme_may_have_any_case_and_the_value_spaces_at_its_ends() {
    let _keys = open();
    let token = accepted();
    // RFC 9110 §11.1 and §5.5: spaces at the ends are not part of a field's value.
    for value in [
        format!("bearer {token}"),
        format!("BEARER {token}"),
        format!("bEaReR   {token}"),
        format!("Bearer {token} "),
    ] {
        let answer = with_headers(&[&value]);
        assert_eq!(answer.status, 200, "{:?}", value.replace(&token, "…"));
    }
}

#[test]
fn two_headers_are_refused_whatever_they_hold() {
    let _keys = open();
    let good = format!("Bearer {}", accepted());
    let others = [good.as_str(), "Bearer x", "Bearer", "Basic dXNlcjpwYXNz", "x"];
    for other in others {
        for pair in [[good.as_str(), other], [other, good.as_str()]] {
            with_headers(&pair).expect_problem(401, "INVALID_TOKEN");
        }
    }
}

#[test]
fn bytes_that_no_header_may_hold_open_nothing() {
    let _keys = open();
    let token = accepted();
    system().ledger.note(Kind::Token, &token);
    // RFC 9110 §5.5: NUL, CR and LF are dangerous. No client library sends them.
    for (name, value) in [
        ("NUL behind", format!("Bearer {token}\0")),
        ("NUL in front", format!("Bearer \0{token}")),
        ("NUL and more", format!("Bearer {token}\0x")),
        ("CR and more", format!("Bearer {token}\rx")),
        ("a control character", format!("Bearer {token}\u{7f}")),
        ("a folded line", format!("Bearer\r\n {token}\r\n x")),
    ] {
        let status = status_of_raw(value.as_bytes());
        assert!(status == 400 || status == 401, "{name}: {status}");
    }
    assert_eq!(status_of_raw(format!("Bearer {token}").as_bytes()), 200);
}

/// The status of the answer to a request with this header, byte by byte; 400 if the connection is closed instead.
fn status_of_raw(authorization: &[u8]) -> u16 {
    let url = &system().description.workers["fault"];
    let host = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).expect("the worker listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(15)))
        .expect("a time limit");
    let before =
        format!("GET /secured/call HTTP/1.1\r\nHost: {host}\r\nCache-Control: no-cache\r\nConnection: close\r\n");
    let request = [before.as_bytes(), b"Authorization: ", authorization, b"\r\n\r\n"];
    stream.write_all(&request.concat()).expect("the request is taken");
    // Not to the end: the connection is kept for a while, whatever was asked. An error is a reset connection.
    let mut line = String::new();
    let _ = BufReader::new(stream).read_line(&mut line);
    line.split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(400)
}
