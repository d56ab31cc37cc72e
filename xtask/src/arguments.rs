//! The command line: what the user asked for, as a value.

use anyhow::{Context, Result, bail};
use challenge::PhoneNumber;
use lexopt::prelude::{Long, Short, Value, ValueExt};
use numbers::{port, within};

mod numbers;

pub(crate) const USAGE: &str = "\
cargo xtask dev [--port 8787] [--aws-port 4566] [--aws-only]
    Installs what is missing, builds, starts a local AWS, deploys into it and starts the worker.
    --aws-only leaves the worker to you: `npx wrangler dev`.
cargo xtask test [--only STEP]... [--keep]
    Everything that CI runs. --only runs the named steps, --keep leaves the system up until Ctrl-C.
cargo xtask bench [edge] [--rounds 5] [--seconds 2] [--only LOAD]...
    Measures the worker beside workers in JavaScript. --seconds is one measurement's length, --only names the loads:
    new, turn, one, invalid, expired, health. The machine should have nothing else to do.
cargo xtask attack [SCENARIO]... [--seed 1]
    Plays attacks against the rate limits, ours and others', in simulated time: number, address, country, guess.
cargo xtask guard show|unlock|block|allow NUMBER [--url http://127.0.0.1:8787]
    Shows what the worker remembers of a phone number, or gives an order about it. The token is in ADMIN_TOKEN, or, for a
    worker on this machine, in .dev.vars; your name is in OPERATOR, or in USER.
cargo xtask build edge|page|triggers...
    Builds the worker's bundle, the static files beside it (wrangler calls both), or the triggers.
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
    /// Of one measurement.
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
}

#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) struct AttackOptions {
    /// Names of scenarios; all of them when empty.
    pub(crate) scenarios: Vec<String>,
    pub(crate) seed: Option<u64>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct GuardOptions {
    pub(crate) order: GuardOrder,
    pub(crate) number: PhoneNumber,
    /// The worker's.
    pub(crate) url: String,
}

/// What an operator wants of a number's Guard.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) enum GuardOrder {
    Show,
    Unlock,
    Block,
    Allow,
}

impl GuardOrder {
    const ALL: [Self; 4] = [Self::Show, Self::Unlock, Self::Block, Self::Allow];

    /// The name on the command line and in requests.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Show => "show",
            Self::Unlock => "unlock",
            Self::Block => "block",
            Self::Allow => "allow",
        }
    }
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) enum Part {
    Edge,
    Page,
    Triggers,
}

impl Part {
    const ALL: [(&'static str, Self); 3] = [("edge", Self::Edge), ("page", Self::Page), ("triggers", Self::Triggers)];
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
        "guard" => guard(arguments),
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
    let mut options = BenchOptions {
        kind: Bench::Edge,
        rounds: 5,
        seconds: BenchOptions::SECONDS,
        only: Vec::new(),
    };
    let mut named = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(kind) if !named => {
                named = true;
                options.kind = match kind.string()?.as_str() {
                    "edge" => Bench::Edge,
                    other => bail!("`{other}` cannot be measured; `edge` can"),
                };
            }
            Long("rounds") => options.rounds = within(&mut arguments, "--rounds", 1, 1_000)?,
            Long("seconds") => options.seconds = within(&mut arguments, "--seconds", 0.5, 60.0)?,
            Long("only") => options.only.push(arguments.value()?.string()?),
            Short('h') | Long("help") => return Ok(Task::Help),
            other => bail!(other.unexpected()),
        }
    }
    Ok(Task::Bench(options))
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

fn guard(mut arguments: lexopt::Parser) -> Result<Task> {
    let (mut order, mut number) = (None, None);
    let mut url = "http://127.0.0.1:8787".to_owned();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) if order.is_none() => {
                let name = name.string()?;
                let known = GuardOrder::ALL.into_iter().find(|order| order.name() == name);
                order = Some(
                    known
                        .with_context(|| format!("`{name}` is no order; `show`, `unlock`, `block` and `allow` are"))?,
                );
            }
            // The number itself is not repeated: what is printed may be logged.
            Value(text) if number.is_none() => {
                let parsed = PhoneNumber::parse(&text.string()?);
                number = Some(parsed.context("the number is not one in E.164 form, such as +15005550006")?);
            }
            Long("url") => url = arguments.value()?.string()?,
            Short('h') | Long("help") => return Ok(Task::Help),
            other => bail!(other.unexpected()),
        }
    }
    Ok(Task::Guard(GuardOptions {
        order: order.context("which order? `show`, `unlock`, `block` or `allow`")?,
        number: number.context("of which number? Such as +15005550006")?,
        url,
    }))
}

fn build(mut arguments: lexopt::Parser) -> Result<Task> {
    let mut parts = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) => {
                let name = name.string()?;
                let known = Part::ALL.into_iter().find(|(known, _)| *known == name);
                let (_, part) =
                    known.with_context(|| format!("`{name}` cannot be built; `edge`, `page` and `triggers` can"))?;
                parts.push(part);
            }
            Short('h') | Long("help") => return Ok(Task::Help),
            other => bail!(other.unexpected()),
        }
    }
    if parts.is_empty() {
        bail!("build what? `edge`, `page` or `triggers`");
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
