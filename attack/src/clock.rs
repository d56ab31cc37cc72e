//! Simulated time, and how long things take in words. All durations are in milliseconds.

use guard::UnixMillis;

pub(crate) const SECOND: u64 = 1_000;
pub(crate) const MINUTE: u64 = 60 * SECOND;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;

/// When every attack begins: a midnight.
pub(crate) const START: UnixMillis = UnixMillis(20_000 * DAY);

/// `15 s`, `4 min`, `3.5 h`, `2.0 days`.
#[expect(clippy::cast_precision_loss, reason = "durations of days, far below 2^52 ms")]
pub(crate) fn in_words(duration: u64) -> String {
    let in_units = |unit: u64| duration as f64 / unit as f64;
    match duration {
        0..MINUTE => format!("{:.0} s", in_units(SECOND)),
        MINUTE..HOUR => format!("{:.0} min", in_units(MINUTE)),
        HOUR..DAY => format!("{:.1} h", in_units(HOUR)),
        _ => format!("{:.1} days", in_units(DAY)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_in_the_unit_that_fits() {
        for (duration, words) in [
            (15 * SECOND, "15 s"),
            (4 * MINUTE, "4 min"),
            (90 * MINUTE, "1.5 h"),
            (2 * DAY, "2.0 days"),
        ] {
            assert_eq!(in_words(duration), words);
        }
    }
}
