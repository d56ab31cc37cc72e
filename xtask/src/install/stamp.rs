//! Whether something must be made again: a stamp beside the result holds a hash of what it was made from.
//!
//! By content, not by time: a fresh checkout or a branch switched back and forth must not cause a rebuild.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Collects what a result is made from.
#[derive(Debug, Default)]
pub(crate) struct Inputs(Sha256);

impl Inputs {
    /// A version, an option: anything short. Its length goes in too, so that `ab`,`c` differs from `a`,`bc`.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.add(text.as_bytes());
        self
    }

    pub(crate) fn file(mut self, path: &Path) -> Result<Self> {
        let content = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        self.add(&content);
        Ok(self)
    }

    fn add(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// The stamp for these inputs, kept in `path`.
    pub(crate) fn stamp(self, path: PathBuf) -> Stamp {
        Stamp {
            path,
            digest: hexadecimal(&self.0.finalize()),
        }
    }
}

/// A file that says what the result beside it was made from.
#[derive(Debug)]
pub(crate) struct Stamp {
    path: PathBuf,
    digest: String,
}

impl Stamp {
    /// Whether the result was made from the same inputs.
    pub(crate) fn is_current(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|digest| digest == self.digest)
    }

    /// Before making: whatever goes wrong from here on, the half-made result will not pass as current.
    pub(crate) fn clear(&self) -> Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", self.path.display()))
            }
            _ => Ok(()),
        }
    }

    /// After making.
    pub(crate) fn set(&self) -> Result<()> {
        fs::write(&self.path, &self.digest).with_context(|| format!("cannot write {}", self.path.display()))
    }
}

/// SHA-256 of a file's content, in hexadecimal.
pub(crate) fn sha256(content: &[u8]) -> String {
    hexadecimal(&Sha256::digest(content))
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("xtask-stamp-{}-{name}", std::process::id()))
    }

    #[test]
    fn a_result_is_current_only_after_it_was_made_from_the_same_inputs() {
        let path = scratch("current");
        let stamp = |version: &str| Inputs::default().text(version).stamp(path.clone());
        stamp("1").clear().unwrap();
        assert!(!stamp("1").is_current());
        stamp("1").set().unwrap();
        assert!(stamp("1").is_current());
        assert!(!stamp("2").is_current());
        stamp("2").clear().unwrap();
        assert!(!stamp("1").is_current());
    }

    #[test]
    fn a_changed_file_changes_the_stamp_and_an_unchanged_copy_does_not() {
        let file = scratch("input");
        let digest = |content: &str| {
            fs::write(&file, content).unwrap();
            Inputs::default().file(&file).unwrap().stamp(scratch("unused")).digest
        };
        assert_eq!(digest("a"), digest("a"));
        assert_ne!(digest("a"), digest("b"));
    }

    #[test]
    fn inputs_cannot_be_confused_by_where_they_are_cut() {
        let digest = |a: &str, b: &str| Inputs::default().text(a).text(b).stamp(PathBuf::new()).digest;
        assert_ne!(digest("ab", "c"), digest("a", "bc"));
    }

    #[test]
    fn sha256_is_the_published_one() {
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), expected);
    }
}
