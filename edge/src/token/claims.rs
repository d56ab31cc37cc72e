//! What a Cognito access token must say to be accepted, claim by claim.
//!
//! Source: "Verifying JSON web tokens" in Amazon Cognito's developer guide, and RFC 8725.

use std::borrow::Cow;

use challenge::UnixSeconds;
use serde::Deserialize;

use super::{
    Rejection,
    numeric_date::{self, NumericDate},
};

/// How far in the future `iat` may be, in seconds: clocks of issuer and edge differ a little.
const ISSUED_AT_TOLERANCE: i64 = 30;

/// The claims of an access token that are read. A claim that is there has its type, and is there once.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims<'a> {
    #[serde(borrow, default)]
    iss: Cow<'a, str>,
    #[serde(borrow, default)]
    sub: Cow<'a, str>,
    #[serde(borrow, default)]
    client_id: Cow<'a, str>,
    #[serde(borrow, default)]
    token_use: Cow<'a, str>,
    #[serde(borrow, default)]
    username: Cow<'a, str>,
    #[serde(borrow, default)]
    scope: Cow<'a, str>,
    /// Names the sign-in that this token and all its refreshed successors come from.
    #[serde(borrow, default)]
    origin_jti: Cow<'a, str>,
    /// When that sign-in was.
    #[serde(default, deserialize_with = "numeric_date::present")]
    auth_time: Option<NumericDate>,
    #[serde(default, deserialize_with = "numeric_date::present")]
    exp: Option<NumericDate>,
    #[serde(default, deserialize_with = "numeric_date::present")]
    nbf: Option<NumericDate>,
    #[serde(default, deserialize_with = "numeric_date::present")]
    iat: Option<NumericDate>,
}

#[cfg(test)]
impl Claims<'_> {
    pub(super) fn expiry(&self) -> Option<i64> {
        self.exp.map(|date| date.0)
    }
}

/// Whose tokens are accepted.
pub(crate) struct Expected {
    /// The only `iss`, wherever the key set is fetched from.
    pub(crate) issuer: String,
    pub(crate) client_ids: Vec<String>,
    /// Seconds for which an expired token is still good, and one that is not yet good already is.
    pub(crate) clock_tolerance: u64,
}

impl Expected {
    /// RFC 7519 §4.1.4: "on or after" the expiration time a token must not be accepted.
    pub(super) fn has_expired(&self, expires_at: UnixSeconds, now: UnixSeconds) -> bool {
        expires_at.0.saturating_add(self.clock_tolerance) <= now.0
    }
}

/// Who calls, as a verified token says. Only [`super::verify`] makes one for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The user's identifier, never reused.
    pub(crate) sub: String,
    pub(crate) username: String,
    /// The app client that the token was issued to.
    pub(crate) client_id: String,
    /// In the order of the token.
    pub(crate) scope: Vec<String>,
    pub(crate) expires_at: UnixSeconds,
    /// `origin_jti`: the sign-in that the token comes from, the same in all refreshed tokens.
    pub(crate) sign_in: Option<String>,
    /// When that sign-in was; when the token was issued, if the token does not say.
    pub(crate) signed_in_at: Option<UnixSeconds>,
    /// When the token was issued, if it says.
    pub(crate) issued_at: Option<UnixSeconds>,
}

#[cfg(test)]
impl Caller {
    /// A caller that only a test can have: nothing was verified.
    pub(crate) fn unverified(sub: &str) -> Self {
        Self {
            sub: sub.to_owned(),
            username: "username".to_owned(),
            client_id: "client".to_owned(),
            scope: Vec::new(),
            expires_at: UnixSeconds(u64::MAX),
            sign_in: None,
            signed_in_at: None,
            issued_at: None,
        }
    }
}

/// Checks the claims of a token whose signature was verified.
pub(super) fn check(claims: &Claims<'_>, expected: &Expected, now: UnixSeconds) -> Result<Caller, Rejection> {
    if claims.iss != expected.issuer {
        return Err(Rejection::Issuer);
    }
    // An id token has `aud` instead of `client_id`: it must not pass for an access token (RFC 8725 §3.12).
    if claims.token_use != "access" {
        return Err(Rejection::TokenUse);
    }
    if !expected.client_ids.iter().any(|id| *id == claims.client_id) {
        return Err(Rejection::ClientId);
    }
    let expires_at = claims.exp.ok_or(Rejection::ExpiryMissing)?.into();
    if expected.has_expired(expires_at, now) {
        return Err(Rejection::Expired);
    }
    let present = i64::try_from(now.0).unwrap_or(i64::MAX);
    let tolerance = i64::try_from(expected.clock_tolerance).unwrap_or_default();
    if claims.nbf.is_some_and(|nbf| nbf.0 > present.saturating_add(tolerance)) {
        return Err(Rejection::NotYetValid);
    }
    if claims
        .iat
        .is_some_and(|iat| iat.0 > present.saturating_add(ISSUED_AT_TOLERANCE))
    {
        return Err(Rejection::IssuedInFuture);
    }
    if claims.sub.is_empty() {
        return Err(Rejection::SubjectMissing);
    }
    let scope = claims.scope.split(' ').filter(|scope| !scope.is_empty());
    let issued_at = claims.iat.map(UnixSeconds::from);
    Ok(Caller {
        sub: claims.sub.clone().into_owned(),
        username: claims.username.clone().into_owned(),
        client_id: claims.client_id.clone().into_owned(),
        scope: scope.map(str::to_owned).collect(),
        expires_at,
        sign_in: Some(claims.origin_jti.clone().into_owned()).filter(|id| !id.is_empty()),
        signed_in_at: claims.auth_time.map(UnixSeconds::from).or(issued_at),
        issued_at,
    })
}

impl From<NumericDate> for UnixSeconds {
    /// Before 1970 is as good as 1970.
    fn from(date: NumericDate) -> Self {
        Self(u64::try_from(date.0).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
    fn expected(clock_tolerance: u64) -> Expected {
        Expected {
            issuer: "https://issuer/pool".to_owned(),
            client_ids: vec!["client".to_owned(), "second".to_owned()],
            clock_tolerance,
        }
    }

    fn payload() -> Value {
        json!({
            "iss": "https://issuer/pool", "sub": "user-1", "client_id": "client", "token_use": "access",
            "scope": "a b", "username": "user", "exp": NOW.0 + 1, "iat": NOW.0, "auth_time": NOW.0 - 9,
            "origin_jti": "sign-in-1",
        })
    }

    fn check_payload(payload: &Value) -> Result<Caller, Rejection> {
        check(&serde_json::from_str(&payload.to_string()).unwrap(), &expected(0), NOW)
    }

    fn with(claim: &str, value: Value) -> Result<Caller, Rejection> {
        let mut payload = payload();
        payload[claim] = value;
        check_payload(&payload)
    }

    fn without(claim: &str) -> Result<Caller, Rejection> {
        let mut payload = payload();
        payload.as_object_mut().unwrap().remove(claim);
        check_payload(&payload)
    }

    #[test]
    fn a_good_token_names_its_caller() {
        assert_eq!(
            check_payload(&payload()),
            Ok(Caller {
                sub: "user-1".to_owned(),
                username: "user".to_owned(),
                client_id: "client".to_owned(),
                scope: vec!["a".to_owned(), "b".to_owned()],
                expires_at: UnixSeconds(NOW.0 + 1),
                sign_in: Some("sign-in-1".to_owned()),
                signed_in_at: Some(UnixSeconds(NOW.0 - 9)),
                issued_at: Some(NOW),
            })
        );
        assert_eq!(without("scope").map(|caller| caller.scope), Ok(vec![]));
        assert_eq!(without("auth_time").map(|caller| caller.signed_in_at), Ok(Some(NOW)));
        assert_eq!(without("origin_jti").map(|caller| caller.sign_in), Ok(None));
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
        assert!(with("client_id", json!("second")).is_ok());
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
    fn a_tolerance_moves_expiry_and_beginning_and_nothing_else() {
        let check = |claim: &str, value: u64| {
            let mut payload = payload();
            payload[claim] = json!(value);
            check(&serde_json::from_str(&payload.to_string()).unwrap(), &expected(60), NOW)
        };
        assert!(check("exp", NOW.0 - 59).is_ok());
        assert_eq!(check("exp", NOW.0 - 60), Err(Rejection::Expired));
        assert!(check("nbf", NOW.0 + 60).is_ok());
        assert_eq!(check("nbf", NOW.0 + 61), Err(Rejection::NotYetValid));
        assert_eq!(check("iat", NOW.0 + 31), Err(Rejection::IssuedInFuture));
    }

    #[test]
    fn a_subject_is_required() {
        assert_eq!(with("sub", json!("")), Err(Rejection::SubjectMissing));
        assert_eq!(without("sub"), Err(Rejection::SubjectMissing));
    }
}
