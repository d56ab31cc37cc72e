//! What can go wrong between the worker and Cognito, by the `__type` of its errors.
//!
//! Source: "Common Error Types" and the errors of each operation in the Amazon Cognito user pools API reference.

use serde::Deserialize;

use crate::{http::problem::Problem, runtime::fetch::FetchError};

/// Why a call did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Session or token unknown, used up, expired or revoked; attempts exhausted.
    NotAuthorized,
    /// An operator disabled the user.
    UserDisabled,
    UserNotFound,
    /// The user exists but its creation was broken off before the password was set, or a reset was begun.
    UserNotReady,
    UsernameExists,
    /// Something that the client sent has a form that Cognito does not take.
    InvalidParameter,
    /// The token to be revoked is not a refresh token.
    TokenType,
    /// Too many requests, of ours or of the account.
    Throttled,
    /// A trigger answered with an error: the text could not be sent, say.
    TriggerFailed,
    /// Cognito's own fault, or a trigger that could not be reached in time.
    Unavailable,
    Unreachable,
    TimedOut,
    /// Our key is unknown, may not do this, or the signature is wrong: an operator must look.
    Credentials,
    /// An answer that the API reference does not foresee.
    Unexpected,
}

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::TimedOut => Self::TimedOut,
            FetchError::Unreachable => Self::Unreachable,
            FetchError::Unusable => Self::Unexpected,
        }
    }
}

#[derive(Deserialize)]
struct ErrorDocument {
    #[serde(rename = "__type")]
    kind: String,
    /// Read where one type stands for failures of different kinds, and never shown to anyone.
    #[serde(default, alias = "Message")]
    message: String,
}

impl Failure {
    /// Reads an answer whose status is not 200.
    pub(crate) fn from_answer(status: u16, body: &str) -> Self {
        let Ok(ErrorDocument { kind, message }) = serde_json::from_str(body) else {
            return match status {
                429 => Self::Throttled,
                500.. => Self::Unavailable,
                _ => Self::Unexpected,
            };
        };
        // The type may come with a namespace before `#` and an address after `:` (AWS JSON 1.1 protocol, "Operation
        // error serialization").
        let kind = kind.rsplit('#').next().unwrap_or_default();
        match kind.split(':').next().unwrap_or_default() {
            "NotAuthorizedException" => Self::not_authorized(&message),
            "CodeMismatchException" | "ExpiredCodeException" | "RefreshTokenReuseException" => Self::NotAuthorized,
            "UserNotFoundException" => Self::UserNotFound,
            "UserNotConfirmedException" | "PasswordResetRequiredException" => Self::UserNotReady,
            "UsernameExistsException" | "AliasExistsException" => Self::UsernameExists,
            "InvalidParameterException" | "ValidationException" => Self::InvalidParameter,
            "UnsupportedTokenTypeException" => Self::TokenType,
            "TooManyRequestsException"
            | "ThrottlingException"
            | "Throttling"
            | "LimitExceededException"
            | "RequestLimitExceeded" => Self::Throttled,
            "UserLambdaValidationException" | "InvalidLambdaResponseException" => Self::TriggerFailed,
            "InternalErrorException" | "InternalFailure" | "ServiceUnavailable" | "UnexpectedLambdaException" => {
                Self::Unavailable
            }
            // RevokeToken's only error for a client secret that does not fit.
            "UnauthorizedException"
            | "AccessDeniedException"
            | "UnrecognizedClientException"
            | "InvalidSignatureException"
            | "IncompleteSignature"
            | "MissingAuthenticationToken"
            | "InvalidClientTokenId"
            | "ExpiredTokenException"
            | "SignatureDoesNotMatch" => Self::Credentials,
            _ if status == 429 => Self::Throttled,
            _ if status >= 500 => Self::Unavailable,
            _ => Self::Unexpected,
        }
    }

    /// `NotAuthorizedException` is what Cognito answers for users, for sessions, and for a client secret of ours that is
    /// wrong. Only the message tells them apart; one that is not known here counts as the client's.
    fn not_authorized(message: &str) -> Self {
        if message.starts_with("User is disabled") {
            Self::UserDisabled
        } else if message.starts_with("Unable to verify secret") || message.contains("is configured with secret") {
            Self::Credentials
        } else {
            Self::NotAuthorized
        }
    }

    /// The name in logs.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NotAuthorized => "not_authorized",
            Self::UserDisabled => "user_disabled",
            Self::UserNotFound => "user_not_found",
            Self::UserNotReady => "user_not_ready",
            Self::UsernameExists => "username_exists",
            Self::InvalidParameter => "invalid_parameter",
            Self::TokenType => "token_type",
            Self::Throttled => "throttled",
            Self::TriggerFailed => "trigger_failed",
            Self::Unavailable => "unavailable",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Credentials => "credentials",
            Self::Unexpected => "unexpected",
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            // One answer for all of these: which it was would tell who is known here.
            Failure::NotAuthorized
            | Failure::UserDisabled
            | Failure::UserNotFound
            | Failure::UserNotReady
            | Failure::InvalidParameter
            | Failure::TokenType => Self::NotAuthorized,
            Failure::Throttled | Failure::Unavailable | Failure::Unreachable | Failure::TimedOut => {
                Self::UpstreamUnavailable
            }
            Failure::UsernameExists | Failure::TriggerFailed | Failure::Credentials | Failure::Unexpected => {
                Self::UpstreamError
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_by_their_type_with_or_without_namespace() {
        for kind in [
            "NotAuthorizedException",
            "com.amazonaws.cognito#NotAuthorizedException",
            "com.amazonaws.cognito#NotAuthorizedException:http://internal.amazon.com/",
        ] {
            let body = format!(r#"{{"__type":"{kind}","message":"no"}}"#);
            assert_eq!(Failure::from_answer(400, &body), Failure::NotAuthorized, "{kind}");
        }
    }

    #[test]
    fn a_client_secret_that_is_wrong_is_not_taken_for_the_users_fault() {
        for (message, failure) in [
            ("Unable to verify secret hash for client abc", Failure::Credentials),
            (
                "Client abc is configured with secret but SECRET_HASH was not received",
                Failure::Credentials,
            ),
            ("User is disabled.", Failure::UserDisabled),
            ("Incorrect username or password.", Failure::NotAuthorized),
            ("", Failure::NotAuthorized),
        ] {
            let body = format!(r#"{{"__type":"NotAuthorizedException","message":"{message}"}}"#);
            assert_eq!(Failure::from_answer(400, &body), failure, "{message}");
        }
    }

    #[test]
    fn what_revoking_a_token_can_end_with_is_told_apart() {
        for (kind, failure) in [
            ("UnsupportedTokenTypeException", Failure::TokenType),
            ("UnauthorizedException", Failure::Credentials),
            // The app client does not have EnableTokenRevocation.
            ("UnsupportedOperationException", Failure::Unexpected),
            ("InvalidParameterException", Failure::InvalidParameter),
        ] {
            let body = format!(r#"{{"__type":"{kind}","message":"no"}}"#);
            assert_eq!(Failure::from_answer(400, &body), failure, "{kind}");
        }
    }

    #[test]
    fn an_answer_that_is_no_error_document_is_told_by_its_status() {
        for (status, failure) in [
            (400, Failure::Unexpected),
            (302, Failure::Unexpected),
            (429, Failure::Throttled),
            (500, Failure::Unavailable),
            (503, Failure::Unavailable),
        ] {
            assert_eq!(Failure::from_answer(status, "<html>"), failure, "{status}");
            assert_eq!(
                Failure::from_answer(status, r#"{"__type":"BrandNewException"}"#),
                failure,
                "{status}"
            );
        }
    }

    #[test]
    fn clients_learn_only_whether_it_is_theirs_ours_or_a_matter_of_time() {
        for (kind, problem) in [
            ("NotAuthorizedException", Problem::NotAuthorized),
            ("UserNotFoundException", Problem::NotAuthorized),
            ("InvalidParameterException", Problem::NotAuthorized),
            ("TooManyRequestsException", Problem::UpstreamUnavailable),
            ("InternalErrorException", Problem::UpstreamUnavailable),
            ("UserLambdaValidationException", Problem::UpstreamError),
            ("AccessDeniedException", Problem::UpstreamError),
            ("ResourceNotFoundException", Problem::UpstreamError),
        ] {
            let body = format!(r#"{{"__type":"{kind}"}}"#);
            assert_eq!(Problem::from(Failure::from_answer(400, &body)), problem, "{kind}");
        }
    }
}
