//! The permit: the worker's signed leave to send one code to one phone, checked by the create trigger.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::Mac;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Nonce, PermitKey, PhoneNumber, UnixSeconds};

/// What makes the create trigger send. Cognito hands it over unread, as `ClientMetadata` under
/// [`PERMIT_METADATA`](crate::PERMIT_METADATA).
///
/// As text: `v1.` + base64url of this struct as JSON + `.` + base64url of HMAC-SHA-256 over all before
/// that second dot. It is signed, not encrypted: it never leaves the way from the worker to the trigger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permit {
    /// Makes the code of this challenge differ from that of every other one.
    pub nonce: Nonce,
    /// Where the code goes.
    pub phone: PhoneNumber,
    /// How the code gets there.
    pub channel: Channel,
    /// When the worker sealed it; the code's own lifetime counts from here too.
    pub issued_at: UnixSeconds,
}

/// The ways of sending a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A text message.
    Sms,
}

impl Channel {
    /// The name in JSON and in the challenge's parameters.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
        }
    }
}

/// The form of the text; in the signature too, so that no form can be passed off as another.
const VERSION: &str = "v1";

impl Permit {
    /// For how long a permit opens, in seconds. Cognito's way from worker to trigger takes at most a few;
    /// the rest is for clocks that disagree and for Cognito invoking a slow trigger again.
    pub const LIFETIME: u64 = 60;

    /// How far ahead the worker's clock may be, in seconds: the tolerance that the token check has for `iat`.
    pub const CLOCK_TOLERANCE: u64 = 30;

    /// Writes and signs the permit.
    pub fn seal(&self, key: &PermitKey) -> String {
        // Writing this struct as JSON cannot fail: no map, no float, no custom serializer that errs.
        let payload = serde_json::to_vec(self).unwrap_or_default();
        let mut text = format!("{VERSION}.{}", BASE64_URL_SAFE_NO_PAD.encode(payload));
        let tag = key.mac().chain_update(&text).finalize().into_bytes();
        text.push('.');
        text.push_str(&BASE64_URL_SAFE_NO_PAD.encode(tag));
        text
    }

    /// Checks the signature, then reads, then checks the age. Nothing is parsed that was not signed.
    pub fn open(text: &str, key: &PermitKey, now: UnixSeconds) -> Result<Self, PermitError> {
        let (signed, tag) = text.rsplit_once('.').ok_or(PermitError::Malformed)?;
        let tag = BASE64_URL_SAFE_NO_PAD.decode(tag).map_err(|_| PermitError::Malformed)?;
        key.mac()
            .chain_update(signed)
            .verify_slice(&tag)
            .map_err(|_| PermitError::Forged)?;

        let payload = signed
            .strip_prefix(VERSION)
            .and_then(|rest| rest.strip_prefix('.'))
            .ok_or(PermitError::Malformed)?;
        let payload = BASE64_URL_SAFE_NO_PAD
            .decode(payload)
            .map_err(|_| PermitError::Malformed)?;
        let permit: Self = serde_json::from_slice(&payload).map_err(|_| PermitError::Malformed)?;

        if permit.issued_at > now.plus(Self::CLOCK_TOLERANCE) {
            return Err(PermitError::NotYetValid);
        }
        if now > permit.issued_at.plus(Self::LIFETIME) {
            return Err(PermitError::Expired);
        }
        Ok(permit)
    }
}

/// Why a permit did not open. Carries no value of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PermitError {
    /// Not the text of a permit.
    #[error("permit malformed")]
    Malformed,
    /// Not signed with this key, or changed since.
    #[error("permit not signed with this key")]
    Forged,
    /// Older than [`Permit::LIFETIME`].
    #[error("permit expired")]
    Expired,
    /// From further ahead than [`Permit::CLOCK_TOLERANCE`].
    #[error("permit issued in the future")]
    NotYetValid,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Secret;

    const ISSUED_AT: UnixSeconds = UnixSeconds(1_790_000_000);

    fn key(secret: &str) -> PermitKey {
        PermitKey::derive(&Secret::new(secret).unwrap())
    }

    fn our_key() -> PermitKey {
        key("correct horse battery staple, 32+ characters")
    }

    fn permit() -> Permit {
        let nonce = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        Permit {
            nonce: Nonce::new(nonce),
            phone: PhoneNumber::parse("+15005550006").unwrap(),
            channel: Channel::Sms,
            issued_at: ISSUED_AT,
        }
    }

    /// Signs any payload, as only the holder of the key can.
    fn sign(prefix: &str, payload: &str) -> String {
        let signed = format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(payload));
        let tag = our_key().mac().chain_update(&signed).finalize().into_bytes();
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(tag))
    }

    /// Computed by another implementation (Python's hmac). Worker and triggers are deployed apart: while the
    /// version says v1, each must read what any other v1 wrote.
    #[test]
    fn the_text_of_a_permit_is_what_it_always_was() {
        assert_eq!(
            permit().seal(&our_key()),
            "v1.eyJub25jZSI6IkFBRUNBd1FGQmdjSUNRb0xEQTBPRHciLCJwaG9uZSI6IisxNTAwNTU1MDAwNiIsImNoYW5uZWwiOiJzbXMiLCJpc3N1ZWRfYXQiOjE3OTAwMDAwMDB9.tk1CrQh3A4-I1hmjZfIXwIXd6fcetBkatN-rX02Xxl4"
        );
    }

    #[test]
    fn a_permit_opens_for_60_seconds() {
        let text = permit().seal(&our_key());
        let open = |now| Permit::open(&text, &our_key(), UnixSeconds(now));
        assert_eq!(open(ISSUED_AT.0), Ok(permit()));
        assert_eq!(open(ISSUED_AT.0 + 60), Ok(permit()));
        assert_eq!(open(ISSUED_AT.0 + 61), Err(PermitError::Expired));
        assert_eq!(open(u64::MAX), Err(PermitError::Expired));
    }

    #[test]
    fn a_permit_may_come_from_a_clock_30_seconds_ahead() {
        let text = permit().seal(&our_key());
        let open = |now| Permit::open(&text, &our_key(), UnixSeconds(now));
        assert_eq!(open(ISSUED_AT.0 - 30), Ok(permit()));
        assert_eq!(open(ISSUED_AT.0 - 31), Err(PermitError::NotYetValid));
        assert_eq!(open(0), Err(PermitError::NotYetValid));
    }

    #[test]
    fn a_permit_of_another_key_is_forged() {
        let text = permit().seal(&key("another secret that is also thirty-two or more"));
        assert_eq!(Permit::open(&text, &our_key(), ISSUED_AT), Err(PermitError::Forged));
    }

    #[test]
    fn a_permit_without_its_whole_signature_is_forged() {
        let text = permit().seal(&our_key());
        let (signed, tag) = text.rsplit_once('.').unwrap();
        for tag in ["", &tag[..4], &tag[..40]] {
            assert_eq!(
                Permit::open(&format!("{signed}.{tag}"), &our_key(), ISSUED_AT),
                Err(PermitError::Forged)
            );
        }
    }

    #[test]
    fn what_is_signed_must_still_be_a_permit() {
        let payload = serde_json::to_string(&permit()).unwrap();
        assert_eq!(
            Permit::open(&sign("v1.", &payload), &our_key(), ISSUED_AT),
            Ok(permit())
        );
        for (prefix, payload) in [
            ("v2.", payload.as_str()),
            ("", &payload),
            ("v1.", ""),
            ("v1.", "{}"),
            ("v1.", "not json"),
            ("v1.", &payload.replace("+15005550006", "+0123456789")),
            ("v1.", &payload.replace("+15005550006", "+1 500 555 0006")),
            ("v1.", &payload.replace("sms", "pigeon")),
            ("v1.", &payload.replace("1790000000", "-1")),
            ("v1.", &payload.replace("AAEC", "")),
        ] {
            assert_eq!(
                Permit::open(&sign(prefix, payload), &our_key(), ISSUED_AT),
                Err(PermitError::Malformed),
                "{prefix}{payload}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_permit_opens_to_what_was_sealed(nonce: [u8; Nonce::LENGTH], national in "[2-9][0-9]{9}", at in 0..=u64::MAX) {
            let permit = Permit {
                nonce: Nonce::new(nonce),
                phone: PhoneNumber::parse(&format!("+1{national}")).unwrap(),
                channel: Channel::Sms,
                issued_at: UnixSeconds(at),
            };
            prop_assert_eq!(Permit::open(&permit.seal(&our_key()), &our_key(), UnixSeconds(at)), Ok(permit));
        }

        #[test]
        fn a_permit_with_any_character_changed_does_not_open(at: prop::sample::Index, to in "[ -~]") {
            let mut text = permit().seal(&our_key());
            let at = at.index(text.len());
            prop_assume!(text[at..=at] != to);
            text.replace_range(at..=at, &to);
            prop_assert!(Permit::open(&text, &our_key(), ISSUED_AT).is_err());
        }

        #[test]
        fn a_permit_with_a_character_more_or_less_does_not_open(at: prop::sample::Index, more in "\\PC") {
            let text = permit().seal(&our_key());
            let at = at.index(text.len());
            let (mut longer, mut shorter) = (text.clone(), text);
            longer.insert_str(at, &more);
            shorter.remove(at);
            prop_assert!(Permit::open(&longer, &our_key(), ISSUED_AT).is_err());
            prop_assert!(Permit::open(&shorter, &our_key(), ISSUED_AT).is_err());
        }

        #[test]
        fn opening_never_panics(text in "\\PC{0,200}", structured in "v1\\.[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,50}", now: u64) {
            prop_assert!(Permit::open(&text, &our_key(), UnixSeconds(now)).is_err());
            prop_assert!(Permit::open(&structured, &our_key(), UnixSeconds(now)).is_err());
        }
    }
}
