//! `triggers`: our three Lambda functions beside the same in Python, from the start of the process to the first answer and warm.
//!
//! Both are started as Lambda starts them, with its Runtime API ([`runtime_api`]) and with AWS's services ([`aws`]) on this machine.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde_json::Value;
use std::io::Write as _;

use crate::machine::{self, Machine};
use crate::triggers::aws::Aws;
use crate::triggers::events::{Trigger, cases};
use crate::triggers::function::Side;
use crate::triggers::measure::{Measurement, WARM, measure};
use crate::triggers::plan::Plan;
use crate::triggers::summary::{Comparison, Series, size};

mod agreement;
mod aws;
mod events;
mod function;
mod measure;
pub(crate) mod plan;
mod runtime_api;
mod summary;
mod table;

/// Everything that was found out; what is written to the output file.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Seconds since 1970.
    date: u64,
    machine: Machine,
    versions: Value,
    remarks: Vec<String>,
    rounds: usize,
    /// Events after the first.
    warm: usize,
    triggers: Vec<Comparison>,
}

pub(crate) fn run(plan: &Plan) -> Result<()> {
    fs::create_dir_all(&plan.logs).with_context(|| format!("cannot create {}", plan.logs.display()))?;
    let aws = Aws::start()?;
    for trigger in Trigger::ALL {
        // Brings everything into memory, too: what is measured are starts of programs that the machine has read before.
        agreement::must_agree(plan, &aws, trigger)?;
    }
    let triggers = measure_all(plan, &aws)?;
    let report = Report {
        date: machine::now(),
        machine: Machine::look(),
        versions: plan.versions.clone(),
        remarks: plan.remarks.clone(),
        rounds: plan.rounds,
        warm: WARM,
        triggers,
    };
    fs::write(&plan.output, serde_json::to_vec_pretty(&report)?)
        .with_context(|| format!("cannot write {}", plan.output.display()))?;
    print!("{}", table::render(&report)?);
    Ok(())
}

/// Every round starts every trigger of both sides once. The sides take turns, and each round begins with the other one: what slows
/// the machine down for a while slows both.
fn measure_all(plan: &Plan, aws: &Aws) -> Result<Vec<Comparison>> {
    let mut rounds: [[Vec<Measurement>; 2]; 3] = Default::default();
    for round in 0..plan.rounds {
        eprintln!("round {} of {}", round + 1, plan.rounds);
        for (trigger, measured) in Trigger::ALL.into_iter().zip(&mut rounds) {
            let case = cases(trigger, machine::now())?.swap_remove(0);
            let event = serde_json::to_vec(&case.event)?;
            let mut answers = Vec::new();
            for turn in 0..2 {
                let at = (round + turn) % 2;
                let side = Side::BOTH[at];
                let (measurement, answer) = measure(plan, aws, side, trigger, &event)
                    .with_context(|| format!("{} of {}", trigger.name(), side.name()))?;
                measured[at].push(measurement);
                answers.push(answer);
            }
            ensure!(
                answers[0] == answers[1],
                "the two sides answer {} differently",
                trigger.name()
            );
        }
    }
    aws.calls();
    Trigger::ALL
        .into_iter()
        .zip(rounds)
        .map(|(trigger, [ours, peer])| {
            let package = match trigger {
                Trigger::Define => &plan.packages.define,
                Trigger::Create => &plan.packages.create,
                Trigger::Verify => &plan.packages.verify,
            };
            let ours = Series::new(size(package)?, ours);
            let peer = Series::new(handlers_size(&plan.handlers)?, peer);
            ours.zip(peer)
                .and_then(|(ours, peer)| Comparison::new(trigger, ours, peer))
                .context("there were no rounds")
        })
        .collect()
}

/// About the size of a zip of all handlers, in bytes. They would be uploaded together.
fn handlers_size(folder: &Path) -> Result<u64> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "py") {
            encoder.write_all(&fs::read(&path)?)?;
        }
    }
    Ok(u64::try_from(encoder.finish()?.len())?)
}
