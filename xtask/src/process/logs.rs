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

/// The last lines of a log, indented so that they stand out from xtask's own; above them those that say which tests failed,
/// since other tests may have run for long after them.
pub(crate) fn tail(log: &Path) -> String {
    telling_lines(&fs::read_to_string(log).unwrap_or_default())
}

fn telling_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.is_empty() {
        return "    (empty)".to_owned();
    }
    let (earlier, last) = lines.split_at(lines.len().saturating_sub(TAIL_LINES));
    earlier
        .iter()
        .filter(|line| failed_test(line).is_some())
        .chain(last)
        .map(|line| format!("    {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The tests that failed, by what cargo's and Node.js's test runners and Playwright write of each.
pub(crate) fn failed_tests(text: &str) -> Vec<&str> {
    let mut tests: Vec<&str> = Vec::new();
    for test in text.lines().filter_map(failed_test) {
        if !tests.contains(&test) {
            tests.push(test);
        }
    }
    tests
}

/// `test name ... FAILED`, `not ok 3 - name`, `✖ name (12ms)`, `✘  7 … › name (1.2s)`.
fn failed_test(line: &str) -> Option<&str> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix("test ") {
        return rest.strip_suffix(" ... FAILED");
    }
    if let Some(rest) = line.strip_prefix("not ok ") {
        return rest.split_once(" - ").map(|(_, name)| name);
    }
    line.strip_prefix(['✖', '✘'])
        .map(str::trim)
        .filter(|name| name.ends_with("s)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_a_log_is_its_last_lines_without_blank_ones() {
        let text = (0..100).map(|n| format!("line {n}\n\n")).collect::<Vec<_>>().concat();
        let tail = telling_lines(&text);
        assert_eq!(tail.lines().count(), TAIL_LINES);
        assert!(tail.ends_with("    line 99"));
        assert_eq!(telling_lines(""), "    (empty)");
    }

    #[test]
    fn a_test_that_failed_long_before_the_end_is_named() {
        let after = (0..100)
            .map(|n| format!("test t{n} ... ok\n"))
            .collect::<Vec<_>>()
            .concat();
        let tail = telling_lines(&format!("test room::rule ... FAILED\n{after}"));
        assert_eq!(tail.lines().next(), Some("    test room::rule ... FAILED"));
        assert_eq!(tail.lines().count(), TAIL_LINES + 1);
    }

    #[test]
    fn the_failed_tests_of_every_runner_are_found_once_each() {
        let text = "test a::b ... ok\ntest a::c ... FAILED\n  ✖ signs in (12.3ms)\nnot ok 3 - signs out\n\
                    ✘  7 page.spec.ts:3 › reload (1.2s)\n✖ failing tests:\n    test a::c ... FAILED\n";
        let found = failed_tests(text);
        assert_eq!(
            found,
            [
                "a::c",
                "signs in (12.3ms)",
                "signs out",
                "7 page.spec.ts:3 › reload (1.2s)"
            ]
        );
    }
}
