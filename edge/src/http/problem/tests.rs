use serde_json::{Value, json};

use super::{samples::every_problem, *};

fn header<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
    reply
        .headers
        .iter()
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.as_str())
}

fn document(reply: &Reply) -> Value {
    serde_json::from_str(reply.body.as_deref().unwrap()).unwrap()
}

#[test]
fn every_problem_is_a_complete_rfc_9457_document_that_no_cache_keeps() {
    for problem in every_problem() {
        let code = problem.code();
        let reply = problem.into_reply();
        let body = document(&reply);
        assert_eq!(header(&reply, "content-type"), Some(PROBLEM_JSON), "{code}");
        assert_eq!(header(&reply, "cache-control"), Some("no-store"), "{code}");
        assert_eq!(body["status"], json!(reply.status), "{code}");
        assert_eq!(body["code"], json!(code));
        assert_eq!(body["message"], body["detail"], "{code}");
        for member in ["type", "title", "detail"] {
            assert!(
                body[member].as_str().is_some_and(|text| !text.is_empty()),
                "{code} lacks {member}"
            );
        }
    }
}

#[test]
fn a_missing_token_gets_a_challenge_without_an_error_code() {
    let missing = Problem::TokenMissing.into_reply();
    assert_eq!(
        header(&missing, "www-authenticate"),
        Some("Bearer realm=\"passwordless-edge\"")
    );
    let invalid = Problem::TokenInvalid.into_reply();
    assert!(
        header(&invalid, "www-authenticate")
            .unwrap()
            .contains("error=\"invalid_token\"")
    );
    assert_eq!(document(&missing)["code"], document(&invalid)["code"]);
}

#[test]
fn a_wrong_code_hands_out_the_next_session() {
    let mut parameters = serde_json::Map::new();
    parameters.insert("attempts_left".to_owned(), json!("2"));
    let body = document(
        &Problem::WrongCode {
            session: "next".to_owned(),
            parameters,
        }
        .into_reply(),
    );
    assert_eq!(body["Session"], "next");
    assert_eq!(body["ChallengeParameters"]["attempts_left"], "2");
}

#[test]
fn headers_that_a_status_requires_are_there() {
    assert_eq!(
        header(&Problem::MethodNotAllowed("GET").into_reply(), "allow"),
        Some("GET")
    );
    assert_eq!(
        header(&Problem::UpstreamUnavailable.into_reply(), "retry-after"),
        Some("2")
    );
    let scope = Problem::InsufficientScope("orders/read".to_owned()).into_reply();
    assert!(
        header(&scope, "www-authenticate")
            .unwrap()
            .ends_with("scope=\"orders/read\"")
    );
}
