//! The checks of `cargo xtask test` that need no running system. Each is one or two commands.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::build::worker;
use crate::install::tools::{self, CARGO_DENY};
use crate::process::cargo::cargo;
use crate::process::{self, interrupt, logs};
use crate::system::wrangler::wrangler;
use crate::workspace::Workspace;

/// Ours, far below Cloudflare's: a small bundle starts quickly everywhere.
const BUNDLE_LIMIT_KIB: f64 = 1024.0;
/// A network that drops packets instead of refusing them would be waited for.
const ADVISORIES_WITHIN: Duration = Duration::from_mins(2);

/// Where a check works.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) workspace: &'a Workspace,
    /// Folder for logs and data.
    pub(crate) state: &'a Path,
}

/// What a check that passed has to say, if anything.
pub(crate) type Remark = Option<String>;

impl Place<'_> {
    fn run(self, name: &str, command: &mut Command) -> Result<()> {
        let log = self.state.join(format!("{}.log", name.replace(' ', "-")));
        process::run(name, command, &log)
    }

    fn cargo(self, name: &str, arguments: &[&str]) -> Result<Remark> {
        self.run(name, &mut cargo(self.workspace, arguments))?;
        Ok(None)
    }

    pub(crate) fn format(self) -> Result<Remark> {
        self.cargo("cargo fmt", &["fmt", "--all", "--check"])
            .context("what to do: cargo fmt --all")
    }

    pub(crate) fn clippy(self) -> Result<Remark> {
        let arguments = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
        self.cargo("cargo clippy", &arguments)
    }

    /// The worker's real target: code behind `cfg(target_arch = "wasm32")` is seen by no other check.
    pub(crate) fn clippy_wasm(self) -> Result<Remark> {
        tools::ensure_wasm_target(self.workspace)?;
        let target = "--target=wasm32-unknown-unknown";
        let arguments = ["clippy", "--package=edge", target, "--", "-D", "warnings"];
        self.cargo("cargo clippy wasm", &arguments)
    }

    /// Licences, sources and duplicates always; advisories where their database can be had.
    pub(crate) fn deny(self) -> Result<Remark> {
        let program = CARGO_DENY.ensure(self.workspace)?;
        let deny = |arguments: &[&str]| {
            let mut command = Command::new(&program);
            command.args(arguments).current_dir(self.workspace.root());
            command
        };
        self.run("cargo deny", &mut deny(&["check", "bans", "licenses", "sources"]))?;
        let log = self.state.join("advisory-database.log");
        let fetched = process::run_within(
            ADVISORIES_WITHIN,
            "fetch the advisory database",
            &mut deny(&["fetch", "db"]),
            &log,
        );
        match fetched {
            Ok(()) => {
                let check = ["check", "--disable-fetch", "advisories"];
                self.run("cargo deny advisories", &mut deny(&check))?;
                Ok(None)
            }
            Err(error) if interrupt::is_interrupted(&error) => Err(error),
            Err(_) => Ok(Some(format!(
                "ADVISORIES SKIPPED: the advisory database could not be fetched: {}",
                last_line(&fs::read_to_string(&log).unwrap_or_default())
            ))),
        }
    }

    pub(crate) fn unit(self) -> Result<Remark> {
        self.cargo("unit tests", &["test", "--workspace", "--exclude", "e2e"])
    }

    /// The tests of the local AWS's patches and of what cfn-lint cannot know of the template.
    pub(crate) fn python(self) -> Result<Remark> {
        for folder in ["local", "infra"] {
            let mut command = Command::new(self.workspace.venv_program("python"));
            command
                .args(["-m", "unittest", "discover"])
                .current_dir(self.workspace.root().join(folder))
                .env("PYTHONDONTWRITEBYTECODE", "1");
            self.run(&format!("python tests {folder}"), &mut command)?;
        }
        Ok(None)
    }

    pub(crate) fn template(self) -> Result<Remark> {
        let mut command = Command::new(self.workspace.venv_program("cfn-lint"));
        command.arg(self.workspace.template());
        self.run("cfn-lint", &mut command)?;
        Ok(None)
    }

    /// Everything that a deployment of the worker does, except for the deployment.
    pub(crate) fn bundle(self) -> Result<Remark> {
        worker::build(self.workspace, self.state)?;
        let mut command = wrangler(self.workspace, &self.state.join("wrangler-bundle"))?;
        command
            .args(["deploy", "--dry-run", "--outdir"])
            .arg(self.state.join("bundle"));
        self.run("wrangler deploy dry run", &mut command)?;
        let log = self.state.join("wrangler-deploy-dry-run.log");
        let printed = fs::read_to_string(&log)?;
        let (raw, zipped) = sizes(&printed)
            .with_context(|| format!("wrangler printed no size of the bundle, see {}", logs::shown(&log)))?;
        if zipped > BUNDLE_LIMIT_KIB {
            bail!("the bundle has {zipped} KiB gzipped, the limit is {BUNDLE_LIMIT_KIB} KiB");
        }
        Ok(Some(format!(
            "{raw} KiB, gzipped {zipped} KiB of {BUNDLE_LIMIT_KIB} KiB"
        )))
    }
}

/// Reads `Total Upload: 840.32 KiB / gzip: 305.11 KiB`: what Cloudflare counts, in KiB.
fn sizes(printed: &str) -> Option<(f64, f64)> {
    let (_, line) = printed.split_once("Total Upload:")?;
    let (raw, rest) = line.split_once("KiB")?;
    let (_, zipped) = rest.split_once("gzip:")?;
    let (zipped, _) = zipped.split_once("KiB")?;
    Some((raw.trim().parse().ok()?, zipped.trim().parse().ok()?))
}

fn last_line(text: &str) -> &str {
    text.lines()
        .map(str::trim)
        .rfind(|line| !line.is_empty())
        .unwrap_or("no reason given")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sizes_are_read_from_what_wrangler_prints() {
        let printed = "⛅ wrangler\nTotal Upload: 840.32 KiB / gzip: 305.11 KiB\n--dry-run: exiting now.\n";
        assert_eq!(sizes(printed), Some((840.32, 305.11)));
        assert_eq!(sizes("Total Upload: big"), None);
        assert_eq!(sizes(""), None);
    }

    #[test]
    fn the_reason_is_the_last_line_that_says_something() {
        assert_eq!(last_line("a\n  b  \n\n"), "b");
        assert_eq!(last_line("\n"), "no reason given");
    }
}
