//! Bindings of the workers under test: such as the tests can meddle with, and a deny list that two workers share.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::system::{frozen, wrangler};
use crate::workspace::Workspace;

/// Settings of [`freeze_meddled`]'s workers that name the address which makes their deny list fail, and their Guards.
pub(crate) const DENY_LIST_FAULT: &str = "DENY_LIST_FAULT";
pub(crate) const GUARD_FAULT: &str = "GUARD_FAULT";

/// Stands between the platform and the worker.
const MEDDLED: &str = include_str!("meddled_bindings.js");

/// Like [`frozen::freeze`], but with bindings that fail when the tests want them to.
pub(crate) fn freeze_meddled(workspace: &Workspace, folder: &Path) -> Result<PathBuf> {
    frozen::freeze_behind(workspace, &workspace.page_deployed(), MEDDLED, folder)
}

/// Lets the worker `reader` see the deny list of `writer`, as if it ran elsewhere in Cloudflare's network: own memory, own
/// cache, the same KV. Both keep it in files, and only one of two processes may write them. To be called when neither has
/// started.
pub(crate) fn share(state: &Path, writer: &str, reader: &str) -> Result<()> {
    let [written, read] = [writer, reader].map(|name| wrangler::persisted(state, name).join("v3"));
    for folder in [&written.join("kv"), &read] {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    let link = read.join("kv");
    std::os::unix::fs::symlink(written.join("kv"), &link).with_context(|| format!("cannot create {}", link.display()))
}
