//! Asking the user.

use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::process::interrupt;

const POLL: Duration = Duration::from_millis(50);

/// An error, before anything was done, when nobody could be asked.
pub(crate) fn must_be_possible(yes: bool) -> Result<()> {
    ensure!(
        yes || io::stdin().is_terminal(),
        "there is no terminal to ask at: look at what --dry-run shows, or check it otherwise, and then pass --yes"
    );
    Ok(())
}

/// Whether the user says yes.
pub(crate) fn agreed(question: &str) -> Result<bool> {
    let answer = ask(&format!("{question} [y/N] "))?;
    Ok(is_yes(&answer))
}

/// Whether the user types exactly this name.
pub(crate) fn typed(question: &str, name: &str) -> Result<bool> {
    Ok(ask(question)?.trim() == name)
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

/// The line that the user types; empty at the end of input. A signal ends the wait.
fn ask(question: &str) -> Result<String> {
    let mut stderr = io::stderr().lock();
    write!(stderr, "{question}")
        .and_then(|()| stderr.flush())
        .context("cannot print")?;
    drop(stderr);
    let (sender, receiver) = mpsc::channel();
    // A thread of its own, since reading a line goes on through signals. It ends with the process.
    thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line).map(|_| line);
        drop(sender.send(read));
    });
    loop {
        interrupt::check()?;
        match receiver.recv_timeout(POLL) {
            Ok(line) => return line.context("cannot read the answer"),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(String::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_is_yes() {
        for yes in ["y\n", "Y\n", "yes\n", " Yes \n"] {
            assert!(is_yes(yes));
        }
        for no in ["", "\n", "n\n", "yy\n", "yes please\n", "j\n"] {
            assert!(!is_yes(no));
        }
    }

    #[test]
    fn who_said_yes_beforehand_needs_no_terminal() {
        must_be_possible(true).unwrap();
    }
}
