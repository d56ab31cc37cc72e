//! Dates in tokens (RFC 7519 §2, "NumericDate"): seconds since the Unix epoch, which may have a fraction.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, Visitor},
};

/// The last second of the year 9999. What is later is no date that anyone meant.
const LAST: i64 = 253_402_300_799;

/// Whole seconds since the Unix epoch, a fraction cut off. May be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NumericDate(pub(super) i64);

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = NumericDate;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a number of seconds")
            }

            fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<NumericDate, E> {
                if (-LAST..=LAST).contains(&seconds) {
                    Ok(NumericDate(seconds))
                } else {
                    Err(E::custom("out of range"))
                }
            }

            fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<NumericDate, E> {
                self.visit_i64(i64::try_from(seconds).unwrap_or(i64::MAX))
            }

            #[expect(
                clippy::cast_possible_truncation,
                reason = "a cast saturates, and the range is checked after it"
            )]
            fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<NumericDate, E> {
                self.visit_i64(seconds.floor() as i64)
            }
        }

        deserializer.deserialize_any(Number)
    }
}

/// A date that may be left out, but is not `null`.
pub(super) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NumericDate>, D::Error> {
    NumericDate::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dates_and_fractions_do_not_round_up() {
        for (text, seconds) in [
            ("1800000000", 1_800_000_000),
            ("1.9", 1),
            ("-1", -1),
            ("-0.5", -1),
            ("1.8e9", 1_800_000_000),
        ] {
            assert_eq!(
                serde_json::from_str::<NumericDate>(text).unwrap(),
                NumericDate(seconds),
                "{text}"
            );
        }
    }

    #[test]
    fn other_values_and_dates_that_cannot_be_are_refused() {
        for text in [
            "\"1\"",
            "null",
            "true",
            "[1]",
            "{}",
            "253402300800",
            "-253402300800",
            "1e300",
            "1e999",
            "18446744073709551615",
        ] {
            assert!(serde_json::from_str::<NumericDate>(text).is_err(), "{text}");
        }
    }
}
