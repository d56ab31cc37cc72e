//! How cargo is called.

use std::ffi::OsStr;
use std::process::Command;

use crate::workspace::Workspace;

/// A cargo command in the checkout.
pub(crate) fn cargo(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = with_cargo_inside(workspace, "cargo");
    command.args(arguments);
    command
}

/// Another program that calls cargo in the checkout.
pub(crate) fn with_cargo_inside(workspace: &Workspace, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace.root());
    // Of the package that runs now, xtask; a build script of another package must not take them for its own.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME"] {
        command.env_remove(name);
    }
    command
}
