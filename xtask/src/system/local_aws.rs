//! The local AWS as a process: `local/local_aws`.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::process::progress::{Job, together};
use crate::process::{Group, leftovers, progress};
use crate::system::http;
use crate::workspace::Workspace;

/// It takes about a second; a cold disk and a busy machine take longer.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// A running local AWS; it begins empty and forgets everything when it ends.
#[derive(Debug)]
pub(crate) struct LocalAws {
    pub(crate) process: Group,
    pub(crate) port: u16,
}

impl LocalAws {
    /// Starts it and waits until it answers.
    pub(crate) fn start(workspace: &Workspace, state: &Path, port: u16) -> Result<Self> {
        progress::step("start the local AWS", || {
            remove_old_data(state)?;
            let mut command = Command::new(workspace.venv_program("python"));
            command
                .args(["-m", "local_aws", "--port", &port.to_string(), "--state"])
                .arg(state)
                .current_dir(workspace.root())
                .env("PYTHONPATH", workspace.root().join("local"))
                // So that its log can be followed, and is complete if it dies.
                .env("PYTHONUNBUFFERED", "1")
                .env("PYTHONDONTWRITEBYTECODE", "1");
            leftovers::mark(&mut command, state);
            let process = Group::start("local AWS", &mut command, &state.join("aws.log"))?;
            let mut aws = Self { process, port };
            let ready = format!("{}/_ministack/ready", aws.endpoint());
            http::wait_until_ok(&ready, &mut aws.process, READY_WITHIN)?;
            Ok(aws)
        })
    }

    /// Starts it while the other jobs run, and waits for all of them.
    pub(crate) fn start_beside<'a>(
        workspace: &'a Workspace,
        state: &'a Path,
        port: u16,
        mut jobs: Vec<Job<'a>>,
    ) -> Result<Self> {
        let started = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&started);
        jobs.push(Box::new(move || {
            let aws = Self::start(workspace, state, port)?;
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(aws);
            Ok(())
        }));
        together(jobs)?;
        let aws = started.lock().unwrap_or_else(PoisonError::into_inner).take();
        aws.context("the local AWS was not started")
    }

    /// The base URL, without a slash at the end.
    pub(crate) fn endpoint(&self) -> String {
        endpoint(self.port)
    }
}

/// It removes its data folder when it ends, except when it was killed. Nobody uses one that is there now: whoever has
/// the state folder's lock starts at most one.
fn remove_old_data(state: &Path) -> Result<()> {
    for entry in fs::read_dir(state)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("local-aws-") {
            fs::remove_dir_all(entry.path()).with_context(|| format!("cannot remove {}", entry.path().display()))?;
        }
    }
    Ok(())
}

pub(crate) fn endpoint(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}
