//! What all AWS clients share: region, credentials and endpoint from the environment, and one HTTP client.

use aws_config::{BehaviorVersion, ConfigLoader, SdkConfig};
use aws_sdk_sns::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};

/// Reads the configuration that Lambda puts into the environment. `AWS_ENDPOINT_URL` points all clients
/// somewhere else than AWS, such as to a local one.
pub async fn configuration() -> SdkConfig {
    loader().load().await
}

pub(crate) fn loader() -> ConfigLoader {
    let http = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    aws_config::defaults(BehaviorVersion::latest()).http_client(http)
}

/// What kind of failure a call had, fit for a log: the service's error code or the stage that failed, never
/// a message, which may quote what was sent.
pub(crate) fn failure<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    match error {
        SdkError::ServiceError(error) => error.err().code().unwrap_or("ServiceError").to_owned(),
        SdkError::TimeoutError(_) => "Timeout".to_owned(),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "ConnectTimeout".to_owned(),
        SdkError::DispatchFailure(_) => "DispatchFailure".to_owned(),
        SdkError::ResponseError(_) => "ResponseError".to_owned(),
        _ => "ConstructionFailure".to_owned(),
    }
}
