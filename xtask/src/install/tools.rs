//! Programs that cargo and rustup provide, each in exactly one version.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::install::prerequisites::printed;
use crate::process::cargo::cargo;
use crate::process::{self, lock, progress};
use crate::workspace::Workspace;

/// A program that cargo installs.
#[derive(Debug)]
pub(crate) struct Tool {
    package: &'static str,
    version: &'static str,
    program: &'static str,
    /// What makes the program print its version.
    ask: &'static [&'static str],
}

/// Turns cargo's wasm into wasm and the JavaScript around it. Must be the very version of the `wasm-bindgen` crate.
pub(crate) const WASM_BINDGEN: Tool = Tool {
    package: "wasm-bindgen-cli",
    version: "0.2.129",
    program: "wasm-bindgen",
    ask: &["--version"],
};

/// Licences, sources, duplicates and advisories of all dependencies.
pub(crate) const CARGO_DENY: Tool = Tool {
    package: "cargo-deny",
    version: "0.20.2",
    program: "cargo-deny",
    ask: &["--version"],
};

/// Lists what a crate is made of.
pub(crate) const CARGO_CYCLONEDX: Tool = Tool {
    package: "cargo-cyclonedx",
    version: "0.5.9",
    program: "cargo-cyclonedx",
    ask: &["cyclonedx", "--version"],
};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

impl Tool {
    pub(crate) fn version(&self) -> &'static str {
        self.version
    }

    /// Where the program is: among ours, or anywhere in PATH if it is the pinned version.
    pub(crate) fn find(&self, workspace: &Workspace) -> Option<PathBuf> {
        let ours = workspace.tools().join("bin").join(self.program);
        [ours, PathBuf::from(self.program)].into_iter().find(|program| {
            printed(&program.to_string_lossy(), self.ask).is_some_and(|printed| names_version(&printed, self.version))
        })
    }

    /// Finds the program, or installs it, which takes minutes.
    pub(crate) fn ensure(&self, workspace: &Workspace) -> Result<PathBuf> {
        if let Some(program) = self.find(workspace) {
            return Ok(program);
        }
        let _lock = lock::wait(&workspace.tools().join(format!("{}.lock", self.program)), self.package)?;
        if self.find(workspace).is_none() {
            let name = format!("install {} {} (takes minutes, once)", self.package, self.version);
            progress::step(&name, || self.install(workspace))?;
        }
        self.find(workspace).with_context(|| {
            format!(
                "{} {} was installed but is not in {}",
                self.program,
                self.version,
                workspace.tools().display()
            )
        })
    }

    fn install(&self, workspace: &Workspace) -> Result<()> {
        let root = workspace.tools();
        let build = root.join("build").join(self.package);
        let mut command = cargo(workspace, &["install", "--locked", "--root"]);
        command
            .arg(&root)
            .args([self.package, "--version", self.version])
            .env("CARGO_TARGET_DIR", &build)
            // The tools run for a second or two at a time; compiling them quickly matters more than their speed.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        let log = root.join(format!("{}.log", self.program));
        process::run(&format!("install {}", self.package), &mut command, &log).context(
            "what to do: see the log; most often the network or a C compiler (cc) is missing. \
             What was compiled so far is kept for the next try",
        )?;
        // Some hundred megabytes that nobody needs again. Left there by a failure, so that the next try goes on.
        fs::remove_dir_all(&build).with_context(|| format!("cannot remove {}", build.display()))
    }
}

/// Whether what `program --version` printed names exactly this version.
fn names_version(printed: &str, version: &str) -> bool {
    printed.split_whitespace().any(|word| word == version)
}

/// The standard library for the worker's target.
pub(crate) fn ensure_wasm_target(workspace: &Workspace) -> Result<()> {
    ensure_target(workspace, WASM_TARGET)
}

/// The standard library for a target, for instance `aarch64-unknown-linux-gnu`.
pub(crate) fn ensure_target(workspace: &Workspace, target: &str) -> Result<()> {
    // Asking for the directory is quick; asking rustup for its list takes most of a second.
    let arguments = ["--print", "target-libdir", "--target", target];
    if printed("rustc", &arguments).is_some_and(|path| PathBuf::from(path.trim()).is_dir()) {
        return Ok(());
    }
    progress::step(&format!("add the Rust target {target}"), || {
        let mut command = std::process::Command::new("rustup");
        command.args(["target", "add", target]).current_dir(workspace.root());
        let log = workspace.tools().join("rustup.log");
        process::run("rustup target add", &mut command, &log)
            .context("what to do: check the network, then run it again")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_version_counts() {
        assert!(names_version("wasm-bindgen 0.2.129\n", "0.2.129"));
        assert!(names_version("wasm-bindgen 0.2.129 (abcdef)", "0.2.129"));
        assert!(!names_version("wasm-bindgen 0.2.1290", "0.2.129"));
        assert!(!names_version("wasm-bindgen 0.2.12", "0.2.129"));
        assert!(!names_version("", "0.2.129"));
    }

    #[test]
    fn the_tool_is_the_version_of_the_crate() {
        // wasm-bindgen refuses to work on what another version of its crate made.
        let manifest = include_str!("../../../Cargo.toml");
        let pinned = format!("wasm-bindgen = \"={}\"", WASM_BINDGEN.version);
        assert!(manifest.contains(&pinned));
    }
}
