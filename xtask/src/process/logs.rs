//! Log files: one for each program that is started, in the folder of the command that started it.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, Result};

/// How much of a log is shown when its program failed.
const TAIL_LINES: usize = 40;

/// A path as short as it can be written here.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}

/// Two handles to the same new log file, one for each of a program's outputs.
pub(crate) fn create(log: &Path) -> Result<(File, File)> {
    if let Some(directory) = log.parent() {
        fs::create_dir_all(directory).with_context(|| format!("cannot create {}", directory.display()))?;
    }
    File::create(log)
        .and_then(|file| Ok((file.try_clone()?, file)))
        .with_context(|| format!("cannot write {}", log.display()))
}

/// The last lines of a log, indented so that they stand out from xtask's own.
pub(crate) fn tail(log: &Path) -> String {
    last_lines(&fs::read_to_string(log).unwrap_or_default())
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.is_empty() {
        return "    (empty)".to_owned();
    }
    lines
        .iter()
        .skip(lines.len().saturating_sub(TAIL_LINES))
        .map(|line| format!("    {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_a_log_is_its_last_lines_without_blank_ones() {
        let text = (0..100).map(|n| format!("line {n}\n\n")).collect::<Vec<_>>().concat();
        let tail = last_lines(&text);
        assert_eq!(tail.lines().count(), TAIL_LINES);
        assert!(tail.ends_with("    line 99"));
        assert_eq!(last_lines(""), "    (empty)");
    }
}
