//! The npm packages that build, run and test the project, that its page is made of, and that it is measured against, exactly as
//! package-lock.json has them.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::install::stamp::{Inputs, Stamp};
use crate::process::{self, lock, progress};
use crate::workspace::Workspace;

/// What the benchmark's peers are made of.
pub(crate) const MEASURED: [&str; 3] = ["hono", "jose", "aws-jwt-verify"];

/// Installs them unless they are there already.
pub(crate) fn ensure(workspace: &Workspace) -> Result<()> {
    if stamp(workspace)?.is_current() {
        return Ok(());
    }
    let _lock = lock::wait(&workspace.state().join("npm.lock"), "npm packages")?;
    // Another xtask may have installed them while this one waited.
    let stamp = stamp(workspace)?;
    if stamp.is_current() {
        return Ok(());
    }
    progress::step("install npm packages", || {
        let mut command = Command::new("npm");
        command
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(workspace.root())
            .env("npm_config_update_notifier", "false");
        let log = workspace.state().join("npm.log");
        process::run("npm ci", &mut command, &log).context("what to do: check the network, then run it again")?;
        stamp.set()
    })
}

/// The version of a package that is installed.
pub(crate) fn version(workspace: &Workspace, package: &str) -> Result<String> {
    let path = workspace.node_modules().join(package).join("package.json");
    let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let manifest: Value = serde_json::from_slice(&text).with_context(|| format!("cannot read {}", path.display()))?;
    let version = manifest.get("version").and_then(Value::as_str);
    version
        .map(str::to_owned)
        .with_context(|| format!("{} has no version", path.display()))
}

/// The stamp lies in `node_modules`, so that removing that folder removes it too.
fn stamp(workspace: &Workspace) -> Result<Stamp> {
    Ok(Inputs::default()
        .file(&workspace.root().join("package.json"))?
        .file(&workspace.root().join("package-lock.json"))?
        .stamp(workspace.node_modules().join(".xtask-stamp")))
}
