//! The one-time code: derived, never stored, and the same again for the same permit. Or the fixed one of a test number.

use std::fmt;

use hmac::Mac;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use crate::{CodeKey, Nonce, PhoneNumber};

/// Digits of a code.
pub const CODE_LENGTH: usize = 6;

/// How many codes there are: 10 to the power of [`CODE_LENGTH`].
const CODES: u32 = 1_000_000;

/// The largest multiple of [`CODES`] that 32 bits hold. A word at or above it is thrown away: taking the
/// remainder of it too would make the first 967,296 codes likelier than the others.
const REJECT_FROM: u32 = u32::MAX - u32::MAX % CODES;

/// A one-time code: six ASCII digits. `Debug` hides them; they are only in [`Code::expose`] and in JSON, which is there for
/// [`Permit::test_code`](crate::Permit::test_code) and for no derived code.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// Derives the code of one challenge.
    ///
    /// Cognito invokes a trigger a second time when it takes over 5 s. As the code follows from the permit,
    /// the second message says the same as the first.
    pub fn derive(key: &CodeKey, nonce: &Nonce, phone: &PhoneNumber, pool_id: &str) -> Self {
        // The nonce has a fixed size and each text its length in front: no two inputs give the same bytes.
        let input = key
            .mac()
            .chain_update(nonce.as_bytes())
            .chain_update((phone.as_str().len() as u64).to_be_bytes())
            .chain_update(phone.as_str())
            .chain_update((pool_id.len() as u64).to_be_bytes())
            .chain_update(pool_id);
        let mut counter: u32 = 0;
        loop {
            let block = input
                .clone()
                .chain_update(counter.to_be_bytes())
                .finalize()
                .into_bytes();
            if let Some(code) = words(&block).find_map(Self::from_word) {
                return code;
            }
            // All eight words rejected: about once in 10^29 derivations.
            counter = counter.wrapping_add(1);
        }
    }

    /// Takes a code that an operator fixed for a test number: exactly [`CODE_LENGTH`] ASCII digits, nothing around them.
    pub fn parse(text: &str) -> Result<Self, InvalidCode> {
        if text.len() != CODE_LENGTH || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidCode);
        }
        Ok(Self(text.to_owned()))
    }

    /// The code that a uniformly random word stands for, unless the word has to be rejected.
    fn from_word(word: u32) -> Option<Self> {
        (word < REJECT_FROM).then(|| Self(format!("{:0width$}", word % CODES, width = CODE_LENGTH)))
    }

    /// The digits, for the message that carries them and for nothing else. No log, no answer.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

fn words(block: &[u8]) -> impl Iterator<Item = u32> {
    let (words, _) = block.as_chunks::<4>();
    words.iter().copied().map(u32::from_be_bytes)
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(••••••)")
    }
}

/// The text is not six ASCII digits. Does not say what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a code is six ASCII digits")]
pub struct InvalidCode;

/// A string and not a number: codes may begin with zeros.
impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Secret;

    fn key() -> CodeKey {
        CodeKey::derive(&Secret::new("correct horse battery staple, 32+ characters").unwrap())
    }

    fn phone(text: &str) -> PhoneNumber {
        PhoneNumber::parse(text).unwrap()
    }

    /// Computed by another implementation (Python's hmac). A message that Cognito makes us send twice across
    /// a deployment must say the same code both times.
    #[test]
    fn codes_are_what_they_always_were() {
        let nonce = Nonce::new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
        assert_eq!(
            Code::derive(&key(), &nonce, &phone("+15005550006"), "us-east-1_AbCdEfGhI").expose(),
            "291378"
        );
        assert_eq!(
            Code::derive(&key(), &Nonce::new([0; 16]), &phone("+41446681800"), "eu-central-1_1").expose(),
            "487486"
        );
    }

    #[test]
    fn every_code_has_equally_many_words() {
        const {
            assert!(REJECT_FROM.is_multiple_of(CODES));
            assert!(u32::MAX - REJECT_FROM < CODES, "as few rejected as can be");
        }
        assert_eq!(Code::from_word(REJECT_FROM), None);
        assert_eq!(Code::from_word(u32::MAX), None);
        assert_eq!(Code::from_word(REJECT_FROM - 1).unwrap().expose(), "999999");
        assert_eq!(Code::from_word(CODES).unwrap().expose(), "000000");
        assert_eq!(Code::from_word(42).unwrap().expose(), "000042");
    }

    #[test]
    fn debug_output_shows_no_digit() {
        let derived = Code::derive(&key(), &Nonce::new([7; 16]), &phone("+15005550006"), "pool");
        let shown = format!("{derived:?} {:?} {:?}", Code::parse("424242"), Code::parse("1234567"));
        assert!(!shown.contains(|c: char| c.is_ascii_digit()), "{shown}");
    }

    #[test]
    fn six_digits_are_a_code() {
        for text in ["000000", "042042", "424242", "999999"] {
            let code = Code::parse(text).unwrap();
            assert_eq!(code.expose(), text);
            let json = serde_json::to_string(&code).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<Code>(&json).unwrap(), code);
        }
    }

    #[test]
    fn anything_but_six_digits_is_no_code() {
        for bad in [
            "",
            "42424",
            "4242424",
            "abcdef",
            "42424a",
            "0x4242",
            "+42424",
            "-42424",
            "4242.4",
            " 424242",
            "424242 ",
            "42 424",
            "42424\n",
            "４２４２４２",
            // Six bytes that are two full-width digits, and six that are three Arabic-Indic ones.
            "４２",
            "٤٢٤",
        ] {
            assert_eq!(Code::parse(bad), Err(InvalidCode), "{bad:?}");
            let json = serde_json::to_string(bad).unwrap();
            assert!(serde_json::from_str::<Code>(&json).is_err(), "{json}");
        }
        for bad in [
            "424242",
            "424242.0",
            "null",
            "true",
            "[\"424242\"]",
            "{\"code\":\"424242\"}",
        ] {
            assert!(serde_json::from_str::<Code>(bad).is_err(), "{bad}");
        }
    }

    /// Pearson's chi-squared statistic of counts that should all be equal.
    fn chi_squared(counts: &[u32]) -> f64 {
        let total: u32 = counts.iter().sum();
        let expected = f64::from(total) / f64::from(u32::try_from(counts.len()).unwrap());
        counts
            .iter()
            .map(|&count| (f64::from(count) - expected).powi(2) / expected)
            .sum()
    }

    /// The key and the nonces are fixed, so this passes always or never. The limits are the 0.1 % and 99.9 %
    /// points of the chi-squared distribution: too even would be as wrong as too uneven.
    #[test]
    fn codes_are_uniform() {
        const DERIVATIONS: u32 = 1_000_000;
        let (key, phone) = (key(), phone("+15005550006"));
        let mut digits = [[0_u32; 10]; CODE_LENGTH];
        let mut bins = [0_u32; 1000];
        for n in 0..DERIVATIONS {
            let code = Code::derive(
                &key,
                &Nonce::new(u128::from(n).to_be_bytes()),
                &phone,
                "us-east-1_AbCdEfGhI",
            );
            for (position, digit) in code.expose().bytes().enumerate() {
                digits[position][usize::from(digit - b'0')] += 1;
            }
            bins[code.expose().parse::<usize>().unwrap() / 1000] += 1;
        }
        for (position, counts) in digits.iter().enumerate() {
            let statistic = chi_squared(counts);
            assert!(
                (1.15..27.88).contains(&statistic),
                "digit {position}: {statistic} (9 degrees of freedom)"
            );
        }
        let statistic = chi_squared(&bins);
        assert!(
            (866.9..1142.9).contains(&statistic),
            "thousands: {statistic} (999 degrees of freedom)"
        );
    }

    proptest! {
        #[test]
        fn parsing_takes_what_is_six_digits_and_nothing_else(text in "[0-9]{6}|[0-9]{0,12}|\\PC{0,8}|[0-9٠-٩]{0,6}") {
            let six_digits = text.chars().count() == 6 && text.chars().all(|c| c.is_ascii_digit());
            prop_assert_eq!(Code::parse(&text).is_ok(), six_digits);
        }

        #[test]
        fn a_code_is_six_digits_and_the_same_again(nonce: [u8; Nonce::LENGTH], pool in "\\PC{0,60}") {
            let derive = || Code::derive(&key(), &Nonce::new(nonce), &phone("+15005550006"), &pool);
            prop_assert_eq!(derive().expose().len(), CODE_LENGTH);
            prop_assert!(derive().expose().bytes().all(|b| b.is_ascii_digit()));
            prop_assert_eq!(derive(), derive());
        }
    }

    /// Of 1,000 challenges that differ in one input only, by chance 0.001 have the same code.
    #[test]
    fn every_input_changes_the_code() {
        let derive = |key: &CodeKey, nonce: u128, to: &str, pool: &str| {
            Code::derive(key, &Nonce::new(nonce.to_be_bytes()), &phone(to), pool)
        };
        let other_key = CodeKey::derive(&Secret::new("another secret that is also thirty-two or more").unwrap());
        let same = |other: &dyn Fn(u128) -> Code| {
            (0..1000)
                .filter(|&nonce| other(nonce) == derive(&key(), nonce, "+15005550006", "pool-1"))
                .count()
        };
        assert_eq!(same(&|nonce| derive(&key(), nonce, "+15005550006", "pool-1")), 1000);
        assert!(same(&|nonce| derive(&other_key, nonce, "+15005550006", "pool-1")) < 5);
        assert!(same(&|nonce| derive(&key(), nonce + 1, "+15005550006", "pool-1")) < 5);
        assert!(same(&|nonce| derive(&key(), nonce, "+15005550007", "pool-1")) < 5);
        assert!(same(&|nonce| derive(&key(), nonce, "+15005550006", "pool-2")) < 5);
        // A digit that moves from the phone number to the pool.
        let moved = |nonce| {
            let longer = derive(&key(), nonce, "+43664123456", "pool-1");
            longer == derive(&key(), nonce, "+4366412345", "6pool-1")
        };
        assert!((0..1000).filter(|&nonce| moved(nonce)).count() < 5);
    }
}
