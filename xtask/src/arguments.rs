//! The command line: what the user asked for, as a value.

use std::fmt::Display;
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use challenge::PhoneNumber;
use lexopt::prelude::{Long, Short, Value, ValueExt};

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
cargo xtask build edge|triggers
    Builds the worker's bundle (wrangler calls this) or the triggers.
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
    Build(Part),
    Clean { all: bool },
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
    Triggers,
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
    let part = match arguments.next()? {
        Some(Value(name)) => match name.string()?.as_str() {
            "edge" => Part::Edge,
            "triggers" => Part::Triggers,
            other => bail!("`{other}` cannot be built; `edge` and `triggers` can"),
        },
        Some(Short('h') | Long("help")) => return Ok(Task::Help),
        Some(other) => bail!(other.unexpected()),
        None => bail!("build what? `edge` or `triggers`"),
    };
    match arguments.next()? {
        None => Ok(Task::Build(part)),
        Some(other) => bail!(other.unexpected()),
    }
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

/// An option's number, from `least` to `most`.
fn within<N>(arguments: &mut lexopt::Parser, option: &str, least: N, most: N) -> Result<N>
where
    N: Copy + FromStr + PartialOrd + Display,
{
    let text = arguments.value()?.string()?;
    match text.parse() {
        Ok(number) if number >= least && number <= most => Ok(number),
        _ => bail!("{option} takes a number from {least} to {most}, not `{text}`"),
    }
}

/// Port 0 would mean "any", which nobody could then find.
fn port(arguments: &mut lexopt::Parser, option: &str) -> Result<u16> {
    let text = arguments.value()?.string()?;
    match text.parse() {
        Ok(0) | Err(_) => bail!("{option} takes a port from 1 to 65535, not `{text}`"),
        Ok(port) => Ok(port),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Task> {
        super::parse(lexopt::Parser::from_args(arguments))
    }

    #[test]
    fn ports_have_the_defaults_of_the_contract() {
        let expected = DevOptions {
            port: 8787,
            aws_port: 4566,
            aws_only: false,
        };
        assert_eq!(parse(&["dev"]).unwrap(), Task::Dev(expected));
    }

    #[test]
    fn options_take_their_value_after_a_space_or_an_equals_sign() {
        let expected = || {
            Task::Dev(DevOptions {
                port: 1,
                aws_port: 65535,
                aws_only: true,
            })
        };
        let spaced = ["dev", "--port", "1", "--aws-port", "65535", "--aws-only"];
        assert_eq!(parse(&spaced).unwrap(), expected());
        let joined = ["dev", "--aws-only", "--port=1", "--aws-port=65535"];
        assert_eq!(parse(&joined).unwrap(), expected());
    }

    #[test]
    fn a_port_that_cannot_be_one_is_refused_by_name() {
        for wrong in ["0", "65536", "-1", "http", ""] {
            let message = format!("{:#}", parse(&["dev", &format!("--port={wrong}")]).unwrap_err());
            assert!(message.contains("--port"), "{wrong}: {message}");
        }
    }

    #[test]
    fn the_worker_and_the_local_aws_cannot_share_a_port() {
        assert!(parse(&["dev", "--port", "4566"]).is_err());
    }

    #[test]
    fn nothing_is_silently_ignored() {
        for wrong in [
            &["dev", "--verbose"][..],
            &["dev", "extra"],
            &["build"],
            &["build", "all"],
            &["build", "edge", "triggers"],
            &["clean", "everything"],
            &["serve"],
            &["bench", "challenge"],
            &["bench", "edge", "edge"],
            &["attack", "--seed=-1"],
            &["attack", "--seed", "first"],
            &["attack", "--output=x"],
            &["guard"],
            &["guard", "show"],
            &["guard", "forget", "+15005550006"],
            &["guard", "show", "+15005550006", "+15005550007"],
            &["guard", "show", "+15005550006", "--token=x"],
            &["--port", "1"],
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn steps_can_be_named_several_times() {
        let options = TestOptions {
            only: vec!["format".into(), "bundle".into()],
            keep: true,
        };
        let arguments = ["test", "--only", "format", "--keep", "--only", "bundle"];
        assert_eq!(parse(&arguments).unwrap(), Task::Test(options));
    }

    #[test]
    fn the_worker_is_what_is_measured_unless_something_else_is_named() {
        let expected = || {
            Task::Bench(BenchOptions {
                kind: Bench::Edge,
                rounds: 3,
                seconds: 0.5,
                only: vec!["new".into()],
            })
        };
        let options = ["--rounds", "3", "--seconds", "0.5", "--only", "new"];
        assert_eq!(parse(&[&["bench"][..], &options].concat()).unwrap(), expected());
        assert_eq!(parse(&[&["bench", "edge"][..], &options].concat()).unwrap(), expected());
    }

    #[test]
    fn scenarios_can_be_named_and_so_can_the_seed() {
        let options = AttackOptions {
            scenarios: vec!["guess".into(), "number".into()],
            seed: Some(7),
        };
        let arguments = ["attack", "guess", "--seed", "7", "number"];
        assert_eq!(parse(&arguments).unwrap(), Task::Attack(options));
        assert_eq!(parse(&["attack"]).unwrap(), Task::Attack(AttackOptions::default()));
    }

    #[test]
    fn each_order_can_be_given_for_a_number() {
        for order in GuardOrder::ALL {
            let options = |url: &str| {
                Task::Guard(GuardOptions {
                    order,
                    number: PhoneNumber::parse("+15005550006").unwrap(),
                    url: url.to_owned(),
                })
            };
            let arguments = ["guard", order.name(), "+15005550006"];
            assert_eq!(parse(&arguments).unwrap(), options("http://127.0.0.1:8787"));
            let elsewhere = ["--url", "https://api.example.com"];
            assert_eq!(
                parse(&[&arguments[..], &elsewhere].concat()).unwrap(),
                options("https://api.example.com")
            );
        }
    }

    #[test]
    fn what_is_no_number_is_refused_without_repeating_it() {
        for wrong in ["15005550007", "+1500555000x", "+999150055500", "+1 500 555 0006", "+"] {
            let message = format!("{:#}", parse(&["guard", "show", wrong]).unwrap_err());
            assert!(message.contains("E.164"), "{message}");
            assert!(wrong == "+" || !message.contains(wrong), "{message}");
        }
    }

    #[test]
    fn a_number_out_of_range_is_refused_by_name() {
        for (option, wrong) in [
            ("--rounds", "0"),
            ("--rounds", "1.5"),
            ("--seconds", "0"),
            ("--seconds", "NaN"),
        ] {
            let message = format!("{:#}", parse(&["bench", option, wrong]).unwrap_err());
            assert!(message.contains(option), "{wrong}: {message}");
        }
    }

    #[test]
    fn help_is_offered_everywhere() {
        for arguments in [
            &[][..],
            &["help"],
            &["--help"],
            &["dev", "-h"],
            &["bench", "-h"],
            &["build", "--help"],
            &["attack", "guess", "--help"],
            &["guard", "-h"],
        ] {
            assert_eq!(parse(arguments).unwrap(), Task::Help);
        }
    }
}
