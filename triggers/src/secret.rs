//! The stack's secret, read once when the function starts.

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use challenge::{Secret, SecretTooShort};
use thiserror::Error;

/// Why there is no secret. Holds nothing of it.
#[derive(Debug, Error)]
pub enum SecretError {
    /// Secrets Manager did not give it; the text is its error code or the stage that failed.
    #[error("the secret cannot be read: {0}")]
    Unreadable(String),
    /// It has no text (`SecretString`).
    #[error("the secret is not text")]
    NotText,
    /// It has too few characters.
    #[error(transparent)]
    TooShort(#[from] SecretTooShort),
}

/// Reads the secret's current version. `id` is its ARN or its name.
pub async fn read(aws: &SdkConfig, id: &str) -> Result<Secret, SecretError> {
    let answer = Client::new(aws)
        .get_secret_value()
        .secret_id(id)
        .send()
        .await
        .map_err(|error| SecretError::Unreadable(crate::aws::failure(&error)))?;
    let text = answer.secret_string.ok_or(SecretError::NotText)?;
    Ok(Secret::new(text)?)
}
