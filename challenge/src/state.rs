//! What the triggers remember between the rounds of one challenge.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::Mac;
use subtle::ConstantTimeEq;
use thiserror::Error;

use crate::{CODE_LENGTH, Code, CodeHashKey, Nonce, UnixSeconds};

/// Length of the hash in bytes: all of SHA-256's output.
const HASH_LENGTH: usize = 32;

/// Length of the point in time in bytes: 64 bits, big-endian.
const TIME_LENGTH: usize = 8;

const STATE_LENGTH: usize = Nonce::LENGTH + TIME_LENGTH + HASH_LENGTH;

/// The form of the text. A new form gets a new version, and the old one ends with the sessions that hold it.
const VERSION: &str = "v1.";

/// The code, hashed under [`CodeHashKey`] together with the nonce and the time of issue, so that the hash
/// of one challenge says nothing about another and the time cannot be changed under it.
#[derive(Clone, Copy, Debug)]
pub struct CodeHash([u8; HASH_LENGTH]);

impl CodeHash {
    /// Hashes `nonce ‖ issued_at ‖ code`, each of a fixed size.
    pub fn new(key: &CodeHashKey, nonce: &Nonce, issued_at: UnixSeconds, code: &Code) -> Self {
        Self::of(key, nonce, issued_at, code.expose())
    }

    fn of(key: &CodeHashKey, nonce: &Nonce, issued_at: UnixSeconds, digits: &str) -> Self {
        let mac = key
            .mac()
            .chain_update(nonce.as_bytes())
            .chain_update(issued_at.0.to_be_bytes())
            .chain_update(digits);
        Self(mac.finalize().into_bytes().into())
    }
}

/// Compares in constant time.
impl PartialEq for CodeHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for CodeHash {}

/// The state of a challenge, kept by Cognito in its session as `challengeMetadata` and shown to triggers only.
/// It holds no code and is of no use without the key.
///
/// As text: `v1.` + base64url of nonce (16 bytes) ‖ issued at (8 bytes, big-endian) ‖ hash (32 bytes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChallengeState {
    /// The permit's nonce.
    pub nonce: Nonce,
    /// When the permit was issued: the code's lifetime counts from here, in every round.
    pub issued_at: UnixSeconds,
    /// The only trace of the code.
    pub code_hash: CodeHash,
}

impl ChallengeState {
    /// The state of a challenge that `code` answers.
    pub fn new(key: &CodeHashKey, nonce: Nonce, issued_at: UnixSeconds, code: &Code) -> Self {
        Self {
            nonce,
            issued_at,
            code_hash: CodeHash::new(key, &nonce, issued_at, code),
        }
    }

    /// Whether `answer` is the challenge's code, in time that does not depend on how much of it is right.
    /// Anything but six ASCII digits is not. Says nothing about the code's age.
    pub fn matches(&self, key: &CodeHashKey, answer: &str) -> bool {
        answer.len() == CODE_LENGTH
            && answer.bytes().all(|byte| byte.is_ascii_digit())
            && CodeHash::of(key, &self.nonce, self.issued_at, answer) == self.code_hash
    }

    /// Writes the text.
    pub fn encode(&self) -> String {
        let bytes = [
            self.nonce.as_bytes().as_slice(),
            &self.issued_at.0.to_be_bytes(),
            &self.code_hash.0,
        ]
        .concat();
        format!("{VERSION}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads the text.
    pub fn decode(text: &str) -> Result<Self, InvalidState> {
        let text = text.strip_prefix(VERSION).ok_or(InvalidState)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidState)?;
        let bytes: [u8; STATE_LENGTH] = bytes.try_into().map_err(|_| InvalidState)?;
        let (nonce, rest) = bytes.split_first_chunk().ok_or(InvalidState)?;
        let (issued_at, hash) = rest.split_first_chunk().ok_or(InvalidState)?;
        Ok(Self {
            nonce: Nonce::new(*nonce),
            issued_at: UnixSeconds(u64::from_be_bytes(*issued_at)),
            code_hash: CodeHash(hash.try_into().map_err(|_| InvalidState)?),
        })
    }
}

/// The text is not a challenge's state in a form known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not the state of a challenge")]
pub struct InvalidState;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{CodeKey, PhoneNumber, Secret};

    const ISSUED_AT: UnixSeconds = UnixSeconds(1_790_000_000);

    fn secret() -> Secret {
        Secret::new("correct horse battery staple, 32+ characters").unwrap()
    }

    fn key() -> CodeHashKey {
        CodeHashKey::derive(&secret())
    }

    fn nonce() -> Nonce {
        Nonce::new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
    }

    /// Its digits are 291378, see the known answers of `code`.
    fn code() -> Code {
        let phone = PhoneNumber::parse("+15005550006").unwrap();
        Code::derive(&CodeKey::derive(&secret()), &nonce(), &phone, "us-east-1_AbCdEfGhI")
    }

    fn state() -> ChallengeState {
        ChallengeState::new(&key(), nonce(), ISSUED_AT, &code())
    }

    /// Computed by another implementation (Python's hmac). A session that began before a deployment goes on after it.
    #[test]
    fn the_text_of_a_state_is_what_it_always_was() {
        assert_eq!(
            state().encode(),
            "v1.AAECAwQFBgcICQoLDA0ODwAAAABqsTuAKbsA6P9lgokaa8Gk2lJAOIdtl2l9O75gmyUjoBm8pg8"
        );
    }

    #[test]
    fn the_state_matches_its_code_only() {
        assert!(state().matches(&key(), "291378"));
        for wrong in [
            "291379",
            "191378",
            "000000",
            "29137",
            "2913780",
            "",
            " 291378",
            "291378 ",
            "29137８",
            "２９１３７８",
            "-29137",
            "+29137",
        ] {
            assert!(!state().matches(&key(), wrong), "{wrong}");
        }
        assert!(!state().matches(&key(), &"291378".repeat(10_000)));
    }

    #[test]
    fn the_state_of_another_key_nonce_or_time_does_not_match() {
        let other_key = CodeHashKey::derive(&Secret::new("another secret that is also thirty-two or more").unwrap());
        assert!(!state().matches(&other_key, "291378"));
        assert!(
            !ChallengeState {
                nonce: Nonce::new([9; 16]),
                ..state()
            }
            .matches(&key(), "291378")
        );
        assert!(
            !ChallengeState {
                issued_at: ISSUED_AT.plus(1),
                ..state()
            }
            .matches(&key(), "291378")
        );
    }

    #[test]
    fn other_versions_and_lengths_are_refused() {
        let text = state().encode();
        for bad in [
            "",
            "v1.",
            "permit",
            &text[3..],
            &text.replace("v1.", "v2."),
            &text.replace("v1.", "V1."),
            &format!("{text}AAAA"),
            &text[..71],
        ] {
            assert_eq!(ChallengeState::decode(bad), Err(InvalidState), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_state_is_read_as_it_was_written(nonce: [u8; Nonce::LENGTH], at: u64, hash: [u8; HASH_LENGTH]) {
            let state = ChallengeState { nonce: Nonce::new(nonce), issued_at: UnixSeconds(at), code_hash: CodeHash(hash) };
            prop_assert_eq!(ChallengeState::decode(&state.encode()), Ok(state));
        }

        /// The state carries no signature of its own; the hash covers all of it, so a changed one accepts nothing.
        #[test]
        fn a_state_with_any_character_changed_does_not_accept_the_code(at: prop::sample::Index, to in "[ -~]") {
            let mut text = state().encode();
            let at = at.index(text.len());
            prop_assume!(text[at..=at] != to);
            text.replace_range(at..=at, &to);
            prop_assert!(!ChallengeState::decode(&text).is_ok_and(|state| state.matches(&key(), "291378")));
        }

        #[test]
        fn decoding_never_panics(text in "\\PC{0,200}", structured in "v1\\.[A-Za-z0-9_-]{70,80}") {
            let _ = ChallengeState::decode(&text);
            let _ = ChallengeState::decode(&structured);
        }

        #[test]
        fn matching_never_panics(answer in "\\PC{0,40}") {
            prop_assert_eq!(state().matches(&key(), &answer), answer == "291378");
        }
    }
}
