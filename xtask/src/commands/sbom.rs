//! `cargo xtask sbom`: what the worker, the triggers and the tools are made of, as CycloneDX JSON in `target/sbom/`.
//!
//! Each file is written by the tool that its ecosystem has for it, then held to CycloneDX's own schema and looked through
//! for what must be there: a list that is empty is valid too.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::commands::checks::{Place, Remark};
use crate::install::python::{self, AUDIT};
use crate::install::tools::CARGO_CYCLONEDX;
use crate::process::cargo::with_cargo_inside;
use crate::process::{self, lock, progress};
use crate::workspace::Workspace;

/// The newest that all three tools write.
const SPEC_VERSION: &str = "1.5";

/// What cargo-cyclonedx calls its files, one beside the manifest of every member (it can write nowhere else). Ignored by git.
const BESIDE_MANIFEST: &str = "xtask-sbom";

/// Something of ours in Rust, and what it is built for.
struct Shipped {
    name: &'static str,
    /// The workspace's member.
    package: &'static str,
    target: &'static str,
    /// Crates without which it could not do what it does, and one that belongs to the others alone.
    has: &'static [&'static str],
    lacks: &'static str,
}

const SHIPPED: [Shipped; 2] = [
    Shipped {
        name: "worker",
        package: "edge",
        target: "wasm32-unknown-unknown",
        has: &["worker", "wasm-bindgen", "aws-sigv4", "challenge", "guard"],
        lacks: "lambda_runtime",
    },
    Shipped {
        name: "triggers",
        package: "triggers",
        target: "aarch64-unknown-linux-gnu",
        has: &["lambda_runtime", "aws-sdk-sns", "tokio", "challenge"],
        lacks: "worker",
    },
];

/// What builds, tests and shows: the page's libraries, wrangler, the browser tests.
const NPM_HAS: [&str; 3] = ["wrangler", "esbuild", "libphonenumber-js"];

pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    for path in write(workspace, &workspace.build_state())? {
        println!("{}", path.display());
    }
    Ok(())
}

/// As a step of `cargo xtask test`.
pub(crate) fn check(place: Place<'_>) -> Result<Remark> {
    let written = write(place.workspace, place.state)?;
    Ok(Some(format!("{} bills of materials", written.len())))
}

fn write(workspace: &Workspace, logs: &Path) -> Result<Vec<PathBuf>> {
    let cargo_cyclonedx = CARGO_CYCLONEDX.ensure(workspace)?;
    AUDIT.ensure_alone(workspace)?;
    let folder = workspace.target().join("sbom");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let _lock = lock::wait(&folder.join("lock"), "the bills of materials")?;
    progress::step("write the bills of materials", || {
        let mut written = Vec::new();
        for shipped in &SHIPPED {
            let bill = rust(workspace, logs, &cargo_cyclonedx, shipped)?;
            written.push(keep(&folder, shipped.name, &bill, shipped.has, Some(shipped.lacks))?);
        }
        written.push(keep(&folder, "npm", &npm(workspace, logs, &folder)?, &NPM_HAS, None)?);
        for environment in python::ALL {
            let requirements = environment.requirements(workspace);
            let name = format!("python-{}", room(&requirements));
            let bill = of_requirements(workspace, logs, &requirements, &name)?;
            let direct = direct_requirements(&requirements.with_extension("in"))?;
            let direct: Vec<&str> = direct.iter().map(String::as_str).collect();
            written.push(keep(&folder, &name, &bill, &direct, None)?);
        }
        let mut validate = Command::new(AUDIT.program(workspace, "python"));
        validate.arg(workspace.root().join("xtask/audit/valid_cyclonedx.py"));
        validate.args(&written);
        let log = logs.join("sbom-schema.log");
        process::run("hold the bills of materials to their schema", &mut validate, &log)?;
        Ok(written)
    })
}

/// Of a crate and all that is linked into it or runs at its build, for one target.
fn rust(workspace: &Workspace, logs: &Path, program: &Path, shipped: &Shipped) -> Result<String> {
    // Removes them however this ends. What was killed before it could leaves them to the next.
    let strays = Strays(workspace.root());
    let mut command = with_cargo_inside(workspace, program);
    command
        .args(["cyclonedx", "--format", "json", "--spec-version", SPEC_VERSION])
        .args(["--target", shipped.target, "--override-filename", BESIDE_MANIFEST])
        .arg("--manifest-path")
        .arg(workspace.root().join(shipped.package).join("Cargo.toml"));
    let log = logs.join(format!("sbom-{}.log", shipped.name));
    process::run(&format!("cargo cyclonedx {}", shipped.name), &mut command, &log)?;
    let path = strays.of(shipped.package);
    let bill = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    // It names our own crates by where they lie on this machine.
    let here = format!("path+file://{}/", workspace.root().display());
    Ok(bill.replace(&here, "path+file:///"))
}

/// The files that cargo-cyclonedx leaves beside the manifests.
struct Strays<'a>(&'a Path);

impl Strays<'_> {
    fn of(&self, member: &str) -> PathBuf {
        self.0.join(member).join(format!("{BESIDE_MANIFEST}.json"))
    }
}

impl Drop for Strays<'_> {
    fn drop(&mut self) {
        for entry in fs::read_dir(self.0).into_iter().flatten().flatten() {
            // Most folders have none.
            drop(fs::remove_file(self.of(&entry.file_name().to_string_lossy())));
        }
    }
}

/// Of package-lock.json. npm wants a version of ours, and we have none there: nothing of it is published. So it is asked in a
/// folder with copies that have one.
fn npm(workspace: &Workspace, logs: &Path, folder: &Path) -> Result<String> {
    let copies = folder.join("npm");
    fs::create_dir_all(&copies).with_context(|| format!("cannot create {}", copies.display()))?;
    for name in ["package.json", "package-lock.json"] {
        let path = workspace.root().join(name);
        let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let document = serde_json::from_slice(&text).with_context(|| format!("{} is no JSON", path.display()))?;
        fs::write(copies.join(name), with_version(document).to_string())?;
    }
    let mut command = Command::new("npm");
    command
        .args(["sbom", "--sbom-format=cyclonedx", "--package-lock-only"])
        .current_dir(&copies);
    process::output("npm sbom", &mut command, &logs.join("sbom-npm.log"))
}

/// A manifest or lock file with the workspace's version.
fn with_version(mut document: Value) -> Value {
    if let Some(root) = document.pointer_mut("/packages/") {
        root["version"] = json!(env!("CARGO_PKG_VERSION"));
    }
    document["version"] = json!(env!("CARGO_PKG_VERSION"));
    document
}

/// Of a requirements.txt, with the hashes that it demands.
fn of_requirements(workspace: &Workspace, logs: &Path, requirements: &Path, name: &str) -> Result<String> {
    let mut command = Command::new(AUDIT.program(workspace, "cyclonedx-py"));
    command
        // All are held to the schema at the end, which takes seconds for each.
        .args(["requirements", "--output-format", "JSON", "--no-validate"])
        .args(["--spec-version", SPEC_VERSION])
        .arg(requirements);
    let log = logs.join(format!("sbom-{name}.log"));
    process::output(&format!("cyclonedx-py {name}"), &mut command, &log)
}

/// The name of the folder that a file is in.
fn room(path: &Path) -> String {
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    folder.to_string_lossy().into_owned()
}

/// The packages that a requirements.in asks for, by name.
fn direct_requirements(path: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let names = text
        .lines()
        .filter_map(|line| line.split_once("=="))
        .map(|(name, _)| name.trim().to_owned());
    Ok(names.collect())
}

/// Looks the bill through and writes it into the folder.
fn keep(folder: &Path, name: &str, bill: &str, has: &[&str], lacks: Option<&str>) -> Result<PathBuf> {
    look_through(bill, has, lacks).with_context(|| format!("the bill of materials `{name}`"))?;
    let path = folder.join(format!("{name}.cdx.json"));
    fs::write(&path, bill).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

fn look_through(bill: &str, has: &[&str], lacks: Option<&str>) -> Result<()> {
    let document: Value = serde_json::from_str(bill).context("it is no JSON")?;
    ensure!(document["bomFormat"] == "CycloneDX", "it is no CycloneDX");
    ensure!(
        document["specVersion"] == SPEC_VERSION,
        "it is not of version {SPEC_VERSION}"
    );
    let components: Vec<&str> = document["components"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|component| component["purl"].is_string() && component["version"].is_string())
        .filter_map(|component| component["name"].as_str())
        .collect();
    for name in has {
        ensure!(!name.is_empty() && components.contains(name), "it has no {name}");
    }
    match lacks {
        Some(name) if components.contains(&name) => bail!("it has {name}, which is not in it"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BILL: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
        {"name": "tokio", "version": "1", "purl": "pkg:cargo/tokio@1"}, {"name": "unnamed", "version": "1"}]}"#;

    #[test]
    fn a_bill_has_what_must_be_there_by_package_url() {
        look_through(BILL, &["tokio"], Some("worker")).unwrap();
        let refused = |bill: &str, has: &[&str], lacks| format!("{:#}", look_through(bill, has, lacks).unwrap_err());
        assert_eq!(refused(BILL, &["tokio", "serde"], None), "it has no serde");
        assert_eq!(refused(BILL, &["unnamed"], None), "it has no unnamed");
        assert_eq!(refused(BILL, &[], Some("tokio")), "it has tokio, which is not in it");
        assert_eq!(
            refused(&BILL.replace("CycloneDX", "SPDX"), &[], None),
            "it is no CycloneDX"
        );
        assert_eq!(
            refused(&BILL.replace("1.5", "1.3"), &[], None),
            "it is not of version 1.5"
        );
        assert_eq!(refused("{}}", &[], None).split(':').next(), Some("it is no JSON"));
    }

    #[test]
    fn a_lock_file_gets_the_version_in_both_places() {
        let version = env!("CARGO_PKG_VERSION");
        let lock =
            with_version(json!({"name": "x", "packages": {"": {"name": "x"}, "node_modules/a": {"version": "9"}}}));
        assert_eq!(
            lock,
            json!({"name": "x", "version": version,
                   "packages": {"": {"name": "x", "version": version}, "node_modules/a": {"version": "9"}}})
        );
        assert_eq!(
            with_version(json!({"name": "x"})),
            json!({"name": "x", "version": version})
        );
    }

    #[test]
    fn what_was_left_beside_the_manifests_is_removed() {
        let root = std::env::temp_dir().join(format!("xtask-sbom-{}", std::process::id()));
        let member = root.join("member");
        fs::create_dir_all(&member).unwrap();
        fs::write(member.join("Cargo.toml"), "").unwrap();
        let stray = Strays(&root).of("member");
        fs::write(&stray, "{}").unwrap();
        drop(Strays(&root));
        assert!(!stray.exists() && member.join("Cargo.toml").exists());
        fs::remove_dir_all(&root).unwrap();
    }
}
