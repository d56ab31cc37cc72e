//! Paths and methods, and what every response carries.

use e2e::system;

/// Every path with the methods that it does not take. PROPFIND stands for methods that HTTP itself does not define: a
/// worker's platform knows them, and they must not pass for GET.
const REFUSED: [(&str, &[&str]); 6] = [
    ("/sign_up", &["GET", "HEAD", "PUT", "PATCH", "DELETE", "PROPFIND"]),
    ("/sign_in", &["GET", "HEAD", "PUT", "PATCH", "DELETE", "PROPFIND"]),
    ("/refresh_token", &["GET", "HEAD", "PUT", "PATCH", "DELETE", "PROPFIND"]),
    ("/sign_out", &["GET", "HEAD", "PUT", "PATCH", "DELETE", "PROPFIND"]),
    ("/admin/guard", &["GET", "HEAD", "PUT", "PATCH", "DELETE", "PROPFIND"]),
    ("/health", &["POST", "PUT", "PATCH", "DELETE", "PROPFIND"]),
];

#[test]
fn wrong_methods_are_refused_with_the_right_ones() {
    let worker = system().main();
    for (path, methods) in REFUSED {
        for method in methods {
            let request = worker.request(method, path).body(()).unwrap();
            let answer = worker.send(&request);
            if *method == "HEAD" {
                answer.expect_status(405);
                assert!(answer.body.is_empty());
            } else {
                assert_eq!(answer.status, 405, "{method} {path}");
                answer.expect_problem(405, "METHOD_NOT_ALLOWED");
            }
            let allowed = answer.header("allow").unwrap_or_default();
            let right = if path == "/health" { "GET" } else { "POST" };
            assert!(allowed.split(", ").any(|method| method == right), "{path}: {allowed}");
            assert!(!allowed.split(", ").any(|name| name == *method), "{path}: {allowed}");
        }
    }
}

#[test]
fn unknown_paths_are_404_whatever_the_method() {
    let worker = system().main();
    let paths = [
        "/nowhere",
        // A developer's machine alone has it, and this worker runs as it is deployed.
        "/_local/inbox",
        "/_local/inbox/messages",
        "/sign_up/",
        "/Sign_up",
        "/sign_up/x",
        "/secured",
        "/health/deep",
        "//sign_up",
    ];
    for path in paths {
        for method in ["GET", "POST", "DELETE", "OPTIONS"] {
            let answer = worker.send(&worker.request(method, path).body(()).unwrap());
            assert_eq!(answer.status, 404, "{method} {path}");
            answer.expect_problem(404, "NOT_FOUND");
        }
    }
}

#[test]
fn a_path_is_known_with_any_query() {
    system().main().get("/health?x=1&deep=0").expect_status(200);
}

/// [`e2e::Worker::send`] checks on every answer of every test that it carries `X-Request-Id`, never the same twice, and on
/// those of the first three endpoints that they carry `Cache-Control: no-store`. This shows that the check is about the
/// worker's ids and not about the client's.
#[test]
fn a_request_id_is_the_workers_own() {
    let worker = system().main();
    let request = worker
        .request("GET", "/health")
        .header("x-request-id", "chosen-by-the-client-0123456789")
        .body(())
        .unwrap();
    let answer = worker.send(&request);
    assert_ne!(answer.header("x-request-id"), Some("chosen-by-the-client-0123456789"));
}
