//! The triggers as Lambda wants them: a zip with one executable named `bootstrap`.

use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::install::stamp::sha256;
use crate::process::cargo::cargo;
use crate::process::{self, progress};
use crate::workspace::Workspace;

pub(crate) const DEFINE: &str = "define-auth-challenge";
pub(crate) const CREATE: &str = "create-auth-challenge";
pub(crate) const VERIFY: &str = "verify-auth-challenge";

/// Zips in a folder that can be copied to a bucket as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Packages {
    pub(crate) folder: PathBuf,
    /// S3 keys. They name the content, so that a stack's update sees what changed and an old version stays to go back to.
    pub(crate) define_key: String,
    pub(crate) create_key: String,
    pub(crate) verify_key: String,
}

impl Packages {
    /// Each trigger's name and its zip.
    pub(crate) fn files(&self) -> [(&'static str, PathBuf); 3] {
        [
            (DEFINE, &self.define_key),
            (CREATE, &self.create_key),
            (VERIFY, &self.verify_key),
        ]
        .map(|(name, key)| (name, self.folder.join(key)))
    }
}

/// The template's name for this machine's instruction set. The local AWS runs the executables as they are.
pub(crate) const HOST_ARCHITECTURE: &str = if cfg!(target_arch = "aarch64") {
    "arm64"
} else {
    "x86_64"
};

/// Compiles the triggers for this machine, in the profile that compiles quickly.
pub(crate) fn build(workspace: &Workspace, logs: &Path) -> Result<()> {
    progress::step("build the triggers", || {
        let mut command = cargo(workspace, &["build", "--profile=local", "--package=triggers", "--bins"]);
        let log = logs.join("triggers-cargo.log");
        process::run("compile the triggers", &mut command, &log)
    })
}

/// Where [`build`] leaves the executables.
pub(crate) fn executables(workspace: &Workspace) -> PathBuf {
    workspace.target().join("local")
}

/// Zips the executables into `folder`, which is emptied first.
pub(crate) fn pack(executables: &Path, folder: &Path) -> Result<Packages> {
    progress::step("pack the triggers", || {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        Ok(Packages {
            folder: folder.to_owned(),
            define_key: pack_one(executables, DEFINE, folder)?,
            create_key: pack_one(executables, CREATE, folder)?,
            verify_key: pack_one(executables, VERIFY, folder)?,
        })
    })
}

fn pack_one(executables: &Path, name: &str, folder: &Path) -> Result<String> {
    let path = executables.join(name);
    let executable = fs::read(&path).with_context(|| format!("cannot read the trigger {}", path.display()))?;
    let package = archive(&executable)?;
    let key = format!("{name}/{}.zip", sha256(&package));
    let target = folder.join(&key);
    fs::create_dir_all(folder.join(name))?;
    File::create(&target)
        .and_then(|mut file| file.write_all(&package))
        .with_context(|| format!("cannot write {}", target.display()))?;
    Ok(key)
}

/// The same executable always gives the same bytes: no time, no user.
fn archive(executable: &[u8]) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("bootstrap", options)?;
    writer.write_all(executable)?;
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn executables(name: &str, content: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-zip-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for trigger in [DEFINE, CREATE, VERIFY] {
            fs::write(folder.join(trigger), format!("{trigger} {content}")).unwrap();
        }
        folder
    }

    #[test]
    fn the_same_executables_give_the_same_keys_and_others_give_others() {
        let folder = executables("keys", "a");
        let first = pack(&folder, &folder.join("packages")).unwrap();
        // Written again, so with another time of modification.
        executables("keys", "a");
        assert_eq!(pack(&folder, &folder.join("packages")).unwrap(), first);
        executables("keys", "b");
        assert_ne!(
            pack(&folder, &folder.join("packages")).unwrap().define_key,
            first.define_key
        );
    }

    #[test]
    fn a_package_holds_an_executable_bootstrap() {
        let bytes = archive(b"#!/bin/sh\n").unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        assert_eq!(archive.len(), 1);
        let mut file = archive.by_index(0).unwrap();
        assert_eq!(file.name().unwrap(), "bootstrap");
        assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        let mut content = String::new();
        file.read_to_string(&mut content).unwrap();
        assert_eq!(content, "#!/bin/sh\n");
    }

    #[test]
    fn what_an_earlier_run_packed_is_not_uploaded_again() {
        let folder = executables("stale", "a");
        let packages = folder.join("packages");
        let old = pack(&folder, &packages).unwrap();
        executables("stale", "b");
        pack(&folder, &packages).unwrap();
        assert!(!packages.join(old.create_key).exists());
    }
}
