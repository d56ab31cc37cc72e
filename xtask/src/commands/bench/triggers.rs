//! `cargo xtask bench triggers`: our triggers beside the same triggers in Python.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{build, measure};
use crate::arguments::BenchOptions;
use crate::build::packages::{self, CREATE, DEFINE, VERIFY};
use crate::install::python::BENCH;
use crate::process::cargo::cargo;
use crate::process::{self, logs, progress};
use crate::workspace::Workspace;

/// The runtime that the triggers replace is Lambda's `python3.11`.
const PYTHON: &str = "3.11";

pub(super) fn triggers(workspace: &Workspace, state: &Path, options: &BenchOptions) -> Result<()> {
    let python_version = BENCH.ensure_preferably_with(&format!("python{PYTHON}"), workspace)?;
    let remarks: Vec<String> = not_as_it_should_be(&python_version).into_iter().collect();
    for remark in &remarks {
        progress::note(remark);
    }
    let output = workspace.target().join("bench");
    let executables = compile(workspace, state)?;
    let ours = copy(
        [DEFINE, CREATE, VERIFY].map(|name| executables.join(name)),
        &output.join("triggers"),
    )?;
    let packages = packages::pack(&ours, &output.join("triggers-packages"))?;
    let [define, create, verify] = packages.files().map(|(_, path)| path);
    let peers = copy(handlers(workspace)?, &output.join("handlers"))?;
    let program = build(workspace, state)?;
    let python = BENCH.program(workspace, "python");
    let result = output.join("triggers.json");
    let plan = json!({
        "executables": ours,
        "packages": { "define": define, "create": create, "verify": verify },
        "handlers": peers,
        "python": python,
        "logs": state,
        "rounds": options.rounds,
        "output": result,
        "versions": versions(&python, state)?,
        "remarks": remarks,
    });
    measure(&program, "triggers", &plan, &output, state)?;
    progress::note(&format!("all of it: {}", logs::shown(&result)));
    Ok(())
}

/// As for AWS, but for this machine, which has to run them.
fn compile(workspace: &Workspace, state: &Path) -> Result<PathBuf> {
    progress::step("build the triggers, optimized", || {
        let mut command = cargo(workspace, &["build", "--release", "--package=triggers", "--bins"]);
        let log = state.join("triggers-cargo.log");
        process::run("compile the triggers", &mut command, &log)
    })?;
    Ok(workspace.target().join("release"))
}

fn handlers(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let folder = workspace.bench().join("handlers");
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
    Ok(found)
}

/// Copies files into a folder, and returns it: what is measured must stay as it is, whoever builds meanwhile.
fn copy(files: impl IntoIterator<Item = PathBuf>, folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    for from in files {
        let to = folder.join(from.file_name().unwrap_or_default());
        fs::copy(&from, &to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    }
    Ok(folder.to_owned())
}

/// What to say when the peers run on another Python than those that were replaced.
fn not_as_it_should_be(python_version: &str) -> Option<String> {
    let is_it = python_version
        .strip_prefix(PYTHON)
        .is_some_and(|rest| rest.starts_with('.'));
    (!is_it).then(|| format!("this machine has Python {python_version}: the peers are not those of Python {PYTHON}"))
}

/// Of what the peers run on.
fn versions(python: &Path, state: &Path) -> Result<Value> {
    let script = "import json, platform\nfrom importlib.metadata import version\n\
        packages = ['awslambdaric', 'boto3', 'botocore']\n\
        print(json.dumps({'python': platform.python_version(), **{name: version(name) for name in packages}}))";
    let mut command = Command::new(python);
    command.args(["-c", script]);
    let printed = process::output("python versions", &mut command, &state.join("version.log"))?;
    serde_json::from_str(&printed).context("the versions of the Python packages are not JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_python_is_never_compared_in_silence() {
        assert_eq!(not_as_it_should_be("3.11.7"), None);
        for other in ["3.12.1", "3.10.14", "3.1.1", "3.110.0"] {
            assert!(
                not_as_it_should_be(other).is_some_and(|remark| remark.contains(other)),
                "{other}"
            );
        }
    }
}
