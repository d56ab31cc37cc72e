//! The part of `cargo xtask test` that needs a running system: everything that is tried with it over HTTP and in a browser.

use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::commands::checks::{Place, Remark};
use crate::install::browser::{self, Browser};
use crate::process::cargo::cargo;
use crate::process::{self, interrupt, leftovers, logs, progress};
use crate::system::for_tests::System;

/// Brings the system up, tests it, searches its logs, takes it down, and checks that it is gone.
pub(crate) fn end_to_end(place: Place<'_>, keep: bool) -> Result<Remark> {
    let browser = browser::ensure(place.workspace)?;
    place.build_client()?;
    let mut system = System::start(place.workspace, place.state)?;
    let tested = test_system(place, &system, &browser);
    // A test that cannot connect is the symptom; that something died is the cause.
    let alive = system.must_run();
    if keep {
        let description = logs::shown(&system.description);
        progress::note(&format!("kept up until Ctrl-C: {description}"));
        while !interrupt::requested() {
            drop(interrupt::pause(Duration::from_secs(1)));
        }
    }
    drop(system);
    leftovers::none_left(place.state)?;
    alive.and(tested)?;
    Ok(None)
}

/// A named set of tests of the running system.
struct Tests {
    name: &'static str,
    command: Command,
}

/// All of them, one after the other: each would disturb the others' timing. A failure does not stop the others: one run shows
/// all that is wrong.
fn test_system(place: Place<'_>, system: &System, browser: &Browser) -> Result<()> {
    let mut failed: Result<()> = Ok(());
    for Tests { name, mut command } in tests(place, system, browser) {
        let log = place.state.join(format!("{}.log", name.replace(' ', "-")));
        command
            .current_dir(place.workspace.root())
            .env("E2E_SYSTEM", &system.description);
        place.on_this_machine(&mut command);
        let result = progress::step(name, || process::run(name, &mut command, &log));
        failed = match (failed, result) {
            (_, Err(error)) if interrupt::is_interrupted(&error) => return Err(error),
            (Err(before), Err(error)) => Err(before.context(format!("{error:#}"))),
            (failed, result) => failed.and(result),
        };
    }
    failed
}

fn tests(place: Place<'_>, system: &System, browser: &Browser) -> Vec<Tests> {
    let workspace = place.workspace;
    let cargo_test = |arguments: &[&str]| {
        let mut command = cargo(workspace, &["test", "--package=e2e"]);
        // The tests mostly wait for the system, so there may be more of them at once than there are cores.
        command.args(arguments).env("RUST_TEST_THREADS", "8");
        command
    };
    let mut client = Command::new("node");
    client
        .args(["--test", "clients/typescript/tests/live.test.mjs"])
        .env("E2E_WORKER", &system.local_worker)
        .env(
            "E2E_INBOX",
            format!("{}/_ministack/sns/sms-messages", system.aws_endpoint),
        );
    let mut collection = Command::new(workspace.node_program("newman"));
    collection
        .args(["run", "docs/passwordless-edge.postman_collection.json", "--bail"])
        .args(["--reporter-cli-no-banner", "--color=off"])
        .args(["--timeout-request=30000", "--timeout=180000", "--environment"])
        .arg(&system.collection_environment);
    let mut description = Command::new("node");
    description
        .arg("e2e/schemathesis.mjs")
        .arg(workspace.venv_program("schemathesis"))
        .arg("--no-color");
    let mut page = Command::new(workspace.node_program("playwright"));
    page.args(["test", "--config=e2e/browser/playwright.config.mjs"]);
    browser.name_to(&mut page);
    [
        ("end-to-end tests", cargo_test(&["--no-fail-fast"])),
        ("client tests", client),
        ("collection", collection),
        ("description tests", description),
        ("browser tests", page),
        // After all others, whatever became of them: they look at what these have left behind.
        ("described answers", cargo_test(&["--test=description"])),
        ("search the logs", cargo_test(&["--test=logs"])),
    ]
    .map(|(name, command)| Tests { name, command })
    .into()
}
