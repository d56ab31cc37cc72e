//! What the tests of `deploy`, `rotate` and `destroy` run in: an AWS account with nothing in it but a user who may deploy, and a
//! place where versions of the worker can run.
//!
//! Apart from everything else that may run at the same time: own ports, own folder, own stages.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

use crate::build::{packages, page, worker};
use crate::process::Group;
use crate::system::account;
use crate::system::aws_cli::Aws;
use crate::system::local_aws::{self, LocalAws};
use crate::system::ports;
use crate::system::private_file;
use crate::system::rollout;
use crate::system::wrangler::{self, DevServer};
use crate::workspace::Workspace;

/// Names the worker's log and data.
const WORKER: &str = "rollout";

/// A running account. Ends when dropped.
pub(crate) struct Account {
    /// The worker before the local AWS: they go down in this order.
    processes: Vec<Group>,
    /// For the `e2e` crate.
    pub(crate) description: PathBuf,
    /// Where the tests leave what they counted.
    pub(crate) load: PathBuf,
}

impl Account {
    /// Builds, starts; returns when both processes answer.
    pub(crate) fn start(workspace: &Workspace, state: &Path) -> Result<Self> {
        let [aws_port, worker_port] = ports::free()?;
        let aws = LocalAws::start_beside(
            workspace,
            state,
            aws_port,
            // What the commands build, so that no test waits for it.
            vec![
                Box::new(|| packages::build(workspace, state)),
                Box::new(|| worker::build(workspace, state)),
                Box::new(|| page::build(workspace, state)),
            ],
        )?;
        let administrator = Aws::local(workspace, &aws.endpoint(), state.to_owned());
        let deployer = account::prepare(workspace, &administrator)?;
        let worker = start_rollout(workspace, state, worker_port)?;
        let (description, load) = (state.join("stages.json"), state.join("load"));
        let described = json!({
            "aws_endpoint": aws.endpoint(),
            "region": administrator.region(),
            "deployer": { "access_key_id": deployer.id, "secret_access_key": deployer.secret },
            "xtask": std::env::current_exe().context("what is running?")?,
            "checkout": workspace.root(),
            "stages": state.join("stages"),
            "printed": state.join("printed"),
            "rollout": local_aws::endpoint(worker_port),
            "logs": [worker.log(), aws.process.log()],
            "load": load,
        });
        private_file::write(&description, &described.to_string())?;
        private_file::write(&load, "")?;
        Ok(Self {
            processes: vec![worker, aws.process],
            description,
            load,
        })
    }

    /// An error when a process has ended that should run.
    pub(crate) fn must_run(&mut self) -> Result<()> {
        self.processes.iter_mut().try_for_each(Group::must_run)
    }
}

fn start_rollout(workspace: &Workspace, state: &Path, port: u16) -> Result<Group> {
    let config = rollout::freeze(workspace, &state.join("frozen"))?;
    // Not none at all: it would read `.dev.vars`.
    let settings = state.join("worker-rollout.vars");
    private_file::write(&settings, "# Each version brings its own.\n")?;
    wrangler::forget(state, WORKER)?;
    let server = DevServer {
        name: WORKER,
        port,
        config: Some(&config),
        instead: None,
        settings: Some(settings),
        ready_path: rollout::READY_PATH,
    };
    server.start(workspace, state)
}
