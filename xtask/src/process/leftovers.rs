//! Processes that outlived the xtask that started them. Found by a mark in their environment, which descendants inherit
//! and nobody else has, or by their executable lying in the state folder (the Lambdas, whose environment the local AWS
//! sets). So what is found is provably ours, and that nothing is found shows that all have ended.
//!
//! Looking at other processes takes `/proc`, so on systems without it (macOS) nothing is ever found.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::process::{interrupt, progress};

/// Its value is the state folder, `.dev/dev` or `.dev/test`, so that one does not end the other's processes.
const MARK: &str = "PASSWORDLESS_EDGE_STATE";
const POLL: Duration = Duration::from_millis(50);
/// How long processes may take to go after a signal.
const PATIENCE: Duration = Duration::from_secs(3);

/// A process of ours that nobody waits for.
#[derive(Debug, PartialEq, Eq)]
struct Leftover {
    id: i32,
    name: String,
}

/// Marks a program that is about to be started as belonging to this state folder.
pub(crate) fn mark(command: &mut Command, state: &Path) {
    command.env(MARK, state);
}

/// Before a start: ends what an earlier run left behind (it was killed, or the machine was suspended at a bad time).
/// Call it only while holding the state folder's lock: then no living xtask owns these processes.
pub(crate) fn end(state: &Path) -> Result<()> {
    for signal in [Signal::TERM, Signal::KILL] {
        let found = find(state);
        if found.is_empty() {
            return Ok(());
        }
        progress::note(&format!("ending what an earlier run left: {}", list(&found)));
        for process in &found {
            if let Some(id) = Pid::from_raw(process.id) {
                // It may have ended since.
                let _ = kill_process(id, signal);
            }
        }
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until && !find(state).is_empty() {
            interrupt::pause(POLL)?;
        }
    }
    none_left(state)
}

/// After the end: an error that names every process that is still there. Some take a moment to go after their parent.
pub(crate) fn none_left(state: &Path) -> Result<()> {
    let until = Instant::now() + PATIENCE;
    let mut found = find(state);
    while !found.is_empty() && Instant::now() < until {
        thread::sleep(POLL);
        found = find(state);
    }
    if !found.is_empty() {
        bail!("still running, and should not be: {}", list(&found));
    }
    Ok(())
}

fn list(processes: &[Leftover]) -> String {
    processes
        .iter()
        .map(|process| format!("{} (pid {})", process.name, process.id))
        .collect::<Vec<_>>()
        .join(", ")
}

fn find(state: &Path) -> Vec<Leftover> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| examine(&entry.path(), state))
        .collect()
}

/// A process of ours; nothing for others, for zombies and for processes of other users.
fn examine(process: &Path, state: &Path) -> Option<Leftover> {
    let id = process.file_name()?.to_str()?.parse().ok()?;
    let environment = fs::read(process.join("environ")).ok()?;
    let in_state_folder = fs::read_link(process.join("exe")).is_ok_and(|executable| executable.starts_with(state));
    if !in_state_folder && !carries_mark(&environment, state) {
        return None;
    }
    let name = fs::read_to_string(process.join("comm")).ok()?;
    Some(Leftover {
        id,
        name: name.trim().to_owned(),
    })
}

/// `/proc/…/environ` is `NAME=value` entries, each ended by a zero byte. A zombie's is empty.
fn carries_mark(environment: &[u8], state: &Path) -> bool {
    let wanted = [MARK.as_bytes(), b"=", state.as_os_str().as_bytes()].concat();
    environment.split(|byte| *byte == 0).any(|entry| entry == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_state_folder_counts() {
        let state = Path::new("/checkout/.dev/dev");
        let entry = |value: &str| format!("A=b\0{MARK}={value}\0C=d\0").into_bytes();
        assert!(carries_mark(&entry("/checkout/.dev/dev"), state));
        for other in ["/checkout/.dev/dev2", "/checkout/.dev/de", "/checkout/.dev/test", ""] {
            assert!(!carries_mark(&entry(other), state), "{other}");
        }
        assert!(!carries_mark(b"", state));
        assert!(!carries_mark(b"X_PASSWORDLESS_EDGE_STATE=/checkout/.dev/dev\0", state));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_marked_process_is_found_and_ended() {
        let state = std::env::temp_dir().join(format!("xtask-leftover-{}", std::process::id()));
        let mut command = Command::new("sleep");
        command.arg("60");
        mark(&mut command, &state);
        let mut child = command.spawn().unwrap();
        // Its environment can be read only some moments after it was started.
        while find(&state).is_empty() {
            std::thread::yield_now();
        }
        assert!(none_left(&state).unwrap_err().to_string().contains("sleep"));
        end(&state).unwrap();
        assert!(!child.wait().unwrap().success());
        none_left(&state).unwrap();
    }
}
