//! `/secured/*` is the API behind the worker: what is sent reaches it, what it answers comes back.

use std::sync::LazyLock;

use e2e::{Answer, Phone, Tokens, keys, origin::origin, system};
use ureq::http::request::Builder;

/// One signed-in user for all tests of this file.
static USER: LazyLock<Tokens> = LazyLock::new(|| system().main().signed_in(&Phone::new()));

fn request(method: &str, path: &str) -> Builder {
    let request = system().main().request(method, path);
    request.header("authorization", format!("Bearer {}", USER.access))
}

#[track_caller]
fn send(request: Builder) -> Answer {
    system().main().send(&request.body(()).unwrap())
}

#[test]
fn method_path_and_query_reach_the_origin_as_they_were_sent() {
    let path = "/secured/plain/a%2Fb;c=d";
    origin().answer(path, "200 OK", &[("content-type", "text/plain")], b"hello");
    for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] {
        let answer = send(request(method, &format!("{path}?b=2&a=%zz&&a=+")));
        answer.expect_status(200);
        assert_eq!(answer.header("content-type"), Some("text/plain"), "{method}");
        assert_eq!(
            answer.body,
            if method == "HEAD" { &b""[..] } else { b"hello" },
            "{method}"
        );
        assert_eq!(answer.header("content-length"), Some("5"), "{method}");
        let received = origin().last(path);
        let line = received.head.lines().next().unwrap_or_default();
        assert_eq!(line, format!("{method} /api{path}?b=2&a=%zz&&a=+ HTTP/1.1"));
    }
}

#[test]
fn the_origin_learns_who_calls_and_nothing_that_a_client_says_of_it() {
    let path = "/secured/who";
    origin().answer(path, "200 OK", &[], b"");
    let forged = [
        ("x-caller-sub", "mallory"),
        ("X_Caller_Sub", "mallory"),
        ("x.caller.sub", "mallory"),
        ("x-caller-groups", "mallory"),
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-user", "mallory"),
        ("forwarded", "for=203.0.113.9"),
        ("x-real-ip", "203.0.113.9"),
        ("x-request-id", "mine"),
        // Cloudflare overwrites it; `wrangler dev` takes the client's word, so this is not forged here but said.
        ("cf-connecting-ip", "192.0.2.7"),
        ("cf-access-jwt-assertion", "forged"),
        ("true-client-ip", "203.0.113.9"),
        ("connection", "x-caller-sub, keep-alive"),
        ("x-own", "kept"),
        ("cookie", "a=b"),
    ];
    let sent = forged
        .iter()
        .fold(request("POST", path), |sent, (name, value)| sent.header(*name, *value));
    let answer = send(sent);
    answer.expect_status(200);
    let received = origin().last(path);
    let head = received.head.to_ascii_lowercase();
    for forged in [
        "mallory",
        "203.0.113.9",
        "mine",
        "forged",
        "bearer",
        &USER.access.to_ascii_lowercase(),
    ] {
        assert!(!head.contains(forged), "{forged} reached the origin");
    }
    let claims = keys::claims(&USER.access);
    assert_eq!(received.header("x-caller-sub"), claims["sub"].as_str());
    assert_eq!(received.header("x-caller-username"), claims["username"].as_str());
    assert_eq!(received.header("x-caller-scope"), claims["scope"].as_str());
    assert_eq!(received.header("x-forwarded-for"), Some("192.0.2.7"));
    assert_eq!(received.header("x-forwarded-proto"), Some("http"));
    assert!(
        received
            .header("x-forwarded-host")
            .is_some_and(|host| host.starts_with("127.0.0.1:"))
    );
    assert_eq!(received.header("x-own"), Some("kept"));
    assert_eq!(received.header("cookie"), Some("a=b"));
    // One id in the client's hands, in the worker's log and in the origin's.
    assert_eq!(received.header("x-request-id"), answer.header("x-request-id"));
}

#[test]
fn without_a_good_token_the_origin_hears_nothing() {
    let path = "/secured/locked";
    origin().answer(path, "200 OK", &[], b"secret");
    let worker = system().main();
    for answer in [
        worker.get(path),
        worker.get_with(path, "x"),
        worker.get_with(path, &USER.id),
    ] {
        answer.expect_problem(401, "INVALID_TOKEN");
    }
    assert!(origin().received(path).is_empty());
}

#[test]
fn what_the_origin_answers_is_passed_on_whatever_the_status() {
    for (path, status, code) in [
        ("/secured/status/201", "201 Created", 201),
        ("/secured/status/302", "302 Found", 302),
        ("/secured/status/400", "400 Bad Request", 400),
        ("/secured/status/401", "401 Unauthorized", 401),
        ("/secured/status/404", "404 Not Found", 404),
        ("/secured/status/418", "418 I'm a teapot", 418),
        ("/secured/status/500", "500 Internal Server Error", 500),
        ("/secured/status/503", "503 Service Unavailable", 503),
    ] {
        origin().answer(
            path,
            status,
            &[("location", "/elsewhere"), ("x-own", "1")],
            b"its own words",
        );
        let answer = send(request("GET", path));
        answer.expect_status(code);
        assert_eq!(answer.body, b"its own words", "{status}");
        assert_eq!(answer.header("location"), Some("/elsewhere"), "{status}");
        assert_eq!(answer.header("x-own"), Some("1"), "{status}");
    }
}

#[test]
fn answers_without_a_body_have_none() {
    origin().send("/secured/empty/204", b"HTTP/1.1 204 No Content\r\nx-own: 1\r\n\r\n");
    let answer = send(request("DELETE", "/secured/empty/204"));
    assert!(answer.expect_status(204).body.is_empty());
    assert_eq!(answer.header("x-own"), Some("1"));
    // Its own word on a condition that the worker left to it.
    origin().send(
        "/secured/empty/304",
        b"HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\n\r\n",
    );
    let conditional = request("GET", "/secured/empty/304").header("cache-control", "no-cache");
    let answer = send(conditional.header("if-none-match", "\"a\""));
    assert!(answer.expect_status(304).body.is_empty());
    assert_eq!(answer.header("etag"), Some("\"a\""));
    assert_eq!(
        origin().last("/secured/empty/304").header("if-none-match"),
        Some("\"a\"")
    );
}

#[test]
fn headers_about_the_connection_stay_behind_and_all_others_come_through() {
    let path = "/secured/headers";
    origin().send(
        path,
        b"HTTP/1.1 200 OK\r\nconnection: close, x-hop\r\nkeep-alive: timeout=5\r\nproxy-authenticate: Basic\r\nx-hop: 1\r\n\
          set-cookie: a=1; Path=/\r\nset-cookie: b=2, c\r\nx-request-id: theirs\r\nlink: </a>, </b>\r\n\
          content-disposition: attachment; filename=\"\xc3\xa9\"\r\nx-raw: \xe9\r\ncontent-length: 2\r\n\r\nok",
    );
    let answer = send(request("POST", path));
    answer.expect_status(200);
    for name in ["keep-alive", "proxy-authenticate", "x-hop"] {
        assert!(answer.header(name).is_none(), "{name}");
    }
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1; Path=/", "b=2, c"]);
    assert_ne!(answer.header("x-request-id"), Some("theirs"));
    assert_eq!(answer.header("link"), Some("</a>, </b>"));
    let bytes = |name: &str| answer.headers.get(name).map(|value| value.as_bytes().to_vec());
    assert_eq!(
        bytes("content-disposition").unwrap(),
        b"attachment; filename=\"\xc3\xa9\""
    );
    // Not text in any encoding of today, and passed on all the same.
    assert_eq!(bytes("x-raw").unwrap(), b"\xe9");
}

#[test]
fn pages_of_other_origins_are_the_workers_business() {
    let path = "/secured/cors";
    origin().answer(
        path,
        "200 OK",
        &[
            ("access-control-allow-origin", "https://other.example.com"),
            ("access-control-allow-credentials", "true"),
            ("access-control-expose-headers", "X-Total"),
            ("x-total", "5"),
        ],
        b"",
    );
    let answer = send(request("GET", path).header("origin", "https://app.example.com"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert!(answer.header("access-control-allow-credentials").is_none());
    let exposed: Vec<_> = answer.headers.get_all("access-control-expose-headers").iter().collect();
    let exposed = exposed
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join(", ");
    for name in ["X-Total", "X-Request-Id", "Cache-Status"] {
        assert!(exposed.contains(name), "{name} is not exposed: {exposed}");
    }
    let preflight = system()
        .main()
        .request("OPTIONS", path)
        .header("origin", "https://app.example.com");
    let answer = send(preflight.header("access-control-request-method", "PATCH"));
    answer.expect_status(204);
    assert!(
        answer
            .header("access-control-allow-methods")
            .unwrap_or_default()
            .contains("PATCH")
    );
    assert_eq!(origin().received(path).len(), 1, "a preflight reached the origin");
}

#[test]
fn an_answer_that_says_nothing_of_caches_is_for_its_caller_alone_and_not_kept() {
    let path = "/secured/silent";
    origin().answer(path, "200 OK", &[], b"now");
    for _ in 0..2 {
        let answer = send(request("GET", path));
        assert_eq!(answer.header("cache-control"), Some("private"));
        assert_eq!(answer.header("vary"), Some("Authorization"));
        assert_eq!(
            answer.header("cache-status"),
            Some("passwordless-edge; fwd=miss; fwd-status=200")
        );
    }
    assert_eq!(origin().received(path).len(), 2);
}

#[test]
fn where_no_origin_is_set_there_is_nothing_below_secured() {
    let worker = system().strict();
    for path in ["/secured/call/", "/secured/other", "/secured/"] {
        for method in ["GET", "POST", "OPTIONS"] {
            let answer = worker.send(&worker.request(method, path).body(()).unwrap());
            answer.expect_problem(404, "NOT_FOUND");
        }
    }
    // Where one is set, there may be: only the origin knows.
    system()
        .main()
        .get("/secured/other")
        .expect_problem(401, "INVALID_TOKEN");
}
