//! Builds the static files that the worker serves beside its endpoints: the sign-in page, `/docs`, `/openapi.json`.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process::{self, lock, progress};
use crate::workspace::Workspace;

/// Builds both folders, [`Workspace::page_deployed`] and [`Workspace::page_local`], in less than a second; a file that would stay
/// the same is not written, so that a running `wrangler dev` reloads for changes only. `logs` is the folder for logs.
pub(crate) fn build(workspace: &Workspace, logs: &Path) -> Result<()> {
    build_with(workspace, logs, &[])
}

/// The same; an error when the sign-in page is heavier than it should be.
pub(crate) fn build_within_budget(workspace: &Workspace, logs: &Path) -> Result<()> {
    build_with(workspace, logs, &["--within-budget"])
}

fn build_with(workspace: &Workspace, logs: &Path, options: &[&str]) -> Result<()> {
    progress::step("build the page", || {
        let _lock = lock::wait(&workspace.state().join("page.lock"), "the page")?;
        let mut command = Command::new("node");
        command
            .arg("page/build.mjs")
            .args(options)
            .current_dir(workspace.root());
        process::run("build the page", &mut command, &logs.join("page.log"))
    })
}
