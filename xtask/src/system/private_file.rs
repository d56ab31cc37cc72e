//! Files with secrets in them: only their owner can read them.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};

/// Writes the file anew. Under another name first: whoever watches it must not read half of it.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    let new = path.with_extension("new");
    // An earlier one may be there, with other permissions.
    drop(fs::remove_file(&new));
    File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&new, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_file_is_for_its_owner_only_even_if_it_was_not_before() {
        let path = std::env::temp_dir().join(format!("xtask-private-{}", std::process::id()));
        fs::write(&path, "OLD=1\n").unwrap();
        write(&path, "NEW=1\n").unwrap();
        let (mode, text) = (
            fs::metadata(&path).unwrap().permissions().mode(),
            fs::read_to_string(&path).unwrap(),
        );
        fs::remove_file(&path).unwrap();
        assert_eq!((mode & 0o777, text.as_str()), (0o600, "NEW=1\n"));
    }
}
