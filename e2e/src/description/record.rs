//! What the tests met of the description, so that `tests/description.rs` can tell what they did not.

use std::{
    collections::{BTreeSet, HashSet},
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use anyhow::{Context, Result};

use super::outcome::Outcome;

/// One outcome a line, each at least once. Several test programs append to the same file.
pub struct Record(Mutex<Noted>);

struct Noted {
    file: File,
    /// By this program.
    outcomes: HashSet<Outcome>,
}

impl Record {
    /// Where it is: beside the ledger.
    pub fn path(ledger: &Path) -> PathBuf {
        ledger.with_file_name("described")
    }

    /// Opens the file to append to it, and makes it if there is none.
    pub fn open(path: &Path) -> Result<Self> {
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .with_context(|| format!("cannot open {}", path.display()))?;
        let outcomes = HashSet::new();
        Ok(Self(Mutex::new(Noted { file, outcomes })))
    }

    /// Notes an outcome, if it is new. One write a line, so that lines of several programs do not mix.
    pub fn note(&self, outcome: Outcome) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !noted.outcomes.contains(&outcome) {
            let line = format!("{outcome}\n");
            noted
                .file
                .write_all(line.as_bytes())
                .expect("what was met can be noted");
            noted.outcomes.insert(outcome);
        }
    }

    /// Reads what was noted by all programs.
    pub fn read(path: &Path) -> Result<BTreeSet<Outcome>> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        text.lines().map(str::parse).collect()
    }
}
