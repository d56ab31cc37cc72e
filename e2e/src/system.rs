//! The system under test: what runs where, and with which keys.

use std::{collections::BTreeMap, env, fs, path::PathBuf, sync::OnceLock};

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;

use crate::{aws::Aws, description::Record, ledger::Ledger, worker::Worker};

/// The variable that names the description of the running system.
const VARIABLE: &str = "E2E_SYSTEM";

/// The description that `cargo xtask test` writes. It holds secrets, hence no `Debug`.
#[derive(Deserialize)]
pub struct Description {
    /// The local AWS's base URL, without a slash at the end.
    pub aws_endpoint: String,
    pub region: String,
    /// Every log file that the system writes.
    pub logs: Vec<PathBuf>,
    pub stacks: BTreeMap<String, Stack>,
    /// Base URLs of the workers by name.
    pub workers: BTreeMap<String, String>,
    pub fault: FaultPorts,
    pub origin: Behind,
    pub turnstile: Turnstile,
    /// Opens `/admin/guard` of the workers `main` and `fault`.
    pub admin_token: String,
    /// The configuration of the worker `lenient`, its own; see [`crate::lenient`].
    pub lenient_config: PathBuf,
    pub ledger: PathBuf,
}

/// One deployed stack.
#[derive(Deserialize)]
pub struct Stack {
    pub name: String,
    pub user_pool_id: String,
    pub client_id: String,
    pub client_secret: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub permit_key: String,
    pub code_ttl_seconds: u64,
}

/// Where the workers `fault` and `lenient` expect Cognito and the key set. Nothing listens there unless a test does.
#[derive(Deserialize)]
pub struct FaultPorts {
    pub cognito_port: u16,
    pub jwks_port: u16,
    /// Whoever listens here lets the deny list of the workers `fault`, `lenient` and `short` fail; see [`crate::deny_list`].
    pub deny_list_port: u16,
    /// Whoever listens here lets the Guards of the workers `fault`, `guarded`, `lenient` and `short` fail, or be far away.
    pub guard_port: u16,
}

/// Where the workers `guarded` and `lenient` have human checks verified.
#[derive(Deserialize)]
pub struct Turnstile {
    pub port: u16,
    pub secret: String,
    /// The site that good tokens come from.
    pub hostname: String,
}

/// The API behind the worker `main`, which is [`crate::origin`].
#[derive(Deserialize)]
pub struct Behind {
    pub port: u16,
    /// What the worker puts before the path of a request.
    pub path: String,
    /// With which the worker signs what it says of the caller.
    pub signing_key: String,
}

/// The running system.
pub struct System {
    pub description: Description,
    pub ledger: Ledger,
    /// What the workers did of all that is described.
    pub met: Record,
}

/// The running system, read once.
pub fn system() -> &'static System {
    static SYSTEM: OnceLock<System> = OnceLock::new();
    SYSTEM.get_or_init(|| System::read().unwrap_or_else(|error| panic!("{error:#}")))
}

impl System {
    fn read() -> Result<Self> {
        let path = env::var_os(VARIABLE).map(PathBuf::from).ok_or_else(|| {
            anyhow!("{VARIABLE} is not set: these tests need the running system, so run `cargo xtask test`")
        })?;
        let text = fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}: run `cargo xtask test`", path.display()))?;
        // The error names line and column, never a value.
        let description: Description =
            serde_json::from_str(&text).map_err(|error| anyhow!("{} is not as expected: {}", path.display(), error))?;
        let ledger = Ledger::open(&description.ledger)?;
        let met = Record::open(&Record::path(&description.ledger))?;
        Ok(Self {
            description,
            ledger,
            met,
        })
    }

    /// The stack with codes that live a minute and rotated refresh tokens that have a grace of 10 s.
    pub fn main_stack(&self) -> &Stack {
        self.stack("main")
    }

    /// The stack with codes that live 3 s and rotated refresh tokens that die at once.
    pub fn short_stack(&self) -> &Stack {
        self.stack("short")
    }

    /// The worker of the main stack, with an API behind it.
    pub fn main(&self) -> Worker {
        self.worker("main")
    }

    /// The worker of the short stack. It refuses what it cannot look up in the deny list.
    pub fn short(&self) -> Worker {
        self.worker("short")
    }

    /// The worker of the main stack whose Cognito and keys are ours.
    pub fn fault(&self) -> Worker {
        self.worker("fault")
    }

    /// A worker of the main stack that wants the scope `orders/read`, and lets only `https://app.example.com` read. It is
    /// elsewhere in the network: it has the deny list in common with `main` and nothing else, and may only read it.
    pub fn strict(&self) -> Worker {
        self.worker("strict")
    }

    /// A worker like `fault` with the settings that let more in: another app client, a tolerance of 5 s. It remembers no
    /// tokens, wants scopes, and can be loaded anew; see [`crate::lenient`].
    pub fn lenient(&self) -> Worker {
        self.worker("lenient")
    }

    /// A worker of the main stack that asks for a human check above soft limits, and stops sending to a country of which three
    /// codes in an hour were not verified.
    pub fn guarded(&self) -> Worker {
        self.worker("guarded")
    }

    /// A worker of the main stack without `CLIENT_SECRET` and with a `PERMIT_KEY` that is none.
    pub fn broken(&self) -> Worker {
        self.worker("broken")
    }

    /// The local AWS as its root user, who may do everything and is not checked.
    pub fn root(&self) -> Aws {
        self.aws("test", "test")
    }

    /// The local AWS as the worker of `stack`.
    pub fn worker_user(&self, stack: &Stack) -> Aws {
        self.aws(&stack.access_key_id, &stack.secret_access_key)
    }

    /// The local AWS with the given key.
    pub fn aws(&self, access_key_id: &str, secret_access_key: &str) -> Aws {
        Aws {
            endpoint: self.description.aws_endpoint.clone(),
            region: self.description.region.clone(),
            access_key_id: access_key_id.to_owned(),
            secret_access_key: secret_access_key.to_owned(),
        }
    }

    fn stack(&self, name: &str) -> &Stack {
        self.description
            .stacks
            .get(name)
            .unwrap_or_else(|| panic!("the system has no stack {name}"))
    }

    fn worker(&self, name: &str) -> Worker {
        let url = self
            .description
            .workers
            .get(name)
            .unwrap_or_else(|| panic!("the system has no worker {name}"));
        Worker::at(url)
    }
}
