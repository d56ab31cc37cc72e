//! The API's description, `openapi.yaml`: whether the worker answers as it says, and whether it says nothing that does not
//! happen.
//!
//! Every answer that a test gets by [`crate::Worker`] is checked against it, and noted as an outcome that was met. The last
//! of the tests, `tests/description.rs`, wants to see every outcome that is described among those.

mod codes;
mod disagreement;
mod document;
mod header;
mod node;
mod outcome;
mod path;
mod record;
mod response;
mod schema;

use std::{fs, path::PathBuf, sync::LazyLock};

use anyhow::{Context, Result};

pub use disagreement::Disagreement;
pub use document::Document;
pub use outcome::Outcome;
pub use record::Record;

use crate::{Answer, system};

/// The description of the worker under test, read once.
static DESCRIPTION: LazyLock<Document> =
    LazyLock::new(|| read().unwrap_or_else(|error| panic!("openapi.yaml: {error:#}")));

/// The description of the worker under test.
pub fn description() -> &'static Document {
    &DESCRIPTION
}

fn read() -> Result<Document> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../openapi.yaml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Document::parse(&text)
}

/// Checks an answer of a worker, and notes what it was described as. `path` is without query.
#[track_caller]
pub(crate) fn expect_described(method: &str, path: &str, answer: &Answer) {
    match description().check(method, path, answer) {
        Ok(outcomes) => {
            for outcome in outcomes {
                system().met.note(outcome);
            }
        }
        Err(disagreement) => {
            let operation = description().operation(method, path);
            panic!("{operation} {} {}: {disagreement}", answer.status, answer.code())
        }
    }
}

#[cfg(test)]
mod tests;
