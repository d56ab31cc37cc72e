//! wrangler, the worker's development server and bundler.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::process::{Group, leftovers, progress};
use crate::system::http;
use crate::workspace::Workspace;

/// The configuration's file name.
pub(crate) const CONFIG: &str = "wrangler.toml";

/// It takes about four seconds, on a busy machine several times that.
const READY_WITHIN: Duration = Duration::from_mins(2);

/// One `wrangler dev`.
#[derive(Debug)]
pub(crate) struct DevServer<'a> {
    /// Names it in messages, and names its log and data.
    pub(crate) name: &'a str,
    pub(crate) port: u16,
    /// The configuration; `wrangler.toml` when there is none.
    pub(crate) config: Option<&'a Path>,
    /// What runs instead of the configuration's own worker and static files, if anything.
    pub(crate) instead: Option<Instead>,
    /// The worker's settings; `.dev.vars` when there is none. With one, wrangler does not read `.dev.vars` at all.
    pub(crate) settings: Option<PathBuf>,
    /// What must answer 200 before it counts as ready, for instance `/health?deep=1`.
    pub(crate) ready_path: &'a str,
}

/// A worker and its static files.
#[derive(Debug)]
pub(crate) struct Instead {
    pub(crate) module: PathBuf,
    pub(crate) assets: PathBuf,
}

impl DevServer<'_> {
    /// Starts it and waits until it is ready.
    pub(crate) fn start(&self, workspace: &Workspace, state: &Path) -> Result<Group> {
        progress::step(&format!("start the worker {}", self.name), || {
            let data = data_folder(state, self.name);
            let mut command = wrangler(workspace, &data)?;
            command
                .args(["dev", "--ip", "127.0.0.1", "--port", &self.port.to_string()])
                // Any free port: the usual one may be taken, by another `wrangler dev` for instance.
                .args(["--inspector-port", "0", "--show-interactive-dev-session=false"])
                .arg("--persist-to")
                .arg(persisted(state, self.name));
            if let Some(Instead { module, assets }) = &self.instead {
                command.arg(module).arg("--assets").arg(assets);
            }
            if let Some(config) = self.config {
                command.arg("--config").arg(config);
            }
            if let Some(settings) = &self.settings {
                command.arg("--env-file").arg(settings);
            }
            leftovers::mark(&mut command, state);
            let log = state.join(format!("worker-{}.log", self.name));
            let name = format!("the worker {}", self.name);
            let mut process = Group::start(&name, &mut command, &log)?;
            let ready = format!("{}{}", self.url(), self.ready_path);
            http::wait_until_ok(&ready, &mut process, READY_WITHIN)?;
            Ok(process)
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Where the worker of this name keeps its data.
fn data_folder(state: &Path, name: &str) -> PathBuf {
    state.join(format!("wrangler-{name}"))
}

/// What the worker of this name keeps: caches, stored objects.
pub(crate) fn persisted(state: &Path, name: &str) -> PathBuf {
    data_folder(state, name).join("persist")
}

/// Removes what earlier workers of this name kept: caches, stored objects, logs.
pub(crate) fn forget(state: &Path, name: &str) -> Result<()> {
    let data = data_folder(state, name);
    match fs::remove_dir_all(&data) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", data.display()))
        }
        _ => Ok(()),
    }
}

/// A file name for wrangler's own log that leads to nowhere. That log holds the bodies of all requests that the worker
/// makes and answers, with their numbers, codes and tokens; it cannot be turned off, and a symbolic link is kept.
fn no_log(data: &Path) -> Result<PathBuf> {
    fs::create_dir_all(data).with_context(|| format!("cannot create {}", data.display()))?;
    let path = data.join("none.log");
    match std::os::unix::fs::symlink("/dev/null", &path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("cannot create {}", path.display()))
        }
        _ => Ok(path),
    }
}

/// A wrangler command. Directly, not through npx, which adds a process and half a second. `data` is where it may write.
pub(crate) fn wrangler(workspace: &Workspace, data: &Path) -> Result<Command> {
    let mut command = Command::new(workspace.node_program("wrangler"));
    command
        .current_dir(workspace.root())
        .env("WRANGLER_SEND_METRICS", "false")
        // The banner asks npm for a newer version.
        .env("WRANGLER_HIDE_BANNER", "true")
        // Where it is on Earth; asking takes a network, and the answer is a placeholder without one.
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
        .env("WRANGLER_LOG_PATH", no_log(data)?)
        // Else it would look for other people's workers to connect to.
        .env("WRANGLER_REGISTRY_PATH", data.join("registry"))
        .env("NO_COLOR", "1")
        .env("FORCE_COLOR", "0");
    Ok(command)
}
