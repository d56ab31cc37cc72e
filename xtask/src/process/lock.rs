//! Locks between xtask processes. The kernel frees them when their holder ends, however it ends.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::process::{interrupt, progress};

/// A lock that is held. Freed when dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file would not do: a program that is being started at this moment has a copy until its exec.
        drop(self.file.unlock());
    }
}

/// The outcome of [`take`].
#[derive(Debug)]
pub(crate) enum Taken {
    Now(Lock),
    /// Another process has it; its id, if it wrote it already.
    ByOther(Option<u32>),
}

/// Takes the lock if it is free.
pub(crate) fn take(path: &Path) -> Result<Taken> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).with_context(|| format!("cannot create {}", directory.display()))?;
    }
    // Not truncated here: it holds the id of whoever has the lock.
    let mut file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0)?;
            file.rewind()?;
            write!(file, "{}", std::process::id())?;
            Ok(Taken::Now(Lock { file }))
        }
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            file.read_to_string(&mut holder)?;
            Ok(Taken::ByOther(holder.trim().parse().ok()))
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
    }
}

/// Waits for the lock; says so when it takes a while. `what` is what it protects.
pub(crate) fn wait(path: &Path, what: &str) -> Result<Lock> {
    let started = Instant::now();
    let mut announced = false;
    loop {
        match take(path)? {
            Taken::Now(lock) => return Ok(lock),
            Taken::ByOther(holder) if !announced && started.elapsed() > Duration::from_secs(1) => {
                announced = true;
                let holder = holder.map_or_else(String::new, |id| format!(" (pid {id})"));
                progress::note(&format!("waiting for another xtask{holder}: {what}"));
            }
            Taken::ByOther(_) => {}
        }
        interrupt::pause(Duration::from_millis(100))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_had_by_one_and_free_after_it() {
        let path = std::env::temp_dir().join(format!("xtask-lock-{}", std::process::id()));
        let Taken::Now(lock) = take(&path).unwrap() else {
            panic!("a new lock must be free");
        };
        let Taken::ByOther(holder) = take(&path).unwrap() else {
            panic!("a held lock must not be free");
        };
        assert_eq!(holder, Some(std::process::id()));
        drop(lock);
        assert!(matches!(take(&path).unwrap(), Taken::Now(_)));
    }
}
