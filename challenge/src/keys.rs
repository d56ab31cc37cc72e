//! The keys, all derived from one secret, so that a stack has a single value to generate and keep.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;

/// Length of every derived key in bytes: the output of SHA-256, HMAC's natural key size (RFC 2104 §3).
pub const KEY_LENGTH: usize = 32;

/// HMAC's block size with SHA-256 in bytes; a shorter key is padded with zeros up to it (RFC 2104 §2).
const BLOCK_LENGTH: usize = 64;

/// What the stack generated into Secrets Manager: the only thing that is stored, every key follows from it.
pub struct Secret(String);

impl Secret {
    /// Shortest secret that is taken, in characters. Secrets Manager generates 32 unless told otherwise.
    pub const MIN_LENGTH: usize = 32;

    /// Takes the secret as it was read, every character of it.
    pub fn new(text: impl Into<String>) -> Result<Self, SecretTooShort> {
        let text = text.into();
        if text.chars().count() < Self::MIN_LENGTH {
            return Err(SecretTooShort);
        }
        Ok(Self(text))
    }

    /// HKDF-SHA-256 (RFC 5869) without salt. 32 bytes are one block of its output, so that "expand" is a
    /// single HMAC over `label ‖ 0x01`, which, unlike the general case, cannot fail.
    fn derive(&self, label: &[u8]) -> [u8; KEY_LENGTH] {
        let pseudorandom_key = hmac(&[0; KEY_LENGTH], &[self.0.as_bytes()]);
        hmac(&pseudorandom_key, &[label, &[0x01]])
    }
}

/// The secret is shorter than [`Secret::MIN_LENGTH`] characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the secret must have at least {} characters", Secret::MIN_LENGTH)]
pub struct SecretTooShort;

/// Signs permits. The worker seals with it, the create trigger opens: the only key that the worker holds.
#[derive(Clone)]
pub struct PermitKey([u8; KEY_LENGTH]);

impl PermitKey {
    /// Derives the key from the stack's secret.
    pub fn derive(secret: &Secret) -> Self {
        Self(secret.derive(b"passwordless-edge/permit/v1"))
    }

    /// Reads the worker's `PERMIT_KEY` setting: 43 characters of base64url without padding.
    pub fn from_base64url(text: &str) -> Result<Self, InvalidPermitKey> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidPermitKey)?;
        bytes.try_into().map(Self).map_err(|_| InvalidPermitKey)
    }

    /// Writes the worker's `PERMIT_KEY` setting. The text is as secret as the key.
    pub fn to_base64url(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    pub(crate) fn mac(&self) -> Hmac<Sha256> {
        keyed(&self.0)
    }
}

/// The text is not 32 bytes in base64url without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a permit key is 32 bytes in base64url without padding")]
pub struct InvalidPermitKey;

/// Derives one-time codes. Only the create trigger needs it.
#[derive(Clone)]
pub struct CodeKey([u8; KEY_LENGTH]);

impl CodeKey {
    /// Derives the key from the stack's secret.
    pub fn derive(secret: &Secret) -> Self {
        Self(secret.derive(b"passwordless-edge/code/v1"))
    }

    pub(crate) fn mac(&self) -> Hmac<Sha256> {
        keyed(&self.0)
    }
}

/// Hashes codes for the state between rounds. A million codes are searched in no time: without this key
/// the hash would be as good as the code.
#[derive(Clone)]
pub struct CodeHashKey([u8; KEY_LENGTH]);

impl CodeHashKey {
    /// Derives the key from the stack's secret.
    pub fn derive(secret: &Secret) -> Self {
        Self(secret.derive(b"passwordless-edge/code-hash/v1"))
    }

    pub(crate) fn mac(&self) -> Hmac<Sha256> {
        keyed(&self.0)
    }
}

/// Debug output that names the type and nothing else.
macro_rules! opaque_debug {
    ($($key:ident),+) => {$(
        impl fmt::Debug for $key {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($key), "(…)"))
            }
        }
    )+};
}
opaque_debug!(Secret, PermitKey, CodeKey, CodeHashKey);

/// HMAC-SHA-256 under a 32-byte key, ready for input.
fn keyed(key: &[u8; KEY_LENGTH]) -> Hmac<Sha256> {
    let mut block = [0; BLOCK_LENGTH];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    Hmac::new(&block.into())
}

fn hmac(key: &[u8; KEY_LENGTH], parts: &[&[u8]]) -> [u8; KEY_LENGTH] {
    let mut mac = keyed(key);
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "correct horse battery staple, 32+ characters";

    /// Computed by another implementation (Python's hmac and hashlib). If these change, every permit, code and
    /// session that is under way is lost, and the worker's `PERMIT_KEY` no longer fits: raise the version in the
    /// labels instead.
    #[test]
    fn keys_follow_from_the_secret_as_they_always_did() {
        let secret = Secret::new(TEXT).unwrap();
        assert_eq!(
            PermitKey::derive(&secret).to_base64url(),
            "nA5BaRiFYCpjqJs3CYCJV7KlScqy08vkRAIMy8rD1gA"
        );
        assert_eq!(
            BASE64_URL_SAFE_NO_PAD.encode(CodeKey::derive(&secret).0),
            "eUhTkghLKtD7qfyORSAarRxlL4LA9dc_7xT79dAC2fc"
        );
        assert_eq!(
            BASE64_URL_SAFE_NO_PAD.encode(CodeHashKey::derive(&secret).0),
            "IHECjRNe7OwOsvz4-p7UkXS0aPJQARUAnmcYsiQTLNA"
        );
    }

    #[test]
    fn a_secret_below_32_characters_is_refused() {
        assert_eq!(Secret::new("x".repeat(31)).unwrap_err(), SecretTooShort);
        assert!(Secret::new("x".repeat(32)).is_ok());
        // Characters, not bytes: 16 of two bytes each are too few.
        assert!(Secret::new("é".repeat(16)).is_err());
    }

    #[test]
    fn debug_output_shows_no_key() {
        let secret = Secret::new(TEXT).unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(format!("{:?}", PermitKey::derive(&secret)), "PermitKey(…)");
        assert_eq!(format!("{:?}", CodeKey::derive(&secret)), "CodeKey(…)");
        assert_eq!(format!("{:?}", CodeHashKey::derive(&secret)), "CodeHashKey(…)");
    }

    #[test]
    fn a_permit_key_of_another_length_or_alphabet_is_refused() {
        for bad in [
            "",
            "AAAA",
            &"A".repeat(42),
            &"A".repeat(44),
            &format!("{}=", "A".repeat(43)),
            &"+".repeat(43),
        ] {
            assert_eq!(PermitKey::from_base64url(bad).unwrap_err(), InvalidPermitKey, "{bad}");
        }
        // 43 characters hold two bits more than 32 bytes; those must be zero, or one key had four spellings.
        assert!(PermitKey::from_base64url(&format!("{}B", "A".repeat(42))).is_err());
    }

    proptest! {
        /// The short way taken in [`Secret::derive`] is HKDF as the `hkdf` crate has it.
        #[test]
        fn derivation_is_hkdf_sha256(text in "\\PC{32,80}", label in prop::collection::vec(any::<u8>(), 0..64)) {
            let mut expected = [0; KEY_LENGTH];
            hkdf::Hkdf::<Sha256>::new(None, text.as_bytes()).expand(&label, &mut expected).unwrap();
            prop_assert_eq!(Secret::new(text).unwrap().derive(&label), expected);
        }

        #[test]
        fn a_permit_key_is_read_as_it_was_written(bytes: [u8; KEY_LENGTH]) {
            let text = PermitKey(bytes).to_base64url();
            prop_assert_eq!(PermitKey::from_base64url(&text).unwrap().0, bytes);
        }

        #[test]
        fn reading_a_permit_key_never_panics(text in "\\PC{0,60}") {
            let _ = PermitKey::from_base64url(&text);
        }
    }
}
