//! Access tokens: from the `Authorization` header to a [`Caller`], or to the reason why not.
//!
//! The steps are those of RFC 7519 §7.2 with RFC 8725's advice; each file is one of them.

pub(crate) mod bearer;
pub(crate) mod claims;
pub(crate) mod jwks;
pub(crate) mod key_set;
mod unverified;

pub(crate) use claims::{Caller, Expected};
use unverified::UnverifiedToken;

use crate::{
    http::problem::Problem,
    runtime::{
        clock::{self, Deadline},
        signature,
    },
};

/// Why a token is refused. For the log alone: on the wire all of these look the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rejection {
    Malformed,
    Algorithm,
    CriticalExtension,
    KeyIdMissing,
    UnknownKey,
    Signature,
    ClaimsMalformed,
    Issuer,
    TokenUse,
    ClientId,
    ExpiryMissing,
    Expired,
    NotYetValid,
    IssuedInFuture,
    SubjectMissing,
}

impl Rejection {
    /// The name in logs.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Algorithm => "algorithm",
            Self::CriticalExtension => "critical_extension",
            Self::KeyIdMissing => "key_id_missing",
            Self::UnknownKey => "unknown_key",
            Self::Signature => "signature",
            Self::ClaimsMalformed => "claims_malformed",
            Self::Issuer => "issuer",
            Self::TokenUse => "token_use",
            Self::ClientId => "client_id",
            Self::ExpiryMissing => "expiry_missing",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::IssuedInFuture => "issued_in_future",
            Self::SubjectMissing => "subject_missing",
        }
    }
}

/// Why there is no caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenError {
    Rejected(Rejection),
    /// The issuer's keys are not known and cannot be fetched: the token may be good.
    KeysUnavailable,
}

impl From<Rejection> for TokenError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Rejected(_) => Self::TokenInvalid,
            TokenError::KeysUnavailable => Self::UpstreamUnavailable,
        }
    }
}

/// Verifies an access token of Cognito.
pub(crate) async fn verify(
    token: &str,
    expected: &Expected<'_>,
    jwks_url: &str,
    deadline: Deadline,
) -> Result<Caller, TokenError> {
    let unverified = UnverifiedToken::decode(token)?;
    let key = key_set::key(&unverified.key_id, jwks_url, deadline).await?;
    // A key that cannot verify is as good as a signature that is wrong.
    let genuine = signature::verify(&key, &unverified.signature, unverified.signed.as_bytes())
        .await
        .unwrap_or(false);
    if !genuine {
        return Err(Rejection::Signature.into());
    }
    Ok(claims::check(unverified.claims, expected, clock::now())?)
}
