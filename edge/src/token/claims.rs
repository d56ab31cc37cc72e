//! What a Cognito access token must say to be accepted, claim by claim.
//!
//! Source: "Verifying JSON web tokens" in Amazon Cognito's developer guide, and RFC 8725.

use challenge::UnixSeconds;
use jwt_compact::Claims;
use serde::Deserialize;

use super::Rejection;

/// How far in the future `iat` may be, in seconds: clocks of issuer and edge differ a little.
const ISSUED_AT_TOLERANCE: i64 = 30;

/// The claims of an access token beside `exp`, `nbf` and `iat`, which jwt-compact names.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct CognitoClaims {
    #[serde(default)]
    iss: String,
    #[serde(default)]
    sub: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    token_use: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    scope: String,
}

/// Whose tokens are accepted.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
}

/// Who calls, as a verified token says. Only [`super::verify`] makes one for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The user's identifier, never reused.
    pub(crate) sub: String,
    pub(crate) username: String,
    /// In the order of the token.
    pub(crate) scope: Vec<String>,
    pub(crate) expires_at: UnixSeconds,
}

/// Checks the claims of a token whose signature was verified.
pub(super) fn check(
    claims: Claims<CognitoClaims>,
    expected: &Expected<'_>,
    now: UnixSeconds,
) -> Result<Caller, Rejection> {
    let now = i64::try_from(now.0).unwrap_or(i64::MAX);
    let CognitoClaims {
        iss,
        sub,
        client_id,
        token_use,
        username,
        scope,
    } = claims.custom;
    if iss != expected.issuer {
        return Err(Rejection::Issuer);
    }
    // An id token has `aud` instead of `client_id`: it must not pass for an access token (RFC 8725 §3.12).
    if token_use != "access" {
        return Err(Rejection::TokenUse);
    }
    if client_id != expected.client_id {
        return Err(Rejection::ClientId);
    }
    // RFC 7519 §4.1.4: "on or after" the expiration time it must not be accepted.
    let expires_at = claims.expiration.ok_or(Rejection::ExpiryMissing)?.timestamp();
    if expires_at <= now {
        return Err(Rejection::Expired);
    }
    if claims.not_before.is_some_and(|not_before| not_before.timestamp() > now) {
        return Err(Rejection::NotYetValid);
    }
    if claims
        .issued_at
        .is_some_and(|issued_at| issued_at.timestamp() > now.saturating_add(ISSUED_AT_TOLERANCE))
    {
        return Err(Rejection::IssuedInFuture);
    }
    if sub.is_empty() {
        return Err(Rejection::SubjectMissing);
    }
    let scope = scope
        .split(' ')
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect();
    Ok(Caller {
        sub,
        username,
        scope,
        expires_at: UnixSeconds(u64::try_from(expires_at).unwrap_or_default()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
    const EXPECTED: Expected<'_> = Expected {
        issuer: "https://issuer/pool",
        client_id: "client",
    };

    fn payload() -> Value {
        json!({
            "iss": "https://issuer/pool", "sub": "user-1", "client_id": "client", "token_use": "access",
            "scope": "a b", "username": "user", "exp": NOW.0 + 1, "iat": NOW.0,
        })
    }

    fn check_payload(payload: Value) -> Result<Caller, Rejection> {
        check(serde_json::from_value(payload).unwrap(), &EXPECTED, NOW)
    }

    fn with(claim: &str, value: Value) -> Result<Caller, Rejection> {
        let mut payload = payload();
        payload[claim] = value;
        check_payload(payload)
    }

    fn without(claim: &str) -> Result<Caller, Rejection> {
        let mut payload = payload();
        payload.as_object_mut().unwrap().remove(claim);
        check_payload(payload)
    }

    #[test]
    fn a_good_token_names_its_caller() {
        assert_eq!(
            check_payload(payload()),
            Ok(Caller {
                sub: "user-1".to_owned(),
                username: "user".to_owned(),
                scope: vec!["a".to_owned(), "b".to_owned()],
                expires_at: UnixSeconds(NOW.0 + 1),
            })
        );
        assert_eq!(without("scope").map(|caller| caller.scope), Ok(vec![]));
    }

    #[test]
    fn the_issuer_must_be_exactly_ours() {
        for iss in [
            "https://issuer/pool/",
            "https://issuer/other",
            "https://ISSUER/pool",
            "",
        ] {
            assert_eq!(with("iss", json!(iss)), Err(Rejection::Issuer), "{iss}");
        }
        assert_eq!(without("iss"), Err(Rejection::Issuer));
    }

    #[test]
    fn only_access_tokens_of_our_client_pass() {
        assert_eq!(with("token_use", json!("id")), Err(Rejection::TokenUse));
        assert_eq!(without("token_use"), Err(Rejection::TokenUse));
        assert_eq!(with("client_id", json!("other")), Err(Rejection::ClientId));
        assert_eq!(without("client_id"), Err(Rejection::ClientId));
    }

    #[test]
    fn the_expiry_is_exclusive_and_required() {
        assert_eq!(with("exp", json!(NOW.0)), Err(Rejection::Expired));
        assert_eq!(with("exp", json!(-1)), Err(Rejection::Expired));
        assert_eq!(with("exp", json!(0.5)), Err(Rejection::Expired));
        assert_eq!(without("exp"), Err(Rejection::ExpiryMissing));
    }

    #[test]
    fn tokens_from_the_future_are_refused() {
        assert!(with("nbf", json!(NOW.0)).is_ok());
        assert_eq!(with("nbf", json!(NOW.0 + 1)), Err(Rejection::NotYetValid));
        assert!(with("iat", json!(NOW.0 + 30)).is_ok());
        assert_eq!(with("iat", json!(NOW.0 + 31)), Err(Rejection::IssuedInFuture));
    }

    #[test]
    fn a_subject_is_required() {
        assert_eq!(with("sub", json!("")), Err(Rejection::SubjectMissing));
        assert_eq!(without("sub"), Err(Rejection::SubjectMissing));
    }
}
