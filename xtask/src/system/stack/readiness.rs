//! Bringing a stack to where it can be changed, or to its end.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail, ensure};
use serde_json::Value;

use super::change_set::{PREFIX, on};
use super::standing::{Standing, standing};
use super::{describe, events};
use crate::process::{interrupt, progress};
use crate::system::aws_cli::{Aws, field};

/// The slowest of our resources takes a minute or two.
const SETTLED_WITHIN: Duration = Duration::from_mins(30);

/// Makes that the stack can be changed: waits for what goes on in it, deletes what was never created, and removes change sets that
/// an earlier run left. Returns its description, none when there is no stack.
pub(crate) fn make_ready(aws: &Aws, stack: &str) -> Result<Option<Value>> {
    let Some(described) = settle(aws, stack)? else {
        return Ok(None);
    };
    match standing(status(&described)) {
        Standing::Absent => Ok(None),
        Standing::NeverCreated => {
            progress::note(&format!(
                "the creation of the stack {stack} failed before: it is deleted and created anew"
            ));
            delete(aws, stack)?;
            Ok(None)
        }
        Standing::Stuck(why) => bail!(why.way_out(stack)),
        Standing::Ready | Standing::InReview | Standing::Settling => {
            remove_stale(aws, stack)?;
            Ok(Some(described))
        }
    }
}

/// Waits until nothing goes on in the stack; returns its description, none when there is no stack.
pub(crate) fn settle(aws: &Aws, stack: &str) -> Result<Option<Value>> {
    let started = Instant::now();
    let mut announced = false;
    loop {
        let Some(described) = describe(aws, stack)? else {
            return Ok(None);
        };
        if standing(status(&described)) != Standing::Settling {
            return Ok(Some(described));
        }
        ensure!(
            started.elapsed() < SETTLED_WITHIN,
            "the stack {stack} is still {} after {} minutes",
            status(&described),
            SETTLED_WITHIN.as_secs() / 60
        );
        if !announced && started.elapsed() > Duration::from_secs(4) {
            announced = true;
            progress::note(&format!("the stack {stack} is {}", status(&described)));
        }
        interrupt::pause(aws.poll())?;
    }
}

/// Deletes the stack, and waits until it is gone.
pub(crate) fn delete(aws: &Aws, stack: &str) -> Result<()> {
    aws.run(
        &format!("delete {stack}"),
        &["cloudformation", "delete-stack", "--stack-name", stack],
    )?;
    match settle(aws, stack)? {
        None => Ok(()),
        Some(described) if standing(status(&described)) == Standing::Absent => Ok(()),
        Some(described) => Err(failure(aws, stack, status(&described))),
    }
}

fn remove_stale(aws: &Aws, stack: &str) -> Result<()> {
    let listed = aws.ask(
        &format!("change sets of {stack}"),
        &["cloudformation", "list-change-sets", "--stack-name", stack],
    )?;
    for summary in listed["Summaries"].as_array().into_iter().flatten() {
        let name = summary["ChangeSetName"].as_str().unwrap_or_default();
        if name.starts_with(PREFIX) {
            let id = field(summary, "/ChangeSetId")?;
            aws.run(
                &format!("remove a change set of {stack}"),
                &on("delete-change-set", stack, &id),
            )?;
        }
    }
    Ok(())
}

/// Why a stack has come to this status, which nobody wanted.
pub(super) fn failure(aws: &Aws, stack: &str, status: &str) -> anyhow::Error {
    let asked = aws.ask(
        &format!("events of {stack}"),
        &["cloudformation", "describe-stack-events", "--stack-name", stack],
    );
    let reasons = match asked {
        Ok(described) => events::failures(&described).join("\n  "),
        Err(error) => return error,
    };
    anyhow!("the stack {stack} is {status}\n  {reasons}")
}

/// The status of a described stack.
pub(crate) fn status(described: &Value) -> &str {
    described["StackStatus"].as_str().unwrap_or_default()
}
