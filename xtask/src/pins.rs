//! Checks that everything from outside is pinned: to one version, and by a hash wherever its installer takes one.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use toml::Table;

use crate::install::python;
use crate::workspace::Workspace;

fn root() -> PathBuf {
    Workspace::locate().expect("a checkout").root().to_owned()
}

fn read(path: &str) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn is_hexadecimal(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `1.2.3`, or with something after it that is no range.
fn is_one_version(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || ".-+".contains(character))
}

#[test]
fn every_npm_package_is_locked_by_hash() {
    let lock: Value = serde_json::from_str(&read("package-lock.json")).unwrap();
    let packages = lock["packages"].as_object().unwrap();
    for (path, package) in packages.iter().filter(|(path, _)| !path.is_empty()) {
        let integrity = package["integrity"].as_str().unwrap_or_default();
        assert!(integrity.starts_with("sha512-"), "{path}: {integrity:?}");
        // From no other place than the registry that npm is set to: an address in the lock file would be taken instead.
        assert_eq!(package.get("resolved"), None, "{path}");
        assert_eq!(package.get("link"), None, "{path}");
    }
    assert!(packages.len() > 100);
}

#[test]
fn every_npm_package_that_we_ask_for_is_one_version() {
    let manifest: Value = serde_json::from_str(&read("package.json")).unwrap();
    for kind in ["dependencies", "devDependencies", "optionalDependencies", "overrides"] {
        for (name, version) in manifest.get(kind).and_then(Value::as_object).into_iter().flatten() {
            assert!(version.as_str().is_some_and(is_one_version), "{name}: {version}");
        }
    }
}

/// The requirements files of the project, wherever they are.
fn requirements(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        let is_installed = ["node_modules", "target", "build"].contains(&name.as_str()) || name.starts_with('.');
        if path.is_dir() && !is_installed {
            requirements(&path, found);
        } else if name == "requirements.txt" {
            found.push(path);
        }
    }
}

#[test]
fn every_python_package_is_one_version_by_hash() {
    let mut files = Vec::new();
    requirements(&root(), &mut files);
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        // An option line could name another index, or a file with others.
        assert!(!text.lines().any(|line| line.starts_with('-')), "{}", file.display());
        let joined = text.replace("\\\n", " ");
        let packages: Vec<&str> = joined
            .lines()
            .filter(|line| line.starts_with(|first: char| first.is_ascii_alphanumeric()))
            .collect();
        assert!(!packages.is_empty(), "{}", file.display());
        for package in packages {
            let shown = format!("{}: {package}", file.display());
            let version = package.split_once("==").expect(&shown).1;
            assert!(is_one_version(version.split([' ', ';']).next().unwrap()), "{shown}");
            let hashes: Vec<&str> = package.split("--hash=sha256:").skip(1).map(str::trim).collect();
            assert!(
                !hashes.is_empty() && hashes.iter().all(|hash| is_hexadecimal(hash, 64)),
                "{shown}"
            );
        }
    }
}

#[test]
fn every_python_package_is_audited_and_listed() {
    let workspace = Workspace::locate().unwrap();
    let mut files = Vec::new();
    requirements(workspace.root(), &mut files);
    let mut known: Vec<PathBuf> = python::ALL
        .iter()
        .map(|environment| environment.requirements(&workspace))
        .collect();
    files.sort();
    known.sort();
    assert_eq!(files, known, "`python::ALL` has all environments");
}

#[test]
fn every_crate_is_from_the_registry_by_hash() {
    let lock: Table = read("Cargo.lock").parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    for package in packages {
        // Without a source it is one of ours.
        if let Some(source) = package.get("source").and_then(toml::Value::as_str) {
            assert!(source.starts_with("registry+"), "{package:?}");
            let checksum = package.get("checksum").and_then(toml::Value::as_str);
            assert!(
                checksum.is_some_and(|checksum| is_hexadecimal(checksum, 64)),
                "{package:?}"
            );
        }
    }
    assert!(packages.len() > 100);
}

#[test]
fn the_toolchain_is_one_version() {
    let toolchain: Table = read("rust-toolchain.toml").parse().unwrap();
    let channel = toolchain["toolchain"]["channel"].as_str().unwrap();
    assert!(is_one_version(channel) && channel.split('.').count() == 3, "{channel}");
}

/// A version alone would leave it to the registry what comes, or to the day which versions of its dependencies.
#[test]
fn every_installer_is_told_to_look_at_the_hashes() {
    for (file, words) in [
        (
            "tools.rs",
            &["\"install\", \"--locked\"", "\"--version\", self.version"][..],
        ),
        ("node.rs", &["\"ci\""]),
        ("python.rs", &["\"--require-hashes\""]),
    ] {
        let text = read(&format!("xtask/src/install/{file}"));
        for word in words {
            assert!(text.contains(word), "{file} lacks {word}");
        }
    }
    assert!(read(".ci/run").contains("cargo --locked"));
}

#[test]
fn every_action_is_pinned_to_a_commit_with_its_version_beside_it() {
    let mut pinned = 0;
    let folder = root().join(".github/workflows");
    // All there are: GitHub runs whatever is in this folder.
    for entry in fs::read_dir(&folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines() {
            let Some((_, used)) = line.split_once("uses:") else {
                continue;
            };
            let used = used.trim();
            // Of this repository: as it is at the same commit.
            if used.starts_with("./") {
                continue;
            }
            let (action, version) = used.split_once(" # v").expect(used);
            let (_, commit) = action.split_once('@').expect(used);
            assert!(is_hexadecimal(commit, 40) && is_one_version(version), "{used}");
            pinned += 1;
        }
    }
    assert!(pinned >= 4, "{pinned}");
}
