//! A stage as the tests know it: its names, and what its worker holds.

use std::{collections::BTreeMap, fs, path::PathBuf};

use super::{
    Key, account,
    command::{self, Ended, Running},
    inventory::{self, Inventory},
    secrecy,
};

/// One of the environments of `wrangler.toml`.
#[derive(Debug, Clone, Copy)]
pub struct Stage(pub &'static str);

/// The settings of a worker. They hold secrets, hence no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Vars(pub BTreeMap<String, String>);

impl Vars {
    /// The value of a setting.
    #[track_caller]
    pub fn value(&self, name: &str) -> &str {
        self.get(name).unwrap_or_else(|| panic!("the worker has no {name}"))
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The access key that the worker signs with.
    #[track_caller]
    pub fn key(&self) -> Key {
        Key {
            access_key_id: self.value("AWS_ACCESS_KEY_ID").to_owned(),
            secret_access_key: self.value("AWS_SECRET_ACCESS_KEY").to_owned(),
        }
    }

    /// The names of the settings that two workers have not in common, or with other values.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let names = self.0.keys().chain(other.0.keys());
        let mut different: Vec<String> = names
            .filter(|name| self.get(name) != other.get(name))
            .cloned()
            .collect();
        different.sort();
        different.dedup();
        different
    }
}

impl Stage {
    /// Starts `cargo xtask <command> --stage NAME --yes <more>`.
    pub fn start(self, command: &str, more: &[&str]) -> Running {
        command::start(&[&[command, "--stage", self.0, "--yes"], more].concat())
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(self, command: &str, more: &[&str]) -> Ended {
        let ended = self.start(command, more).end();
        self.note_secrets();
        ended
    }

    /// Deploys, which must succeed; returns what the worker holds then.
    #[track_caller]
    pub fn deploy(self) -> Vars {
        self.run("deploy", &[]).expect_success();
        self.vars()
    }

    pub fn stack(self) -> String {
        format!("passwordless-edge-{}", self.0)
    }

    /// A trigger's function.
    pub fn function(self, trigger: &str) -> String {
        format!("{}-{trigger}-auth-challenge", self.stack())
    }

    /// What all keys but the access key follow from.
    pub fn challenge_secret(self) -> String {
        format!("{}/challenge", self.stack())
    }

    /// The worker's IAM user.
    #[track_caller]
    pub fn user(self) -> String {
        inventory::output(&self.stack(), "WorkerUserName")
    }

    /// All that is in the account of this stage.
    #[track_caller]
    pub fn inventory(self) -> Inventory {
        inventory::inventory(&self.stack())
    }

    fn folder(self) -> PathBuf {
        account().stages.join(self.0)
    }

    pub fn vars_file(self) -> PathBuf {
        self.folder().join("worker.vars")
    }

    /// What the worker holds, if there is one.
    pub fn vars_if_any(self) -> Option<Vars> {
        let text = fs::read_to_string(self.vars_file()).ok()?;
        let vars = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let vars = Vars(vars);
        secrecy::note(&vars);
        Some(vars)
    }

    /// What the worker holds.
    #[track_caller]
    pub fn vars(self) -> Vars {
        self.vars_if_any().expect("the stage has a worker")
    }

    /// Remembers what must be in no log.
    fn note_secrets(self) {
        drop(self.vars_if_any());
        if inventory::stack_status(&self.stack()).is_some() {
            for stage in ["AWSCURRENT", "AWSPREVIOUS"] {
                if let Some(value) = inventory::secret_value(&self.challenge_secret(), stage) {
                    secrecy::note_value(&value);
                }
            }
        }
    }

    /// Checks that the account and the worker fit: one access key, which the worker has and is tagged as its own; one challenge
    /// secret, which the worker's permit key follows from; and no second key anywhere.
    #[track_caller]
    pub fn expect_settled(self) {
        let (vars, user) = (self.vars(), self.user());
        let key = vars.key().access_key_id;
        assert!(
            inventory::access_keys(&user).into_iter().eq([key.clone()]),
            "{} has {} access keys, or one that is not the worker's",
            self.0,
            inventory::access_keys(&user).len()
        );
        let tags = inventory::tags_of_user(&user);
        assert_eq!(tags.get("worker-access-key"), Some(&key), "{}", self.0);
        let versions = inventory::versions_of(&self.challenge_secret());
        let [(version, stages)] = &versions.iter().collect::<Vec<_>>()[..] else {
            panic!("{} has {} challenge secrets", self.0, versions.len());
        };
        assert!(stages.contains("AWSCURRENT") && stages.len() == 1, "{stages:?}");
        assert_eq!(tags.get("worker-secret-version"), Some(*version), "{}", self.0);
        let secret = inventory::secret_value(&self.challenge_secret(), "AWSCURRENT").expect("a secret");
        let secret = challenge::Secret::new(secret).expect("long enough");
        assert!(
            vars.value("PERMIT_KEY") == challenge::PermitKey::derive(&secret).to_base64url(),
            "{}: PERMIT_KEY does not follow from the challenge secret",
            self.0
        );
        assert_eq!(vars.get("PERMIT_KEY_SECONDARY").map(str::len), None, "{}", self.0);
    }
}
