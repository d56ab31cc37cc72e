//! The `Session` that clients hold: Cognito's own, in an envelope that says when its code expires and whose it is.
//!
//! Cognito's session alone cannot tell an expired code from a third wrong one: both end as `NotAuthorizedException`. With
//! the expiry at hand the worker answers 410 by itself, and a session that was invented or belongs to another user ends
//! here, without a call to Cognito, a trigger, or a try lost. Whether Cognito's session is still unused only Cognito knows.
//!
//! Text: `v1.` expiry in Unix seconds `.` MAC `.` Cognito's session. To clients it is opaque.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use challenge::{PermitKey, UnixSeconds};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Longest sealed session that is looked at, in characters. Cognito's own are at most 2,048.
pub(crate) const MAX_LENGTH: usize = 4_096;

const VERSION: &str = "v1";

/// HKDF label: the session key shares nothing with the permit key that it is derived from.
const KEY_LABEL: &[u8] = b"passwordless-edge/session/v1";

/// Seals and opens sessions.
pub(crate) struct SessionSeal(Hmac<Sha256>);

/// A session that this worker sealed for this user.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OpenedSession<'a> {
    /// Cognito's session.
    pub(crate) cognito: &'a str,
    /// Last second at which the code is good.
    pub(crate) expires_at: UnixSeconds,
}

impl SessionSeal {
    /// `None` only if HKDF or HMAC refused their fixed lengths.
    pub(crate) fn new(key: &PermitKey) -> Option<Self> {
        let mut session_key = [0; 32];
        Hkdf::<Sha256>::new(None, key.to_base64url().as_bytes())
            .expand(KEY_LABEL, &mut session_key)
            .ok()?;
        Some(Self(Hmac::new_from_slice(&session_key).ok()?))
    }

    fn mac(&self, username: &str, expires_at: UnixSeconds, cognito: &str) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        // Lengths first, so that no two different triples give the same bytes.
        mac.update(&(username.len() as u64).to_be_bytes());
        mac.update(username.as_bytes());
        mac.update(&expires_at.0.to_be_bytes());
        mac.update(cognito.as_bytes());
        mac
    }

    pub(crate) fn seal(&self, username: &str, expires_at: UnixSeconds, cognito: &str) -> String {
        let mac = URL_SAFE_NO_PAD.encode(self.mac(username, expires_at, cognito).finalize().into_bytes());
        format!("{VERSION}.{}.{mac}.{cognito}", expires_at.0)
    }

    /// Opens what [`Self::seal`] made for the same user; `None` for anything else.
    pub(crate) fn open<'a>(&self, username: &str, sealed: &'a str) -> Option<OpenedSession<'a>> {
        let rest = sealed.strip_prefix(VERSION)?.strip_prefix('.')?;
        let (expires_at, rest) = rest.split_once('.')?;
        let (mac, cognito) = rest.split_once('.')?;
        let expires_at = UnixSeconds(expires_at.parse().ok()?);
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        // Compared in constant time.
        self.mac(username, expires_at, cognito).verify_slice(&mac).ok()?;
        Some(OpenedSession { cognito, expires_at })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seal(byte: u8) -> SessionSeal {
        SessionSeal::new(&PermitKey::from_base64url(&URL_SAFE_NO_PAD.encode([byte; 32])).unwrap()).unwrap()
    }

    const EXPIRY: UnixSeconds = UnixSeconds(1_800_000_060);

    #[test]
    fn a_session_opens_for_its_user_only() {
        let sealed = seal(1).seal("user-1", EXPIRY, "AYABe.session+/=");
        assert_eq!(
            seal(1).open("user-1", &sealed),
            Some(OpenedSession {
                cognito: "AYABe.session+/=",
                expires_at: EXPIRY
            })
        );
        assert_eq!(seal(1).open("user-2", &sealed), None);
        assert_eq!(seal(1).open("", &sealed), None);
    }

    #[test]
    fn another_key_does_not_open_it() {
        assert_eq!(seal(2).open("user-1", &seal(1).seal("user-1", EXPIRY, "s")), None);
    }

    #[test]
    fn the_expiry_cannot_be_pushed_out() {
        let sealed = seal(1).seal("user-1", EXPIRY, "s");
        assert_eq!(
            seal(1).open("user-1", &sealed.replace("1800000060", "1800000061")),
            None
        );
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens(username in "\\PC{0,40}", expiry in any::<u64>(), cognito in "[!-~]{0,200}") {
            let sealed = seal(1).seal(&username, UnixSeconds(expiry), &cognito);
            let opened = seal(1).open(&username, &sealed).unwrap();
            prop_assert_eq!(opened, OpenedSession { cognito: &cognito, expires_at: UnixSeconds(expiry) });
        }

        #[test]
        fn a_changed_character_closes_it(position in 0_usize..70, replacement in "[!-~]") {
            let sealed = seal(1).seal("user-1", EXPIRY, "session-of-cognito");
            let position = position % sealed.len();
            let mut changed = sealed.clone();
            changed.replace_range(position..=position, &replacement);
            prop_assume!(changed != sealed);
            prop_assert_eq!(seal(1).open("user-1", &changed), None);
        }

        #[test]
        fn arbitrary_text_does_not_open(text in "\\PC{0,200}") {
            prop_assert_eq!(seal(1).open("user-1", &text), None);
        }
    }
}
