//! The AWS CLI of our virtual environment, pointed at one AWS.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use serde_json::Value;

use crate::process;
use crate::workspace::Workspace;

/// An AWS: where it is and who is asking. May hold a secret: it has no `Debug`.
#[derive(Clone)]
pub(crate) struct Aws {
    program: PathBuf,
    region: String,
    /// The base URL of a local AWS; AWS itself when there is none.
    endpoint: Option<String>,
    /// Whether the CLI gets to see what else is in our own environment.
    inherits: bool,
    environment: Vec<(&'static str, String)>,
    hidden: Vec<&'static str>,
    logs: PathBuf,
}

impl Aws {
    /// The local AWS, whose root credentials are public. Nothing of the user's own AWS configuration is read, so that
    /// no command can ever reach a real account by mistake.
    pub(crate) fn local(workspace: &Workspace, endpoint: &str, logs: PathBuf) -> Self {
        let region = "us-east-1".to_owned();
        let mut environment: Vec<_> = [
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_DEFAULT_REGION", &region),
            ("AWS_CONFIG_FILE", "/dev/null"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_PAGER", ""),
            ("LANG", "C.UTF-8"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .into();
        for name in ["PATH", "HOME"] {
            environment.extend(env::var(name).map(|value| (name, value)));
        }
        Self {
            program: workspace.venv_program("aws"),
            region,
            endpoint: Some(endpoint.to_owned()),
            inherits: false,
            environment,
            hidden: vec![],
            logs,
        }
    }

    /// The AWS that the user's own environment names, as the AWS CLI reads it: credentials, region, profile. With an `endpoint`
    /// every call goes there, whatever else the configuration says of endpoints.
    pub(crate) fn of_user(workspace: &Workspace, endpoint: Option<String>, logs: PathBuf) -> Result<Self> {
        let mut aws = Self {
            program: workspace.venv_program("aws"),
            region: String::new(),
            endpoint,
            inherits: true,
            environment: [("AWS_PAGER", ""), ("LANG", "C.UTF-8"), ("AWS_DEFAULT_OUTPUT", "json")]
                .map(|(name, value)| (name, value.to_owned()))
                .into(),
            hidden: vec![],
            logs,
        };
        aws.region = aws.configured_region()?;
        // Version 1 of the CLI reads this one alone; everything else of AWS reads AWS_REGION first.
        aws.environment.push(("AWS_DEFAULT_REGION", aws.region.clone()));
        Ok(aws)
    }

    fn configured_region(&self) -> Result<String> {
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            if let Some(region) = env::var(name).ok().filter(|region| !region.is_empty()) {
                return Ok(region);
            }
        }
        let configured = self.run("region", &["configure", "get", "region"]).unwrap_or_default();
        if !configured.trim().is_empty() {
            return Ok(configured.trim().to_owned());
        }
        // The local AWS has one region.
        if self.endpoint.is_some() {
            return Ok("us-east-1".to_owned());
        }
        Err(anyhow!(
            "in which AWS region? Set AWS_REGION, or choose a profile that has one with AWS_PROFILE"
        ))
    }

    /// The same AWS, asked by someone else: with an access key of an IAM user.
    pub(crate) fn with_key(&self, id: &str, secret: &str) -> Self {
        let mut aws = self.clone();
        aws.environment.retain(|(name, _)| !name.starts_with("AWS_ACCESS"));
        aws.environment.push(("AWS_ACCESS_KEY_ID", id.to_owned()));
        aws.environment.push(("AWS_SECRET_ACCESS_KEY", secret.to_owned()));
        // Else these would count for more than the key.
        aws.hidden = vec![
            "AWS_SESSION_TOKEN",
            "AWS_SECURITY_TOKEN",
            "AWS_PROFILE",
            "AWS_DEFAULT_PROFILE",
        ];
        aws
    }

    pub(crate) fn region(&self) -> &str {
        &self.region
    }

    /// How long to wait before asking again whether something has happened.
    pub(crate) fn poll(&self) -> Duration {
        // What is on this machine does not mind, and is quick.
        Duration::from_millis(if self.endpoint.is_some() { 100 } else { 1000 })
    }

    /// Runs `aws <arguments>` and returns its answer. `step` names it in messages and names its log.
    pub(crate) fn ask(&self, step: &str, arguments: &[&str]) -> Result<Value> {
        parse(step, &self.run(step, arguments)?)
    }

    /// As [`Aws::ask`], for what may not be there: nothing when the CLI fails with one of the words of `absent`.
    pub(crate) fn look(&self, step: &str, arguments: &[&str], absent: &[&str]) -> Result<Option<Value>> {
        match self.attempt(step, arguments)? {
            Ok(printed) => parse(step, &printed).map(Some),
            Err(refusal) if absent.iter().any(|word| refusal.said.contains(word)) => Ok(None),
            Err(refusal) => Err(refusal.error),
        }
    }

    /// Runs it; the outer error means that it could not be run to its end (the user wants to end, say).
    pub(crate) fn attempt(&self, step: &str, arguments: &[&str]) -> Result<Result<String, Refusal>> {
        match self.run(step, arguments) {
            Ok(printed) => Ok(Ok(printed)),
            Err(error) if process::interrupt::is_interrupted(&error) => Err(error),
            Err(error) => {
                let said = std::fs::read_to_string(self.log(step)).unwrap_or_default();
                Ok(Err(Refusal { said, error }))
            }
        }
    }

    /// As [`Aws::ask`], for commands whose answer nobody needs.
    pub(crate) fn run(&self, step: &str, arguments: &[&str]) -> Result<String> {
        process::output(step, &mut self.command(arguments), &self.log(step))
    }

    /// As [`Aws::run`], with what the command reads from `file:///dev/stdin`: secrets, which must not be arguments, since every
    /// user of the machine can read those.
    pub(crate) fn run_with(&self, step: &str, arguments: &[&str], input: &str) -> Result<String> {
        process::output_of_fed(step, &mut self.command(arguments), &self.log(step), input)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments);
        if let Some(endpoint) = &self.endpoint {
            // Counts for more than what variables and configuration files say, service by service or for all.
            command.args(["--endpoint-url", endpoint]);
        }
        if !self.inherits {
            command.env_clear();
        }
        for name in &self.hidden {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn log(&self, step: &str) -> PathBuf {
        self.logs.join(format!("aws-{}.log", step.replace([' ', '/'], "-")))
    }
}

/// AWS, or the CLI, said no.
pub(crate) struct Refusal {
    /// What the CLI printed to stderr.
    pub(crate) said: String,
    pub(crate) error: anyhow::Error,
}

fn parse(step: &str, printed: &str) -> Result<Value> {
    // The CLI prints nothing where an answer has nothing in it.
    if printed.trim().is_empty() {
        return Ok(Value::Null);
    }
    // Never the text itself in the message: it may hold a secret.
    serde_json::from_str(printed).with_context(|| format!("{step}: the AWS CLI printed no JSON"))
}

/// The string at a JSON pointer (RFC 6901). The error does not show the answer, which may hold secrets.
pub(crate) fn field(answer: &Value, pointer: &str) -> Result<String> {
    answer
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .with_context(|| format!("the answer of the AWS CLI has no {pointer}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_missing_field_is_named_without_showing_the_answer() {
        let answer = json!({"AccessKey": {"SecretAccessKey": "hidden"}});
        assert_eq!(field(&answer, "/AccessKey/SecretAccessKey").unwrap(), "hidden");
        let message = field(&answer, "/AccessKey/AccessKeyId").unwrap_err().to_string();
        assert!(
            message.contains("AccessKeyId") && !message.contains("hidden"),
            "{message}"
        );
    }

    #[test]
    fn an_empty_answer_is_no_error() {
        assert_eq!(parse("tag", "\n").unwrap(), Value::Null);
        let message = parse("tag", "secret").unwrap_err().to_string();
        assert!(message.contains("no JSON") && !message.contains("secret"), "{message}");
    }
}
