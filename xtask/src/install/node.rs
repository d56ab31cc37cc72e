//! The npm packages: wrangler, esbuild and binaryen, exactly as package-lock.json has them.

use std::process::Command;

use anyhow::{Context, Result};

use crate::install::stamp::{Inputs, Stamp};
use crate::process::{self, lock, progress};
use crate::workspace::Workspace;

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

/// The stamp lies in `node_modules`, so that removing that folder removes it too.
fn stamp(workspace: &Workspace) -> Result<Stamp> {
    Ok(Inputs::default()
        .file(&workspace.root().join("package.json"))?
        .file(&workspace.root().join("package-lock.json"))?
        .stamp(workspace.node_modules().join(".xtask-stamp")))
}
