//! `edge`: our worker beside workers in JavaScript that do the same job, on the same server program.

use std::fs;

use anyhow::{Context, Result, bail};
use serde::Serialize;
use serde_json::Value;

use crate::answers::Meaning;
use crate::drive::CONNECTIONS;
use crate::load::Load;
use crate::machine::{self, Machine};
use crate::measure::Stage;
use crate::plan::{Bundle, Plan};
use crate::size::Size;
use crate::summary::{LoadResult, Series, Start};
use crate::tokens::Tokens;
use crate::{keys, settings, table};

/// Everything that was found out; what is written to the output file.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Seconds since 1970.
    pub(crate) date: u64,
    pub(crate) machine: Machine,
    pub(crate) versions: Value,
    pub(crate) rounds: usize,
    pub(crate) seconds: f64,
    pub(crate) connections: usize,
    pub(crate) loads: Vec<LoadResult>,
    pub(crate) starts: Vec<Start>,
}

pub(crate) fn run(plan: &Plan) -> Result<()> {
    let loads = Load::choose(&plan.only)?;
    let machine = Machine::look();
    fs::create_dir_all(&plan.logs).with_context(|| format!("cannot create {}", plan.logs.display()))?;
    let tokens = Tokens::read(&plan.tokens)?;
    let settings = settings::settings(keys::serve(&tokens.key_set)?)?;
    let stage = Stage {
        plan,
        tokens: &tokens,
        settings: &settings,
    };
    let loads = measure_all(&stage, &loads)?;
    let starts = plan
        .bundles
        .iter()
        .map(|bundle| Ok(Start::new(&bundle.name, Size::of(bundle)?, &loads)))
        .collect::<Result<Vec<_>>>()?;
    let report = Report {
        date: machine::now(),
        machine,
        versions: plan.versions.clone(),
        rounds: plan.rounds,
        seconds: plan.seconds,
        connections: CONNECTIONS,
        loads,
        starts,
    };
    fs::write(&plan.output, serde_json::to_vec_pretty(&report)?)
        .with_context(|| format!("cannot write {}", plan.output.display()))?;
    print!("{}", table::render(&report)?);
    Ok(())
}

/// Every round measures every server on every load. The servers take turns within a load, seconds apart, and each
/// round and load begins with another one: what slows the machine down for a while slows all of them.
fn measure_all(stage: &Stage<'_>, loads: &[Load]) -> Result<Vec<LoadResult>> {
    let bundles = &stage.plan.bundles;
    // By load, then by server.
    let mut measured = vec![vec![Vec::new(); bundles.len()]; loads.len()];
    for round in 0..stage.plan.rounds {
        for (index, load) in loads.iter().enumerate() {
            eprintln!("round {} of {}: {}", round + 1, stage.plan.rounds, load.name());
            let mut meanings = Vec::new();
            for turn in 0..bundles.len() {
                let server = (round + index + turn) % bundles.len();
                let (measurement, meaning) = stage.measure(&bundles[server], *load)?;
                measured[index][server].push(measurement);
                meanings.push((&bundles[server], meaning));
            }
            must_agree(*load, &meanings)?;
        }
    }
    loads
        .iter()
        .zip(measured)
        .map(|(load, servers)| {
            let series = bundles
                .iter()
                .zip(servers)
                .map(|(bundle, rounds)| Series::new(&bundle.name, rounds));
            let series = series.collect::<Option<_>>().context("there were no rounds")?;
            Ok(LoadResult::new(*load, series))
        })
        .collect()
}

/// Servers that do not do the same job cannot be compared.
fn must_agree(load: Load, meanings: &[(&Bundle, Meaning)]) -> Result<()> {
    for pair in meanings.windows(2) {
        let [(left, left_meaning), (right, right_meaning)] = pair else {
            continue;
        };
        if left_meaning != right_meaning {
            bail!(
                "two servers answer the load {} differently:\n{}: {left_meaning:?}\n{}: {right_meaning:?}",
                load.name(),
                left.name,
                right.name
            );
        }
    }
    Ok(())
}
