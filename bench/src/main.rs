//! Measures servers against each other; `cargo xtask bench` builds everything and starts it: `bench KIND PLAN`.
//!
//! The kinds are modules with a function `run`: `edge`, `triggers`. All else is what kinds can share: servers
//! ([`server`]), loads ([`load`]), the load generator ([`drive`]), arithmetic ([`statistics`]).

mod answers;
mod drive;
mod edge;
mod http;
mod keys;
mod load;
mod machine;
mod measure;
mod plan;
mod process;
mod serve;
mod server;
mod settings;
mod size;
mod statistics;
mod summary;
mod table;
mod tokens;
mod triggers;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let [kind, plan] = arguments else {
        bail!("usage: bench KIND PLAN; `cargo xtask bench` calls it");
    };
    let plan = Path::new(plan);
    match kind.as_str() {
        "edge" => edge::run(&plan::read(plan)?),
        "triggers" => triggers::run(&plan::read(plan)?),
        other => bail!("there is no benchmark `{other}`"),
    }
}
