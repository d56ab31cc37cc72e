//! The checks of `cargo xtask test` that need no running system. Each is one or two commands.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::build::page;
use crate::install::browser;
use crate::install::python::SCAN;
use crate::install::tools::{self, CARGO_DENY};
use crate::process::cargo::cargo;
use crate::process::{self, interrupt, leftovers};
use crate::workspace::Workspace;

/// A network that drops packets instead of refusing them would be waited for.
const ADVISORIES_WITHIN: Duration = Duration::from_mins(2);

/// What CloudFormation is given: the stages' template, and the one that lets GitHub deploy them.
const TEMPLATES: [&str; 2] = ["infra/template.yaml", "infra/github-oidc.yaml"];

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

    /// For a program that starts others, or asks servers: what it starts is found should it outlive this run (browsers leave their
    /// parent's process group), and a proxy that the user has, which does not know this machine's loopback, hears nothing.
    pub(crate) fn on_this_machine(self, command: &mut Command) {
        leftovers::mark(command, self.state);
        for name in ["NO_PROXY", "no_proxy"] {
            command.env(name, "127.0.0.1,localhost");
        }
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
        command.args(TEMPLATES).current_dir(self.workspace.root());
        self.run("cfn-lint", &mut command)?;
        Ok(None)
    }

    /// What is known to be unwise in a template, by the rules of checkov but for those that `infra/checkov.yaml` leaves out.
    pub(crate) fn policy_scan(self) -> Result<Remark> {
        SCAN.ensure_alone(self.workspace)?;
        let mut command = Command::new(SCAN.program(self.workspace, "checkov"));
        command
            .current_dir(self.workspace.root())
            .args(["--config-file", "infra/checkov.yaml"]);
        for template in TEMPLATES {
            command.args(["--file", template]);
        }
        self.run("checkov", &mut command)?;
        let log = self.state.join("checkov.log");
        let passed = passed_checks(&fs::read_to_string(&log).unwrap_or_default());
        // A template that it cannot read has no failures either.
        let passed = passed.context("checkov has not read every template; cfn-lint says more")?;
        Ok(Some(format!("{passed} checks")))
    }

    /// The sign-in page: its build, which weighs it, its types and those of its browser tests, and the tests that need no
    /// browser.
    pub(crate) fn page(self) -> Result<Remark> {
        page::build_within_budget(self.workspace, self.state)?;
        self.types("page")?;
        self.types("e2e/browser")?;
        self.node("page tests", &["page/test.mjs"])
    }

    /// What `cargo xtask dev` shows of the texts. Its pages are tried in a browser, against a stand-in for the local AWS.
    pub(crate) fn inbox(self) -> Result<Remark> {
        self.types("local/inbox")?;
        let mut command = self.node_test("local/inbox/tests")?;
        browser::ensure(self.workspace)?.name_to(&mut command);
        self.on_this_machine(&mut command);
        self.run("inbox tests", &mut command)?;
        Ok(None)
    }

    /// The TypeScript client: whether its types are those of the description, its build, and the tests that need no system.
    pub(crate) fn client(self) -> Result<Remark> {
        self.node("client types", &["clients/typescript/generate.mjs", "--check"])?;
        self.build_client()?;
        self.run("client tests", &mut self.node_test("clients/typescript/tests")?)?;
        Ok(None)
    }

    /// Compiles the TypeScript client, which tests of the running system use too.
    pub(crate) fn build_client(self) -> Result<()> {
        self.types("clients/typescript")
    }

    /// Checks the TypeScript of a folder, and writes what its configuration says is to be written.
    fn types(self, folder: &str) -> Result<()> {
        let mut command = Command::new(self.workspace.node_program("tsc"));
        command.args(["--project", folder]).current_dir(self.workspace.root());
        self.run(&format!("tsc {}", folder.replace('/', " ")), &mut command)
    }

    /// Node.js's own test runner, on all tests in a folder; by name, since versions differ in what they make of a folder.
    fn node_test(self, folder: &str) -> Result<Command> {
        let folder = self.workspace.root().join(folder);
        let mut tests = Vec::new();
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(".test.mjs") {
                tests.push(path);
            }
        }
        ensure!(!tests.is_empty(), "there are no tests in {}", folder.display());
        tests.sort();
        let mut command = Command::new("node");
        command.arg("--test").args(tests).current_dir(self.workspace.root());
        Ok(command)
    }

    fn node(self, name: &str, arguments: &[&str]) -> Result<Remark> {
        let mut command = Command::new("node");
        command.args(arguments).current_dir(self.workspace.root());
        self.run(name, &mut command)?;
        Ok(None)
    }
}

fn last_line(text: &str) -> &str {
    text.lines()
        .map(str::trim)
        .rfind(|line| !line.is_empty())
        .unwrap_or("no reason given")
}

/// Reads `Passed checks: 49, Failed checks: 0, Skipped checks: 0`; nothing where none passed, or a template was not read.
fn passed_checks(printed: &str) -> Option<u32> {
    if printed.contains("Parsing errors") {
        return None;
    }
    let (_, rest) = printed.split_once("Passed checks: ")?;
    let (passed, _) = rest.split_once(',')?;
    passed.parse().ok().filter(|passed| *passed > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_that_checked_nothing_has_not_passed() {
        let printed = |passed| format!("results:\n\nPassed checks: {passed}, Failed checks: 0, Skipped checks: 0\n");
        assert_eq!(passed_checks(&printed(49)), Some(49));
        assert_eq!(passed_checks(&printed(0)), None);
        let half = "Passed checks: 7, Failed checks: 0, Skipped checks: 0, Parsing errors: 1\n";
        assert_eq!(passed_checks(half), None);
        assert_eq!(passed_checks(""), None);
    }

    #[test]
    fn the_reason_is_the_last_line_that_says_something() {
        assert_eq!(last_line("a\n  b  \n\n"), "b");
        assert_eq!(last_line("\n"), "no reason given");
    }
}
