//! Plays attacks against a model of the system and of its peers, in simulated time; `cargo xtask attack` builds and starts
//! it: `attack [SCENARIO]... [--seed N] --output FILE`.
//!
//! ```text
//! scenarios           the attacks: number, address, country, guess
//! flood, guesser      what an attacker does
//! person              what a real user does
//! world               all of them around one system, event by event
//! ours, peer, peers   the systems
//! chance              the arithmetic of guessing
//! report              the result
//! ```
//!
//! The same seed gives the same result. It fails if our codes can be guessed more easily than promised.

mod bucket;
mod chance;
mod clock;
mod flood;
mod guesser;
mod ours;
mod peer;
mod peers;
mod person;
mod report;
mod scenarios;
mod system;
mod world;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use lexopt::prelude::{Long, Value, ValueExt};

use crate::report::Report;
use crate::scenarios::Scenario;

/// What the user asked for.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    /// All of them when none is named.
    scenarios: Vec<Scenario>,
    seed: u64,
    output: PathBuf,
}

fn main() -> ExitCode {
    match parse(lexopt::Parser::from_env()).and_then(|options| run(&options)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all is as it must be.
fn run(options: &Options) -> Result<bool> {
    let mut report = Report {
        seed: options.seed,
        scenarios: Vec::new(),
        rows: Vec::new(),
        calculation: Vec::new(),
        faults: Vec::new(),
        models: peers::NOTES.to_vec(),
    };
    for scenario in &options.scenarios {
        let findings = scenario.run(options.seed);
        report.scenarios.push((scenario.name(), scenario.what()));
        report.rows.extend(findings.rows);
        report.calculation.extend(findings.calculation);
        report.faults.extend(findings.faults);
    }
    print!("{report}");
    let output = &options.output;
    let folder = output.parent().context("the output has no folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(output, serde_json::to_vec_pretty(&report)?))
        .with_context(|| format!("cannot write {}", output.display()))?;
    Ok(report.faults.is_empty())
}

fn parse(mut arguments: lexopt::Parser) -> Result<Options> {
    let (mut scenarios, mut seed, mut output) = (Vec::new(), 1, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) => {
                let name = name.string()?;
                let Some(scenario) = Scenario::named(&name) else {
                    let known = Scenario::ALL.map(Scenario::name).join(", ");
                    bail!("there is no scenario `{name}`; there are {known}");
                };
                if !scenarios.contains(&scenario) {
                    scenarios.push(scenario);
                }
            }
            Long("seed") => seed = arguments.value()?.parse()?,
            Long("output") => output = Some(PathBuf::from(arguments.value()?)),
            other => bail!(other.unexpected()),
        }
    }
    if scenarios.is_empty() {
        scenarios.extend(Scenario::ALL);
    }
    let output =
        output.context("usage: attack [SCENARIO]... [--seed N] --output FILE; `cargo xtask attack` calls it")?;
    Ok(Options {
        scenarios,
        seed,
        output,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options> {
        super::parse(lexopt::Parser::from_args(arguments))
    }

    #[test]
    fn all_scenarios_are_played_unless_some_are_named() {
        let options = parse(&["--output", "a/b.json"]).unwrap();
        assert_eq!((options.scenarios.as_slice(), options.seed), (&Scenario::ALL[..], 1));
        let options = parse(&["guess", "number", "guess", "--seed", "7", "--output=a"]).unwrap();
        assert_eq!(options.scenarios, [Scenario::Guess, Scenario::Number]);
        assert_eq!(options.seed, 7);
    }

    #[test]
    fn nothing_is_silently_ignored() {
        for wrong in [&["guesses", "--output=a"][..], &["--seed=x", "--output=a"], &["guess"]] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
