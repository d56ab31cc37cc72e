//! What to measure, as `cargo xtask bench triggers` writes it down.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    /// Ours: the folder with the executables.
    pub(crate) executables: PathBuf,
    /// Our zips, by trigger.
    pub(crate) packages: Packages,
    /// The peers: the folder with the handlers, and the Python that runs them.
    pub(crate) handlers: PathBuf,
    pub(crate) python: PathBuf,
    /// For the processes' logs.
    pub(crate) logs: PathBuf,
    pub(crate) rounds: usize,
    /// Where the result goes.
    pub(crate) output: PathBuf,
    /// Of everything that is measured or measures, for the record.
    pub(crate) versions: Value,
    /// What of it is not as it should be.
    pub(crate) remarks: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Packages {
    pub(crate) define: PathBuf,
    pub(crate) create: PathBuf,
    pub(crate) verify: PathBuf,
}
