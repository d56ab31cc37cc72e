//! `cargo xtask attack`: builds the crate `attack` and lets it play attacks against the rate limits.

use std::process::Command;

use anyhow::Result;

use crate::arguments::AttackOptions;
use crate::process::cargo::cargo;
use crate::process::{self, logs, progress};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, options: &AttackOptions) -> Result<()> {
    // Millions of requests are played: a quarter of a minute optimised, many minutes not.
    progress::step("build the attacks", || {
        let mut command = cargo(workspace, &["build", "--release", "--package=attack"]);
        let log = workspace.build_state().join("attack-cargo.log");
        process::run("compile the attacks", &mut command, &log)
    })?;
    let result = workspace.target().join("attack").join("attack.json");
    let mut command = Command::new(workspace.target().join("release").join("attack"));
    command.args(&options.scenarios).arg("--output").arg(&result);
    if let Some(seed) = options.seed {
        command.arg("--seed").arg(seed.to_string());
    }
    progress::step("attack", || process::run_in_view("attack", &mut command))?;
    progress::note(&format!("all of it: {}", logs::shown(&result)));
    Ok(())
}
