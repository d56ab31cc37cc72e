//! The check of what would be deployed: everything that a deployment of the worker does, except for the deployment.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::build::{page, worker};
use crate::commands::checks::{Place, Remark};
use crate::process;
use crate::process::logs;
use crate::system::wrangler::wrangler;

/// Ours, far below Cloudflare's: a small bundle starts quickly everywhere.
const BUNDLE_LIMIT_KIB: f64 = 1024.0;

/// What only `cargo xtask dev` has: below this path it shows what was sent, codes included.
const LOCAL_ONLY: &str = "/_local/";

/// Bundles the worker and its static files as `wrangler.toml` says, weighs the bundle, and looks for what must stay on a
/// developer's machine.
pub(crate) fn bundle(place: Place<'_>) -> Result<Remark> {
    worker::build(place.workspace, place.state)?;
    page::build(place.workspace, place.state)?;
    let output = place.state.join("bundle");
    if output.exists() {
        // Else it has what earlier runs left there too.
        fs::remove_dir_all(&output).with_context(|| format!("cannot empty {}", output.display()))?;
    }
    let mut command = wrangler(place.workspace, &place.state.join("wrangler-bundle"))?;
    command.args(["deploy", "--dry-run", "--outdir"]).arg(&output);
    let log = place.state.join("wrangler-deploy-dry-run.log");
    process::run("wrangler deploy dry run", &mut command, &log)?;
    let printed = fs::read_to_string(&log)?;
    let (raw, zipped) = sizes(&printed)
        .with_context(|| format!("wrangler printed no size of the bundle, see {}", logs::shown(&log)))?;
    if zipped > BUNDLE_LIMIT_KIB {
        bail!("the bundle has {zipped} KiB gzipped, the limit is {BUNDLE_LIMIT_KIB} KiB");
    }
    let assets =
        assets(&printed).with_context(|| format!("wrangler printed no assets directory, see {}", logs::shown(&log)))?;
    for folder in [&output, assets] {
        must_lack(folder, LOCAL_ONLY)?;
    }
    Ok(Some(format!(
        "{raw} KiB, gzipped {zipped} KiB of {BUNDLE_LIMIT_KIB} KiB"
    )))
}

/// Reads `Total Upload: 840.32 KiB / gzip: 305.11 KiB`: what Cloudflare counts, in KiB.
fn sizes(printed: &str) -> Option<(f64, f64)> {
    let (_, line) = printed.split_once("Total Upload:")?;
    let (raw, rest) = line.split_once("KiB")?;
    let (_, zipped) = rest.split_once("gzip:")?;
    let (zipped, _) = zipped.split_once("KiB")?;
    Some((raw.trim().parse().ok()?, zipped.trim().parse().ok()?))
}

/// Reads the folder of `Read 15 files from the assets directory /home/me/passwordless-edge/page/build/deployed`.
fn assets(printed: &str) -> Option<&Path> {
    let (_, rest) = printed.split_once("from the assets directory ")?;
    rest.lines().next().map(|line| Path::new(line.trim()))
}

/// An error when a file below the folder has the text in its path from there, or in its content.
fn must_lack(folder: &Path, text: &str) -> Result<()> {
    for path in files(folder)? {
        let named = Path::new("/").join(path.strip_prefix(folder)?);
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let has_it = named.to_string_lossy().contains(text)
            || content.windows(text.len()).any(|window| window == text.as_bytes());
        ensure!(
            !has_it,
            "{} would be deployed, with `{text}`, which must stay on this machine",
            path.display()
        );
    }
    Ok(())
}

/// All files below the folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sizes_are_read_from_what_wrangler_prints() {
        let printed = "⛅ wrangler\nTotal Upload: 840.32 KiB / gzip: 305.11 KiB\n--dry-run: exiting now.\n";
        assert_eq!(sizes(printed), Some((840.32, 305.11)));
        assert_eq!(sizes("Total Upload: big"), None);
        assert_eq!(sizes(""), None);
    }

    #[test]
    fn the_assets_directory_is_read_from_what_wrangler_prints() {
        let printed = "✨ Read 15 files from the assets directory /a b/deployed\nTotal Upload: 1 KiB / gzip: 1 KiB\n";
        assert_eq!(assets(printed), Some(Path::new("/a b/deployed")));
        assert_eq!(assets("Total Upload: 1 KiB / gzip: 1 KiB\n"), None);
    }

    #[test]
    fn what_must_stay_here_is_found_by_name_and_by_content() {
        let folder = std::env::temp_dir().join(format!("xtask-deployment-{}", std::process::id()));
        let (pages, inbox) = (folder.join("pages"), folder.join("pages").join("_local"));
        fs::create_dir_all(&inbox).unwrap();
        fs::write(pages.join("index.js"), "fetch(\"/thread_local/\")").unwrap();
        must_lack(&folder, LOCAL_ONLY).unwrap();
        fs::write(pages.join("main.js"), "fetch(\"/_local/inbox\")").unwrap();
        assert!(
            must_lack(&folder, LOCAL_ONLY)
                .unwrap_err()
                .to_string()
                .contains("main.js")
        );
        fs::remove_file(pages.join("main.js")).unwrap();
        fs::write(inbox.join("index.html"), "").unwrap();
        assert!(must_lack(&folder, LOCAL_ONLY).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
