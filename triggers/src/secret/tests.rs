use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Instant,
};

use aws_config::Region;
use aws_sdk_secretsmanager::config::Credentials;
use challenge::PermitKey;

use super::*;

const OLD: &str = "correct horse battery staple, 32+ characters";
const NEW: &str = "another secret that is also thirty-two or more";

type Answer = (u16, String);

fn secret(text: &str) -> Answer {
    (200, format!(r#"{{"SecretString":"{text}"}}"#))
}

fn failure(status: u16, code: &str) -> Answer {
    (status, format!(r#"{{"__type":"{code}","Message":"{OLD}"}}"#))
}

/// What was asked for so far: the staging labels.
type Asked = Arc<Mutex<Vec<&'static str>>>;

/// A Secrets Manager with one secret. `None` for a label ends the connection without an answer.
fn service(current: Answer, previous: Option<Answer>) -> (String, Asked) {
    service_after(0, current, previous)
}

/// The same, if its first connections, so many, did not get a word.
fn service_after(silent: usize, current: Answer, previous: Option<Answer>) -> (String, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let asked = Asked::default();
    let seen = asked.clone();
    thread::spawn(move || {
        let mut kept = Vec::new();
        for (index, connection) in listener.incoming().enumerate() {
            let mut connection = BufReader::new(connection.unwrap());
            if index < silent {
                kept.push(connection);
                continue;
            }
            while let Some(request) = body(&mut connection) {
                let is_current = request.contains(r#""VersionStage":"AWSCURRENT""#);
                assert!(is_current || request.contains(r#""VersionStage":"AWSPREVIOUS""#));
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                seen.push(if is_current { CURRENT } else { PREVIOUS });
                let answer = if is_current { Some(&current) } else { previous.as_ref() };
                let Some((status, body)) = answer else { break };
                let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", body.len());
                connection
                    .get_mut()
                    .write_all(format!("{head}{body}").as_bytes())
                    .unwrap();
            }
        }
    });
    (endpoint, asked)
}

/// The body of the connection's next request; `None` when it has ended.
fn body(connection: &mut BufReader<TcpStream>) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).ok()?;
    String::from_utf8(body).ok()
}

async fn read_from(endpoint: &str) -> Result<Versions<Secret>, SecretError> {
    let aws = crate::aws::loader()
        .endpoint_url(endpoint)
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("key", "secret", None, None, "test"))
        .load()
        .await;
    read(&aws, "stack/challenge").await
}

/// The permit keys of what was read, current first: secrets themselves cannot be compared.
fn keys(read: &Versions<Secret>) -> Vec<String> {
    read.iter()
        .map(|secret| PermitKey::derive(secret).to_base64url())
        .collect()
}

fn key(text: &str) -> String {
    PermitKey::derive(&Secret::new(text).unwrap()).to_base64url()
}

#[tokio::test]
async fn both_versions_are_read_the_current_one_first() {
    let (endpoint, asked) = service(secret(NEW), Some(secret(OLD)));
    let read = read_from(&endpoint).await.unwrap();
    assert_eq!(keys(&read), [key(NEW), key(OLD)]);
    // The order is what keeps an exchange in between from leaving the new one alone.
    assert_eq!(*asked.lock().unwrap(), [CURRENT, PREVIOUS]);
}

#[tokio::test]
async fn without_a_previous_version_the_current_one_is_all() {
    let (endpoint, asked) = service(secret(NEW), Some(failure(400, NO_SUCH_VERSION)));
    assert_eq!(keys(&read_from(&endpoint).await.unwrap()), [key(NEW)]);
    assert_eq!(asked.lock().unwrap().len(), 2, "asked for once each");
}

#[tokio::test]
async fn a_previous_version_that_cannot_be_used_is_left_out() {
    for useless in [
        secret("too short"),
        (200, r#"{"SecretBinary":"AAAA"}"#.to_owned()),
        failure(400, "AccessDeniedException"),
        failure(400, "DecryptionFailure"),
    ] {
        let (endpoint, _) = service(secret(NEW), Some(useless));
        assert_eq!(keys(&read_from(&endpoint).await.unwrap()), [key(NEW)]);
    }
}

#[tokio::test]
async fn a_previous_version_that_may_be_there_and_was_not_given_ends_the_start() {
    for (answer, reason) in [
        (Some(failure(500, "InternalServiceError")), "InternalServiceError"),
        (Some(failure(400, "ThrottlingException")), "ThrottlingException"),
        (None, "DispatchFailure"),
    ] {
        let (endpoint, asked) = service(secret(NEW), answer);
        let error = read_from(&endpoint).await.unwrap_err();
        assert_eq!(error.to_string(), format!("the secret cannot be read: {reason}"));
        assert!(asked.lock().unwrap().len() > 2, "{reason}: tried again first");
    }
}

#[tokio::test]
async fn without_the_current_version_there_is_no_start_whatever_the_previous_one_is() {
    for (answer, reason) in [
        (
            failure(400, NO_SUCH_VERSION),
            "the secret cannot be read: ResourceNotFoundException",
        ),
        (
            failure(400, "AccessDeniedException"),
            "the secret cannot be read: AccessDeniedException",
        ),
        (secret("too short"), "the secret must have at least 32 characters"),
        ((200, "{}".to_owned()), "the secret is not text"),
    ] {
        let (endpoint, _) = service(answer, Some(secret(OLD)));
        assert_eq!(read_from(&endpoint).await.unwrap_err().to_string(), reason);
    }
}

#[tokio::test]
async fn a_service_that_takes_the_call_and_says_nothing_is_given_up_after_two_seconds() {
    let (endpoint, _) = service_after(usize::MAX, secret(NEW), Some(secret(OLD)));
    let begun = Instant::now();
    let error = read_from(&endpoint).await.unwrap_err();
    assert!(
        matches!(&error, SecretError::Unreachable(reason) if reason == "Timeout"),
        "{error}"
    );
    let took = begun.elapsed().as_secs_f64();
    assert!((2.0..3.0).contains(&took), "{took} s");
}

#[tokio::test]
async fn a_try_that_hangs_is_followed_by_another_in_time() {
    let (endpoint, asked) = service_after(1, secret(NEW), Some(secret(OLD)));
    let begun = Instant::now();
    let read = read_from(&endpoint).await.unwrap();
    assert_eq!(keys(&read), [key(NEW), key(OLD)]);
    assert_eq!(*asked.lock().unwrap(), [CURRENT, PREVIOUS]);
    let took = begun.elapsed().as_secs_f64();
    assert!((1.0..2.0).contains(&took), "{took} s");
}
