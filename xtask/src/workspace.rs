//! Where things are. Every path that xtask reads or writes is named here.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The checkout, and the layout of what xtask keeps in it.
///
/// All state lies in the ignored folder `.dev/`, except for what other tools insist on finding elsewhere:
/// `.dev.vars` (wrangler), `node_modules/` (npm), `target/` (cargo) and `edge/build/` (the bundle).
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the checkout by the manifest directory that `cargo run` passes.
    pub(crate) fn locate() -> Result<Self> {
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.parent().context("the xtask crate has no parent directory")?;
        let root = root
            .canonicalize()
            .with_context(|| format!("cannot open {}", root.display()))?;
        Ok(Self { root })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// `.dev/`: everything that can be installed or built again.
    pub(crate) fn state(&self) -> PathBuf {
        self.root.join(".dev")
    }

    /// `.dev/dev/`: logs and data of `cargo xtask dev`.
    pub(crate) fn dev_state(&self) -> PathBuf {
        self.state().join("dev")
    }

    /// `.dev/test/`: logs and data of `cargo xtask test`. Apart from `dev`'s, so that both can run at once.
    pub(crate) fn test_state(&self) -> PathBuf {
        self.state().join("test")
    }

    /// `.dev/bench/`: logs of `cargo xtask bench`. What it measures and finds is in `target/bench/`.
    pub(crate) fn bench_state(&self) -> PathBuf {
        self.state().join("bench")
    }

    /// `.dev/stages/NAME/`: logs of what deploys, rotates and destroys the stage; of a rehearsal also the worker's settings.
    /// `XTASK_STAGES` names another folder than `.dev/stages`, for tests that must not disturb a developer's stages.
    pub(crate) fn stage_state(&self, stage: &str) -> PathBuf {
        let stages = env::var_os("XTASK_STAGES").map_or_else(|| self.state().join("stages"), PathBuf::from);
        stages.join(stage)
    }

    /// `.dev/build/`: logs of builds that wrangler starts.
    pub(crate) fn build_state(&self) -> PathBuf {
        self.state().join("build")
    }

    /// `.dev/tools/`: programs installed by cargo; the executables are in `bin`.
    pub(crate) fn tools(&self) -> PathBuf {
        self.state().join("tools")
    }

    /// `.dev/venv/`: the Python packages of the local AWS, the AWS CLI and cfn-lint.
    pub(crate) fn venv(&self) -> PathBuf {
        self.state().join("venv")
    }

    pub(crate) fn venv_program(&self, name: &str) -> PathBuf {
        self.venv().join("bin").join(name)
    }

    pub(crate) fn node_modules(&self) -> PathBuf {
        self.root.join("node_modules")
    }

    pub(crate) fn node_program(&self, name: &str) -> PathBuf {
        self.node_modules().join(".bin").join(name)
    }

    /// `target/`, or where the user told cargo to put it.
    pub(crate) fn target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.root.join("target"), |directory| self.root.join(directory))
    }

    /// The worker's bundle, the `main` of wrangler.toml.
    pub(crate) fn worker_build(&self) -> PathBuf {
        self.root.join("edge").join("build")
    }

    /// The static files that are deployed with the worker: the `assets` of wrangler.toml.
    pub(crate) fn page_deployed(&self) -> PathBuf {
        self.page_build().join("deployed")
    }

    /// The same, and what only `cargo xtask dev` shows.
    pub(crate) fn page_local(&self) -> PathBuf {
        self.page_build().join("local")
    }

    /// Both of them.
    pub(crate) fn page_build(&self) -> PathBuf {
        self.root.join("page").join("build")
    }

    /// The TypeScript client as it is packed.
    pub(crate) fn client_build(&self) -> PathBuf {
        self.root.join("clients").join("typescript").join("dist")
    }

    /// The module that `cargo xtask dev` runs: the worker, and the inbox of a developer's machine.
    pub(crate) fn local_worker(&self) -> PathBuf {
        self.root.join("local").join("inbox").join("worker.js")
    }

    /// The benchmark's sources.
    pub(crate) fn bench(&self) -> PathBuf {
        self.root.join("bench")
    }

    pub(crate) fn template(&self) -> PathBuf {
        self.root.join("infra").join("template.yaml")
    }

    /// How the stage's stack differs from the template's defaults. `XTASK_STAGE_PARAMETERS` names another folder than
    /// `infra/stages`, for tests of what is wrong there.
    pub(crate) fn stage_parameters(&self, stage: &str) -> PathBuf {
        let folder =
            env::var_os("XTASK_STAGE_PARAMETERS").map_or_else(|| self.root.join("infra").join("stages"), PathBuf::from);
        folder.join(format!("{stage}.json"))
    }

    /// The worker's settings under `cargo xtask dev` that the user wants otherwise or besides; nothing of ours writes it.
    pub(crate) fn own_vars(&self) -> PathBuf {
        self.root.join(".dev.vars.own")
    }

    pub(crate) fn dev_vars(&self) -> PathBuf {
        self.root.join(".dev.vars")
    }
}
