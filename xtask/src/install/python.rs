//! The Python packages, in a virtual environment of their own: the local AWS, the AWS CLI, cfn-lint.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::install::prerequisites::Prerequisites;
use crate::install::stamp::{Inputs, Stamp};
use crate::process::{self, lock, progress};
use crate::workspace::Workspace;

/// Makes the virtual environment unless it is there and made from the same requirements by the same Python.
pub(crate) fn ensure(workspace: &Workspace, prerequisites: &Prerequisites) -> Result<()> {
    if stamp(workspace, prerequisites)?.is_current() {
        return Ok(());
    }
    let _lock = lock::wait(&workspace.state().join("venv.lock"), "Python packages")?;
    // Another xtask may have made it while this one waited.
    let stamp = stamp(workspace, prerequisites)?;
    if stamp.is_current() {
        return Ok(());
    }
    progress::step("install Python packages", || {
        stamp.clear()?;
        // From the start: pip adds and upgrades, but leaves what is no longer required.
        let venv = workspace.venv();
        if venv.exists() {
            fs::remove_dir_all(&venv).with_context(|| format!("cannot remove {}", venv.display()))?;
        }
        let log = workspace.state().join("venv.log");
        let mut create = Command::new(&prerequisites.python);
        create.args(["-m", "venv"]).arg(&venv);
        process::run("python -m venv", &mut create, &log).context("what to do: on Debian, apt install python3-venv")?;
        let mut install = Command::new(workspace.venv_program("python"));
        install
            .args([
                "-m",
                "pip",
                "install",
                "--require-hashes",
                "--disable-pip-version-check",
            ])
            .args(["--no-input", "--quiet", "-r"])
            .arg(requirements(workspace));
        process::run("pip install", &mut install, &log).context("what to do: check the network, then run it again")?;
        stamp.set()
    })
}

fn stamp(workspace: &Workspace, prerequisites: &Prerequisites) -> Result<Stamp> {
    Ok(Inputs::default()
        .text(&prerequisites.python_version)
        .file(&requirements(workspace))?
        .stamp(workspace.venv().join("xtask-stamp")))
}

fn requirements(workspace: &Workspace) -> std::path::PathBuf {
    workspace.root().join("local").join("requirements.txt")
}
