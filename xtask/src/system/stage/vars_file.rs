//! What would become the worker's secrets and vars, kept in a file that `wrangler dev --env-file` takes.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::system::private_file;
use crate::system::worker_settings::is_plain;

const HEADING: &str =
    "# Written by cargo xtask deploy and rotate, which leave settings that are not theirs as they are.\n";

/// The file of a rehearsed worker; there is a worker while there is the file.
pub(crate) struct VarsFile {
    path: PathBuf,
}

impl VarsFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The names of all settings; none when there is no worker.
    pub(super) fn names(&self) -> Result<Option<Vec<String>>> {
        let settings = self.read()?;
        Ok(settings.map(|settings| settings.into_iter().map(|(name, _)| name).collect()))
    }

    /// Sets these and leaves all others, all at once: who watches the file sees it as it was, or as it is then.
    pub(super) fn put(&self, new: &[(&str, String)]) -> Result<()> {
        let mut settings = self.read()?.unwrap_or_default();
        for (name, value) in new {
            if !is_plain(value) {
                bail!("the setting {name} has a character that an env file cannot carry");
            }
            match settings.iter_mut().find(|(present, _)| present == name) {
                Some((_, old)) => old.clone_from(value),
                None => settings.push(((*name).to_owned(), value.clone())),
            }
        }
        self.write(&settings)
    }

    pub(super) fn remove(&self, name: &str) -> Result<()> {
        let Some(mut settings) = self.read()? else {
            return Ok(());
        };
        settings.retain(|(present, _)| present != name);
        self.write(&settings)
    }

    /// Removes the file. That it is not there is no error.
    pub(super) fn delete(&self) -> Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", self.path.display()))
            }
            _ => Ok(()),
        }
    }

    fn read(&self) -> Result<Option<Vec<(String, String)>>> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(Some(parse(&text))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", self.path.display())),
        }
    }

    fn write(&self, settings: &[(String, String)]) -> Result<()> {
        let mut text = HEADING.to_owned();
        for (name, value) in settings {
            text.push_str(&[name, "=", value, "\n"].concat());
        }
        private_file::write(&self.path, &text)
    }
}

fn parse(text: &str) -> Vec<(String, String)> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn file(name: &str) -> VarsFile {
        let path = std::env::temp_dir().join(format!("xtask-vars-{}-{name}", std::process::id()));
        drop(fs::remove_file(&path));
        VarsFile::new(path)
    }

    #[test]
    fn what_is_put_replaces_its_own_and_leaves_the_rest() {
        let file = file("put");
        assert_eq!(file.names().unwrap(), None);
        file.put(&[("PERMIT_KEY", "old".into())]).unwrap();
        let text = fs::read_to_string(&file.path).unwrap() + "ALLOWED_COUNTRIES=US CA\n";
        fs::write(&file.path, text).unwrap();
        file.put(&[("PERMIT_KEY", "new=".into()), ("CLIENT_ID", "c".into())])
            .unwrap();
        let text = fs::read_to_string(&file.path).unwrap();
        assert_eq!(
            text.strip_prefix(HEADING).unwrap(),
            "PERMIT_KEY=new=\nALLOWED_COUNTRIES=US CA\nCLIENT_ID=c\n"
        );
        assert_eq!(fs::metadata(&file.path).unwrap().permissions().mode() & 0o777, 0o600);
        file.remove("PERMIT_KEY").unwrap();
        assert_eq!(file.names().unwrap().unwrap(), ["ALLOWED_COUNTRIES", "CLIENT_ID"]);
        file.delete().unwrap();
        file.delete().unwrap();
        file.remove("PERMIT_KEY").unwrap();
        assert_eq!(file.names().unwrap(), None, "removing a setting makes no worker");
    }

    #[test]
    fn a_value_that_would_be_read_differently_is_refused_without_showing_it() {
        let file = file("plain");
        let message = file.put(&[("CLIENT_SECRET", "a\"b".into())]).unwrap_err().to_string();
        assert!(
            message.contains("CLIENT_SECRET") && !message.contains("a\"b"),
            "{message}"
        );
    }
}
