//! One measurement: a new process, its first answer, then many more.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde_json::Value;

use crate::process;
use crate::statistics::percentile;
use crate::triggers::agreement::meaning;
use crate::triggers::aws::Aws;
use crate::triggers::events::Trigger;
use crate::triggers::function::{Function, Side};
use crate::triggers::plan::Plan;
use crate::triggers::runtime_api::Outcome;

/// Events after the first.
pub(crate) const WARM: usize = 200;

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Measurement {
    /// From the start of the process to the last byte of its first answer.
    pub(crate) cold_ms: f64,
    /// Processor time that this took it.
    pub(crate) cold_cpu_ms: f64,
    /// From handing out an event to the last byte of the answer.
    pub(crate) warm_p50_us: u32,
    pub(crate) warm_p99_us: u32,
    /// The most memory that was ever resident, after all events.
    pub(crate) peak_kib: f64,
    /// What all else on the machine used meanwhile, in processors: numbers are good when this is near zero.
    pub(crate) other_work: f64,
}

/// Measures one function, and returns what it answered: every time the same, or it is an error.
pub(crate) fn measure(
    plan: &Plan,
    aws: &Aws,
    side: Side,
    trigger: Trigger,
    event: &[u8],
) -> Result<(Measurement, Value)> {
    let (before, began) = (Work::look()?, Instant::now());
    let mut function = Function::start(plan, aws, side, trigger, event)?;
    let first = function.outcome()?;
    let cold_cpu_ms = function.cpu_ms()?;
    let cold = first.received - function.started();
    let mut outcomes = Vec::with_capacity(WARM);
    for _ in 0..WARM {
        function.offer(event);
        outcomes.push(function.outcome()?);
    }
    let peak_kib = function.peak_kib()?;
    let functions_own = function.cpu_ms()? * 1e3;
    let other_work = Work::look()?.others_since(&before, functions_own, began.elapsed());

    let expected = answer(&first)?;
    for outcome in &outcomes {
        ensure!(answer(outcome)? == expected, "the same event got another answer");
    }
    let mut warm = outcomes
        .iter()
        .map(|outcome| u32::try_from((outcome.received - outcome.handed_out).as_micros()))
        .collect::<Result<Vec<_>, _>>()
        .context("an answer took an hour")?;
    warm.sort_unstable();
    let measurement = Measurement {
        cold_ms: cold.as_secs_f64() * 1e3,
        cold_cpu_ms,
        warm_p50_us: percentile(&warm, 0.5),
        warm_p99_us: percentile(&warm, 0.99),
        peak_kib,
        other_work,
    };
    Ok((measurement, expected))
}

fn answer(outcome: &Outcome) -> Result<Value> {
    if let Err(error) = &outcome.body {
        anyhow::bail!("an error instead of an answer: {error}");
    }
    meaning(outcome)
}

/// Processor times in microseconds.
struct Work {
    machine: f64,
    own: f64,
}

impl Work {
    fn look() -> Result<Self> {
        Ok(Self {
            machine: process::machine_time()?,
            own: process::cpu_time(std::process::id())?,
        })
    }

    fn others_since(&self, before: &Self, functions: f64, elapsed: Duration) -> f64 {
        let others = (self.machine - before.machine) - (self.own - before.own) - functions;
        // The kernel counts a machine's time less exactly than a process's, so this can come out just below zero.
        (others / (elapsed.as_secs_f64() * 1e6)).max(0.0)
    }
}
