//! A stage: one stack, one worker, one environment of `wrangler.toml`; and what deploying, rotating and destroying it is made of.
//!
//! What has been done is read from AWS and Cloudflare each time, and never from a note of our own: so everything can be ended in
//! the middle and done again, from another machine too.

pub(crate) mod access_key;
pub(crate) mod challenge_secret;
pub(crate) mod consent;
pub(crate) mod keys;
pub(crate) mod parameters;
pub(crate) mod rotation;
pub(crate) mod smoke;
pub(crate) mod worker;

mod cloudflare;
mod rehearsal;
mod vars_file;

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::process::lock::{self, Lock, Taken};
use crate::process::progress;
use crate::system::aws_cli::{Aws, field};
use crate::workspace::Workspace;
use worker::Worker;

/// A stage, and the lock on it. Where its AWS is, the user's own environment says.
pub(crate) struct Stage<'a> {
    pub(crate) workspace: &'a Workspace,
    /// The environment's name.
    pub(crate) name: String,
    /// `.dev/stages/NAME/`: logs, and in a rehearsal what would become the worker's settings.
    pub(crate) state: PathBuf,
    /// The base URL of the local AWS that it is rehearsed with; none when it is meant.
    pub(crate) rehearsal: Option<String>,
    _lock: Lock,
}

/// The AWS account that a stage is in.
pub(crate) struct Account {
    pub(crate) aws: Aws,
    /// Twelve digits.
    pub(crate) id: String,
    /// `aws`, or another one of AWS's separate worlds.
    partition: String,
}

impl Account {
    /// The ARN of a managed policy of this account, where it has one that we may know of.
    pub(crate) fn policy(&self, name: &str) -> Result<Option<String>> {
        let arn = format!("arn:{}:iam::{}:policy/{name}", self.partition, self.id);
        let found = self.aws.look(
            "look for the boundary",
            &["iam", "get-policy", "--policy-arn", &arn],
            &["NoSuchEntity", "AccessDenied"],
        )?;
        Ok(found.map(|_| arn))
    }
}

impl<'a> Stage<'a> {
    /// Checks the name, and takes the stage for this process alone.
    pub(crate) fn open(workspace: &'a Workspace, name: &str) -> Result<Self> {
        parameters::must_be_environment(workspace, name)?;
        let rehearsal = rehearsal::endpoint(env::var("AWS_ENDPOINT_URL").ok().as_deref())?;
        let state = workspace.stage_state(name);
        let Taken::Now(lock) = lock::take(&state.join("lock"))? else {
            bail!("another command works on the stage {name} in this checkout: wait for it");
        };
        Ok(Self {
            workspace,
            name: name.to_owned(),
            state,
            rehearsal,
            _lock: lock,
        })
    }

    /// Says when nothing is meant.
    pub(crate) fn announce(&self) {
        if let Some(endpoint) = &self.rehearsal {
            progress::note(&format!(
                "a rehearsal: AWS_ENDPOINT_URL names {endpoint}, and nothing goes to Cloudflare"
            ));
        }
    }

    /// Whose account it is. An error says what to do when there are no credentials, or none that are good.
    pub(crate) fn account(&self) -> Result<Account> {
        let aws = Aws::of_user(self.workspace, self.rehearsal.clone(), self.state.clone())?;
        let advice = "AWS does not know you. Set AWS_PROFILE to a profile that does (`aws configure`, `aws sso login`), or \
                      AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
        let identity: Value = match aws.attempt("identity", &["sts", "get-caller-identity"])? {
            Ok(printed) => serde_json::from_str(&printed).context("the AWS CLI printed no JSON")?,
            Err(refusal) => {
                let said = refusal.said.lines().rfind(|line| !line.trim().is_empty());
                return Err(anyhow!("{}", said.unwrap_or_default().trim().to_owned()).context(advice));
            }
        };
        let arn = field(&identity, "/Arn")?;
        Ok(Account {
            id: field(&identity, "/Account")?,
            partition: arn.split(':').nth(1).unwrap_or("aws").to_owned(),
            aws,
        })
    }

    /// The stack's name.
    pub(crate) fn stack(&self) -> String {
        format!("passwordless-edge-{}", self.name)
    }

    /// The bucket with the triggers' packages. Buckets of all accounts share one space of names.
    pub(crate) fn bucket(&self, account: &Account) -> String {
        format!("{}-{}-{}", self.stack(), account.id, account.aws.region())
    }

    /// The Cloudflare half.
    pub(crate) fn worker(&self) -> Worker<'_> {
        match &self.rehearsal {
            None => Worker::Deployed(cloudflare::Cloudflare::new(self)),
            Some(endpoint) => Worker::Rehearsed {
                file: vars_file::VarsFile::new(self.state.join("worker.vars")),
                endpoint: endpoint.clone(),
                dry_run: cloudflare::Cloudflare::new(self),
            },
        }
    }
}
