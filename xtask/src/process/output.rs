//! What a program prints, and what it is fed: neither goes to a log, since both may be secrets.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

use super::{Group, finish, logs};

/// Runs a program and returns what it printed to stdout. That may be a secret, so only stderr goes to the log.
pub(crate) fn output(name: &str, command: &mut Command, log: &Path) -> Result<String> {
    output_of(None, name, command, log, Stdio::null())
}

/// As [`output`], for programs that read `input` from stdin: a secret, which must neither be an argument nor lie in a file. It has
/// to fit into a pipe, that is into 64 KiB.
pub(crate) fn output_of_fed(name: &str, command: &mut Command, log: &Path, input: &str) -> Result<String> {
    output_fed(None, name, command, log, input)
}

/// As [`output_of_fed`], for programs that could wait for a network that never answers.
pub(crate) fn output_within(
    limit: Duration,
    name: &str,
    command: &mut Command,
    log: &Path,
    input: &str,
) -> Result<String> {
    output_fed(Some(limit), name, command, log, input)
}

fn output_fed(limit: Option<Duration>, name: &str, command: &mut Command, log: &Path, input: &str) -> Result<String> {
    let (reader, mut writer) = std::io::pipe().context("no pipe")?;
    writer.write_all(input.as_bytes()).context("cannot write to a pipe")?;
    // Closed now, so that the program sees where its input ends.
    drop(writer);
    output_of(limit, name, command, log, reader.into())
}

fn output_of(limit: Option<Duration>, name: &str, command: &mut Command, log: &Path, input: Stdio) -> Result<String> {
    let (_, errors) = logs::create(log)?;
    command.stdout(Stdio::piped()).stderr(errors);
    let mut group = Group::spawn(name, command, log, input)?;
    let mut pipe = group.child.stdout.take().context("the program has no stdout")?;
    // A thread of its own, so that a full pipe cannot keep the program from ending.
    let reader = thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).map(|_| text)
    });
    finish(&mut group, limit)?;
    group.end();
    reader
        .join()
        .map_err(|_| anyhow!("the reader of {name} panicked"))?
        .with_context(|| format!("cannot read what {name} printed"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::tests::{scratch, shell};
    use super::*;

    #[test]
    fn output_is_returned_and_kept_out_of_the_log() {
        let log = scratch("output");
        let text = output("demo", &mut shell("echo secret; echo problem >&2"), &log).unwrap();
        assert_eq!(text, "secret\n");
        assert_eq!(fs::read_to_string(&log).unwrap(), "problem\n");
    }

    #[test]
    fn what_is_fed_to_a_program_is_all_that_it_reads() {
        let log = scratch("fed");
        let text = output_of_fed("demo", &mut shell("cat; echo end"), &log, "secret\n").unwrap();
        assert_eq!(text, "secret\nend\n");
    }

    #[test]
    fn output_larger_than_a_pipe_does_not_block() {
        let script = "i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done";
        let text = output("demo", &mut shell(script), &scratch("large")).unwrap();
        assert_eq!(text.lines().count(), 3000);
    }
}
