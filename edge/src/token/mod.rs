//! Access tokens: from the `Authorization` header to a [`Caller`], or to the reason why not.
//!
//! The steps are those of RFC 7519 §7.2 with RFC 8725's advice; each file is one of them.

pub(crate) mod bearer;
pub(crate) mod claims;
pub(crate) mod jwks;
pub(crate) mod key_set;
mod key_source;
mod memo;
mod numeric_date;
mod unverified;

use std::{cell::RefCell, num::NonZeroUsize, rc::Rc};

use challenge::UnixSeconds;
pub(crate) use claims::{Caller, Expected};
use key_set::Found;
use key_source::KeySource;
use memo::{Memo, TokenDigest};
use unverified::UnverifiedToken;

use crate::{
    http::problem::Problem,
    runtime::{
        clock::{self, Deadline},
        random, signature,
        task::apart,
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
    /// Signed out, by the user or for all of the user's devices.
    SignedOut,
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
            Self::SignedOut => "signed_out",
        }
    }
}

/// Why there is no caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenError {
    Rejected(Rejection),
    /// The issuer's keys are not known and cannot be fetched: the token may be good.
    KeysUnavailable,
    /// Whether it was signed out cannot be known, and the settings say that this counts as yes.
    DenyListUnavailable,
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
            TokenError::KeysUnavailable | TokenError::DenyListUnavailable => Self::UpstreamUnavailable,
        }
    }
}

/// Verifies access tokens of one issuer.
pub(crate) struct Verifier<'a> {
    pub(crate) expected: &'a Expected,
    pub(crate) jwks_url: &'a str,
    /// The worker's own scheme and host.
    pub(crate) site: &'a str,
    /// How many verified tokens to remember; 0 for none.
    pub(crate) memo_entries: usize,
    pub(crate) deadline: Deadline,
}

thread_local! {
    static MEMO: RefCell<Option<Memo>> = const { RefCell::new(None) };
}

impl Verifier<'_> {
    /// The caller of an access token, from memory if this very token was verified before.
    pub(crate) async fn verify(&self, token: &str) -> Result<Rc<Caller>, TokenError> {
        let Some(digest) = self.with_memo(|memo| memo.digest(token)) else {
            let (caller, _) = self.verify_anew(token).await?;
            return Ok(Rc::new(caller));
        };
        if let Some(caller) = self.remembered(&digest)? {
            return Ok(caller);
        }
        let (caller, generation) = self.verify_anew(token).await?;
        let caller = Rc::new(caller);
        self.with_memo(|memo| memo.remember(digest, Rc::clone(&caller), generation));
        Ok(caller)
    }

    /// A token that was verified with the keys that are still the issuer's, and has not expired since.
    fn remembered(&self, digest: &TokenDigest) -> Result<Option<Rc<Caller>>, Rejection> {
        let now_ms = clock::now_ms();
        let Some(generation) = key_set::fresh_generation(now_ms) else {
            return Ok(None);
        };
        let remembered = self.with_memo(|memo| memo.get(digest, generation)).flatten();
        match remembered {
            Some(caller)
                if self
                    .expected
                    .has_expired(caller.expires_at, UnixSeconds(now_ms / 1_000)) =>
            {
                self.with_memo(|memo| memo.forget(digest));
                Err(Rejection::Expired)
            }
            remembered => Ok(remembered),
        }
    }

    /// `None` if there is no memo: the settings want none, or there is no randomness for its key.
    fn with_memo<T>(&self, use_it: impl FnOnce(&mut Memo) -> T) -> Option<T> {
        let entries = NonZeroUsize::new(self.memo_entries)?;
        MEMO.with_borrow_mut(|memo| {
            if memo.is_none() {
                *memo = Some(Memo::new(entries, &random::bytes().ok()?));
            }
            memo.as_mut().map(use_it)
        })
    }

    async fn verify_anew(&self, token: &str) -> Result<(Caller, u64), TokenError> {
        let unverified = UnverifiedToken::decode(token)?;
        let source = KeySource {
            jwks_url: self.jwks_url,
            site: self.site,
            deadline: self.deadline,
        };
        let Found { key, generation } = match key_set::fresh_key(&unverified.key_id, clock::now_ms()) {
            Some(found) => found,
            None => apart(key_set::key(&unverified.key_id, &source)).await?,
        };
        // A key that cannot verify is as good as a signature that is wrong.
        let genuine = signature::verify(&key, &unverified.signature, unverified.signed.as_bytes()).await;
        if !genuine {
            return Err(Rejection::Signature.into());
        }
        let caller = claims::check(&unverified.claims()?, self.expected, clock::now())?;
        Ok((caller, generation))
    }
}
