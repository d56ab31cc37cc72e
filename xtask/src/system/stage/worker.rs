//! The Cloudflare half of a stage: on Cloudflare, or in a rehearsal on this machine.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::cloudflare::{self, Cloudflare};
use super::vars_file::VarsFile;
use crate::system::stack::Outputs;

/// What the worker cannot do without.
const NEEDED: [&str; 4] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "CLIENT_SECRET",
    "PERMIT_KEY",
];

/// Where the worker of a stage is.
pub(crate) enum Worker<'a> {
    Deployed(Cloudflare<'a>),
    /// Nothing leaves this machine.
    Rehearsed {
        file: VarsFile,
        /// The base URL of the local AWS.
        endpoint: String,
        dry_run: Cloudflare<'a>,
    },
}

/// The names of a worker's secrets.
#[derive(Debug, Default)]
pub(crate) struct SecretNames(Vec<String>);

impl SecretNames {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|present| present == name)
    }

    /// Whether it has all that it cannot do without.
    pub(crate) fn are_complete(&self) -> bool {
        NEEDED.iter().all(|name| self.has(name))
    }
}

impl Worker<'_> {
    /// An error that says what to do when Cloudflare does not know who is asking.
    pub(crate) fn must_know_us(&self) -> Result<()> {
        match self {
            Self::Deployed(cloudflare) => cloudflare.must_know_us(),
            Self::Rehearsed { .. } => Ok(()),
        }
    }

    /// None when there is no worker.
    pub(crate) fn secrets(&self) -> Result<Option<SecretNames>> {
        let names = match self {
            Self::Deployed(cloudflare) => cloudflare.secrets()?,
            Self::Rehearsed { file, .. } => file.names()?,
        };
        Ok(names.map(SecretNames))
    }

    /// Sets these secrets, by one change, and leaves all others.
    pub(crate) fn put(&self, secrets: &[(&str, String)]) -> Result<()> {
        match self {
            Self::Deployed(cloudflare) => cloudflare.put(secrets),
            Self::Rehearsed { file, .. } => file.put(secrets),
        }
    }

    /// Removes a secret. That it is not there is no error.
    pub(crate) fn remove(&self, name: &str) -> Result<()> {
        if !self.secrets()?.unwrap_or_default().has(name) {
            return Ok(());
        }
        match self {
            Self::Deployed(cloudflare) => cloudflare.remove(name),
            Self::Rehearsed { file, .. } => file.remove(name),
        }
    }

    /// Deploys the worker with the vars that follow from its stack; returns its address where there is one to be known.
    pub(crate) fn deploy(&self, region: &str, outputs: &Outputs) -> Result<Option<String>> {
        let mut vars = vec![
            ("AWS_REGION", region.to_owned()),
            ("USER_POOL_ID", outputs.user_pool_id.clone()),
            ("CLIENT_ID", outputs.client_id.clone()),
        ];
        match self {
            Self::Deployed(cloudflare) => Ok(cloudflare::url(&cloudflare.deploy(&vars, false)?)),
            Self::Rehearsed {
                file,
                endpoint,
                dry_run,
            } => {
                vars.push(("COGNITO_ENDPOINT", format!("{endpoint}/")));
                let keys = format!("{endpoint}/{}/.well-known/jwks.json", outputs.user_pool_id);
                vars.push(("JWKS_URL", keys));
                dry_run.deploy(&vars, true)?;
                file.put(&vars)?;
                Ok(None)
            }
        }
    }

    /// Does of a deployment what changes nothing.
    pub(crate) fn try_deploy(&self) -> Result<()> {
        let (Self::Deployed(cloudflare)
        | Self::Rehearsed {
            dry_run: cloudflare, ..
        }) = self;
        let printed = cloudflare.deploy(&[], true)?;
        ensure!(
            printed.contains("--dry-run: exiting now"),
            "wrangler did not say that it has tried the deployment"
        );
        Ok(())
    }

    /// Removes the worker; whether there was one.
    pub(crate) fn delete(&self) -> Result<bool> {
        if self.secrets().context("cannot look for the worker")?.is_none() {
            return Ok(false);
        }
        match self {
            Self::Deployed(cloudflare) => cloudflare.delete()?,
            Self::Rehearsed { file, .. } => file.delete()?,
        }
        Ok(true)
    }

    /// The file with the settings of a rehearsed worker.
    pub(crate) fn settings_file(&self) -> Option<&Path> {
        match self {
            Self::Deployed(_) => None,
            Self::Rehearsed { file, .. } => Some(file.path()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_lacks_one_secret_lacks_what_it_needs() {
        let names = |names: &[&str]| SecretNames(names.iter().map(ToString::to_string).collect());
        assert!(names(&NEEDED).are_complete());
        for missing in NEEDED {
            let others: Vec<_> = NEEDED.into_iter().filter(|name| *name != missing).collect();
            assert!(!names(&others).are_complete(), "{missing}");
        }
    }
}
