//! Python packages, each group of them in a virtual environment of its own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::install::prerequisites::{self, Prerequisites};
use crate::install::stamp::{Inputs, Stamp};
use crate::process::{self, lock, progress};
use crate::workspace::Workspace;

/// A virtual environment and what goes into it.
#[derive(Debug)]
pub(crate) struct Environment {
    /// Its folder in `.dev/`.
    folder: &'static str,
    /// What it is for, in words that follow "install".
    what: &'static str,
    /// The file with its packages, pinned by hash, below the checkout.
    requirements: &'static str,
}

/// The local AWS, the AWS CLI, cfn-lint and what else `cargo xtask dev` and `cargo xtask test` use. The folder is
/// [`Workspace::venv`].
pub(crate) const LOCAL: Environment = Environment {
    folder: "venv",
    what: "Python packages",
    requirements: "local/requirements.txt",
};

/// The cross compiler for the triggers.
pub(crate) const ARM64: Environment = Environment {
    folder: "venv-arm64",
    what: "cargo-lambda and zig (120 MB, once)",
    requirements: "xtask/arm64/requirements.txt",
};

/// What the triggers are measured against.
pub(crate) const BENCH: Environment = Environment {
    folder: "venv-bench",
    what: "Lambda's runtime for Python",
    requirements: "bench/handlers/requirements.txt",
};

/// What scans the templates of CloudFormation.
pub(crate) const SCAN: Environment = Environment {
    folder: "venv-scan",
    what: "checkov (290 MB, once)",
    requirements: "xtask/scan/requirements.txt",
};

/// What looks for known vulnerabilities of Python packages, and lists them for the bill of materials.
pub(crate) const AUDIT: Environment = Environment {
    folder: "venv-audit",
    what: "pip-audit and cyclonedx-bom (85 MB, once)",
    requirements: "xtask/audit/requirements.txt",
};

/// Every one of them, for what is to be known of all packages.
pub(crate) const ALL: [&Environment; 5] = [&LOCAL, &ARM64, &BENCH, &SCAN, &AUDIT];

impl Environment {
    /// As [`Environment::ensure`], for a command that needs nothing else of the machine.
    pub(crate) fn ensure_alone(&self, workspace: &Workspace) -> Result<()> {
        self.ensure(workspace, &prerequisites::python_alone(None)?)
    }

    /// The same with a certain Python, such as `python3.11`, if there is one. Returns the version of the one that it got.
    pub(crate) fn ensure_preferably_with(&self, python: &str, workspace: &Workspace) -> Result<String> {
        let found = prerequisites::python_alone(Some(python))?;
        self.ensure(workspace, &found)?;
        Ok(found.python_version)
    }

    /// Makes the virtual environment unless it is there and made from the same requirements by the same Python.
    pub(crate) fn ensure(&self, workspace: &Workspace, prerequisites: &Prerequisites) -> Result<()> {
        if self.stamp(workspace, prerequisites)?.is_current() {
            return Ok(());
        }
        let state = workspace.state();
        let _lock = lock::wait(&state.join(format!("{}.lock", self.folder)), self.what)?;
        // Another xtask may have made it while this one waited.
        let stamp = self.stamp(workspace, prerequisites)?;
        if stamp.is_current() {
            return Ok(());
        }
        progress::step(&format!("install {}", self.what), || {
            stamp.clear()?;
            // From the start: pip adds and upgrades, but leaves what is no longer required.
            let venv = self.path(workspace);
            if venv.exists() {
                fs::remove_dir_all(&venv).with_context(|| format!("cannot remove {}", venv.display()))?;
            }
            let log = state.join(format!("{}.log", self.folder));
            let mut create = Command::new(&prerequisites.python);
            create.args(["-m", "venv"]).arg(&venv);
            process::run("python -m venv", &mut create, &log)
                .context("what to do: on Debian, apt install python3-venv")?;
            let mut install = Command::new(self.program(workspace, "python"));
            install
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--require-hashes",
                    "--disable-pip-version-check",
                ])
                .args(["--no-input", "--quiet", "-r"])
                .arg(workspace.root().join(self.requirements));
            process::run("pip install", &mut install, &log)
                .context("what to do: check the network, then run it again")?;
            stamp.set()
        })
    }

    /// A program that one of the packages brings.
    pub(crate) fn program(&self, workspace: &Workspace, name: &str) -> PathBuf {
        self.path(workspace).join("bin").join(name)
    }

    pub(crate) fn folder(&self) -> &'static str {
        self.folder
    }

    /// Its packages, with all that they need, by version and hash. Beside it, `requirements.in` has those that we ask for.
    pub(crate) fn requirements(&self, workspace: &Workspace) -> PathBuf {
        workspace.root().join(self.requirements)
    }

    pub(crate) fn path(&self, workspace: &Workspace) -> PathBuf {
        workspace.state().join(self.folder)
    }

    fn stamp(&self, workspace: &Workspace, prerequisites: &Prerequisites) -> Result<Stamp> {
        Ok(Inputs::default()
            .text(&prerequisites.python_version)
            .file(&workspace.root().join(self.requirements))?
            .stamp(self.path(workspace).join("xtask-stamp")))
    }
}
