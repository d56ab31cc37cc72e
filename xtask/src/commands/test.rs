//! `cargo xtask test`: everything that CI runs, from cheap to expensive, with a summary at the end.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::arguments::TestOptions;
use crate::commands::arm64::arm64;
use crate::commands::checks::{Place, Remark};
use crate::commands::deployment::bundle;
use crate::commands::end_to_end::end_to_end;
use crate::commands::sbom;
use crate::commands::stages::stages;
use crate::install;
use crate::process::lock::{self, Taken};
use crate::process::{interrupt, leftovers, logs, progress};
use crate::workspace::Workspace;

/// A named part of the test run.
struct Step<'a> {
    name: &'static str,
    /// Whether it needs what [`install::all`] installs.
    installed: bool,
    work: Box<dyn Fn() -> Result<Remark> + 'a>,
}

impl<'a> Step<'a> {
    fn new(name: &'static str, installed: bool, work: impl Fn() -> Result<Remark> + 'a) -> Self {
        Self {
            name,
            installed,
            work: Box::new(work),
        }
    }
}

/// How a step went.
struct Outcome {
    name: &'static str,
    took: Duration,
    result: Result<Remark>,
}

pub(crate) fn run(workspace: &Workspace, options: &TestOptions) -> Result<()> {
    let state = workspace.test_state();
    let _lock = match lock::take(&state.join("lock"))? {
        Taken::Now(lock) => lock,
        Taken::ByOther(_) => bail!("`cargo xtask test` already runs in this checkout"),
    };
    leftovers::end(&state)?;
    let place = Place {
        workspace,
        state: &state,
    };
    let steps = steps(place, options.keep);
    let chosen = choose(&steps, &options.only)?;
    let outcomes = run_steps(workspace, &chosen)?;
    summarize(&outcomes)
}

fn steps(place: Place<'_>, keep: bool) -> Vec<Step<'_>> {
    vec![
        Step::new("format", false, move || place.format()),
        Step::new("template", true, move || place.template()),
        Step::new("python", true, move || place.python()),
        Step::new("clippy", false, move || place.clippy()),
        Step::new("clippy-wasm", false, move || place.clippy_wasm()),
        Step::new("unit", false, move || place.unit()),
        Step::new("page", true, move || place.page()),
        Step::new("inbox", true, move || place.inbox()),
        Step::new("client", true, move || place.client()),
        Step::new("deny", false, move || place.deny()),
        Step::new("npm-audit", false, move || place.npm_audit()),
        Step::new("pip-audit", false, move || place.pip_audit()),
        Step::new("policy-scan", false, move || place.policy_scan()),
        Step::new("sbom", false, move || sbom::check(place)),
        Step::new("bundle", true, move || bundle(place)),
        Step::new("arm64", false, move || arm64(place)),
        Step::new("stages", true, move || stages(place)),
        Step::new("end-to-end", true, move || end_to_end(place, keep)),
    ]
}

/// The named steps, or all of them.
fn choose<'s, 'a>(steps: &'s [Step<'a>], only: &[String]) -> Result<Vec<&'s Step<'a>>> {
    for name in only {
        if !steps.iter().any(|step| step.name == name) {
            let names: Vec<_> = steps.iter().map(|step| step.name).collect();
            bail!("there is no step `{name}`; there are {}", names.join(", "));
        }
    }
    Ok(steps
        .iter()
        .filter(|step| only.is_empty() || only.iter().any(|name| name == step.name))
        .collect())
}

/// One after the other. A failure does not stop the others: one run shows all that is wrong.
fn run_steps(workspace: &Workspace, steps: &[&Step<'_>]) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    let mut installed: Option<bool> = None;
    for step in steps {
        let started = Instant::now();
        let result = if step.installed && installed.is_none() {
            let result = install::all(workspace, vec![]);
            installed = Some(result.is_ok());
            result
        } else {
            Ok(())
        };
        let result = result.and_then(|()| {
            if step.installed && installed == Some(false) {
                bail!("what it needs could not be installed");
            }
            progress::step(step.name, &step.work)
        });
        let result = match result {
            Err(error) if interrupt::is_interrupted(&error) => return Err(error),
            Err(error) => {
                eprintln!("{error:#}\n");
                Err(error)
            }
            Ok(remark) => Ok(remark),
        };
        outcomes.push(Outcome {
            name: step.name,
            took: started.elapsed(),
            result,
        });
    }
    Ok(outcomes)
}

/// Prints how each step went; an error when one did not pass.
fn summarize(outcomes: &[Outcome]) -> Result<()> {
    println!();
    for outcome in outcomes {
        println!("{}", summary(outcome));
    }
    let failed: Vec<_> = outcomes
        .iter()
        .filter(|outcome| outcome.result.is_err())
        .map(|outcome| outcome.name)
        .collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(anyhow::anyhow!("not passed: {}", failed.join(", "))).context("cargo xtask test failed")
}

fn summary(outcome: &Outcome) -> String {
    let (word, remark) = match &outcome.result {
        Ok(remark) => ("passed", remark.clone().unwrap_or_default()),
        // What the error says in full may be thousands of lines above.
        Err(error) => ("FAILED", logs::failed_tests(&format!("{error:#}")).join(", ")),
    };
    let took = progress::seconds(outcome.took);
    format!("{word}  {took:>8}  {:<12} {remark}", outcome.name)
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&'static str]) -> Vec<Step<'static>> {
        names.iter().map(|name| Step::new(name, false, || Ok(None))).collect()
    }

    #[test]
    fn without_names_all_steps_run_and_with_names_only_those_in_their_own_order() {
        let steps = named(&["format", "clippy", "unit"]);
        let chosen = |only: &[&str]| -> Vec<&str> {
            let only: Vec<String> = only.iter().map(ToString::to_string).collect();
            let chosen = choose(&steps, &only).unwrap();
            chosen.iter().map(|step| step.name).collect()
        };
        assert_eq!(chosen(&[]), ["format", "clippy", "unit"]);
        assert_eq!(chosen(&["unit", "format"]), ["format", "unit"]);
    }

    #[test]
    fn an_unknown_step_is_refused_with_the_known_ones() {
        let Err(error) = choose(&named(&["format"]), &["fmt".to_owned()]) else {
            panic!("there is no such step");
        };
        assert_eq!(error.to_string(), "there is no step `fmt`; there are format");
    }

    #[test]
    fn one_failed_step_fails_the_whole() {
        let outcome = |result| Outcome {
            name: "unit",
            took: Duration::from_secs(1),
            result,
        };
        summarize(&[outcome(Ok(None))]).unwrap();
        let failed = [outcome(Ok(None)), outcome(Err(anyhow::anyhow!("no")))];
        assert!(format!("{:#}", summarize(&failed).unwrap_err()).contains("unit"));
    }

    #[test]
    fn the_tests_that_failed_are_part_of_the_summary() {
        let outcome = Outcome {
            name: "unit",
            took: Duration::from_secs(1),
            result: Err(anyhow::anyhow!(
                "unit tests failed:\n    test a::b ... FAILED\n    rest"
            )),
        };
        assert_eq!(summary(&outcome), "FAILED     1.0 s  unit         a::b");
    }

    #[test]
    fn a_remark_is_part_of_the_summary() {
        let outcome = Outcome {
            name: "deny",
            took: Duration::from_millis(1234),
            result: Ok(Some("ADVISORIES SKIPPED".to_owned())),
        };
        assert_eq!(summary(&outcome), "passed     1.2 s  deny         ADVISORIES SKIPPED");
    }
}
