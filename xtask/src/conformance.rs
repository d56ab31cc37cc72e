//! Checks that documents say what is there: a table of promises that nothing holds it to is out of date within a month.

mod cost;
mod links;
mod markdown;
mod proof;
mod runbook;
mod threat_model;
mod token_verification;

use std::path::Path;

/// Of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is in the workspace")
}
