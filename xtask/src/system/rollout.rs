//! A worker that plays Cloudflare's network while one version of the worker replaces another.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::system::frozen;
use crate::workspace::Workspace;

/// How many versions there can be in one run. Each that is live has a wasm instance of its own.
const VERSIONS: usize = 24;

/// What answers 200 without any version.
pub(crate) const READY_PATH: &str = "/_rollout";

/// Stands between the platform and the versions, and says how it is told of them.
const ROLLOUT: &str = include_str!("rollout.js");

/// Like [`frozen::freeze`], but for versions of the worker that the tests bring in and take out; it begins with none.
pub(crate) fn freeze(workspace: &Workspace, folder: &Path) -> Result<PathBuf> {
    let config = frozen::freeze_behind(workspace, &workspace.page_deployed(), &module()?, folder)?;
    for number in 0..VERSIONS {
        let version = folder.join(format!("version{number}"));
        fs::create_dir_all(&version)?;
        // Modules at different paths are different modules, each with an instance of its own.
        for (from, to) in [("bundle.js", "index.js"), ("index_bg.wasm", "index_bg.wasm")] {
            fs::copy(folder.join(from), version.join(to))
                .with_context(|| format!("cannot copy {}", version.display()))?;
        }
    }
    Ok(config)
}

fn module() -> Result<String> {
    let mut text = String::new();
    for number in 0..VERSIONS {
        writeln!(text, "import * as bundle{number} from \"./version{number}/index.js\";")?;
    }
    let names: Vec<String> = (0..VERSIONS).map(|number| format!("bundle{number}")).collect();
    writeln!(text, "const bundles = [{}];", names.join(", "))?;
    Ok(text + ROLLOUT)
}
