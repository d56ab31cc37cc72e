//! Brings everything that commands need onto the machine, in `.dev/` and `node_modules/`.

use anyhow::Result;

use crate::prerequisites::{self, Prerequisites};
use crate::progress::{Job, step, together};
use crate::tools::{self, WASM_BINDGEN};
use crate::workspace::Workspace;
use crate::{node, python};

/// Checks the machine, then installs what is missing, all at the same time. `alongside` is more work that needs none
/// of it, so that the network and the processors are both busy.
pub(crate) fn all(workspace: &Workspace, alongside: Vec<Job<'_>>) -> Result<()> {
    let found: Prerequisites = step("check prerequisites", prerequisites::check)?;
    let mut jobs: Vec<Job<'_>> = vec![
        Box::new(|| node::ensure(workspace)),
        Box::new(|| python::ensure(workspace, &found)),
        Box::new(|| {
            tools::ensure_wasm_target(workspace)?;
            WASM_BINDGEN.ensure(workspace).map(drop)
        }),
    ];
    jobs.extend(alongside);
    together(jobs)
}
