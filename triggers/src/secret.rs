//! The stack's secret, read once when the function starts: its current version, and the one before while there is one.

use std::time::Duration;

use aws_config::{SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_secretsmanager::{
    Client,
    config::Builder,
    error::{ProvideErrorMetadata, SdkError},
    operation::get_secret_value::GetSecretValueError,
};
use challenge::{Secret, SecretTooShort};
use thiserror::Error;
use tracing::warn;

use crate::versions::Versions;

/// The staging label of the version that new keys follow from.
const CURRENT: &str = "AWSCURRENT";

/// The staging label of the version before, see [`crate::versions`].
const PREVIOUS: &str = "AWSPREVIOUS";

/// What Secrets Manager answers for a label that no version has.
const NO_SUCH_VERSION: &str = "ResourceNotFoundException";

/// How long one try to read a version may take. The first is the slowest: its TLS handshake takes some 100 ms with what Lambda
/// gives 256 MB of a processor. Without a limit a try that hangs never ends: the SDK waits as long as it takes.
const TRY_WITHIN: Duration = Duration::from_secs(1);

/// How long reading a version may take, tries and pauses together. Twice that, for two versions, is within the 5 s that Cognito
/// gives a call that comes with a start; Lambda itself would let a start hang for 10 s.
const READ_WITHIN: Duration = Duration::from_secs(2);

/// The longest pause before the second try; twice that before the third. The SDK's own 1 s would use up the time.
const PAUSE: Duration = Duration::from_millis(100);

/// Why there is no secret. Holds nothing of it.
#[derive(Debug, Error)]
pub enum SecretError {
    /// Secrets Manager refused it; the text is its error code.
    #[error("the secret cannot be read: {0}")]
    Refused(String),
    /// Secrets Manager did not answer, or could not just then; the text is its error code or the stage that failed.
    #[error("the secret cannot be read: {0}")]
    Unreachable(String),
    /// It has no text (`SecretString`).
    #[error("the secret is not text")]
    NotText,
    /// It has too few characters.
    #[error(transparent)]
    TooShort(#[from] SecretTooShort),
}

/// Reads the versions of the secret that count. `id` is its ARN or its name.
///
/// One after the other and in this order, over one connection. Side by side, the previous version could be asked for just
/// before a new secret is put and the current one just after: then this instance would know the new secret alone, and refuse
/// all that the worker signs with the old one. This way it can only get the old one twice.
pub async fn read(aws: &SdkConfig, id: &str) -> Result<Versions<Secret>, SecretError> {
    let client = client(aws);
    let current = version(&client, id, CURRENT).await?;
    let previous = without_the_useless(version(&client, id, PREVIOUS).await)?;
    Ok(Versions { current, previous })
}

fn client(aws: &SdkConfig) -> Client {
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(TRY_WITHIN)
        .operation_timeout(READ_WITHIN)
        .build();
    let config = Builder::from(aws)
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_initial_backoff(PAUSE))
        .build();
    Client::from_conf(config)
}

async fn version(client: &Client, id: &str, stage: &str) -> Result<Secret, SecretError> {
    let answer = client
        .get_secret_value()
        .secret_id(id)
        .version_stage(stage)
        .send()
        .await
        .map_err(|error| unreadable(&error))?;
    let text = answer.secret_string.ok_or(SecretError::NotText)?;
    Ok(Secret::new(text)?)
}

fn unreadable(error: &SdkError<GetSecretValueError>) -> SecretError {
    let reason = crate::aws::failure(error);
    let is_refused = error.as_service_error().is_some_and(|service| {
        let is_throttled = service.code().is_some_and(|code| code.contains("Throttl"));
        let status = error.raw_response().map_or(500, |raw| raw.status().as_u16());
        !is_throttled && status < 500
    });
    if is_refused {
        SecretError::Refused(reason)
    } else {
        SecretError::Unreachable(reason)
    }
}

/// What to go on with when the previous version was asked for. That there is none is the rule.
///
/// One that cannot be used (an operator put something too short and then corrected it, say) must not keep people from signing
/// in with the current one: it is left out, and a warning says so. But no answer may be a question of the moment. An instance
/// that went on without would fail sign-ins for hours if the secret is just being exchanged; if it ends, Lambda starts another.
fn without_the_useless(previous: Result<Secret, SecretError>) -> Result<Option<Secret>, SecretError> {
    match previous {
        Ok(secret) => Ok(Some(secret)),
        Err(SecretError::Refused(code)) if code == NO_SUCH_VERSION => Ok(None),
        Err(error @ SecretError::Unreachable(_)) => Err(error),
        Err(error @ (SecretError::Refused(_) | SecretError::NotText | SecretError::TooShort(_))) => {
            warn!(outcome = "previous_secret_left_out", reason = %error);
            Ok(None)
        }
    }
}

#[cfg(test)]
mod tests;
