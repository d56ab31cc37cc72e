//! The part of `cargo xtask test` that deploys, rotates and destroys stages in a local AWS, as a user who may do that and no more.

use std::fs;

use anyhow::{Context, Result};

use crate::commands::checks::{Place, Remark};
use crate::process::cargo::cargo;
use crate::process::{self, leftovers, progress};
use crate::system::for_stages::Account;

/// Brings an account up, lets the tests deploy to it, takes it down, and checks that nothing is left running.
pub(crate) fn stages(place: Place<'_>) -> Result<Remark> {
    let state = place.state.join("stages");
    // What an earlier run left there is no stage of this account.
    for folder in ["stages", "printed"].map(|name| state.join(name)) {
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
    }
    fs::create_dir_all(&state).with_context(|| format!("cannot create {}", state.display()))?;
    leftovers::end(&state)?;
    let mut account = Account::start(place.workspace, &state)?;
    let mut command = cargo(place.workspace, &["test", "--package=e2e", "--test=stages"]);
    // One for each stage, and some that need none; they mostly wait.
    command
        .env("RUST_TEST_THREADS", "8")
        .env("E2E_STAGES", &account.description);
    let marked = Place { state: &state, ..place };
    marked.on_this_machine(&mut command);
    let log = state.join("stage-tests.log");
    let tested = progress::step("stage tests", || process::run("stage tests", &mut command, &log));
    // A test that cannot connect is the symptom; that something died is the cause.
    let alive = account.must_run();
    let load = fs::read_to_string(&account.load).unwrap_or_default();
    drop(account);
    if tested.is_err() {
        // Commands that a test had started when it failed.
        drop(leftovers::end(&state));
    }
    leftovers::none_left(&state)?;
    alive.and(tested)?;
    Ok(Some(load.trim().to_owned()).filter(|load| !load.is_empty()))
}
