//! `cargo xtask clean`: removes what the other commands installed and built.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::lock::{self, Taken};
use crate::process::logs;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, all: bool) -> Result<()> {
    // Held until everything is removed, so that nothing starts meanwhile.
    let mut locks = Vec::new();
    for (command, state) in [
        ("dev", workspace.dev_state()),
        ("test", workspace.test_state()),
        ("bench", workspace.bench_state()),
    ] {
        if !state.exists() {
            continue;
        }
        match lock::take(&state.join("lock"))? {
            Taken::Now(lock) => locks.push(lock),
            Taken::ByOther(_) => bail!("`cargo xtask {command}` is running: stop it first"),
        }
    }
    let mut removed = false;
    for path in paths(workspace, all) {
        removed |= remove(&path)?;
    }
    if !removed {
        println!("nothing to remove");
    }
    Ok(())
}

fn paths(workspace: &Workspace, all: bool) -> Vec<PathBuf> {
    let mut paths = vec![
        workspace.state(),
        workspace.dev_vars(),
        workspace.root().join(".wrangler"),
        workspace.worker_build(),
        workspace.page_build(),
    ];
    if all {
        paths.extend([workspace.node_modules(), workspace.target(), workspace.client_build()]);
    }
    paths
}

/// Whether there was something to remove.
fn remove(path: &Path) -> Result<bool> {
    let removed = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => Err(error),
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        // A symbolic link goes itself, not what it points to.
        Ok(_) => fs::remove_file(path),
    };
    removed.with_context(|| format!("cannot remove {}", path.display()))?;
    println!("removed {}", logs::shown(path));
    Ok(true)
}
