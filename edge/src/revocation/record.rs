//! What is written about a sign-out: the schema of the Workers KV namespace `DENY_LIST`. The markers of a location
//! ([`super::marker`]) go by the same names.
//!
//! | key | value | refused |
//! |---|---|---|
//! | `session/<origin_jti>` | `1` | every token of that sign-in, refreshed ones included |
//! | `user/<sub>` | Unix second | every token whose sign-in was in that second or before |
//!
//! Entries end by themselves (`expirationTtl`) once no token that they refuse can be good any more. An operator can sign a
//! user out as the worker does: `npx wrangler kv key put --remote --binding DENY_LIST user/<sub> $(date +%s) --ttl 86520`.
//!
//! Two keys and not one record of all that holds for a user: KV has no compare-and-set ("Write key-value pairs", Workers KV),
//! so two sign-outs at once that each read, changed and wrote one record could lose the one of all devices.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use challenge::UnixSeconds;
use sha2::{Digest, Sha256};

use crate::token::Caller;

/// Longest identifier that is part of a key as it is, in bytes. Cognito's are UUIDs of 36. KV's keys end at 512 bytes.
const LONGEST_PLAIN: usize = 128;

/// The longest that an access token of Cognito can be good, in seconds (`AccessTokenValidity`: at most one day).
const LONGEST_LIFETIME: u64 = 86_400;

/// No entry is kept for longer, in seconds: a year, far above what any token needs.
const LONGEST_KEPT: u32 = 31_536_000;

/// Added to the life of an entry, in seconds: for tokens that were refreshed while the sign-out was on its way, and for
/// clocks that differ. It is also the least that KV takes for `expirationTtl`.
const MARGIN: u64 = 60;

/// What the value of a session's entry is. That there is one is what counts.
const SIGNED_OUT: &str = "1";

/// How far a sign-out reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// The sign-in that the token comes from: one device.
    Session,
    /// Every sign-in of the user so far.
    User,
}

/// The names under which a caller may be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) session: String,
    pub(super) user: String,
}

impl Keys {
    pub(super) fn of(caller: &Caller) -> Self {
        Self {
            session: format!("session/{}", plain_or_hashed(&session_of(caller))),
            user: format!("user/{}", plain_or_hashed(&caller.sub)),
        }
    }

    pub(super) fn key(&self, extent: Extent) -> &str {
        match extent {
            Extent::Session => &self.session,
            Extent::User => &self.user,
        }
    }
}

/// The sign-in that a token comes from: `origin_jti`.
///
/// Cognito puts it in every token while token revocation is on, which is the default (`EnableTokenRevocation`). A token
/// without it is named by what else stays the same when it is refreshed: client, user, and the second of the sign-in. Not by
/// the user alone, which would sign out the other devices too.
pub(super) fn session_of(caller: &Caller) -> Cow<'_, str> {
    if let Some(sign_in) = &caller.sign_in {
        return Cow::Borrowed(sign_in);
    }
    // Without any time its expiry tells it from the user's other tokens.
    let UnixSeconds(second) = caller.signed_in_at.unwrap_or(caller.expires_at);
    // Not a form that Cognito's identifiers have.
    let named = format!(
        "without origin_jti\n{}\n{}\n{second}",
        plain_or_hashed(&caller.client_id),
        plain_or_hashed(&caller.sub)
    );
    Cow::Owned(named)
}

/// The identifier itself if it can be part of any key and any URL, else its hash. The dot keeps the two apart.
fn plain_or_hashed(identifier: &str) -> Cow<'_, str> {
    let is_plain = (1..=LONGEST_PLAIN).contains(&identifier.len())
        && identifier
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_plain {
        Cow::Borrowed(identifier)
    } else {
        Cow::Owned(format!("sha256.{}", URL_SAFE_NO_PAD.encode(Sha256::digest(identifier))))
    }
}

/// What to write about a sign-out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) extent: Extent,
    /// For a user: the last second whose sign-ins are refused.
    pub(super) until: UnixSeconds,
    /// For how long it is needed, in seconds.
    pub(super) seconds: u32,
}

impl Entry {
    /// The entry for a sign-out by `caller` now.
    pub(super) fn new(caller: &Caller, extent: Extent, clock_tolerance: u64, now: UnixSeconds) -> Self {
        let lifetime = match extent {
            // All tokens of one sign-in are of one app client, and so live equally long.
            Extent::Session => caller
                .issued_at
                .and_then(|issued_at| caller.expires_at.0.checked_sub(issued_at.0))
                .filter(|lifetime| (1..=LONGEST_LIFETIME).contains(lifetime))
                .unwrap_or(LONGEST_LIFETIME),
            // The user's other tokens may be of other clients.
            Extent::User => LONGEST_LIFETIME,
        };
        // Whatever its claims say, the token itself must not come back to life.
        let at_least = caller.expires_at.0.saturating_sub(now.0);
        let seconds = lifetime
            .max(at_least)
            .saturating_add(clock_tolerance)
            .saturating_add(MARGIN);
        Self {
            extent,
            until: now,
            seconds: u32::try_from(seconds).unwrap_or(LONGEST_KEPT).min(LONGEST_KEPT),
        }
    }

    pub(super) fn value(&self) -> String {
        match self.extent {
            Extent::Session => SIGNED_OUT.to_owned(),
            Extent::User => self.until.0.to_string(),
        }
    }
}

/// What one of the places that are looked at knows of a caller's sign-outs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct SignOuts {
    pub(super) session: bool,
    pub(super) user_until: Option<UnixSeconds>,
}

impl SignOuts {
    /// Reads what was written under the session's and the user's key.
    pub(super) fn read(session: Option<&str>, user: Option<&str>) -> Self {
        Self {
            session: session.is_some(),
            // Somebody wrote it to sign the user out: until what time cannot be told, so until any.
            user_until: user.map(|value| value.trim().parse().map_or(UnixSeconds(u64::MAX), UnixSeconds)),
        }
    }

    pub(super) fn refuses(self, caller: &Caller) -> bool {
        let user = self.user_until.is_some_and(|until| {
            // A token that does not say when its sign-in was may be from before.
            caller.signed_in_at.is_none_or(|signed_in_at| signed_in_at <= until)
        });
        self.session || user
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

    fn caller() -> Caller {
        Caller {
            sign_in: Some("7c2e5a52-0000-4000-8000-000000000001".to_owned()),
            signed_in_at: Some(UnixSeconds(NOW.0 - 100)),
            issued_at: Some(UnixSeconds(NOW.0 - 10)),
            expires_at: UnixSeconds(NOW.0 + 3_590),
            ..Caller::unverified("5b1f0d6e-0000-4000-8000-00000000e2e0")
        }
    }

    #[test]
    fn cognitos_identifiers_are_readable_in_the_keys() {
        let keys = Keys::of(&caller());
        assert_eq!(
            keys.key(Extent::Session),
            "session/7c2e5a52-0000-4000-8000-000000000001"
        );
        assert_eq!(keys.key(Extent::User), "user/5b1f0d6e-0000-4000-8000-00000000e2e0");
    }

    #[test]
    fn a_token_without_origin_jti_is_named_by_client_user_and_time_of_its_sign_in() {
        let without = |change: fn(&mut Caller)| {
            let mut caller = Caller {
                sign_in: None,
                ..caller()
            };
            change(&mut caller);
            Keys::of(&caller).session
        };
        let base = without(|_| {});
        // What a refresh changes.
        let refreshed = without(|caller| {
            caller.issued_at = Some(NOW);
            caller.expires_at = UnixSeconds(NOW.0 + 3_600);
        });
        assert_eq!(base, refreshed);
        for other in [
            without(|caller| caller.sub.push('x')),
            without(|caller| caller.client_id.push('x')),
            without(|caller| caller.signed_in_at = Some(NOW)),
            without(|caller| caller.signed_in_at = None),
            Keys::of(&caller()).session,
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn an_entry_lives_as_long_as_any_token_that_it_refuses() {
        let seconds = |caller: &Caller, extent| Entry::new(caller, extent, 30, NOW).seconds;
        assert_eq!(seconds(&caller(), Extent::Session), 3_600 + 30 + 60);
        // Tokens of the user's other devices may be of another client.
        assert_eq!(seconds(&caller(), Extent::User), 86_400 + 30 + 60);
        for issued_at in [None, Some(caller().expires_at), Some(UnixSeconds(0))] {
            let odd = Caller { issued_at, ..caller() };
            assert_eq!(seconds(&odd, Extent::Session), 86_400 + 30 + 60, "{issued_at:?}");
        }
        let long = Caller {
            expires_at: UnixSeconds(NOW.0 + 100_000),
            ..caller()
        };
        assert_eq!(seconds(&long, Extent::User), 100_000 + 30 + 60);
        let endless = Caller {
            expires_at: UnixSeconds(u64::MAX),
            ..caller()
        };
        assert_eq!(seconds(&endless, Extent::Session), LONGEST_KEPT);
    }

    #[test]
    fn a_session_is_refused_whatever_its_time_and_a_user_up_to_the_second() {
        let signed_in = |at: Option<u64>| Caller {
            signed_in_at: at.map(UnixSeconds),
            ..caller()
        };
        assert!(SignOuts::read(Some("1"), None).refuses(&signed_in(Some(u64::MAX))));
        let user = SignOuts::read(None, Some("1000"));
        assert!(user.refuses(&signed_in(Some(999))));
        assert!(user.refuses(&signed_in(Some(1_000))));
        assert!(!user.refuses(&signed_in(Some(1_001))));
        assert!(user.refuses(&signed_in(None)));
        assert!(!SignOuts::read(None, None).refuses(&signed_in(None)));
    }

    #[test]
    fn a_user_entry_that_cannot_be_read_refuses_all_sign_ins() {
        for value in ["", "yes", "-1", "1e9"] {
            assert!(SignOuts::read(None, Some(value)).refuses(&caller()), "{value}");
        }
        // `echo` puts a line break behind it.
        assert_eq!(
            SignOuts::read(None, Some("1000\n")).user_until,
            Some(UnixSeconds(1_000))
        );
    }

    #[test]
    fn what_is_written_reads_back() {
        let session = Entry::new(&caller(), Extent::Session, 0, NOW).value();
        assert!(SignOuts::read(Some(&session), None).refuses(&caller()));
        let user = Entry::new(&caller(), Extent::User, 0, NOW).value();
        assert_eq!(SignOuts::read(None, Some(&user)).user_until, Some(NOW));
    }

    proptest! {
        #[test]
        fn any_identifier_makes_a_key_that_kv_and_urls_take(identifier in "\\PC{0,300}") {
            let caller = Caller { sign_in: Some(identifier.clone()), ..Caller::unverified(&identifier) };
            let keys = Keys::of(&caller);
            for key in [keys.session, keys.user] {
                prop_assert!(key.len() <= 512);
                prop_assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte)));
            }
        }

        #[test]
        fn two_identifiers_never_share_a_key(left in "[a-z.]{0,4}|sha256\\.[a-zA-Z0-9_-]{43}", right in "[a-z.]{0,4}") {
            prop_assume!(left != right);
            prop_assert_ne!(Keys::of(&Caller::unverified(&left)).user, Keys::of(&Caller::unverified(&right)).user);
        }
    }
}
