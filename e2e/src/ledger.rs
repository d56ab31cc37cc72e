//! The secrets that the tests came across, so that `tests/logs.rs` can look for them in every log.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::Path,
    sync::Mutex,
};

use anyhow::{Context, Result};
use serde_json::Value;

/// What a line of the ledger is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Six digits.
    Code,
    /// Access, id or refresh token, good or forged.
    Token,
    /// The `Session` of an answer.
    Session,
    /// A full phone number with its plus sign.
    Phone,
    /// What the create trigger wants to see before it sends.
    Permit,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Code, Self::Token, Self::Session, Self::Phone, Self::Permit];

    const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Token => "token",
            Self::Session => "session",
            Self::Phone => "phone",
            Self::Permit => "permit",
        }
    }
}

/// One line each: the kind, a space, the secret. Several test programs append to the same file.
#[derive(Debug)]
pub struct Ledger(Mutex<File>);

impl Ledger {
    /// Opens the file to append to it, and makes it if there is none.
    pub fn open(path: &Path) -> Result<Self> {
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .with_context(|| format!("cannot open the ledger {}", path.display()))?;
        Ok(Self(Mutex::new(file)))
    }

    /// Notes a secret. One write a line, so that lines of several programs do not mix.
    pub fn note(&self, kind: Kind, secret: &str) {
        if secret.is_empty() || secret.contains('\n') {
            return;
        }
        let line = format!("{} {secret}\n", kind.name());
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .write_all(line.as_bytes())
            .expect("the ledger can be written");
    }

    /// Notes every secret in a request or an answer of the worker, by the names of its members.
    pub fn note_members(&self, body: &Value) {
        let Some(members) = body.as_object() else {
            return;
        };
        for (name, value) in members {
            let kind = match name.as_str() {
                "AccessToken" | "IdToken" | "RefreshToken" | "refresh_token" => Kind::Token,
                "Session" | "session" => Kind::Session,
                "phone_number" => Kind::Phone,
                _ => {
                    self.note_members(value);
                    continue;
                }
            };
            if let Some(text) = value.as_str() {
                self.note(kind, text);
            }
        }
    }

    /// Reads what was noted.
    pub fn read(path: &Path) -> Result<Vec<(Kind, String)>> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read the ledger {}", path.display()))?;
        text.lines()
            .map(|line| {
                let (name, secret) = line.split_once(' ').context("a ledger line has no kind")?;
                let kind = Kind::ALL
                    .into_iter()
                    .find(|kind| kind.name() == name)
                    .context("a ledger line has an unknown kind")?;
                Ok((kind, secret.to_owned()))
            })
            .collect()
    }
}
