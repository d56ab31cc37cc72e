//! The check of the triggers that a deployment would put into Lambda. They cannot be run here; what can be known of them is.

use anyhow::Result;

use crate::build::{arm64, packages};
use crate::commands::checks::{Place, Remark};

/// Builds the triggers for AWS, packs them, and looks whether they would start there and how large they are.
pub(crate) fn arm64(place: Place<'_>) -> Result<Remark> {
    let executables = arm64::build(place.workspace, place.state)?;
    let packages = packages::pack(&executables, &place.state.join("packages-arm64"))?;
    let shipped = arm64::inspect(&executables, &packages)?;
    let told: Vec<String> = shipped.iter().map(ToString::to_string).collect();
    Ok(Some(told.join("; ")))
}
