//! Secrets Manager and SNS as far as the triggers use them, over plain HTTP; remembers what it was asked.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use serde_json::{Value, json};

use crate::serve::{Reply, Request, Serving};

/// What the keys are derived from.
pub(crate) const SECRET: &str = "of-sixty-four-characters-as-the-template-has-it-generated-000001";
const PUBLISHED: &str = "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult>\
    <MessageId>94f20ce6-13c5-43a0-9a9e-ca52d816e90b</MessageId></PublishResult><ResponseMetadata>\
    <RequestId>f187a3c1-376f-11df-8963-01868b7c937a</RequestId></ResponseMetadata></PublishResponse>";

#[derive(Debug)]
pub(crate) struct Aws {
    calls: Arc<Mutex<Vec<String>>>,
    serving: Serving,
}

impl Aws {
    pub(crate) fn start() -> Result<Self> {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let remembered = Arc::clone(&calls);
        let serving = Serving::start(move |request| {
            let (call, reply) = answer(request);
            remembered.lock().unwrap_or_else(PoisonError::into_inner).push(call);
            Some(reply)
        })?;
        Ok(Self { calls, serving })
    }

    /// The value of `AWS_ENDPOINT_URL`.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.serving.address)
    }

    /// The calls since this was asked last, in one wording whoever made them.
    pub(crate) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What was asked, and what is answered.
fn answer(request: &Request) -> (String, Reply) {
    match request.header("x-amz-target") {
        Some("secretsmanager.GetSecretValue") => {
            let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            (format!("GetSecretValue {asked}"), secret_value(&asked))
        }
        Some(other) => (other.to_owned(), Reply::new(400, "application/x-amz-json-1.1", "{}")),
        // SNS speaks the query protocol: a form with the action in it.
        None => {
            let mut fields: Vec<_> = form_urlencoded::parse(&request.body).into_owned().collect();
            fields.sort();
            (format!("{fields:?}"), Reply::new(200, "text/xml", PUBLISHED))
        }
    }
}

/// One version, as there is between two exchanges of the secret.
fn secret_value(asked: &Value) -> Reply {
    let media_type = "application/x-amz-json-1.1";
    if asked["VersionStage"] == "AWSPREVIOUS" {
        let body = json!({
            "__type": "ResourceNotFoundException",
            "Message": "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
        });
        return Reply::new(400, media_type, body.to_string());
    }
    let body = json!({
        "ARN": asked["SecretId"], "Name": "bench/challenge", "VersionId": "2c1f3b1e-8f3a-4c1d-9b3e-0a1b2c3d4e5f",
        "SecretString": SECRET, "VersionStages": ["AWSCURRENT"], "CreatedDate": 1_790_000_000.5,
    });
    Reply::new(200, media_type, body.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Connection;

    fn post(aws: &Aws, header: &str, body: &str) -> (u16, String) {
        let mut connection = Connection::open(aws.serving.address.port()).unwrap();
        let length = body.len();
        let request = format!("POST / HTTP/1.1\r\n{header}content-length: {length}\r\n\r\n{body}");
        let answer = connection.exchange(request.as_bytes()).unwrap();
        (answer.status, String::from_utf8_lossy(answer.body).into_owned())
    }

    #[test]
    fn the_secret_has_a_current_version_and_none_before() {
        let aws = Aws::start().unwrap();
        let header = "X-Amz-Target: secretsmanager.GetSecretValue\r\n";
        let (status, body) = post(&aws, header, r#"{"SecretId":"arn","VersionStage":"AWSCURRENT"}"#);
        assert!(status == 200 && body.contains(SECRET), "{body}");
        let (status, body) = post(&aws, header, r#"{"SecretId":"arn","VersionStage":"AWSPREVIOUS"}"#);
        assert!(status == 400 && body.contains("ResourceNotFoundException"), "{body}");
    }

    #[test]
    fn calls_are_told_once_and_in_one_wording_whatever_their_order_of_members() {
        let aws = Aws::start().unwrap();
        post(&aws, "", "Action=Publish&Message=a+b");
        let first = aws.calls();
        post(&aws, "", "Message=a%20b&Action=Publish");
        assert_eq!(aws.calls(), first);
        assert_eq!(first.len(), 1);
        assert!(aws.calls().is_empty());
    }
}
