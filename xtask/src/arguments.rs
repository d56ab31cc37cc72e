//! The command line: what the user asked for, as a value.

use anyhow::{Result, bail};
use lexopt::prelude::{Long, Short, Value, ValueExt};

pub(crate) const USAGE: &str = "\
cargo xtask dev [--port 8787] [--aws-port 4566] [--aws-only]
    Installs what is missing, builds, starts a local AWS, deploys into it and starts the worker.
    --aws-only leaves the worker to you: `npx wrangler dev`.
cargo xtask test [--only STEP]... [--keep]
    Everything that CI runs. --only runs the named steps, --keep leaves the system up until Ctrl-C.
cargo xtask build edge|triggers
    Builds the worker's bundle (wrangler calls this) or the triggers.
cargo xtask clean [--all]
    Removes what the others installed and built; --all also node_modules/ and target/.
";

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Dev(DevOptions),
    Test(TestOptions),
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
    fn help_is_offered_everywhere() {
        for arguments in [&[][..], &["help"], &["--help"], &["dev", "-h"], &["build", "--help"]] {
            assert_eq!(parse(arguments).unwrap(), Task::Help);
        }
    }
}
