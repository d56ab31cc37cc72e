//! What the tests of `cargo xtask deploy`, `rotate` and `destroy` stand on: an account of their own, the commands as a user runs
//! them, a look at what is in the account, and people who sign in meanwhile.

use std::{env, fs, path::PathBuf, sync::OnceLock};

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;

use crate::aws::Aws;

pub mod chapter;
pub mod command;
pub mod inventory;
pub mod load;
pub mod rollout;
pub mod secrecy;
pub mod stage;
pub mod visitor;

/// The variable that names the description of the account.
const VARIABLE: &str = "E2E_STAGES";

/// The description that `cargo xtask test` writes. It holds secrets, hence no `Debug`.
#[derive(Deserialize)]
pub struct Account {
    /// The local AWS's base URL, without a slash at the end.
    pub aws_endpoint: String,
    pub region: String,
    /// A user who may do what `infra/deployer-policy.json` allows, and nothing else.
    pub deployer: Key,
    /// The program behind `cargo xtask`.
    pub xtask: PathBuf,
    pub checkout: PathBuf,
    /// Where the commands keep the state of stages, in a folder for each.
    pub stages: PathBuf,
    /// Where the tests keep what the commands print.
    pub printed: PathBuf,
    /// Base URL of the worker that plays Cloudflare's network, without a slash at the end.
    pub rollout: String,
    /// Every log file of what runs besides.
    pub logs: Vec<PathBuf>,
    /// To which the tests write what became of the sign-ins during a rotation.
    pub load: PathBuf,
}

/// An access key.
#[derive(Deserialize, Clone, PartialEq, Eq)]
pub struct Key {
    pub access_key_id: String,
    pub secret_access_key: String,
}

/// The account, read once.
pub fn account() -> &'static Account {
    static ACCOUNT: OnceLock<Account> = OnceLock::new();
    ACCOUNT.get_or_init(|| Account::read().unwrap_or_else(|error| panic!("{error:#}")))
}

impl Account {
    fn read() -> Result<Self> {
        let path = env::var_os(VARIABLE).map(PathBuf::from).ok_or_else(|| {
            anyhow!("{VARIABLE} is not set: these tests need an account, so run `cargo xtask test --only stages`")
        })?;
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        // The error names line and column, never a value.
        serde_json::from_str(&text).map_err(|error| anyhow!("{} is not as expected: {error}", path.display()))
    }

    /// AWS as the account's root user, who may do everything and is not checked.
    pub fn root(&self) -> Aws {
        self.with_key("test", "test")
    }

    /// AWS with the given key.
    pub fn with_key(&self, access_key_id: &str, secret_access_key: &str) -> Aws {
        Aws {
            endpoint: self.aws_endpoint.clone(),
            region: self.region.clone(),
            access_key_id: access_key_id.to_owned(),
            secret_access_key: secret_access_key.to_owned(),
        }
    }
}
