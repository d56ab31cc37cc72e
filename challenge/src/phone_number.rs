//! Phone numbers in E.164 form (ITU-T Rec. E.164), the only form that the service takes or stores.
//!
//! The check is our own, a table of calling codes and lengths, because no port of libphonenumber is affordable in
//! the worker, which may have 450 KiB gzipped, 300 of them taken, and may take 10 ms more to start. Measured as a
//! wasm module that checks a number and names its region (opt-level 3, fat LTO; Node 20 on a busy machine with two
//! cores; the first number includes all set-up; median of 15 runs, the best run in brackets):
//!
//! | | gzipped | first number |
//! |---|---|---|
//! | a plus sign and 8 to 15 digits | 1 KiB | 0.4 ms (0.3) |
//! | this table | 8 KiB | 0.7 ms (0.7) |
//! | rlibphonenumber 2.2.15, its `lite` feature | 162 KiB | 64 ms (14) |
//! | rlibphonenumber 2.2.15, its `regex` feature | 489 KiB | 229 ms (150) |
//! | phonenumber 0.3.10 | 633 KiB | 561 ms (453) |
//!
//! What a port could do more: refuse numbers whose first digits are not assigned within their country. Whether a
//! number exists is known only when the code that was sent to it comes back.

mod calling_codes;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use calling_codes::CallingCode;

/// A possible E.164 number: a plus sign and digits, nothing else. There is no other way to have one than
/// [`PhoneNumber::parse`], so whoever holds a `PhoneNumber` need not check it again.
///
/// `Debug` prints [`PhoneNumber::masked`]; the full number is only in [`PhoneNumber::as_str`] and in JSON.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

/// Digits of a number, calling code included. The upper end is E.164's (clause 6.1). The lower one is the length of
/// Tokelau's mobile numbers, the shortest there are.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

impl PhoneNumber {
    /// How many digits [`PhoneNumber::masked`] shows at the end, and how many it hides at least.
    const SHOWN: usize = 4;
    const HIDDEN: usize = 3;

    /// Takes E.164 text such as `+15005550006`: no spaces, no separators, no extension. A number is possible if
    /// its calling code is assigned and numbers of its length exist there.
    pub fn parse(text: &str) -> Result<Self, InvalidPhoneNumber> {
        let digits = text.strip_prefix('+').ok_or(InvalidPhoneNumber)?;
        if !DIGITS.contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidPhoneNumber);
        }
        let calling_code = CallingCode::of(digits).ok_or(InvalidPhoneNumber)?;
        if !calling_code.allows(digits.len() - calling_code.length()) {
            return Err(InvalidPhoneNumber);
        }
        Ok(Self(text.to_owned()))
    }

    /// The whole number, as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What may be shown and logged: calling code and last four digits, `+1••••••0006`. Of a number so short that
    /// fewer than three digits would be hidden, fewer are shown.
    pub fn masked(&self) -> String {
        let code_length = CallingCode::of(self.digits()).map_or(0, |calling_code| calling_code.length());
        let national_length = self.digits().len().saturating_sub(code_length);
        let shown = national_length.saturating_sub(Self::HIDDEN).min(Self::SHOWN);
        let hidden = code_length..code_length + national_length - shown;
        let mask = |(at, digit)| if hidden.contains(&at) { '•' } else { digit };
        std::iter::once('+')
            .chain(self.digits().chars().enumerate().map(mask))
            .collect()
    }

    /// The country or territory, ISO 3166-1 alpha-2. None for numbers that belong to no country. A few small
    /// territories whose mobile numbers do not differ from those of a larger one go by that one's name.
    pub fn country(&self) -> Option<&'static str> {
        CallingCode::of(self.digits()).and_then(|calling_code| calling_code.region(self.digits()))
    }

    /// Whether any number has that [`country`](Self::country).
    pub fn is_country(code: &str) -> bool {
        CallingCode::is_region(code)
    }

    fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }
}

/// The text is not a possible E.164 number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a possible E.164 number")]
pub struct InvalidPhoneNumber;

impl FromStr for PhoneNumber {
    type Err = InvalidPhoneNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for PhoneNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PhoneNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn countries_are_known_by_their_iso_codes_alone() {
        for country in ["US", "CA", "GB", "KZ", "AR"] {
            assert!(PhoneNumber::is_country(country), "{country}");
        }
        for other in ["", "001", "UK", "us", "USA", "XX", "ZZ", "+1"] {
            assert!(!PhoneNumber::is_country(other), "{other}");
        }
    }

    fn number(text: &str) -> PhoneNumber {
        PhoneNumber::parse(text).unwrap()
    }

    /// Lines of `REGION +NUMBER`: the examples that libphonenumber gives for the landline and mobile numbers of
    /// every region, and for those of no region (`001`).
    fn examples() -> impl Iterator<Item = (&'static str, &'static str)> {
        include_str!("phone_number/example_numbers.txt")
            .lines()
            .map(|line| line.split_once(' ').unwrap())
    }

    #[test]
    fn examples_of_every_region_are_possible() {
        for (region, text) in examples() {
            assert!(PhoneNumber::parse(text).is_ok(), "{region} {text}");
        }
    }

    #[test]
    fn examples_of_every_region_are_told_apart() {
        for (region, text) in examples() {
            let expected = match (region, text) {
                ("001", _) => None,
                // Numbers that say no more than that they are of the larger region.
                ("CC" | "CX", "+61412345678") => Some("AU"),
                ("EH", "+212650123456") => Some("MA"),
                ("AX", "+358412345678") => Some("FI"),
                ("SJ", "+4741234567") => Some("NO"),
                ("VA", "+393123456789") => Some("IT"),
                ("BL" | "MF", _) => Some("GP"),
                (region, _) => Some(region),
            };
            assert_eq!(number(text).country(), expected, "{text}");
        }
    }

    #[test]
    fn the_number_that_providers_reserve_for_tests_is_possible() {
        assert_eq!(number("+15005550006").as_str(), "+15005550006");
        assert_eq!(number("+15005550006").country(), Some("US"));
    }

    #[test]
    fn anything_but_a_plus_sign_and_digits_is_refused() {
        for bad in [
            "",
            "+",
            "15005550006",
            "0015005550006",
            "++15005550006",
            "+1 500 555 0006",
            "+1-500-555-0006",
            " +15005550006",
            "+15005550006 ",
            "+1(500)5550006",
            "+15005550006;ext=1",
            "+1500555000a",
            "+１５００５５５０００６",
            "＋15005550006",
            "+١٥٠٠٥٥٥٠٠٠٦",
            "tel:+15005550006",
            "+15005550006\n",
            "+1500555000\u{200b}6",
        ] {
            assert_eq!(PhoneNumber::parse(bad), Err(InvalidPhoneNumber), "{bad:?}");
        }
    }

    #[test]
    fn an_unassigned_calling_code_is_refused() {
        for bad in [
            "+0123456789",
            "+01234567890",
            "+0015005550006",
            "+004146681800",
            "+2101234567",
            "+9991234567",
            "+3831",
            "+9999999999",
            "+2831234567",
        ] {
            assert_eq!(PhoneNumber::parse(bad), Err(InvalidPhoneNumber), "{bad}");
        }
    }

    #[test]
    fn a_length_that_the_calling_code_does_not_have_is_refused() {
        for bad in [
            "+1500555000",
            "+150055500061",
            "+4144668180",
            "+3361234567",
            "+336123456789",
            "+49151123456789012",
        ] {
            assert_eq!(PhoneNumber::parse(bad), Err(InvalidPhoneNumber), "{bad}");
        }
    }

    #[test]
    fn a_masked_number_keeps_the_calling_code_and_four_digits() {
        assert_eq!(number("+15005550006").masked(), "+1••••••0006");
        assert_eq!(number("+41446681800").masked(), "+41•••••1800");
        assert_eq!(number("+3541234567").masked(), "+354•••4567");
    }

    #[test]
    fn a_short_masked_number_keeps_fewer_digits() {
        assert_eq!(number("+6907290").masked(), "+690•••0");
        assert_eq!(number("+29051234").masked(), "+290•••34");
        assert_eq!(number("+4612345678").masked(), "+46••••5678");
    }

    #[test]
    fn debug_output_is_masked() {
        assert_eq!(format!("{:?}", number("+15005550006")), "+1••••••0006");
    }

    proptest! {
        #[test]
        fn a_number_is_read_as_it_was_written(national in "[2-9][0-9]{9}") {
            let text = format!("+1{national}");
            let json = serde_json::to_string(&number(&text)).unwrap();
            prop_assert_eq!(serde_json::from_str::<PhoneNumber>(&json).unwrap(), number(&text));
        }

        #[test]
        fn parsing_never_panics(any in "\\PC{0,30}", digits in "\\+[0-9]{0,20}") {
            let _ = PhoneNumber::parse(&any);
            if let Ok(number) = PhoneNumber::parse(&digits) {
                prop_assert_eq!(number.as_str(), &digits);
                prop_assert!(DIGITS.contains(&(digits.len() - 1)));
                prop_assert!(number.masked().matches('•').count() >= PhoneNumber::HIDDEN);
                prop_assert_eq!(number.masked().chars().count(), digits.len());
                let _ = number.country();
            }
        }
    }
}
