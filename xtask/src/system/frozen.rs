//! Copies of what a `wrangler dev` runs, so that it stays the same while sources change.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::system::wrangler::CONFIG;
use crate::workspace::Workspace;

/// The static files' folder in a frozen configuration's own.
const ASSETS: &str = "assets";
/// What the module of `cargo xtask dev` imports beside the bundle.
const INBOX: &str = "messages.js";

/// Writes a configuration like `wrangler.toml` to `folder`, but for copies of the bundle and of the static files `assets` as
/// they are now, and without building. What runs with it stays the same when sources change: a `wrangler dev` that builds again
/// answers nothing meanwhile.
pub(crate) fn freeze(workspace: &Workspace, assets: &Path, folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    for file in ["index.js", "index_bg.wasm"] {
        copy(&workspace.worker_build().join(file), &folder.join(file))?;
    }
    let own_assets = folder.join(ASSETS);
    if own_assets.exists() {
        fs::remove_dir_all(&own_assets).with_context(|| format!("cannot empty {}", own_assets.display()))?;
    }
    copy_folder(assets, &own_assets)?;
    let config = fs::read_to_string(workspace.root().join(CONFIG)).context("cannot read wrangler.toml")?;
    let path = folder.join(CONFIG);
    fs::write(&path, frozen(&config))?;
    Ok(path)
}

/// Like [`freeze`], with a module between the platform and the worker: `module`, which imports the worker from `./bundle.js`.
pub(crate) fn freeze_behind(workspace: &Workspace, assets: &Path, module: &str, folder: &Path) -> Result<PathBuf> {
    let config = freeze(workspace, assets, folder)?;
    let entry = folder.join("index.js");
    fs::rename(&entry, folder.join("bundle.js")).with_context(|| format!("cannot rename {}", entry.display()))?;
    fs::write(&entry, module).with_context(|| format!("cannot write {}", entry.display()))?;
    Ok(config)
}

/// Like [`freeze`], of what `cargo xtask dev` runs: with the inbox.
pub(crate) fn freeze_local(workspace: &Workspace, folder: &Path) -> Result<PathBuf> {
    let path = workspace.local_worker();
    let module = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let frozen = module.replace("../../edge/build/index.js", "./bundle.js");
    ensure!(
        frozen != module,
        "{} does not import the worker's bundle",
        path.display()
    );
    let config = freeze_behind(workspace, &workspace.page_local(), &frozen, folder)?;
    copy(&path.with_file_name(INBOX), &folder.join(INBOX))?;
    Ok(config)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            copy(&entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Leaves out the table `[build]`, and takes the bundle and the static files from the configuration's own folder.
fn frozen(config: &str) -> String {
    let mut table = "";
    let mut text = String::new();
    for line in config.lines() {
        let start = line.trim_start();
        if start.starts_with('[') {
            table = start;
        }
        if table.starts_with("[build]") {
            continue;
        }
        let sets = |name: &str| {
            start
                .strip_prefix(name)
                .is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        if sets("main") {
            text.push_str("main = \"index.js\"");
        } else if table.starts_with("[assets]") && sets("directory") {
            text.push_str("directory = \"assets\"");
        } else {
            text.push_str(line);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_configuration_builds_nothing_and_keeps_all_else() {
        let config = "name = \"x\"\nmain = \"edge/build/index.js\"\nmain_text = 1\n\n[build]\ncommand = \"cargo\"\n\
            watch_dir = [\"edge/src\"]\n\n[assets]\ndirectory = \"page/build/deployed\"\nrun_worker_first = [\"/a\"]\n\n\
            [vars]\nA = \"b\"\ndirectory = \"d\"\n[[bindings]]\nname = \"c\"\n";
        let expected = "name = \"x\"\nmain = \"index.js\"\nmain_text = 1\n\n\
            [assets]\ndirectory = \"assets\"\nrun_worker_first = [\"/a\"]\n\n\
            [vars]\nA = \"b\"\ndirectory = \"d\"\n[[bindings]]\nname = \"c\"\n";
        assert_eq!(frozen(config), expected);
    }
}
