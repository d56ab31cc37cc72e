//! The whole system for the end-to-end tests: one local AWS, two stacks, eight workers, all on free ports.
//!
//! Apart from `cargo xtask dev`, which may run at the same time: own ports, own folder, own settings files.

mod description;
mod ports;
mod workers;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use serde_json::json;

use crate::build::packages;
use crate::build::{page, worker};
use crate::process::Group;
use crate::process::progress::{Job, together};
use crate::system::aws_cli::Aws;
use crate::system::frozen;
use crate::system::local_aws::{self, LocalAws};
use crate::system::meddling;
use crate::system::private_file;
use crate::system::stack::{self, Stack, Stage};
use crate::system::worker_settings::fresh_token;
use crate::system::wrangler::{self, DevServer};
use crate::workspace::Workspace;
use description::describe;
use ports::Ports;
use workers::{TestWorker, workers};

const BUCKET: &str = "pe-test-code";
/// Seconds for which a code is good, in the stack for everything and in the one for waiting until it is not.
const MAIN_TTL: u32 = 60;
const SHORT_TTL: u32 = 3;

/// The numbers for which the main stack takes the code that a permit fixes. The other stack takes none.
const TEST_NUMBERS: &str = "+15005550001,+15005550002,+15005550003";

/// The worker that the tests load anew by changing its configuration, which is therefore its own.
const LENIENT: &str = "lenient";

/// The worker that runs as `cargo xtask dev` runs it, with the inbox.
const LOCAL: &str = "local";

/// The file beside the ledger to which the tests append which of the described answers they met.
const MET: &str = "described";

/// The workers with bindings that the tests meddle with, beside [`LENIENT`].
const MEDDLED: [&str; 3] = ["fault", "short", "guarded"];

/// A running system. Ends when dropped.
pub(crate) struct System {
    /// The workers before the local AWS: they go down in this order.
    processes: Vec<Group>,
    /// The description for the `e2e` crate.
    pub(crate) description: PathBuf,
    /// The base URLs of the worker [`LOCAL`] and of the local AWS, without a slash at the end.
    pub(crate) local_worker: String,
    pub(crate) aws_endpoint: String,
    /// The variables of the Postman collection: where [`LOCAL`] is, and its admin token.
    pub(crate) collection_environment: PathBuf,
}

impl System {
    /// Builds, starts, deploys; returns when every worker answers.
    pub(crate) fn start(workspace: &Workspace, state: &Path) -> Result<Self> {
        let ports = Ports::free()?;
        let aws = LocalAws::start_beside(
            workspace,
            state,
            ports.aws,
            vec![
                Box::new(|| packages::build(workspace, state)),
                Box::new(|| worker::build(workspace, state)),
                Box::new(|| page::build(workspace, state)),
            ],
        )?;
        let (main, short) = deploy(workspace, state, &aws)?;
        let admin_token = fresh_token()?;
        let workers = workers(&ports, &main, &short, &admin_token);
        let mut processes = start_workers(workspace, state, &workers)?;
        let logs = logs(&processes, &aws.process);
        processes.push(aws.process);
        let (path, ledger) = (state.join("system.json"), ledger(state));
        // The tests append to it what must be in no log; what an earlier run met does not count.
        private_file::write(&ledger, "")?;
        private_file::write(&state.join(MET), "")?;
        let mut description = describe(&ports, &workers, &main, &short, &logs, state);
        description["admin_token"] = json!(admin_token);
        let text = description.to_string();
        private_file::write(&path, &text)?;
        let local_worker = local_aws::endpoint(ports.local);
        let collection_environment = state.join("postman_environment.json");
        private_file::write(
            &collection_environment,
            &postman_environment(&[("base_url", &local_worker), ("admin_token", &admin_token)]),
        )?;
        Ok(Self {
            processes,
            description: path,
            local_worker,
            aws_endpoint: local_aws::endpoint(ports.aws),
            collection_environment,
        })
    }

    /// An error when a process has ended that should run.
    pub(crate) fn must_run(&mut self) -> Result<()> {
        self.processes.iter_mut().try_for_each(Group::must_run)
    }
}

/// Postman's format of an environment.
fn postman_environment(variables: &[(&str, &str)]) -> String {
    let values: Vec<_> = variables
        .iter()
        .map(|(key, value)| json!({ "key": key, "value": value, "enabled": true }))
        .collect();
    json!({ "name": "cargo xtask test", "values": values }).to_string()
}

fn deploy(workspace: &Workspace, state: &Path, local_aws: &LocalAws) -> Result<(Stack, Stack)> {
    let aws = Aws::local(workspace, &local_aws.endpoint(), state.to_owned());
    let packages = &stack::pack_and_upload(workspace, &aws, BUCKET, &state.join("packages"))?;
    let deploy = |name, ttl: u32, grace: u32, test_numbers: Option<&str>| {
        let (ttl, grace) = (ttl.to_string(), grace.to_string());
        let mut parameters = vec![
            ("Architecture", packages::HOST_ARCHITECTURE),
            ("DeletionProtection", "INACTIVE"),
            ("CodeTtlSeconds", &ttl),
            ("RefreshGraceSeconds", &grace),
        ];
        parameters.extend(test_numbers.map(|numbers| ("TestNumbers", numbers)));
        let parameters = &parameters;
        stack::deploy(workspace, &aws, BUCKET, packages, Stage { name, parameters })
    };
    let (mut main, mut short) = (None, None);
    together(vec![
        Box::new(|| {
            main = Some(deploy("pe-main", MAIN_TTL, 10, Some(TEST_NUMBERS))?);
            Ok(())
        }),
        Box::new(|| {
            short = Some(deploy("pe-short", SHORT_TTL, 0, None)?);
            Ok(())
        }),
    ])?;
    main.zip(short).context("a stack was not deployed")
}

fn start_workers(workspace: &Workspace, state: &Path, workers: &[TestWorker]) -> Result<Vec<Group>> {
    let config = frozen::freeze(workspace, &workspace.page_deployed(), &state.join("frozen"))?;
    let local_config = frozen::freeze_local(workspace, &own_folder(state, LOCAL))?;
    let own_config = meddling::freeze_meddled(workspace, &own_folder(state, LENIENT))?;
    let meddled_config = meddling::freeze_meddled(workspace, &own_folder(state, "meddled"))?;
    for worker in workers {
        wrangler::forget(state, worker.name)?;
    }
    meddling::share(state, "main", "strict")?;
    let started = Mutex::new(Vec::new());
    let jobs = workers
        .iter()
        .map(|worker| {
            let config = match worker.name {
                LENIENT => &own_config,
                LOCAL => &local_config,
                name if MEDDLED.contains(&name) => &meddled_config,
                _ => &config,
            };
            let started = &started;
            let job: Job<'_> = Box::new(move || {
                let file = state.join(format!("worker-{}.vars", worker.name));
                worker.settings.write(&file)?;
                let server = DevServer {
                    name: worker.name,
                    port: worker.port,
                    config: Some(config),
                    instead: None,
                    settings: Some(file),
                    ready_path: worker.ready_path,
                };
                let process = server.start(workspace, state)?;
                started.lock().unwrap_or_else(PoisonError::into_inner).push(process);
                Ok(())
            });
            job
        })
        .collect();
    together(jobs)?;
    Ok(started.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The folder with a worker's own copy of the bundle and the configuration.
fn own_folder(state: &Path, name: &str) -> PathBuf {
    state.join(format!("frozen-{name}"))
}

/// What the tests append to, what must be in no log.
fn ledger(state: &Path) -> PathBuf {
    state.join("ledger")
}

/// Every file that the running system writes to.
fn logs(workers: &[Group], aws: &Group) -> Vec<PathBuf> {
    workers
        .iter()
        .chain([aws])
        .map(|process| process.log().to_owned())
        .collect()
}
