//! The AWS CLI of our virtual environment, pointed at one AWS.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;
use crate::workspace::Workspace;

/// An AWS: where it is and who is asking.
#[derive(Debug, Clone)]
pub(crate) struct Aws {
    program: PathBuf,
    region: String,
    /// Everything that the CLI gets to see of the environment.
    environment: Vec<(String, String)>,
    logs: PathBuf,
}

impl Aws {
    /// The local AWS, whose root credentials are public. Nothing of the user's own AWS configuration is read, so that
    /// no command can ever reach a real account by mistake.
    pub(crate) fn local(workspace: &Workspace, endpoint: &str, logs: PathBuf) -> Self {
        let region = "us-east-1".to_owned();
        let mut environment: Vec<_> = [
            ("AWS_ENDPOINT_URL", endpoint),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_DEFAULT_REGION", &region),
            ("AWS_CONFIG_FILE", "/dev/null"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_PAGER", ""),
            ("LANG", "C.UTF-8"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        for name in ["PATH", "HOME"] {
            environment.extend(env::var(name).map(|value| (name.to_owned(), value)));
        }
        Self {
            program: workspace.venv_program("aws"),
            region,
            environment,
            logs,
        }
    }

    pub(crate) fn region(&self) -> &str {
        &self.region
    }

    /// Runs `aws <arguments>` and returns its answer. `step` names it in messages and names its log.
    pub(crate) fn ask(&self, step: &str, arguments: &[&str]) -> Result<Value> {
        let printed = self.run(step, arguments)?;
        // Never the text itself in the message: it may hold a secret.
        serde_json::from_str(&printed).with_context(|| format!("{step}: the AWS CLI printed no JSON"))
    }

    /// As [`Aws::ask`], for commands whose answer nobody needs.
    pub(crate) fn run(&self, step: &str, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        let log = self.logs.join(format!("aws-{}.log", step.replace(' ', "-")));
        process::output(step, &mut command, &log)
    }
}
