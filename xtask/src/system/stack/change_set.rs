//! Changing a stack by a change set: what would change can be looked at before it does.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::{Value, json};

use super::changes::{self, Change};
use super::readiness::{delete, failure, settle, status};
use super::standing::is_success;
use super::template;
use crate::process::{interrupt, progress};
use crate::system::aws_cli::{Aws, field};

/// Names our change sets, so that those of others are left alone.
pub(super) const PREFIX: &str = "xtask-";
/// Creating a change set takes CloudFormation seconds.
const PREPARED_WITHIN: Duration = Duration::from_mins(5);
/// CloudFormation's limit for a template that is not taken from S3.
const TEMPLATE_LIMIT: usize = 51_200;
/// What CloudFormation says of a change set in which there is nothing.
const NOTHING: [&str; 2] = ["didn't contain changes", "No updates are to be performed"];

/// A stack as it should be.
pub(crate) struct Wanted<'a> {
    pub(crate) name: &'a str,
    /// The template's file; that of the last change when there is none.
    pub(crate) template: Option<&'a Path>,
    /// Parameters. Of a stack that is there, all others keep their value; of a new one, they get the template's default.
    pub(crate) parameters: &'a [(String, String)],
}

/// What there is to do, with the description of the stack where that is nothing.
pub(crate) enum Prepared<'a> {
    Unchanged(Value),
    Changes(ChangeSet<'a>),
}

impl Prepared<'_> {
    /// Does it, unasked; returns the description of the stack.
    pub(crate) fn apply(self) -> Result<Value> {
        match self {
            Self::Unchanged(described) => Ok(described),
            Self::Changes(changes) => changes.execute(),
        }
    }
}

/// A change set that waits for its execution.
pub(crate) struct ChangeSet<'a> {
    aws: &'a Aws,
    stack: String,
    id: String,
    changes: Vec<Change>,
    /// There was no stack before.
    creates: bool,
}

/// Makes a change set. `existing` is the stack's description, as of [`make_ready`]; none when there is no stack.
pub(crate) fn prepare<'a>(aws: &'a Aws, wanted: &Wanted<'_>, existing: Option<Value>) -> Result<Prepared<'a>> {
    // One that is only reviewed has no values to keep.
    let existing = existing.filter(|described| status(described) != "REVIEW_IN_PROGRESS");
    let mut changes = create(aws, wanted, existing.as_ref())?;
    if changes.wait_until_there()? {
        return Ok(Prepared::Changes(changes));
    }
    changes.remove()?;
    let unchanged = existing.with_context(|| format!("the stack {} would be empty", wanted.name))?;
    Ok(Prepared::Unchanged(unchanged))
}

/// Creates a stack where there is none, without a look at what that will be; returns its description. Each call of the CLI takes
/// most of a second, so there is none to ask whether the change set is there: it nearly always is.
pub(crate) fn create_stack(aws: &Aws, wanted: &Wanted<'_>) -> Result<Value> {
    let mut changes = create(aws, wanted, None)?;
    match aws.attempt(&format!("change {}", wanted.name), &changes.execution())? {
        Ok(_) => changes.wait_until_done(),
        Err(refusal) if refusal.said.contains("InvalidChangeSetStatus") => {
            changes.wait_until_there()?;
            changes.execute()
        }
        Err(refusal) => Err(refusal.error),
    }
}

fn create<'a>(aws: &'a Aws, wanted: &Wanted<'_>, existing: Option<&Value>) -> Result<ChangeSet<'a>> {
    let stack = wanted.name;
    let text = wanted
        .template
        .map(|path| std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display())))
        .transpose()?;
    ensure!(
        text.as_ref().is_none_or(|text| text.len() <= TEMPLATE_LIMIT),
        "the template has more than {TEMPLATE_LIMIT} bytes, which CloudFormation takes from S3 alone"
    );
    let parameters = parameters(wanted.parameters, existing, text.as_deref()).to_string();
    let name = format!("{PREFIX}{}-{}", std::process::id(), progress::unix_time());
    let body = wanted.template.map(|path| format!("file://{}", path.display()));
    let mut arguments = vec!["cloudformation", "create-change-set", "--stack-name", stack];
    arguments.extend(["--change-set-name", &name, "--parameters", &parameters]);
    arguments.extend(["--capabilities", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]);
    arguments.extend([
        "--change-set-type",
        if existing.is_some() { "UPDATE" } else { "CREATE" },
    ]);
    match &body {
        Some(body) => arguments.extend(["--template-body", body]),
        None => arguments.push("--use-previous-template"),
    }
    let created = aws.ask(&format!("change set for {stack}"), &arguments)?;
    Ok(ChangeSet {
        aws,
        stack: stack.to_owned(),
        id: field(&created, "/Id")?,
        changes: vec![],
        creates: existing.is_none(),
    })
}

impl ChangeSet<'_> {
    pub(crate) fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether there is anything in it.
    fn wait_until_there(&mut self) -> Result<bool> {
        let started = Instant::now();
        loop {
            let described = self.aws.ask(
                &format!("describe the change set of {}", self.stack),
                &on("describe-change-set", &self.stack, &self.id),
            )?;
            let reason = described["StatusReason"].as_str().unwrap_or_default();
            match described["Status"].as_str().unwrap_or_default() {
                "CREATE_COMPLETE" => {
                    self.changes = changes::read(&described);
                    return Ok(true);
                }
                "FAILED" if NOTHING.iter().any(|words| reason.contains(words)) => return Ok(false),
                "FAILED" => {
                    let refused = anyhow!("CloudFormation refuses the change of {}: {reason}", self.stack);
                    return Err(interrupt::held(|| self.undo()).map_or_else(|error| error, |()| refused));
                }
                _ => {}
            }
            ensure!(
                started.elapsed() < PREPARED_WITHIN,
                "CloudFormation has made no change set for {} within {} s",
                self.stack,
                PREPARED_WITHIN.as_secs()
            );
            interrupt::pause(self.aws.poll())?;
        }
    }

    /// Does what it says, and waits for the end; returns the description of the stack.
    pub(crate) fn execute(self) -> Result<Value> {
        self.aws.run(&format!("change {}", self.stack), &self.execution())?;
        self.wait_until_done()
    }

    fn execution(&self) -> [&str; 6] {
        on("execute-change-set", &self.stack, &self.id)
    }

    fn wait_until_done(&self) -> Result<Value> {
        let stack = &self.stack;
        let described = settle(self.aws, stack)?.with_context(|| format!("the stack {stack} has gone"))?;
        if is_success(status(&described)) {
            return Ok(described);
        }
        Err(failure(self.aws, stack, status(&described)))
    }

    /// Leaves everything as it was. Takes place even after a signal.
    pub(crate) fn discard(self) -> Result<()> {
        interrupt::held(|| self.undo())
    }

    fn undo(&self) -> Result<()> {
        self.remove()?;
        if self.creates {
            delete(self.aws, &self.stack)?;
        }
        Ok(())
    }

    fn remove(&self) -> Result<()> {
        self.aws.run(
            &format!("remove the change set of {}", self.stack),
            &on("delete-change-set", &self.stack, &self.id),
        )?;
        Ok(())
    }
}

/// An operation on a change set. Its stack is named too: by that a policy says whose change sets somebody may use.
pub(super) fn on<'a>(operation: &'a str, stack: &'a str, id: &'a str) -> [&'a str; 6] {
    [
        "cloudformation",
        operation,
        "--stack-name",
        stack,
        "--change-set-name",
        id,
    ]
}

/// In the form of the API: those given, and for a stack that is there, all others of its own that the template still has, with
/// their previous value. What CloudFormation is not told of, it would set to the default.
fn parameters(given: &[(String, String)], existing: Option<&Value>, template: Option<&str>) -> Value {
    let still_there = |name: &str| template.is_none_or(|text| template::parameters(text).contains(&name));
    let kept = existing
        .and_then(|described| described["Parameters"].as_array())
        .into_iter()
        .flatten()
        .filter_map(|parameter| parameter["ParameterKey"].as_str())
        .filter(|name| given.iter().all(|(other, _)| other != name) && still_there(name))
        .map(|name| json!({"ParameterKey": name, "UsePreviousValue": true}));
    given
        .iter()
        .map(|(name, value)| json!({"ParameterKey": name, "ParameterValue": value}))
        .chain(kept)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_given_keeps_its_value_unless_the_template_has_lost_it() {
        let existing = json!({"Parameters": [
            {"ParameterKey": "KeysVersion", "ParameterValue": "7"},
            {"ParameterKey": "AppName", "ParameterValue": "old"},
            {"ParameterKey": "Gone", "ParameterValue": "x"},
        ]});
        let given = [("AppName".to_owned(), "new".to_owned())];
        let template = "Parameters:\n  AppName:\n    Type: String\n  KeysVersion:\n    Type: String\n";
        assert_eq!(
            parameters(&given, Some(&existing), Some(template)),
            json!([
                {"ParameterKey": "AppName", "ParameterValue": "new"},
                {"ParameterKey": "KeysVersion", "UsePreviousValue": true},
            ])
        );
        let unchanged = parameters(&[], Some(&existing), None);
        assert_eq!(unchanged.as_array().unwrap().len(), 3);
        assert_eq!(parameters(&[], None, Some(template)), json!([]));
    }
}
