//! What a worker refuses at a secured path because of what it cannot reach, or by settings that others do not have, it refuses
//! with every method.

use e2e::{
    Answer, Phone, Worker,
    deny_list::{DenyList, Fault},
    key_server::KeyServer,
    keys::PUBLISHED,
    ledger::Kind,
    lenient::load_anew_with,
    system,
};
use serde_json::json;

use crate::{
    isolates::{good, lenient_claims_with},
    issuer::published,
};

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// An origin that is never asked here: nobody listens at the port of the discard protocol (RFC 863).
const ORIGIN: [(&str, &str); 2] = [
    ("ORIGIN_URL", "http://127.0.0.1:9"),
    ("ORIGIN_SIGNING_KEY", "a-key-that-signs-for-nobody-who-listens"),
];

#[track_caller]
fn expect_problem(worker: &Worker, path: &str, token: &str, status: u16, code: &str) {
    system().ledger.note(Kind::Token, token);
    for method in METHODS {
        let request = worker
            .request(method, path)
            .header("authorization", format!("Bearer {token}"));
        let answer: Answer = worker.send(&request.body(()).expect("a request"));
        assert_eq!(answer.status, status, "{method} {path}");
        if method != "HEAD" {
            answer.expect_problem(status, code);
        }
    }
}

#[test]
fn while_the_deny_list_cannot_be_read_it_is_503() {
    let worker = system().short();
    let deny_list = DenyList::of("short");
    let tokens = worker.signed_in(&Phone::new());
    let _broken = deny_list.broken(Fault::Error);
    for path in ["/secured/call", "/secured/methods"] {
        expect_problem(&worker, path, &tokens.access, 503, "UPSTREAM_UNAVAILABLE");
    }
}

#[test]
fn where_scopes_are_required_an_origin_is_not_asked_without_them_nor_for_an_ambiguous_path() {
    let server = KeyServer::for_lenient(&published());
    let worker = load_anew_with(&server, "methods", &ORIGIN);
    let unscoped = PUBLISHED.plain_token(&lenient_claims_with("scope", json!("openid")));
    expect_problem(&worker, "/secured/methods", &unscoped, 403, "INSUFFICIENT_SCOPE");
    expect_problem(&worker, "/secured/a%2Fb", &good(), 400, "INVALID_REQUEST");
    expect_problem(&worker, "/secured/methods", &good(), 503, "ORIGIN_UNAVAILABLE");
}
