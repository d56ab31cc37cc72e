//! From rounds to what they say: ours beside its peer, trigger by trigger.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::statistics::{Spread, ratios};
use crate::triggers::events::Trigger;
use crate::triggers::measure::Measurement;

/// All rounds of one side.
#[derive(Debug, Serialize)]
pub(crate) struct Series {
    pub(crate) cold_ms: Spread,
    pub(crate) cold_cpu_ms: Spread,
    pub(crate) warm_p50_us: Spread,
    pub(crate) warm_p99_us: Spread,
    pub(crate) peak_kib: Spread,
    /// Of what is uploaded for it, in bytes.
    pub(crate) zipped: u64,
    pub(crate) rounds: Vec<Measurement>,
}

impl Series {
    /// Nothing if there were no rounds.
    pub(crate) fn new(zipped: u64, rounds: Vec<Measurement>) -> Option<Self> {
        let spread = |value: fn(&Measurement) -> f64| Spread::of(rounds.iter().map(value));
        Some(Self {
            cold_ms: spread(|round| round.cold_ms)?,
            cold_cpu_ms: spread(|round| round.cold_cpu_ms)?,
            warm_p50_us: spread(|round| f64::from(round.warm_p50_us))?,
            warm_p99_us: spread(|round| f64::from(round.warm_p99_us))?,
            peak_kib: spread(|round| round.peak_kib)?,
            zipped,
            rounds,
        })
    }
}

/// What is to be reached.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Target {
    /// Times as fast as the peer from start to first answer, at least.
    pub(crate) faster_cold: f64,
    /// In bytes, at most.
    pub(crate) zipped: u64,
    /// In KiB, less than.
    pub(crate) peak_kib: f64,
}

impl Target {
    pub(crate) fn of(trigger: Trigger) -> Self {
        const MIB: u64 = 1024 * 1024;
        let target = |faster_cold, zipped_mib, peak_mib| Self {
            faster_cold,
            zipped: zipped_mib * MIB,
            peak_kib: peak_mib * 1024.0,
        };
        match trigger {
            Trigger::Define => target(10.0, 2, 32.0),
            Trigger::Create => target(5.0, 8, 64.0),
            Trigger::Verify => target(10.0, 8, 64.0),
        }
    }
}

/// One trigger: both sides. The ratios are the peer's time by ours, round by round.
#[derive(Debug, Serialize)]
pub(crate) struct Comparison {
    pub(crate) trigger: Trigger,
    pub(crate) ours: Series,
    pub(crate) peer: Series,
    pub(crate) faster_cold: Spread,
    pub(crate) less_cpu_cold: Spread,
    pub(crate) faster_warm: Spread,
    pub(crate) target: Target,
}

impl Comparison {
    /// Nothing if there were no rounds.
    pub(crate) fn new(trigger: Trigger, ours: Series, peer: Series) -> Option<Self> {
        let compare = |value: fn(&Measurement) -> f64| {
            let values = |series: &Series| series.rounds.iter().map(value).collect::<Vec<_>>();
            ratios(&values(&peer), &values(&ours))
        };
        Some(Self {
            trigger,
            faster_cold: compare(|round| round.cold_ms)?,
            less_cpu_cold: compare(|round| round.cold_cpu_ms)?,
            faster_warm: compare(|round| f64::from(round.warm_p50_us))?,
            ours,
            peer,
            target: Target::of(trigger),
        })
    }

    pub(crate) fn is_fast_enough(&self) -> bool {
        self.faster_cold.median >= self.target.faster_cold
    }

    pub(crate) fn is_small_enough(&self) -> bool {
        self.ours.zipped <= self.target.zipped
    }

    pub(crate) fn is_lean_enough(&self) -> bool {
        self.ours.peak_kib.max < self.target.peak_kib
    }
}

/// The size of a file in bytes.
pub(crate) fn size(path: &Path) -> Result<u64> {
    let metadata = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(metadata.len())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    fn round(cold_ms: f64, peak_kib: f64) -> Measurement {
        Measurement {
            cold_ms,
            cold_cpu_ms: cold_ms,
            warm_p50_us: 100,
            warm_p99_us: 200,
            peak_kib,
            other_work: 0.0,
        }
    }

    pub(crate) fn comparison(trigger: Trigger, ours: &[f64], peer: &[f64], peak_kib: f64, zipped: u64) -> Comparison {
        let series = |cold: &[f64], zipped| {
            let rounds = cold.iter().map(|cold| round(*cold, peak_kib)).collect();
            Series::new(zipped, rounds).unwrap()
        };
        Comparison::new(trigger, series(ours, zipped), series(peer, 1_000)).unwrap()
    }

    #[test]
    fn ratios_are_taken_within_a_round_and_the_median_counts() {
        // The machine was half as fast in the second round, and ours was disturbed in the third.
        let one = comparison(Trigger::Define, &[10.0, 20.0, 40.0], &[110.0, 220.0, 120.0], 1.0, 1);
        assert!((one.faster_cold.median - 11.0).abs() < 1e-9 && one.is_fast_enough());
        let slower = comparison(Trigger::Define, &[10.0], &[99.0], 1.0, 1);
        assert!(!slower.is_fast_enough());
        assert!(comparison(Trigger::Create, &[10.0], &[50.0], 1.0, 1).is_fast_enough());
    }

    #[test]
    fn size_and_memory_have_each_triggers_own_limits() {
        let two_mib = 2 * 1024 * 1024;
        let define = |peak, zipped| comparison(Trigger::Define, &[1.0], &[1.0], peak, zipped);
        assert!(define(32.0 * 1024.0 - 1.0, two_mib).is_lean_enough());
        assert!(!define(32.0 * 1024.0, two_mib).is_lean_enough());
        assert!(define(1.0, two_mib).is_small_enough());
        assert!(!define(1.0, two_mib + 1).is_small_enough());
        let create = comparison(Trigger::Create, &[1.0], &[1.0], 60.0 * 1024.0, 4 * two_mib);
        assert!(create.is_lean_enough() && create.is_small_enough());
    }
}
