//! The whole system for the end-to-end tests: one local AWS, two stacks, seven workers, all on free ports.
//!
//! Apart from `cargo xtask dev`, which may run at the same time: own ports, own folder, own settings files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::build::packages::{self, Packages};
use crate::build::worker;
use crate::process::Group;
use crate::process::progress::{Job, together};
use crate::system::aws_cli::Aws;
use crate::system::local_aws::{self, LocalAws};
use crate::system::meddling;
use crate::system::ports;
use crate::system::private_file;
use crate::system::stack::{self, Stack, Stage};
use crate::system::worker_settings::{WorkerSettings, fresh_token};
use crate::system::wrangler::{self, DevServer};
use crate::workspace::Workspace;

const BUCKET: &str = "pe-test-code";
/// Seconds for which a code is good, in the stack for everything and in the one for waiting until it is not.
const MAIN_TTL: u32 = 60;
const SHORT_TTL: u32 = 3;

/// The numbers for which the main stack takes the code that a permit fixes. The other stack takes none.
const TEST_NUMBERS: &str = "+15005550001,+15005550002,+15005550003";

/// The worker that the tests load anew by changing its configuration, which is therefore its own.
const LENIENT: &str = "lenient";

/// The workers with bindings that the tests meddle with, beside [`LENIENT`].
const MEDDLED: [&str; 3] = ["fault", "short", "guarded"];

/// With their codes, as the worker `main` has them.
const TEST_CODES: &str = "+15005550001=246810 +15005550002=135791 +15005550003=000000";

/// Where the tokens of the human check come from that the workers `guarded` and `lenient` take.
const TURNSTILE_SECRET: &str = "1x0000000000000000000000000000000AA";
const TURNSTILE_HOSTNAME: &str = "app.example.com";

/// Where the `e2e` crate stands in for the API behind the worker `main`: below its port. The path shows that one is kept.
const ORIGIN_PATH: &str = "/api";
const ORIGIN_SIGNING_KEY: &str = "a-key-of-the-tests-for-their-origin";
/// Short, so that the tests of a slow origin are not slow themselves.
const ORIGIN_TIMEOUT_MS: &str = "2000";

/// Where nobody listens: the port of the discard protocol (RFC 863), which no system opens any more.
const NOBODY: &str = "http://127.0.0.1:9";

/// What must answer before a worker counts as ready: with all it depends on, or by itself.
const DEEP: &str = "/health?deep=1";
const SHALLOW: &str = "/health";

/// One of the workers that the tests talk to.
struct TestWorker {
    name: &'static str,
    port: u16,
    settings: WorkerSettings,
    ready_path: &'static str,
}

/// A running system. Ends when dropped.
pub(crate) struct System {
    /// The workers before the local AWS: they go down in this order.
    processes: Vec<Group>,
    /// The description for the `e2e` crate.
    pub(crate) description: PathBuf,
}

/// The ports of one system.
struct Ports {
    aws: u16,
    main: u16,
    short: u16,
    fault: u16,
    strict: u16,
    broken: u16,
    lenient: u16,
    guarded: u16,
    /// Where the `e2e` crate itself stands in for Cognito and for the key set, to let them fail, and lets the deny list
    /// fail.
    faulty_cognito: u16,
    faulty_keys: u16,
    faulty_deny_list: u16,
    faulty_guard: u16,
    /// Where it stands in for Cloudflare Turnstile.
    turnstile: u16,
    /// Where it stands in for the API behind the worker.
    origin: u16,
}

impl System {
    /// Builds, starts, deploys; returns when every worker answers.
    pub(crate) fn start(workspace: &Workspace, state: &Path) -> Result<Self> {
        let [
            aws,
            main,
            short,
            fault,
            strict,
            broken,
            lenient,
            guarded,
            faulty_cognito,
            faulty_keys,
            faulty_deny_list,
            faulty_guard,
            turnstile,
            origin,
        ] = ports::free()?;
        let ports = Ports {
            aws,
            main,
            short,
            fault,
            strict,
            broken,
            lenient,
            guarded,
            faulty_cognito,
            faulty_keys,
            faulty_deny_list,
            faulty_guard,
            turnstile,
            origin,
        };
        let aws = LocalAws::start_beside(
            workspace,
            state,
            ports.aws,
            vec![
                Box::new(|| packages::build(workspace, state)),
                Box::new(|| worker::build(workspace, state)),
            ],
        )?;
        let packages = packages::pack(&packages::executables(workspace), &state.join("packages"))?;
        let (main, short) = deploy(workspace, state, &aws, &packages)?;
        let admin_token = fresh_token()?;
        let workers = workers(&ports, &main, &short, &admin_token);
        let mut processes = start_workers(workspace, state, &workers)?;
        let logs = logs(&processes, &aws.process);
        processes.push(aws.process);
        let (path, ledger) = (state.join("system.json"), ledger(state));
        // The tests append to it what must be in no log; what an earlier run met does not count.
        private_file::write(&ledger, "")?;
        let mut description = describe(&ports, &workers, &main, &short, &logs, state);
        description["admin_token"] = json!(admin_token);
        let text = description.to_string();
        private_file::write(&path, &text)?;
        Ok(Self {
            processes,
            description: path,
        })
    }

    /// An error when a process has ended that should run.
    pub(crate) fn must_run(&mut self) -> Result<()> {
        self.processes.iter_mut().try_for_each(Group::must_run)
    }
}

fn deploy(workspace: &Workspace, state: &Path, local_aws: &LocalAws, packages: &Packages) -> Result<(Stack, Stack)> {
    let aws = Aws::local(workspace, &local_aws.endpoint(), state.to_owned());
    stack::upload(&aws, BUCKET, packages)?;
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

/// The workers of the two stacks; one of the main stack with everything between it and AWS in the hands of the tests; one
/// that has the optional settings; one whose settings are wrong; one whose settings let more in; and one that denies more.
fn workers(ports: &Ports, main: &Stack, short: &Stack, admin_token: &str) -> Vec<TestWorker> {
    let aws = local_aws::endpoint(ports.aws);
    let cognito = local_aws::endpoint(ports.faulty_cognito);
    let keys = local_aws::endpoint(ports.faulty_keys);
    let worker = |name, port, settings: WorkerSettings, ready_path| TestWorker {
        name,
        port,
        settings: settings.with("ENVIRONMENT", "test"),
        ready_path,
    };
    let direct = |stack| WorkerSettings::new(stack, &aws, &aws).with("ALLOWED_COUNTRIES", "*");
    let through_faults = || WorkerSettings::new(main, &cognito, &keys).with("ALLOWED_COUNTRIES", "*");
    let meddled = |settings: WorkerSettings, name| {
        let address = |port| format!("{}/{name}", local_aws::endpoint(port));
        settings
            .with(meddling::DENY_LIST_FAULT, &address(ports.faulty_deny_list))
            .with(meddling::GUARD_FAULT, &address(ports.faulty_guard))
    };
    let with_origin = |settings: WorkerSettings, url: &str| {
        settings
            .with("ORIGIN_URL", url)
            .with("ORIGIN_SIGNING_KEY", ORIGIN_SIGNING_KEY)
            .with("ORIGIN_TIMEOUT_MS", ORIGIN_TIMEOUT_MS)
    };
    let with_human_check = |settings: WorkerSettings, asked: &str| {
        settings
            .with("TURNSTILE_SECRET", TURNSTILE_SECRET)
            .with("TURNSTILE_HOSTNAMES", TURNSTILE_HOSTNAME)
            .with(
                "TURNSTILE_URL",
                &format!("{}/siteverify", local_aws::endpoint(ports.turnstile)),
            )
            .with("HUMAN_CHECK", asked)
    };
    let origin = format!("{}{ORIGIN_PATH}", local_aws::endpoint(ports.origin));
    // All limits as they are by default.
    let of_main = with_origin(direct(main), &origin)
        .with("TEST_NUMBERS", TEST_CODES)
        .with("ADMIN_TOKEN", admin_token);
    let of_short = with_origin(direct(short), NOBODY)
        .with("DENY_LIST_FAIL_CLOSED", "true")
        .with("SEND_PAUSES_SECONDS", "0")
        .with("SENDS_PER_NUMBER", "100/hour");
    // Its sign-ups take as long as they take: how long that is, is what is tested there.
    let fault = through_faults()
        .with("SIGN_UP_FLOOR_MS", "0")
        .with("SEND_PAUSES_SECONDS", "0")
        .with("SENDS_PER_NUMBER", "100/hour");
    // No country at all.
    let strict = direct(main)
        .without("ALLOWED_COUNTRIES")
        .with("REQUIRED_SCOPES", "orders/read")
        .with("ALLOWED_ORIGINS", "https://app.example.com");
    let broken = direct(main).without("CLIENT_SECRET").with("PERMIT_KEY", "not-a-key");
    // Its JWKS_URL comes from its configuration, which the tests change.
    let lenient = with_human_check(through_faults(), "always")
        .without("JWKS_URL")
        .with("CLIENT_IDS", "another1client")
        .with("CLOCK_TOLERANCE_SECONDS", "5")
        .with(
            "REQUIRED_SCOPES",
            "orders/read /secured/call calls/make /secured/reports reports/read",
        )
        .with("TOKEN_MEMO_ENTRIES", "0");
    let guarded = with_human_check(direct(main), "soft")
        .with("ALLOWED_COUNTRIES", "US CA DE AT CH FR IT ES")
        .with("CONVERSION_BUDGET", "deny")
        .with("CONVERSION_FLOOR", "3");
    vec![
        worker("main", ports.main, of_main, DEEP),
        worker("short", ports.short, meddled(of_short, "short"), DEEP),
        // What it depends on is not there before the tests run.
        worker("fault", ports.fault, meddled(fault, "fault"), SHALLOW),
        worker("strict", ports.strict, strict, DEEP),
        worker("broken", ports.broken, broken, SHALLOW),
        worker(LENIENT, ports.lenient, meddled(lenient, LENIENT), SHALLOW),
        worker("guarded", ports.guarded, meddled(guarded, "guarded"), DEEP),
    ]
}

fn start_workers(workspace: &Workspace, state: &Path, workers: &[TestWorker]) -> Result<Vec<Group>> {
    let config = wrangler::freeze(workspace, &state.join("frozen"))?;
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

/// What the `e2e` crate reads.
fn describe(
    ports: &Ports,
    workers: &[TestWorker],
    main: &Stack,
    short: &Stack,
    logs: &[PathBuf],
    state: &Path,
) -> Value {
    let workers: BTreeMap<_, _> = workers
        .iter()
        .map(|worker| (worker.name, local_aws::endpoint(worker.port)))
        .collect();
    json!({
        "aws_endpoint": local_aws::endpoint(ports.aws),
        "region": main.region,
        "logs": logs,
        "stacks": {
            "main": describe_stack(main, MAIN_TTL),
            "short": describe_stack(short, SHORT_TTL),
        },
        "workers": workers,
        "fault": { "cognito_port": ports.faulty_cognito, "jwks_port": ports.faulty_keys,
                   "deny_list_port": ports.faulty_deny_list, "guard_port": ports.faulty_guard },
        "turnstile": { "port": ports.turnstile, "secret": TURNSTILE_SECRET, "hostname": TURNSTILE_HOSTNAME },
        "origin": { "port": ports.origin, "path": ORIGIN_PATH, "signing_key": ORIGIN_SIGNING_KEY },
        "lenient_config": own_folder(state, LENIENT).join(wrangler::CONFIG),
        "ledger": ledger(state),
    })
}

fn describe_stack(stack: &Stack, ttl: u32) -> Value {
    json!({
        "name": stack.name,
        "user_pool_id": stack.user_pool_id,
        "client_id": stack.client_id,
        "client_secret": stack.client_secret,
        "access_key_id": stack.access_key_id,
        "secret_access_key": stack.secret_access_key,
        "permit_key": stack.permit_key,
        "code_ttl_seconds": ttl,
    })
}
