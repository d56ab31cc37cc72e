//! Calls to AWS's API with any key, signed with Signature Version 4 as AWS's own SDKs do it.

use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use ureq::{Agent, http::Request};

use crate::{answer::Answer, system::Stack};

/// A trigger that starts takes a second, on a busy machine several.
const TIMEOUT: Duration = Duration::from_secs(30);

/// AWS at an address, as the holder of a key. Holds secrets, hence no `Debug`.
#[derive(Clone)]
pub struct Aws {
    /// Without a slash at the end.
    pub endpoint: String,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
}

/// A request to one of AWS's services, not yet signed.
#[derive(Clone)]
pub struct Call {
    /// The name that is signed, such as `cognito-idp`.
    service: &'static str,
    method: &'static str,
    /// With a slash in front.
    path: String,
    headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Call {
    /// The JSON 1.1 protocol: the operation is in `X-Amz-Target`.
    pub fn json(service: &'static str, target: &str, body: &Value) -> Self {
        Self {
            service,
            method: "POST",
            path: "/".to_owned(),
            headers: vec![
                ("content-type", "application/x-amz-json-1.1".to_owned()),
                ("x-amz-target", target.to_owned()),
            ],
            body: body.to_string(),
        }
    }

    /// A call to Cognito's user pools.
    pub fn cognito(operation: &str, body: &Value) -> Self {
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        Self::json("cognito-idp", &target, body)
    }

    /// The query protocol: a form, `parameters` already encoded.
    pub fn query(service: &'static str, action: &str, version: &str, parameters: &str) -> Self {
        Self {
            service,
            method: "POST",
            path: "/".to_owned(),
            headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
            body: format!("Action={action}&Version={version}{parameters}"),
        }
    }

    /// A REST call.
    pub fn rest(service: &'static str, method: &'static str, path: &str, body: &str) -> Self {
        Self {
            service,
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: body.to_owned(),
        }
    }
}

/// Headers that a signature adds.
pub type Signature = Vec<(String, String)>;

impl Aws {
    /// Signs the call for now.
    pub fn sign(&self, call: &Call) -> Signature {
        let identity = Credentials::new(&self.access_key_id, &self.secret_access_key, None, None, "e2e").into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(call.service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .expect("all signing parameters are there")
            .into();
        let url = format!("{}{}", self.endpoint, call.path);
        let headers = call.headers.iter().map(|(name, value)| (*name, value.as_str()));
        let body = SignableBody::Bytes(call.body.as_bytes());
        let request = SignableRequest::new(call.method, url, headers, body).expect("a request");
        let (instructions, _) = sign(request, &parameters).expect("a signature").into_parts();
        instructions
            .headers()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// Sends the call with whatever signature; an empty one is an anonymous call.
    #[track_caller]
    pub fn send(&self, call: &Call, signature: &Signature) -> Answer {
        let agent: Agent = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .into();
        let mut request = Request::builder()
            .method(call.method)
            .uri(format!("{}{}", self.endpoint, call.path));
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        for (name, value) in signature {
            request = request.header(name, value);
        }
        let request = request.body(call.body.clone()).expect("a request");
        let begun = Instant::now();
        agent
            .run(request)
            .and_then(|response| Answer::read(response, begun))
            .unwrap_or_else(|error| panic!("{} was not answered: {error}", call.service))
    }

    /// Signs and sends.
    #[track_caller]
    pub fn call(&self, call: &Call) -> Answer {
        self.send(call, &self.sign(call))
    }

    /// Calls Cognito's user pools.
    #[track_caller]
    pub fn cognito(&self, operation: &str, body: &Value) -> Answer {
        self.call(&Call::cognito(operation, body))
    }

    /// Invokes a Lambda function and waits for what it returns. `Err` is the function's own error.
    #[track_caller]
    pub fn invoke(&self, function: &str, event: &Value) -> Result<Value, Value> {
        let path = format!("/2015-03-31/functions/{function}/invocations");
        let answer = self.call(&Call::rest("lambda", "POST", &path, &event.to_string()));
        answer.expect_status(200);
        if answer.header("x-amz-function-error").is_some() {
            Err(answer.json())
        } else {
            Ok(answer.json())
        }
    }
}

/// The error's name, whichever protocol it came in: `__type` or `Code`, without namespace.
pub fn error_name(answer: &Answer) -> String {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let document = answer.json();
    let named = document["__type"]
        .as_str()
        .or(document["code"].as_str())
        .or_else(|| text.split_once("<Code>")?.1.split_once("</Code>").map(|(code, _)| code));
    named
        .and_then(|name| name.rsplit('#').next())
        .and_then(|name| name.split(':').next())
        .unwrap_or_default()
        .to_owned()
}

/// `SECRET_HASH` as Cognito wants it: HMAC-SHA-256 of username and client id under the client secret, base64.
pub fn secret_hash(stack: &Stack, username: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(stack.client_secret.as_bytes()).expect("any length is a key");
    mac.update(username.as_bytes());
    mac.update(stack.client_id.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

/// Whether the user's phone number is marked verified, as an administrator sees it.
#[track_caller]
pub fn phone_is_verified(aws: &Aws, stack: &Stack, username: &str) -> bool {
    let user = aws
        .cognito(
            "AdminGetUser",
            &json!({ "UserPoolId": stack.user_pool_id, "Username": username }),
        )
        .expect_status(200)
        .json();
    user["UserAttributes"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|attribute| attribute["Name"] == "phone_number_verified" && attribute["Value"] == "true")
}
