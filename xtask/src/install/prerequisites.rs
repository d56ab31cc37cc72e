//! What the user's machine must bring: rustup, Node.js with npm, Python with venv. Everything else is installed.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

/// wrangler 4.86 runs on Node.js 20 and up.
const NODE: Version = Version(20, 0);
/// What the local AWS needs.
const PYTHON: Version = Version(3, 10);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u32, u32);

/// What was found on this machine that later steps need to know.
#[derive(Debug, Clone)]
pub(crate) struct Prerequisites {
    /// The name of a Python that is new enough, for instance `python3`.
    pub(crate) python: String,
    /// Its full version: the virtual environment is made anew when it changes.
    pub(crate) python_version: String,
}

/// Looks for all of them, so that the user hears at once of everything that is missing.
pub(crate) fn check() -> Result<Prerequisites> {
    let mut missing = Vec::new();
    if printed("rustup", &["--version"]).is_none() {
        missing.push("rustup is missing. Install it from its home page".to_owned());
    }
    missing.extend(node());
    if printed("npm", &["--version"]).is_none() {
        missing.push("npm is missing. It comes with Node.js; on Debian: apt install npm".to_owned());
    }
    match python(None) {
        Ok(found) if missing.is_empty() => return Ok(found),
        Ok(_) => {}
        Err(problem) => missing.push(problem),
    }
    bail!("this machine lacks something:\n  - {}", missing.join("\n  - "))
}

/// For a command that needs Python and none of the others; preferably the one named first, such as `python3.11`.
pub(crate) fn python_alone(preferred: Option<&str>) -> Result<Prerequisites> {
    python(preferred).map_err(anyhow::Error::msg)
}

/// What is wrong with Node.js, if anything.
fn node() -> Option<String> {
    let Some(printed) = printed("node", &["--version"]) else {
        return Some(format!(
            "Node.js is missing. Install version {} or newer from its home page",
            NODE.0
        ));
    };
    match version(&printed) {
        Some(found) if found >= NODE => None,
        _ => Some(format!(
            "Node.js {} is too old: install version {} or newer from its home page",
            printed.trim(),
            NODE.0
        )),
    }
}

/// The first Python that is new enough and can make virtual environments; the preferred one, if it is such.
fn python(preferred: Option<&str>) -> Result<Prerequisites, String> {
    let mut problem = format!(
        "Python is missing. Install version {}.{} or newer with venv from its home page; \
         on Debian: apt install python3 python3-venv",
        PYTHON.0, PYTHON.1
    );
    // A distribution's `python3` may be old while a newer one is installed beside it.
    let names = [
        "python3",
        "python3.14",
        "python3.13",
        "python3.12",
        "python3.11",
        "python3.10",
    ];
    for name in preferred.into_iter().chain(names) {
        let Some(python_version) = printed(name, &["-c", "import platform; print(platform.python_version())"]) else {
            continue;
        };
        let python_version = python_version.trim().to_owned();
        if version(&python_version).is_none_or(|found| found < PYTHON) {
            problem = format!(
                "Python {python_version} ({name}) is too old: install version {}.{} or newer from its home page",
                PYTHON.0, PYTHON.1
            );
            continue;
        }
        // Debian ships venv without ensurepip, and then a virtual environment without pip.
        if printed(name, &["-c", "import venv, ensurepip"]).is_none() {
            problem = format!("Python {python_version} ({name}) has no venv. On Debian: apt install python3-venv");
            continue;
        }
        return Ok(Prerequisites {
            python: name.to_owned(),
            python_version,
        });
    }
    Err(problem)
}

/// What a program printed to stdout; nothing when it is not there or fails.
pub(crate) fn printed(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first two numbers of `v20.20.2`, `3.11.7` or `3.13.0rc1`.
fn version(text: &str) -> Option<Version> {
    let mut parts = text.trim().trim_start_matches('v').split('.');
    Some(Version(parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_node_and_python_print_them() {
        assert_eq!(version("v20.20.2\n"), Some(Version(20, 20)));
        assert_eq!(version("3.11.7\n"), Some(Version(3, 11)));
        assert_eq!(version("3.14.0rc2"), Some(Version(3, 14)));
        for nonsense in ["", "v", "20", "x.y", "Python 3.11"] {
            assert_eq!(version(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert!(version("3.9.18").unwrap() < PYTHON);
        assert!(version("3.10.0").unwrap() >= PYTHON);
        assert!(version("v9.11.2").unwrap() < NODE);
        assert!(version("v100.0.0").unwrap() >= NODE);
    }

    #[test]
    fn a_program_that_is_not_there_prints_nothing() {
        assert_eq!(printed("no-such-program-anywhere", &[]), None);
        assert_eq!(printed("false", &[]), None);
    }
}
