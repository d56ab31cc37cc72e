//! Pages of other origins (Fetch standard, "CORS protocol").

use e2e::{Answer, system};

/// With a method of each.
const PATHS: [(&str, &str); 7] = [
    ("/sign_up", "POST"),
    ("/sign_in", "POST"),
    ("/refresh_token", "POST"),
    ("/sign_out", "POST"),
    ("/secured/call", "DELETE"),
    ("/health", "GET"),
    ("/admin/guard", "POST"),
];
const PAGE: &str = "https://app.example.com";

fn preflight(path: &str, method: &str) -> Answer {
    let worker = system().main();
    let request = worker
        .request("OPTIONS", path)
        .header("origin", PAGE)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", "authorization,content-type")
        .body(())
        .unwrap();
    worker.send(&request)
}

#[test]
fn a_preflight_is_answered_on_every_path() {
    for (path, method) in PATHS {
        let answer = preflight(path, method);
        answer.expect_status(204);
        assert!(answer.body.is_empty());
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        let methods = answer.header("access-control-allow-methods").unwrap_or_default();
        assert!(
            methods.split(", ").any(|allowed| allowed == method),
            "{path}: {methods}"
        );
        let headers = answer.header("access-control-allow-headers").unwrap_or_default();
        assert!(
            headers.to_ascii_lowercase().contains("authorization"),
            "{path}: {headers}"
        );
        assert!(
            headers.to_ascii_lowercase().contains("content-type"),
            "{path}: {headers}"
        );
        let seconds = answer.header("access-control-max-age").unwrap_or_default();
        assert!(seconds.parse::<u32>().is_ok(), "{path}: {seconds}");
        assert!(answer.header("access-control-allow-credentials").is_none(), "{path}");
    }
}

#[test]
fn a_preflight_needs_no_token() {
    preflight("/secured/call", "GET").expect_status(204);
}

#[test]
fn a_page_may_read_answers_and_errors() {
    let worker = system().main();
    let requests = [
        ("GET", "/health"),
        ("POST", "/sign_up"),
        ("GET", "/secured/call"),
        ("GET", "/nowhere"),
        ("GET", "/sign_in"),
    ];
    for (method, path) in requests {
        let request = worker.request(method, path).header("origin", PAGE).body(()).unwrap();
        let answer = worker.send(&request);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        let exposed = answer.header("access-control-expose-headers").unwrap_or_default();
        for name in ["X-Request-Id", "Retry-After", "WWW-Authenticate", "Cache-Status"] {
            assert!(exposed.contains(name), "{path} does not expose {name}");
        }
    }
}

#[test]
fn without_an_origin_there_is_nothing_about_origins() {
    let answer = system().main().get("/health");
    let names = answer.header_names();
    assert!(
        !names.iter().any(|name| name.starts_with("access-control-")),
        "{names:?}"
    );
}
