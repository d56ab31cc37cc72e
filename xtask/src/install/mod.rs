//! What is installed, and whether it is current: brings everything that commands need onto the machine, in `.dev/` and
//! `node_modules/`.

pub(crate) mod browser;
pub(crate) mod node;
pub(crate) mod python;
pub(crate) mod stamp;
pub(crate) mod tools;

mod prerequisites;

use anyhow::Result;

use crate::install::prerequisites::Prerequisites;
use crate::install::tools::WASM_BINDGEN;
use crate::process::progress::{Job, step, together};
use crate::workspace::Workspace;

/// Checks the machine, then installs what is missing, all at the same time. `alongside` is more work that needs none
/// of it, so that the network and the processors are both busy.
pub(crate) fn all(workspace: &Workspace, alongside: Vec<Job<'_>>) -> Result<()> {
    let found: Prerequisites = step("check prerequisites", prerequisites::check)?;
    let mut jobs: Vec<Job<'_>> = vec![
        Box::new(|| node::ensure(workspace)),
        Box::new(|| python::LOCAL.ensure(workspace, &found)),
        Box::new(|| {
            tools::ensure_wasm_target(workspace)?;
            WASM_BINDGEN.ensure(workspace).map(drop)
        }),
    ];
    jobs.extend(alongside);
    together(jobs)
}
