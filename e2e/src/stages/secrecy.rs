//! What must be in nothing that a command prints or logs.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{account, stage::Vars};
use crate::secrets::Secrets;

/// The worker's settings that are secret.
const SECRET: [&str; 5] = [
    "AWS_SECRET_ACCESS_KEY",
    "CLIENT_SECRET",
    "PERMIT_KEY",
    "PERMIT_KEY_SECONDARY",
    "GUARD_KEY",
];

static MET: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

fn met() -> MutexGuard<'static, BTreeSet<String>> {
    MET.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Remembers a worker's secrets.
pub fn note(vars: &Vars) {
    let values = SECRET.iter().filter_map(|name| vars.get(name));
    met().extend(values.map(str::to_owned));
}

/// Remembers a secret.
pub fn note_value(value: &str) {
    met().insert(value.to_owned());
}

/// Where in all files below the folders, but for those called `worker.vars`, one of the secrets is that were met so far.
/// Fails when none was.
#[track_caller]
pub fn places_in(paths: &[PathBuf]) -> Vec<String> {
    let mut secrets = Secrets::default();
    let values = met().clone();
    assert!(values.len() >= SECRET.len(), "there is little to look for");
    for value in &values {
        secrets.add_text(value, "a secret");
    }
    secrets.add_text(&account().deployer.secret_access_key, "the deployer's key");
    let mut places = Vec::new();
    for path in paths.iter().flat_map(|path| files(path)) {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into_owned();
        for (index, line) in text.lines().enumerate() {
            // Where, never what: this is a log as well.
            places.extend(
                secrets
                    .found_in(line)
                    .into_iter()
                    .map(|what| format!("{}:{}: {what}", path.display(), index + 1)),
            );
        }
    }
    places
}

/// All files below the path, or the path itself; but for the workers' settings, and bundles, which are long and not ours to log.
fn files(path: &Path) -> Vec<PathBuf> {
    let name = path.file_name().unwrap_or_default();
    if name == "worker.vars" || name == "bundle" || name == "packages" {
        return Vec::new();
    }
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().flat_map(|entry| files(&entry.path())).collect(),
        Err(_) => vec![path.to_owned()],
    }
}
