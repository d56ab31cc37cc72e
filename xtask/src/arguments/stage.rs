//! What the commands about a stage are asked: `deploy`, `rotate`, `destroy`.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use lexopt::prelude::{Long, Short, ValueExt};

use super::Task;
use super::numbers::within;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DeployOptions {
    /// An environment of `wrangler.toml`; whether it is one is not known here.
    pub(crate) stage: String,
    /// Nobody is asked.
    pub(crate) yes: bool,
    /// Everything is checked and shown, nothing changed.
    pub(crate) dry_run: bool,
    /// Where the worker is, without a slash at the end. What wrangler prints when there is none.
    pub(crate) url: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RotateOptions {
    pub(crate) stage: String,
    pub(crate) yes: bool,
    /// For how long the old keys are still good once the worker has the new ones.
    pub(crate) overlap: Duration,
}

impl RotateOptions {
    /// Seconds. Codes live for one minute, and what was handed out before is used up by then; Cloudflare says of no change when
    /// it is everywhere.
    const OVERLAP: u64 = 300;
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DestroyOptions {
    pub(crate) stage: String,
    pub(crate) yes: bool,
    /// A protected user pool goes too, with everyone in it.
    pub(crate) delete_users: bool,
}

pub(super) fn deploy(mut arguments: lexopt::Parser) -> Result<Task> {
    let (mut stage, mut url) = (None, None);
    let (mut yes, mut dry_run) = (false, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("stage") => stage = Some(arguments.value()?.string()?),
            Long("yes") => yes = true,
            Long("dry-run") => dry_run = true,
            Long("url") => url = Some(base_url(&arguments.value()?.string()?)?),
            Short('h') | Long("help") => return Ok(Task::Help),
            other => bail!(other.unexpected()),
        }
    }
    Ok(Task::Deploy(DeployOptions {
        stage: named(stage)?,
        yes,
        dry_run,
        url,
    }))
}

pub(super) fn rotate(mut arguments: lexopt::Parser) -> Result<Task> {
    let mut stage = None;
    let (mut yes, mut overlap) = (false, RotateOptions::OVERLAP);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("stage") => stage = Some(arguments.value()?.string()?),
            Long("yes") => yes = true,
            Long("overlap") => overlap = within(&mut arguments, "--overlap", 0, 86_400)?,
            Short('h') | Long("help") => return Ok(Task::Help),
            other => bail!(other.unexpected()),
        }
    }
    Ok(Task::Rotate(RotateOptions {
        stage: named(stage)?,
        yes,
        overlap: Duration::from_secs(overlap),
    }))
}

pub(super) fn destroy(mut arguments: lexopt::Parser) -> Result<Task> {
    let mut stage = None;
    let (mut yes, mut delete_users) = (false, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("stage") => stage = Some(arguments.value()?.string()?),
            Long("yes") => yes = true,
            Long("delete-users") => delete_users = true,
            Short('h') | Long("help") => return Ok(Task::Help),
            other => bail!(other.unexpected()),
        }
    }
    Ok(Task::Destroy(DestroyOptions {
        stage: named(stage)?,
        yes,
        delete_users,
    }))
}

fn named(stage: Option<String>) -> Result<String> {
    stage.context("which stage? `--stage NAME`, an environment of wrangler.toml")
}

fn base_url(text: &str) -> Result<String> {
    let known = text.starts_with("https://") || text.starts_with("http://");
    if !known || text.contains(['?', '#', ' ']) {
        bail!("--url takes the worker's address, such as https://api.example.com");
    }
    Ok(text.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Task> {
        crate::arguments::parse(lexopt::Parser::from_args(arguments))
    }

    #[test]
    fn a_stage_must_be_named() {
        for command in ["deploy", "rotate", "destroy"] {
            let message = format!("{:#}", parse(&[command, "--yes"]).unwrap_err());
            assert!(message.contains("--stage NAME"), "{message}");
            assert!(parse(&[command, "dev"]).is_err(), "a stage is no positional argument");
        }
    }

    #[test]
    fn nothing_is_agreed_to_by_default() {
        let deploy = DeployOptions {
            stage: "dev".into(),
            yes: false,
            dry_run: false,
            url: None,
        };
        assert_eq!(parse(&["deploy", "--stage", "dev"]).unwrap(), Task::Deploy(deploy));
        let destroy = DestroyOptions {
            stage: "dev".into(),
            yes: false,
            delete_users: false,
        };
        assert_eq!(parse(&["destroy", "--stage=dev"]).unwrap(), Task::Destroy(destroy));
    }

    #[test]
    fn the_overlap_is_five_minutes_unless_said_otherwise() {
        let rotate = |seconds| {
            Task::Rotate(RotateOptions {
                stage: "dev".into(),
                yes: true,
                overlap: Duration::from_secs(seconds),
            })
        };
        assert_eq!(parse(&["rotate", "--stage", "dev", "--yes"]).unwrap(), rotate(300));
        let shorter = ["rotate", "--stage", "dev", "--yes", "--overlap", "7"];
        assert_eq!(parse(&shorter).unwrap(), rotate(7));
        assert!(parse(&["rotate", "--stage", "dev", "--overlap=-1"]).is_err());
    }

    #[test]
    fn an_address_is_one_of_the_web_and_ends_without_a_slash() {
        let arguments = ["deploy", "--stage=dev", "--url=https://api.example.com/"];
        let Task::Deploy(options) = parse(&arguments).unwrap() else {
            panic!("`deploy` is a command");
        };
        assert_eq!(options.url.as_deref(), Some("https://api.example.com"));
        for wrong in ["api.example.com", "ftp://api.example.com", "https://a/?b=c"] {
            assert!(parse(&["deploy", "--stage=dev", "--url", wrong]).is_err(), "{wrong}");
        }
    }
}
