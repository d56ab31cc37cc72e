//! One function: a process as Lambda starts it, ended when dropped.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::Serialize;

use crate::process;
use crate::triggers::aws::Aws;
use crate::triggers::events::Trigger;
use crate::triggers::plan::Plan;
use crate::triggers::runtime_api::{FUNCTION, Outcome, RuntimeApi};

const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks whether the process still runs.
const LOOK: Duration = Duration::from_millis(100);

/// By this variable `cargo xtask` finds what outlives a benchmark that was killed.
const MARK: &str = "PASSWORDLESS_EDGE_STATE";

/// Whose function it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Side {
    Ours,
    Peer,
}

impl Side {
    pub(crate) const BOTH: [Self; 2] = [Self::Ours, Self::Peer];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Peer => "Python",
        }
    }
}

#[derive(Debug)]
pub(crate) struct Function {
    name: String,
    api: RuntimeApi,
    child: Child,
    started: Instant,
    log: PathBuf,
}

impl Function {
    /// Starts the process; returns at once. `event` is there when it asks for one, as in Lambda, where a start waits for none.
    pub(crate) fn start(plan: &Plan, aws: &Aws, side: Side, trigger: Trigger, event: &[u8]) -> Result<Self> {
        let name = format!("{}-{}", trigger.name(), side.name().to_lowercase());
        let api = RuntimeApi::start()?;
        api.offer(event);
        let log = plan.logs.join(format!("{name}.log"));
        let errors = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = match side {
            Side::Ours => Command::new(plan.executables.join(format!("{}-auth-challenge", trigger.name()))),
            Side::Peer => {
                let mut command = Command::new(&plan.python);
                command.args(["-m", "awslambdaric", &format!("{}.handle", trigger.name())]);
                command
            }
        };
        command
            .current_dir(&plan.handlers)
            .env_clear()
            .envs(environment(&api, aws))
            .envs(std::env::var_os(MARK).map(|value| (MARK, value)))
            .stdin(Stdio::null())
            // Their log lines. What Lambda does with them costs it, not them.
            .stdout(Stdio::null())
            .stderr(errors);
        let started = Instant::now();
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        Ok(Self {
            name,
            api,
            child,
            started,
            log,
        })
    }

    pub(crate) fn started(&self) -> Instant {
        self.started
    }

    pub(crate) fn offer(&self, event: &[u8]) {
        self.api.offer(event);
    }

    /// What it made of the oldest event that it was offered.
    pub(crate) fn outcome(&mut self) -> Result<Outcome> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(outcome) = self.api.outcome(LOOK) {
                return Ok(outcome);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended: {status}{}", self.name, self.log_tail());
            }
        }
        bail!(
            "{} gave no answer in {} s{}",
            self.name,
            PATIENCE.as_secs(),
            self.log_tail()
        )
    }

    /// The most memory that it ever had resident, in KiB.
    pub(crate) fn peak_kib(&self) -> Result<f64> {
        Ok(process::memory(self.child.id())?.peak)
    }

    /// Processor time of the threads that run, in milliseconds.
    pub(crate) fn cpu_ms(&self) -> Result<f64> {
        process::cpu_time_of_threads(self.child.id())
    }

    /// The last lines that the process wrote, each on a new line.
    fn log_tail(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let mut tail = vec![""];
        tail.extend(&lines[lines.len().saturating_sub(20)..]);
        tail.join("\n    ")
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        // It has nothing to save, and the next one must not share the processors with its end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What Lambda and the template put into a function's environment, the same for every function.
fn environment(api: &RuntimeApi, aws: &Aws) -> Vec<(&'static str, String)> {
    let own = |text: &str| text.to_owned();
    vec![
        ("AWS_LAMBDA_RUNTIME_API", api.address()),
        ("AWS_LAMBDA_FUNCTION_NAME", own(FUNCTION)),
        ("AWS_LAMBDA_FUNCTION_VERSION", own("$LATEST")),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", own("256")),
        ("AWS_LAMBDA_LOG_GROUP_NAME", own("/aws/lambda/bench")),
        ("AWS_LAMBDA_LOG_STREAM_NAME", own("2026/01/01/[$LATEST]0")),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", own("on-demand")),
        ("AWS_REGION", own("eu-west-1")),
        ("AWS_DEFAULT_REGION", own("eu-west-1")),
        ("AWS_ACCESS_KEY_ID", own("AKIDBENCH")),
        ("AWS_SECRET_ACCESS_KEY", own("secretbench")),
        ("AWS_SESSION_TOKEN", own("tokenbench")),
        // Instead of two services with TLS.
        ("AWS_ENDPOINT_URL", aws.endpoint()),
        ("LANG", own("en_US.UTF-8")),
        ("TZ", own(":UTC")),
        ("PATH", own("/usr/local/bin:/usr/bin:/bin")),
        (
            "CHALLENGE_SECRET_ARN",
            own("arn:aws:secretsmanager:eu-west-1:000000000000:secret:bench/challenge-AbCdEf"),
        ),
        ("CODE_TTL_SECONDS", own("60")),
        (
            "MESSAGE_TEMPLATE",
            own("{code} is your code for {app}. Do not share it."),
        ),
        ("APP_NAME", own("passwordless-edge")),
        ("ORIGIN_DOMAIN", own("example.com")),
        ("SENDER_ID", String::new()),
        ("TEST_NUMBERS", String::new()),
        ("KEYS_VERSION", own("initial")),
        ("STACK_NAME", own("passwordless-edge-bench")),
    ]
}
