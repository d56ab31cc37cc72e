//! Amazon Cognito's user pools API, as far as the worker needs it: one call, signed, bounded in time, repeated where that
//! is safe.

pub(crate) mod custom_auth;
mod failure;
pub(crate) mod operation;
mod retry;
mod secret_hash;
mod signature;

pub(crate) use failure::Failure;
use operation::Operation;
use serde_json::json;
use signature::Signer;

use crate::{
    runtime::{
        clock::{self, Deadline},
        fetch, log, random,
    },
    settings::Settings,
};

/// Media type of the AWS JSON 1.1 protocol.
const AMZ_JSON: &str = "application/x-amz-json-1.1";

/// A client for one request's calls.
pub(crate) struct Cognito<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) request_id: &'a str,
    pub(crate) deadline: Deadline,
}

impl Cognito<'_> {
    /// Makes the call, again if need be, until it succeeds or the deadline ends it.
    pub(crate) async fn call<O: Operation>(&self, operation: &O) -> Result<O::Answer, Failure> {
        let body = serde_json::to_string(operation).map_err(|_| Failure::Unexpected)?;
        let mut calls = 0;
        loop {
            calls += 1;
            let failure = match self.call_once::<O>(&body).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let [jitter] = random::bytes().unwrap_or([0]);
            let pause = retry::pause(O::REPEATABLE, failure, calls, self.deadline.remaining(), jitter);
            let fields = json!({
                "request_id": self.request_id, "operation": O::NAME, "failure": failure.name(), "calls": calls,
                "again": pause.is_some(),
            });
            match failure {
                // An operator must repair these; no client can.
                Failure::Credentials | Failure::Unexpected => log::error("cognito_failed", fields),
                // Part of the protocol: an unknown user, a used session.
                Failure::UserNotFound
                | Failure::UserNotReady
                | Failure::UsernameExists
                | Failure::NotAuthorized
                | Failure::UserDisabled
                | Failure::InvalidParameter
                | Failure::TokenType => {}
                _ => log::warning("cognito_failed", fields),
            }
            match pause {
                Some(pause) => clock::sleep(pause).await,
                None => return Err(failure),
            }
        }
    }

    async fn call_once<O: Operation>(&self, body: &str) -> Result<O::Answer, Failure> {
        let settings = self.settings;
        let target = format!("AWSCognitoIdentityProviderService.{}", O::NAME);
        let headers = [("content-type", AMZ_JSON), ("x-amz-target", target.as_str())];
        let signed = if O::SIGNED {
            let signer = Signer {
                access_key_id: &settings.access_key_id,
                secret_access_key: &settings.secret_access_key,
                session_token: settings.session_token.as_deref(),
                region: &settings.region,
            };
            // Signed anew for each call: a signature is good for a few minutes, but only for its own time.
            signer
                .sign(&settings.cognito_endpoint, &headers, body, clock::now_ms())
                .ok_or(Failure::Unexpected)?
        } else {
            Vec::new()
        };
        let all_headers = headers
            .into_iter()
            .chain(signed.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let fetched = fetch::post(&settings.cognito_endpoint, all_headers, body, self.deadline.remaining()).await?;
        if fetched.status == 200 {
            // Operations that say nothing may answer with no body at all.
            let answer = if fetched.body.is_empty() { "{}" } else { &fetched.body };
            serde_json::from_str(answer).map_err(|_| Failure::Unexpected)
        } else {
            Err(Failure::from_answer(fetched.status, &fetched.body))
        }
    }

    /// `SECRET_HASH` for the `USERNAME` that goes with it.
    fn secret_hash(&self, username: &str) -> Result<String, Failure> {
        secret_hash::secret_hash(&self.settings.client_secret, username, &self.settings.client_id)
            .ok_or(Failure::Unexpected)
    }
}
