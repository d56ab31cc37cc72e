//! The benchmark's peers: workers in JavaScript, each bundled into one module as wrangler would bundle it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::process::{self, progress};
use crate::workspace::Workspace;

/// Names of files in `bench/peers/`, without the ending.
pub(crate) const PEERS: [&str; 2] = ["hono-jose", "hono-aws-jwt-verify"];

/// Bundles all of them, each into a folder of its name with the module `index.js`; returns the folders.
pub(crate) fn build(workspace: &Workspace, output: &Path, logs: &Path) -> Result<Vec<PathBuf>> {
    progress::step("bundle the peers", || {
        PEERS
            .iter()
            .map(|name| {
                let folder = output.join(name);
                let mut command = Command::new(workspace.node_program("esbuild"));
                command
                    .current_dir(workspace.bench().join("peers"))
                    .arg(format!("{name}.js"))
                    .args(["--bundle", "--format=esm", "--minify", "--external:cloudflare:*"])
                    // wrangler's choices: of a package's variants the one for workers, or else the one for browsers.
                    .args(["--platform=browser", "--conditions=workerd,worker,browser"])
                    .arg(format!("--outfile={}", folder.join("index.js").display()));
                process::run(
                    &format!("esbuild {name}"),
                    &mut command,
                    &logs.join(format!("{name}.log")),
                )?;
                Ok(folder)
            })
            .collect()
    })
}
