//! The deny list of the workers under test: one that can be made to fail, and one that two workers share.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::system::wrangler;
use crate::workspace::Workspace;

/// The setting of [`freeze_failing`]'s workers that names the address which makes their deny list fail.
pub(crate) const FAULT: &str = "DENY_LIST_FAULT";

/// Stands between the platform and the worker.
const FAILING: &str = include_str!("failing_deny_list.js");

/// Like [`wrangler::freeze`], but with a deny list that fails when the tests want it to.
pub(crate) fn freeze_failing(workspace: &Workspace, folder: &Path) -> Result<PathBuf> {
    let config = wrangler::freeze(workspace, folder)?;
    let entry = folder.join("index.js");
    fs::rename(&entry, folder.join("bundle.js")).with_context(|| format!("cannot rename {}", entry.display()))?;
    fs::write(&entry, FAILING).with_context(|| format!("cannot write {}", entry.display()))?;
    Ok(config)
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
