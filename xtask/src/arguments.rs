//! The command line: what the user asked for, as a value.

use anyhow::{Context, Result, bail};
pub(crate) use guard::{GuardOptions, GuardOrder};
use lexopt::prelude::{Long, Short, Value, ValueExt};
use numbers::{port, within};
pub(crate) use stage::{DeployOptions, DestroyOptions, RotateOptions};

mod guard;
mod numbers;
mod stage;

pub(crate) const USAGE: &str = "\
cargo xtask dev [--port 8787] [--aws-port 4566] [--aws-only]
    Installs what is missing, builds, starts a local AWS, deploys into it and starts the worker.
    --aws-only leaves the worker to you: `npx wrangler dev`.
cargo xtask test [--only STEP]... [--keep]
    Everything that CI runs. --only runs the named steps, --keep leaves the system up until Ctrl-C.
cargo xtask bench [edge] [--rounds 5] [--seconds 2] [--only LOAD]...
    Measures the worker beside workers in JavaScript. --seconds is one measurement's length, --only names the loads:
    new, turn, one, invalid, expired, health. The machine should have nothing else to do.
cargo xtask bench triggers [--rounds 15]
    Measures the triggers' cold starts, warm calls, memory and sizes beside the same triggers in Python.
cargo xtask attack [SCENARIO]... [--seed 1]
    Plays attacks against the rate limits, ours and others', in simulated time: number, address, country, guess.
cargo xtask guard show|unlock|block|allow NUMBER [--url http://127.0.0.1:8787]
    Shows what the worker remembers of a phone number, or gives an order about it. The token is in ADMIN_TOKEN, or, for a
    worker on this machine, in .dev.vars; your name is in OPERATOR, or in USER.
cargo xtask deploy --stage NAME [--yes] [--dry-run] [--url URL]
    Deploys to your AWS and Cloudflare accounts, in a rehearsal to a local AWS (README.md, \"Deploy\"). --dry-run shows and
    validates without changing anything, --yes asks nothing, --url says where the worker is.
cargo xtask rotate --stage NAME [--yes] [--overlap 300]
    New keys for the worker and the triggers; old ones are good for --overlap seconds more.
cargo xtask destroy --stage NAME [--yes] [--delete-users]
    Removes what `deploy` made; a protected user pool only with --delete-users.
cargo xtask sbom
    Writes what the worker, the triggers and the tools are made of to target/sbom/, as CycloneDX.
cargo xtask build edge|page|triggers|arm64...
    Builds the worker's bundle, the static files beside it (wrangler calls both), or the triggers, for this machine or for
    AWS's arm64.
cargo xtask clean [--all]
    Removes what the others installed and built; --all also node_modules/ and target/.
";

#[derive(Debug, PartialEq)]
pub(crate) enum Task {
    Dev(DevOptions),
    Test(TestOptions),
    Bench(BenchOptions),
    Attack(AttackOptions),
    Guard(GuardOptions),
    Deploy(DeployOptions),
    Rotate(RotateOptions),
    Destroy(DestroyOptions),
    Sbom,
    /// In this order.
    Build(Vec<Part>),
    Clean {
        all: bool,
    },
    Help,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DevOptions {
    pub(crate) port: u16,
    pub(crate) aws_port: u16,
    pub(crate) aws_only: bool,
}

#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct TestOptions {
    /// Names of steps; all of them when empty.
    pub(crate) only: Vec<String>,
    pub(crate) keep: bool,
}

#[derive(Debug, PartialEq)]
pub(crate) struct BenchOptions {
    pub(crate) kind: Bench,
    pub(crate) rounds: u32,
    /// Of one measurement. Of `edge` alone, as is what follows.
    pub(crate) seconds: f64,
    /// Names of loads; all of them when empty.
    pub(crate) only: Vec<String>,
}

impl BenchOptions {
    /// Of one measurement, unless the user says otherwise.
    pub(crate) const SECONDS: f64 = 2.0;
}

/// What is measured.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) enum Bench {
    Edge,
    Triggers,
}

impl Bench {
    /// How often each measurement is made, unless the user says otherwise. A cold start is over in no time.
    fn rounds(self) -> u32 {
        match self {
            Self::Edge => 5,
            Self::Triggers => 15,
        }
    }
}

#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct AttackOptions {
    /// Names of scenarios; all of them when empty.
    pub(crate) scenarios: Vec<String>,
    pub(crate) seed: Option<u64>,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) enum Part {
    Edge,
    Page,
    Triggers,
    /// The triggers as AWS runs them.
    Arm64,
}

impl Part {
    const ALL: [(&'static str, Self); 4] = [
        ("edge", Self::Edge),
        ("page", Self::Page),
        ("triggers", Self::Triggers),
        ("arm64", Self::Arm64),
    ];
}

/// Parses the arguments after the program's name.
pub(crate) fn parse(mut arguments: lexopt::Parser) -> Result<Task> {
    let task = match arguments.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Task::Help),
        Some(Value(name)) => name.string()?,
        Some(other) => bail!(other.unexpected()),
    };
    match task.as_str() {
        "dev" => dev(arguments),
        "test" => test(arguments),
        "bench" => bench(arguments),
        "attack" => attack(arguments),
        "guard" => guard::guard(arguments),
        "deploy" => stage::deploy(arguments),
        "rotate" => stage::rotate(arguments),
        "destroy" => stage::destroy(arguments),
        "sbom" => sbom(arguments),
        "build" => build(arguments),
        "clean" => clean(arguments),
        "help" => Ok(Task::Help),
        other => bail!("there is no command `{other}`"),
    }
}

fn dev(mut arguments: lexopt::Parser) -> Result<Task> {
    let mut options = DevOptions {
        port: 8787,
        aws_port: 4566,
        aws_only: false,
    };
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => options.port = port(&mut arguments, "--port")?,
            Long("aws-port") => options.aws_port = port(&mut arguments, "--aws-port")?,
            Long("aws-only") => options.aws_only = true,
            Short('h') | Long("help") => return Ok(Task::Help),
            other => bail!(other.unexpected()),
        }
    }
    if options.port == options.aws_port {
        bail!("--port and --aws-port are both {}", options.port);
    }
    Ok(Task::Dev(options))
}

fn test(mut arguments: lexopt::Parser) -> Result<Task> {
    let mut options = TestOptions::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("only") => options.only.push(arguments.value()?.string()?),
            Long("keep") => options.keep = true,
            Short('h') | Long("help") => return Ok(Task::Help),
            other => bail!(other.unexpected()),
        }
    }
    Ok(Task::Test(options))
}

fn bench(mut arguments: lexopt::Parser) -> Result<Task> {
    let (mut kind, mut rounds, mut seconds, mut only) = (None, None, None, Vec::new());
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) if kind.is_none() => {
                kind = Some(match name.string()?.as_str() {
                    "edge" => Bench::Edge,
                    "triggers" => Bench::Triggers,
                    other => bail!("`{other}` cannot be measured; `edge` and `triggers` can"),
                });
            }
            Long("rounds") => rounds = Some(within(&mut arguments, "--rounds", 1, 1_000)?),
            Long("seconds") => seconds = Some(within(&mut arguments, "--seconds", 0.5, 60.0)?),
            Long("only") => only.push(arguments.value()?.string()?),
            Short('h') | Long("help") => return Ok(Task::Help),
            other => bail!(other.unexpected()),
        }
    }
    let kind = kind.unwrap_or(Bench::Edge);
    if kind == Bench::Triggers && (seconds.is_some() || !only.is_empty()) {
        bail!("--seconds and --only are options of `bench edge`, not of `bench triggers`");
    }
    Ok(Task::Bench(BenchOptions {
        kind,
        rounds: rounds.unwrap_or(kind.rounds()),
        seconds: seconds.unwrap_or(BenchOptions::SECONDS),
        only,
    }))
}

fn attack(mut arguments: lexopt::Parser) -> Result<Task> {
    let mut options = AttackOptions::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(scenario) => options.scenarios.push(scenario.string()?),
            Long("seed") => options.seed = Some(within(&mut arguments, "--seed", 0, u64::MAX)?),
            Short('h') | Long("help") => return Ok(Task::Help),
            other => bail!(other.unexpected()),
        }
    }
    Ok(Task::Attack(options))
}

fn sbom(mut arguments: lexopt::Parser) -> Result<Task> {
    match arguments.next()? {
        None => Ok(Task::Sbom),
        Some(Short('h') | Long("help")) => Ok(Task::Help),
        Some(other) => bail!(other.unexpected()),
    }
}

fn build(mut arguments: lexopt::Parser) -> Result<Task> {
    let mut parts = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) => {
                let name = name.string()?;
                let known = Part::ALL.into_iter().find(|(known, _)| *known == name);
                let (_, part) = known
                    .with_context(|| format!("`{name}` cannot be built; `edge`, `page`, `triggers` and `arm64` can"))?;
                parts.push(part);
            }
            Short('h') | Long("help") => return Ok(Task::Help),
            other => bail!(other.unexpected()),
        }
    }
    if parts.is_empty() {
        bail!("build what? `edge`, `page`, `triggers` or `arm64`");
    }
    Ok(Task::Build(parts))
}

fn clean(mut arguments: lexopt::Parser) -> Result<Task> {
    let mut all = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("all") => all = true,
            Short('h') | Long("help") => return Ok(Task::Help),
            other => bail!(other.unexpected()),
        }
    }
    Ok(Task::Clean { all })
}

#[cfg(test)]
mod tests;
