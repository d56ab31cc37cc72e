//! `cargo xtask dev`: from a fresh clone to a running system, and down again.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::arguments::DevOptions;
use crate::build::{packages, page, worker};
use crate::install;
use crate::process::lock::{self, Taken};
use crate::process::progress::Job;
use crate::process::{Group, interrupt, leftovers};
use crate::system::aws_cli::Aws;
use crate::system::inbox::Inbox;
use crate::system::local_aws::LocalAws;
use crate::system::ports;
use crate::system::stack::{self, Stage};
use crate::system::worker_settings::{WorkerSettings, fresh_token};
use crate::system::wrangler::{self, DevServer, Instead};
use crate::workspace::Workspace;

/// How often the inbox and the processes are looked at.
const POLL: Duration = Duration::from_millis(300);

/// The stack of a developer's machine. There is nothing to protect: it is gone when the local AWS ends.
const STAGE: Stage<'static> = Stage {
    name: "pe-dev",
    parameters: &[
        ("Architecture", packages::HOST_ARCHITECTURE),
        ("DeletionProtection", "INACTIVE"),
        ("TestNumbers", "*"),
    ],
};
const BUCKET: &str = "pe-dev-code";

/// Runs until a signal comes or something dies. Whatever happens, nothing that it started is left running.
pub(crate) fn run(workspace: &Workspace, options: &DevOptions) -> Result<()> {
    let state = workspace.dev_state();
    let _lock = match lock::take(&state.join("lock"))? {
        Taken::Now(lock) => lock,
        Taken::ByOther(holder) => {
            let holder = holder.map_or_else(String::new, |id| format!(" (pid {id})"));
            bail!("`cargo xtask dev` already runs in this checkout{holder}: stop that one first");
        }
    };
    leftovers::end(&state)?;
    let result = up_and_watch(workspace, &state, options);
    // Everything was ended when `up_and_watch` returned; this is the proof.
    leftovers::none_left(&state)?;
    result
}

fn up_and_watch(workspace: &Workspace, state: &Path, options: &DevOptions) -> Result<()> {
    // Before minutes of installing, not after.
    ports::must_be_free(options.aws_port, "local AWS", "--aws-port")?;
    if !options.aws_only {
        ports::must_be_free(options.port, "wrangler dev", "--port")?;
    }
    install::all(workspace, vec![Box::new(|| packages::build(workspace, state))])?;
    // Also when `npx wrangler dev` is left to the user: it wants its static files to be there before it builds anything.
    let mut jobs: Vec<Job<'_>> = vec![Box::new(|| page::build(workspace, state))];
    if !options.aws_only {
        jobs.push(Box::new(|| worker::build(workspace, state)));
    }
    let mut aws = LocalAws::start_beside(workspace, state, options.aws_port, jobs)?;

    let deployed = deploy(workspace, state, &aws);
    // A CLI that cannot connect is the symptom; that the local AWS died is the cause.
    if deployed.is_err() {
        aws.process.must_run()?;
    }
    deployed?;

    let mut processes = vec![];
    let mut url = aws.endpoint();
    if !options.aws_only {
        let server = DevServer {
            name: "dev",
            port: options.port,
            config: None,
            instead: Some(Instead {
                module: workspace.local_worker(),
                assets: workspace.page_local(),
            }),
            settings: None,
            ready_path: "/health?deep=1",
        };
        // It is about users and tokens of a local AWS that is gone.
        wrangler::forget(state, server.name)?;
        processes.push(server.start(workspace, state)?);
        url = server.url();
    }
    let mut inbox = Inbox::new(aws.endpoint());
    processes.push(aws.process);
    print(&format!("ready {url}"))?;
    watch(&mut inbox, &mut processes)
}

/// Deploys, and tells the worker where and who it is.
fn deploy(workspace: &Workspace, state: &Path, local_aws: &LocalAws) -> Result<()> {
    let endpoint = local_aws.endpoint();
    let aws = Aws::local(workspace, &endpoint, state.to_owned());
    let packages = stack::pack_and_upload(workspace, &aws, BUCKET, &state.join("packages"))?;
    let stack = stack::deploy(workspace, &aws, BUCKET, &packages, STAGE)?;
    WorkerSettings::new(&stack, &endpoint, &endpoint)
        .with("ENVIRONMENT", "dev")
        // No text leaves this machine, wherever it goes to.
        .with("ALLOWED_COUNTRIES", "*")
        .with("ADMIN_TOKEN", &fresh_token()?)
        .write_with(&workspace.own_vars(), &workspace.dev_vars())
}

/// Prints what is sent, until a signal comes or a process ends.
fn watch(inbox: &mut Inbox, processes: &mut [Group]) -> Result<()> {
    loop {
        for process in &mut *processes {
            process.must_run()?;
        }
        // A local AWS that does not answer in time is busy, or it has died, which the next round tells.
        for line in inbox.read().unwrap_or_default() {
            print(&line)?;
        }
        interrupt::pause(POLL)?;
    }
}

fn print(line: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")
        .and_then(|()| stdout.flush())
        .context("cannot print")
}
