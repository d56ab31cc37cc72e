//! The `Session` that clients hold: Cognito's own, in an envelope that says when its code expires and whose it is.
//!
//! Cognito's session alone cannot tell an expired code from a third wrong one: both end as `NotAuthorizedException`. With
//! the expiry at hand the worker answers 410 by itself, and a session that was invented or belongs to another user ends
//! here, without a call to Cognito, a trigger, or a try lost. Whether Cognito's session is still unused only Cognito knows.
//!
//! It also says which Guard has the challenge ([`crate::guard`]), which of the number's challenges it is, and how many answers
//! that had when the session was handed out, so that each session is good for one answer.
//!
//! While the stack's secret is exchanged, sessions open under two keys: see [`SessionSeal::new`].
//!
//! Text: `v2.` expiry in Unix seconds `.` name of the number `.` challenge `.` answers `.` MAC `.` Cognito's session. To clients
//! it is opaque.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use challenge::{PermitKey, UnixSeconds};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Longest sealed session that is looked at, in characters. Cognito's own are at most 2,048.
pub(crate) const MAX_LENGTH: usize = 4_096;

const VERSION: &str = "v2";

/// HKDF label: the session key shares nothing with the permit key that it is derived from.
const KEY_LABEL: &[u8] = b"passwordless-edge/session/v2";

/// Seals and opens sessions.
pub(crate) struct SessionSeal {
    /// Seals and opens.
    primary: Hmac<Sha256>,
    /// Only opens.
    secondary: Option<Hmac<Sha256>>,
}

/// What a sealed session says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Session<'a> {
    /// Last second at which the code is good.
    pub(crate) expires_at: UnixSeconds,
    /// The name of the number's Guard, without dots.
    pub(crate) number: &'a str,
    /// Tells the challenge from all others of the number. Without dots.
    pub(crate) challenge: &'a str,
    /// Answers that the challenge had when this session was handed out.
    pub(crate) turn: u32,
    /// Cognito's session.
    pub(crate) cognito: &'a str,
}

impl SessionSeal {
    /// `secondary` is `PERMIT_KEY_SECONDARY`. It is set while the secret behind the permit key is exchanged, when a session from
    /// a worker with one key may come back to a worker with the other: first it is the new key, as a worker elsewhere may have
    /// that before this one, then the old one, until the codes from before have expired. Nothing is sealed with it.
    ///
    /// `None` only if HKDF or HMAC refused their fixed lengths.
    pub(crate) fn new(key: &PermitKey, secondary: Option<&PermitKey>) -> Option<Self> {
        let secondary = match secondary {
            Some(key) => Some(mac_under(key)?),
            None => None,
        };
        Some(Self {
            primary: mac_under(key)?,
            secondary,
        })
    }

    /// Seals the session for its user.
    pub(crate) fn seal(&self, username: &str, session: &Session<'_>) -> String {
        let mac = mac_of(&self.primary, username, session).finalize().into_bytes();
        let mac = URL_SAFE_NO_PAD.encode(mac);
        let Session {
            expires_at,
            number,
            challenge,
            turn,
            cognito,
        } = session;
        format!("{VERSION}.{expires_at}.{number}.{challenge}.{turn}.{mac}.{cognito}")
    }

    /// Opens what [`Self::seal`] made for the same user; `None` for anything else.
    pub(crate) fn open<'a>(&self, username: &str, sealed: &'a str) -> Option<Session<'a>> {
        let mut parts = sealed.splitn(7, '.');
        if parts.next()? != VERSION {
            return None;
        }
        let expires_at = UnixSeconds(parts.next()?.parse().ok()?);
        let (number, challenge) = (parts.next()?, parts.next()?);
        let turn = parts.next()?.parse().ok()?;
        let mac = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        let session = Session {
            expires_at,
            number,
            challenge,
            turn,
            cognito: parts.next()?,
        };
        // Compared in constant time.
        let is_made_with = |key| mac_of(key, username, &session).verify_slice(&mac).is_ok();
        (is_made_with(&self.primary) || self.secondary.as_ref().is_some_and(is_made_with)).then_some(session)
    }
}

/// The MAC for sessions that follows from a permit key, ready for input.
fn mac_under(key: &PermitKey) -> Option<Hmac<Sha256>> {
    let mut session_key = [0; 32];
    Hkdf::<Sha256>::new(None, key.to_base64url().as_bytes())
        .expand(KEY_LABEL, &mut session_key)
        .ok()?;
    Hmac::new_from_slice(&session_key).ok()
}

fn mac_of(key: &Hmac<Sha256>, username: &str, session: &Session<'_>) -> Hmac<Sha256> {
    let mut mac = key.clone();
    // Lengths first, so that no two different sessions give the same bytes.
    for text in [username, session.number, session.challenge] {
        mac.update(&(text.len() as u64).to_be_bytes());
        mac.update(text.as_bytes());
    }
    mac.update(&session.expires_at.0.to_be_bytes());
    mac.update(&session.turn.to_be_bytes());
    mac.update(session.cognito.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(byte: u8) -> PermitKey {
        PermitKey::from_base64url(&URL_SAFE_NO_PAD.encode([byte; 32])).unwrap()
    }

    fn seal(byte: u8) -> SessionSeal {
        SessionSeal::new(&key(byte), None).unwrap()
    }

    fn seal_with(byte: u8, secondary: u8) -> SessionSeal {
        SessionSeal::new(&key(byte), Some(&key(secondary))).unwrap()
    }

    const EXPIRY: UnixSeconds = UnixSeconds(1_800_000_060);

    fn session(cognito: &str) -> Session<'_> {
        Session {
            expires_at: EXPIRY,
            number: "0123abcd",
            challenge: "c0ffee",
            turn: 1,
            cognito,
        }
    }

    #[test]
    fn a_session_opens_for_its_user_only() {
        let session = session("AYABe.session+/=");
        let sealed = seal(1).seal("user-1", &session);
        assert_eq!(seal(1).open("user-1", &sealed), Some(session));
        assert_eq!(seal(1).open("user-2", &sealed), None);
        assert_eq!(seal(1).open("", &sealed), None);
    }

    #[test]
    fn another_key_does_not_open_it() {
        assert_eq!(seal(2).open("user-1", &seal(1).seal("user-1", &session("s"))), None);
    }

    /// The steps of an exchange of keys: 1 is old, 2 is new.
    #[test]
    fn a_session_opens_under_either_of_two_keys() {
        let session = session("s");
        let workers = [seal(1), seal_with(1, 2), seal_with(2, 1), seal(2)];
        for pair in workers.windows(2) {
            for (sealing, opening) in [(&pair[0], &pair[1]), (&pair[1], &pair[0])] {
                let sealed = sealing.seal("user-1", &session);
                assert_eq!(opening.open("user-1", &sealed), Some(session));
                assert_eq!(opening.open("user-2", &sealed), None);
            }
        }
        assert_eq!(seal_with(1, 2).open("user-1", &seal(3).seal("user-1", &session)), None);
    }

    #[test]
    fn nothing_is_sealed_with_the_secondary_key() {
        let sealed = seal_with(1, 2).seal("user-1", &session("s"));
        assert_eq!(sealed, seal(1).seal("user-1", &session("s")));
        assert_eq!(seal(2).open("user-1", &sealed), None);
    }

    #[test]
    fn neither_expiry_nor_turn_nor_challenge_nor_number_can_be_changed() {
        let sealed = seal(1).seal("user-1", &session("s"));
        for (from, to) in [
            ("1800000060", "1800000061"),
            ("1800000060", "+1800000060"),
            (".1.", ".2."),
            (".1.", ".01."),
            ("c0ffee", "c0ffef"),
            ("0123abcd.c0ffee", "0123abcdc.0ffee"),
            ("v2.", "v1."),
        ] {
            let changed = sealed.replacen(from, to, 1);
            assert_ne!(changed, sealed);
            // A number may be written in several ways, but never mean another one.
            assert!(
                seal(1)
                    .open("user-1", &changed)
                    .is_none_or(|opened| opened == session("s")),
                "{from} -> {to}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens(username in "\\PC{0,40}", expiry: u64, turn: u32, cognito in "[!-~]{0,200}") {
            let session = Session { expires_at: UnixSeconds(expiry), turn, ..session(&cognito) };
            let sealed = seal(1).seal(&username, &session);
            prop_assert_eq!(seal(1).open(&username, &sealed), Some(session));
        }

        #[test]
        fn a_changed_character_closes_it(position in 0_usize..100, replacement in "[!-*,-~]") {
            let sealed = seal(1).seal("user-1", &session("session-of-cognito"));
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
