//! The project's commands: `cargo xtask dev`, `test`, `bench`, `attack`, `guard`, `deploy`, `rotate`, `destroy`, `build`, `clean`.
//!
//! Each brings what it needs, says what it does in one line a step, and leaves nothing running. xtask knows the tools
//! and the order of things; what the system does is known by the other crates alone.
//!
//! The rooms, from top to bottom: `commands`, `system`, `build`, `install`, `process`. None looks up.

mod arguments;
mod build;
mod commands;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod environments;
mod install;
#[cfg(test)]
mod pins;
mod process;
mod system;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::{Part, Task, USAGE};
use crate::build::{arm64, packages, page, worker};
use crate::commands::{attack, bench, clean, deploy, destroy, dev, guard, rotate, sbom, test};
use crate::install::node;
use crate::process::interrupt;
use crate::workspace::Workspace;

/// What a shell calls a program that SIGINT ended.
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let task = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(task) => task,
        Err(error) => {
            eprintln!("{error:#}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&task) {
        Ok(()) => ExitCode::SUCCESS,
        // `dev` runs until it is told to end, so that is its success. What is cut short has not succeeded.
        Err(error) if interrupt::is_interrupted(&error) => match task {
            Task::Dev(_) => ExitCode::SUCCESS,
            _ => ExitCode::from(INTERRUPTED),
        },
        Err(error) => {
            eprintln!("\nerror: {}", chain(&error));
            ExitCode::FAILURE
        }
    }
}

fn run(task: &Task) -> Result<()> {
    interrupt::listen()?;
    let workspace = Workspace::locate()?;
    match task {
        Task::Help => {
            print!("{USAGE}");
            Ok(())
        }
        Task::Dev(options) => dev::run(&workspace, options),
        Task::Test(options) => test::run(&workspace, options),
        Task::Bench(options) => bench::run(&workspace, options),
        Task::Attack(options) => attack::run(&workspace, options),
        Task::Guard(options) => guard::run(&workspace, options),
        Task::Deploy(options) => deploy::run(&workspace, options),
        Task::Rotate(options) => rotate::run(&workspace, options),
        Task::Destroy(options) => destroy::run(&workspace, options),
        Task::Sbom => sbom::run(&workspace),
        Task::Build(parts) => parts.iter().try_for_each(|part| build(&workspace, *part)),
        Task::Clean { all } => clean::run(&workspace, *all),
    }
}

fn build(workspace: &Workspace, part: Part) -> Result<()> {
    let logs = workspace.build_state();
    match part {
        Part::Edge => {
            worker::ensure_tools(workspace)?;
            worker::build(workspace, &logs)
        }
        Part::Page => {
            node::ensure(workspace)?;
            page::build(workspace, &logs)
        }
        Part::Triggers => packages::build(workspace, &logs),
        Part::Arm64 => arm64::build(workspace, &logs).map(drop),
    }
}

/// What failed, then why, each on its own line.
fn chain(error: &anyhow::Error) -> String {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    causes.join("\n  ")
}
