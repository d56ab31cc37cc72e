//! The random value that makes every challenge its own.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// 16 random bytes, drawn by the worker for each permit: same permit, same code; other permit, other code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Nonce([u8; Nonce::LENGTH]);

impl Nonce {
    /// Length in bytes. 128 bits: no two permits ever share one by chance.
    pub const LENGTH: usize = 16;

    /// Takes bytes from a cryptographic random source; this crate has none.
    pub const fn new(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(self.0))
    }
}

/// Base64url without padding, 22 characters.
impl Serialize for Nonce {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Nonce {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64_URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| de::Error::custom("nonce is not base64url"))?;
        bytes
            .try_into()
            .map(Self)
            .map_err(|_| de::Error::custom("nonce is not 16 bytes"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_nonce_of_another_length_or_alphabet_is_refused() {
        for bad in [
            "\"\"",
            "\"AAECAwQFBgcICQoLDA0O\"",
            "\"AAECAwQFBgcICQoLDA0ODxA\"",
            "\"AAECAwQFBgcICQoLDA0OD/\"",
            "7",
            "null",
        ] {
            assert!(serde_json::from_str::<Nonce>(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_nonce_is_read_as_it_was_written(bytes: [u8; Nonce::LENGTH]) {
            let json = serde_json::to_string(&Nonce::new(bytes)).unwrap();
            prop_assert_eq!(json.len(), 24);
            prop_assert_eq!(serde_json::from_str::<Nonce>(&json).unwrap(), Nonce::new(bytes));
        }
    }
}
