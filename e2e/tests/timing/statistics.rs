//! Two samples of durations, compared.

use std::time::Duration;

/// Durations in milliseconds, ascending. At least one.
pub(crate) struct Sample(Vec<f64>);

impl Sample {
    #[track_caller]
    pub(crate) fn new(durations: &[Duration]) -> Self {
        assert!(!durations.is_empty());
        let mut sorted: Vec<f64> = durations.iter().map(|one| one.as_secs_f64() * 1_000.0).collect();
        sorted.sort_by(f64::total_cmp);
        Self(sorted)
    }

    /// The value below which this share of the sample is, in quarters.
    fn quarter(&self, quarters: usize) -> f64 {
        let at = (self.0.len() - 1) * quarters;
        let (below, rest) = (self.0[at / 4], at % 4);
        let above = self.0[(at / 4 + 1).min(self.0.len() - 1)];
        below + (above - below) * [0.0, 0.25, 0.5, 0.75][rest]
    }

    pub(crate) fn median(&self) -> f64 {
        self.quarter(2)
    }

    /// Count, median, and the middle half.
    pub(crate) fn describe(&self) -> String {
        let Self(all) = self;
        format!(
            "n={} median {:.3} ms, middle half {:.3} to {:.3} ms, all {:.3} to {:.3} ms",
            all.len(),
            self.median(),
            self.quarter(1),
            self.quarter(3),
            all[0],
            all[all.len() - 1],
        )
    }
}

/// How likely a difference at least as large is if both are drawn from one distribution: Mann and Whitney's test, two-sided, by
/// the normal approximation. Ties, which durations to the nanosecond hardly have, count half.
pub(crate) fn mann_whitney(one: &Sample, other: &Sample) -> f64 {
    let wins = |value: &f64| {
        let below = other.0.partition_point(|of| of < value);
        let up_to = other.0.partition_point(|of| of <= value);
        count(below) + count(up_to - below) / 2.0
    };
    let u: f64 = one.0.iter().map(wins).sum();
    let (n, m) = (count(one.0.len()), count(other.0.len()));
    let deviation = (n * m * (n + m + 1.0) / 12.0).sqrt();
    both_tails((u - n * m / 2.0) / deviation)
}

/// How likely it is that so many of the pairs, or more, or as few, have the longer duration on one side if that is a toss: the
/// sign test, two-sided, by the normal approximation with its correction for continuity.
pub(crate) fn sign_test(longer: usize, pairs: usize) -> f64 {
    let (longer, pairs) = (count(longer), count(pairs));
    both_tails(((longer - pairs / 2.0).abs() - 0.5).max(0.0) / (pairs / 4.0).sqrt())
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).expect("a small number"))
}

/// The share of a normal distribution that is so many deviations or more from its middle. Source: Abramowitz and Stegun,
/// Handbook of Mathematical Functions, 7.1.26, whose error is below 1.5e-7.
fn both_tails(deviations: f64) -> f64 {
    let x = deviations.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / 0.327_591_1f64.mul_add(x, 1.0);
    let terms = [
        1.061_405_429,
        -1.453_152_027,
        1.421_413_741,
        -0.284_496_736,
        0.254_829_592,
    ];
    terms.iter().fold(0.0f64, |sum, term| sum.mul_add(t, *term)) * t * (-x * x).exp()
}

#[test]
fn samples_that_differ_are_told_apart_and_others_are_not() {
    let sample = |from: u64, to: u64, step: usize| {
        let all: Vec<_> = (from..to).step_by(step).map(Duration::from_millis).collect();
        Sample::new(&all)
    };
    let (even, odd) = (sample(0, 200, 2), sample(1, 200, 2));
    assert!((even.median() - 99.0).abs() < 1e-9 && (odd.median() - 100.0).abs() < 1e-9);
    assert!((even.quarter(1) - 49.5).abs() < 1e-9 && (even.quarter(3) - 148.5).abs() < 1e-9);
    assert!(mann_whitney(&even, &odd) > 0.8);
    assert!((mann_whitney(&even, &even) - 1.0).abs() < 1e-6);
    assert!(mann_whitney(&even, &sample(40, 240, 2)) < 1e-4);
    // 1.96 deviations are 5 %.
    assert!((both_tails(1.959_964) - 0.05).abs() < 1e-5);
    assert!(sign_test(100, 200) > 0.99 && sign_test(130, 200) < 1e-4 && sign_test(70, 200) < 1e-4);
}
