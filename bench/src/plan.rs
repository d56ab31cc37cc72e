//! What to measure, as `cargo xtask bench` writes it down: it knows the tools and where things are, this crate does not.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    /// The server's executable.
    pub(crate) workerd: PathBuf,
    pub(crate) compatibility_date: String,
    /// Ours first; all others are its peers.
    pub(crate) bundles: Vec<Bundle>,
    /// The folder that `tokens.mjs` filled.
    pub(crate) tokens: PathBuf,
    /// For the servers' logs.
    pub(crate) logs: PathBuf,
    pub(crate) rounds: usize,
    /// Of one measurement.
    pub(crate) seconds: f64,
    /// Names of loads; all of them when empty.
    pub(crate) only: Vec<String>,
    /// Where the result goes.
    pub(crate) output: PathBuf,
    /// Of everything that is measured or measures, for the record.
    pub(crate) versions: Value,
}

/// A worker as it is deployed: modules in a folder, the first of which is its entry.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bundle {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) modules: Vec<String>,
    /// Classes of Durable Objects by the binding that the worker has them under. None is used here; ours does not start
    /// without.
    #[serde(default)]
    pub(crate) objects: BTreeMap<String, String>,
}

/// Reads a plan, of any kind.
pub(crate) fn read<P: DeserializeOwned>(path: &Path) -> Result<P> {
    let text = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is not a plan", path.display()))
}
