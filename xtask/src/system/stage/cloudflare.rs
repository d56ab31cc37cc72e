//! The worker of a stage on Cloudflare, by wrangler.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};

use super::Stage;
use crate::process;
use crate::system::wrangler::wrangler;
use crate::workspace::Workspace;

/// For what asks Cloudflare one thing.
const ASK_WITHIN: Duration = Duration::from_mins(2);
/// A deployment builds first, from nothing in the worst case.
const DEPLOY_WITHIN: Duration = Duration::from_mins(30);

pub(crate) struct Cloudflare<'a> {
    workspace: &'a Workspace,
    environment: &'a str,
    state: PathBuf,
}

impl<'a> Cloudflare<'a> {
    pub(super) fn new(stage: &'a Stage<'_>) -> Self {
        Self {
            workspace: stage.workspace,
            environment: &stage.name,
            state: stage.state.clone(),
        }
    }

    /// An error that says what to do when wrangler has no credentials, or none that are good.
    pub(super) fn must_know_us(&self) -> Result<()> {
        let mut command = self.wrangler(&["whoami", "--json"])?;
        let log = self.log("whoami");
        match process::output_within(ASK_WITHIN, "wrangler whoami", &mut command, &log, "") {
            Ok(_) => Ok(()),
            Err(error) if process::interrupt::is_interrupted(&error) => Err(error),
            Err(_) => bail!(
                "Cloudflare does not know you. Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN to a token that may edit \
                 Workers (and CLOUDFLARE_ACCOUNT_ID, if you have several accounts)"
            ),
        }
    }

    /// The names of the worker's secrets; none when there is no worker.
    pub(super) fn secrets(&self) -> Result<Option<Vec<String>>> {
        let mut command = self.in_environment(&["secret", "list", "--format", "json"])?;
        let log = self.log("secret-list");
        match process::output_within(ASK_WITHIN, "wrangler secret list", &mut command, &log, "") {
            Ok(printed) => names(&printed).map(Some),
            Err(error) if process::interrupt::is_interrupted(&error) => Err(error),
            // Its words for Cloudflare's error 10007.
            Err(_) if fs::read_to_string(&log).is_ok_and(|said| said.contains("not found")) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sets these and leaves all others, by one change. Makes an empty worker where there is none.
    pub(super) fn put(&self, secrets: &[(&str, String)]) -> Result<()> {
        let object: Map<_, _> = secrets
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(value.clone())))
            .collect();
        let mut command = self.in_environment(&["secret", "bulk"])?;
        // From stdin: arguments can be seen by others, and a file could be left behind.
        let input = Value::Object(object).to_string();
        let log = self.log("secret-bulk");
        let printed = process::output_within(ASK_WITHIN, "wrangler secret bulk", &mut command, &log, &input)?;
        // It calls it no failure when it has read nothing.
        ensure!(
            printed.contains("secrets successfully uploaded"),
            "wrangler secret bulk did not say that it has put the worker's secrets"
        );
        Ok(())
    }

    pub(super) fn remove(&self, name: &str) -> Result<()> {
        // Without a terminal, it takes its question for agreed.
        let mut command = self.in_environment(&["secret", "delete", name])?;
        let log = self.log("secret-delete");
        process::output_within(ASK_WITHIN, "wrangler secret delete", &mut command, &log, "").map(drop)
    }

    /// Builds and deploys; returns what wrangler printed. Vars that `wrangler.toml` does not have are removed (there is no
    /// `--keep-vars`): what was set by hand on Cloudflare's site would be in no other stage, and in no commit.
    pub(super) fn deploy(&self, vars: &[(&str, String)], dry_run: bool) -> Result<String> {
        let mut command = self.in_environment(&["deploy"])?;
        for (name, value) in vars {
            command.arg("--var").arg(format!("{name}:{value}"));
        }
        if dry_run {
            command.arg("--dry-run").arg("--outdir").arg(self.state.join("bundle"));
        }
        let step = if dry_run {
            "wrangler deploy dry run"
        } else {
            "wrangler deploy"
        };
        let log = self.log(if dry_run { "deploy-dry-run" } else { "deploy" });
        process::output_within(DEPLOY_WITHIN, step, &mut command, &log, "")
    }

    /// Deletes the worker with what its Guards remember.
    pub(super) fn delete(&self) -> Result<()> {
        let mut command = self.in_environment(&["delete", "--force"])?;
        let log = self.log("delete");
        process::output_within(ASK_WITHIN, "wrangler delete", &mut command, &log, "").map(drop)
    }

    fn in_environment(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = self.wrangler(arguments)?;
        command.args(["--env", self.environment]);
        Ok(command)
    }

    fn wrangler(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = wrangler(self.workspace, &self.state.join("wrangler"))?;
        // In its debug log it prints the bodies of requests, secrets among them.
        command.args(arguments).env("WRANGLER_LOG", "log");
        Ok(command)
    }

    fn log(&self, what: &str) -> PathBuf {
        self.state.join(format!("wrangler-{what}.log"))
    }
}

/// Reads `[{"name": "PERMIT_KEY", "type": "secret_text"}]`.
fn names(printed: &str) -> Result<Vec<String>> {
    let listed: Value = serde_json::from_str(printed).context("wrangler secret list printed no JSON")?;
    let listed = listed.as_array().context("wrangler secret list printed no list")?;
    Ok(listed
        .iter()
        .filter_map(|secret| secret["name"].as_str())
        .map(str::to_owned)
        .collect())
}

/// The address among what `wrangler deploy` printed: below `Deployed NAME triggers`, a line for each way to the worker.
pub(super) fn url(printed: &str) -> Option<String> {
    let (_, targets) = printed.split_once("Deployed ")?;
    targets.lines().skip(1).map(str::trim).find_map(|line| {
        if line.starts_with("https://") {
            return line.split_whitespace().next().map(str::to_owned);
        }
        let host = line.strip_suffix("(custom domain)")?.trim();
        Some(format!("https://{host}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_from_what_wrangler_prints() {
        let printed = "Total Upload: 1 KiB / gzip: 1 KiB\nUploaded passwordless-edge-dev (3.10 sec)\n\
            Deployed passwordless-edge-dev triggers (0.90 sec)\n  https://passwordless-edge-dev.me.workers.dev\n\
            Current Version ID: 1\n";
        assert_eq!(
            url(printed).as_deref(),
            Some("https://passwordless-edge-dev.me.workers.dev")
        );
        let printed = "Deployed x triggers (1 sec)\n  schedule: 1 * * * *\n  auth.example.com (custom domain)\n";
        assert_eq!(url(printed).as_deref(), Some("https://auth.example.com"));
        assert_eq!(url("No deploy targets for x (1 sec)\n"), None);
        // A route is a pattern, not an address.
        assert_eq!(
            url("Deployed x triggers (1 sec)\n  example.com/* (zone name: example.com)\n"),
            None
        );
    }

    #[test]
    fn names_of_secrets_are_read_from_what_wrangler_prints() {
        let printed =
            r#"[{"name": "PERMIT_KEY", "type": "secret_text"}, {"name": "GUARD_KEY", "type": "secret_text"}]"#;
        assert_eq!(names(printed).unwrap(), ["PERMIT_KEY", "GUARD_KEY"]);
        assert!(names("{}").is_err() && names("").is_err());
    }
}
