//! The arithmetic of a benchmark.

use serde::Serialize;

/// Several measurements of the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Spread {
    /// Nothing if there are no values.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let (&min, &max) = (values.first()?, values.last()?);
        let middle = values.len() / 2;
        let median = if values.len().is_multiple_of(2) {
            f64::midpoint(values[middle - 1], values[middle])
        } else {
            values[middle]
        };
        Some(Self { median, min, max })
    }
}

/// The smallest value that at least `share` of all are not above (nearest rank). `sorted` ascends and is not empty.
pub(crate) fn percentile(sorted: &[u32], share: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "counts of requests, far below 2^52"
    )]
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

/// By how much ours is better, round by round: two servers of the same round met the same weather.
pub(crate) fn ratios(dividends: &[f64], divisors: &[f64]) -> Option<Spread> {
    Spread::of(
        dividends
            .iter()
            .zip(divisors)
            .map(|(dividend, divisor)| dividend / divisor),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(median: f64, min: f64, max: f64) -> Spread {
        Spread { median, min, max }
    }

    #[test]
    fn the_median_is_the_middle_or_between_the_two_in_the_middle() {
        assert_eq!(Spread::of([3.0, 1.0, 10.0]), Some(spread(3.0, 1.0, 10.0)));
        assert_eq!(Spread::of([4.0, 1.0, 2.0, 10.0]), Some(spread(3.0, 1.0, 10.0)));
        assert_eq!(Spread::of([7.0]), Some(spread(7.0, 7.0, 7.0)));
        assert_eq!(Spread::of([]), None);
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let hundred: Vec<u32> = (1..=100).collect();
        assert_eq!(percentile(&hundred, 0.5), 50);
        assert_eq!(percentile(&hundred, 0.99), 99);
        assert_eq!(percentile(&hundred, 1.0), 100);
        assert_eq!(percentile(&[5], 0.99), 5);
        assert_eq!(percentile(&[5, 9], 0.0), 5);
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        // The machine was half as fast in the second round: the ratio is the same.
        assert_eq!(ratios(&[300.0, 150.0], &[200.0, 100.0]), Some(spread(1.5, 1.5, 1.5)));
        assert_eq!(ratios(&[300.0, 200.0], &[200.0, 100.0]), Some(spread(1.75, 1.5, 2.0)));
    }
}
