//! Known vulnerabilities of what npm and Python bring: `npm audit` and `pip-audit`. `cargo deny` does the same for Rust
//! (`checks.rs`). Both ask their registry, and not every registry answers: that is said, never passed over. Whatever else an
//! audit ends with, such as an error of its own, fails.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::commands::checks::{Place, Remark};
use crate::install::python::{self, AUDIT};
use crate::process::{self, interrupt, logs};

/// A registry that drops packets instead of refusing them would be waited for.
const WITHIN: Duration = Duration::from_mins(2);

/// Advisories that do not concern us, by id, each with the reason. As `ignore` in deny.toml.
const ACCEPTED: [(&str, &str); 0] = [];

/// What a registry knows against our packages.
#[derive(Debug, Default, PartialEq, Eq)]
struct Report {
    /// Advisory → package and what is wrong with it.
    found: BTreeMap<String, String>,
    /// How many packages were asked for, where the tool says so.
    asked: usize,
    /// Packages of which the registry would not say whether there is anything.
    unknown: usize,
    /// Of how many lists of packages the registry told nothing at all.
    unanswered: usize,
    /// Why nothing is known, of one package or one list.
    reason: String,
    /// What an audit ended with that is neither a report nor the registry's silence.
    failures: Vec<String>,
}

/// How a program ended that asks a registry. Its exit status says nothing: it fails for what it found, too.
struct Ended {
    printed: String,
    /// It was ended because it took too long.
    too_late: bool,
}

impl Place<'_> {
    /// Asks the npm registry about everything in package-lock.json.
    pub(crate) fn npm_audit(self) -> Result<Remark> {
        let mut command = Command::new("npm");
        command
            .args(["audit", "--package-lock-only", "--json", "--loglevel=error"])
            .current_dir(self.workspace.root());
        judge(&npm_report(&self.ended("npm audit", &mut command)?), &ACCEPTED)
    }

    /// Asks the Python package index about everything in every requirements.txt.
    pub(crate) fn pip_audit(self) -> Result<Remark> {
        AUDIT.ensure_alone(self.workspace)?;
        let mut all = Report::default();
        for environment in python::ALL {
            let name = format!("pip-audit {}", environment.folder());
            // Not what it prints, in which other programs' warnings are.
            let output = self.state.join(format!("{}.json", name.replace(' ', "-")));
            fs::write(&output, "").with_context(|| format!("cannot write {}", logs::shown(&output)))?;
            let mut command = Command::new(AUDIT.program(self.workspace, "pip-audit"));
            command
                // Only what is listed, by its hashes: nothing is installed or resolved.
                .args(["--require-hashes", "--disable-pip", "--progress-spinner", "off"])
                .args(["--format", "json", "--output"])
                .arg(&output)
                .arg("--requirement")
                .arg(environment.requirements(self.workspace));
            let ended = self.ended(&name, &mut command)?;
            let written = fs::read_to_string(&output).unwrap_or_default();
            all.add(pip_report(&written, &ended));
        }
        judge(&all, &ACCEPTED)
    }

    fn ended(self, name: &str, command: &mut Command) -> Result<Ended> {
        let log = self.state.join(format!("{}.log", name.replace(' ', "-")));
        let started = Instant::now();
        match process::run_within(WITHIN, name, command, &log) {
            Err(error) if interrupt::is_interrupted(&error) => Err(error),
            result => Ok(Ended {
                printed: fs::read_to_string(&log).unwrap_or_default(),
                too_late: result.is_err() && started.elapsed() > WITHIN,
            }),
        }
    }
}

impl Report {
    fn unanswered(reason: &str) -> Self {
        Self {
            unanswered: 1,
            reason: reason.to_owned(),
            ..Self::default()
        }
    }

    /// Of a program that ended without a report: the registry's silence if it is known for that, a failure otherwise.
    fn without(ended: &Ended, silence: Option<String>) -> Self {
        if let Some(reason) = silence {
            return Self::unanswered(&reason);
        }
        if ended.too_late {
            return Self::unanswered(&format!("no answer within {} seconds", WITHIN.as_secs()));
        }
        let last = last_line(&ended.printed);
        Self {
            failures: vec![if last.is_empty() { "it printed nothing" } else { last }.to_owned()],
            ..Self::default()
        }
    }

    fn add(&mut self, other: Self) {
        self.found.extend(other.found);
        self.asked += other.asked;
        if other.unknown + other.unanswered > 0 {
            self.reason = other.reason;
        }
        self.unknown += other.unknown;
        self.unanswered += other.unanswered;
        self.failures.extend(other.failures);
    }
}

/// Fails for what was found and is not accepted, and for an audit that failed itself.
fn judge(report: &Report, accepted: &[(&str, &str)]) -> Result<Remark> {
    let found: Vec<String> = report
        .found
        .iter()
        .filter(|(id, _)| !accepted.iter().any(|(known, _)| known == id))
        .map(|(id, what)| format!("  {id}: {what}"))
        .collect();
    let mut wrong = Vec::new();
    if !found.is_empty() {
        wrong.push(format!("known vulnerabilities:\n{}", found.join("\n")));
    }
    if !report.failures.is_empty() {
        wrong.push(format!("an audit failed:\n  {}", report.failures.join("\n  ")));
    }
    if !wrong.is_empty() {
        bail!("{}", wrong.join("\n"));
    }
    let (unknown, asked, unanswered) = (report.unknown, report.asked, report.unanswered);
    if unknown == 0 && unanswered == 0 {
        return Ok(None);
    }
    if unknown == asked {
        return Ok(Some(skipped(&report.reason)));
    }
    let silent = match unanswered {
        0 => String::new(),
        lists => format!(", nor anything of {lists} whole lists of them"),
    };
    Ok(Some(format!(
        "PARTLY SKIPPED: of {unknown} of {asked} packages nothing could be learned{silent}: {}",
        report.reason
    )))
}

fn skipped(reason: &str) -> String {
    format!("SKIPPED: the registry does not tell vulnerabilities: {reason}")
}

/// Reads what `npm audit --json` printed.
fn npm_report(ended: &Ended) -> Report {
    let printed = &ended.printed;
    let document: Option<Value> = printed
        .find('{')
        .zip(printed.rfind('}'))
        .and_then(|(from, to)| printed.get(from..=to))
        .and_then(|document| serde_json::from_str(document).ok());
    let Some(document) = document else {
        return Report::without(ended, None);
    };
    let packages = match document["vulnerabilities"].as_object() {
        Some(packages) if document["auditReportVersion"] == 2 => packages,
        _ => return Report::without(ended, npm_silence(&document)),
    };
    let mut report = Report::default();
    for (package, entry) in packages {
        // An entry that is a name says by way of which package this one is concerned.
        for advisory in entry["via"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|via| via.is_object())
        {
            let url = text(advisory, "url");
            let id = url.rsplit('/').next().unwrap_or_default().to_owned();
            report.found.insert(
                id,
                format!("{package} {}: {}", text(advisory, "range"), text(advisory, "title")),
            );
        }
    }
    report
}

/// What npm's error says, where it is about the registry: that has an HTTP status, or the words of npm's HTTP client.
fn npm_silence(error: &Value) -> Option<String> {
    const NO_CONNECTION: [&str; 9] = [
        "ECONNREFUSED",
        "ECONNRESET",
        "EAI_AGAIN",
        "EHOSTUNREACH",
        "ENETUNREACH",
        "ENOTFOUND",
        "ETIMEDOUT",
        "socket hang up",
        "imeout",
    ];
    let message = text(error, "message");
    let refused = error["statusCode"]
        .as_u64()
        .is_some_and(|status| (400..600).contains(&status));
    let unreachable = message.starts_with("network timeout at: ")
        || message
            .split_once(" failed, reason: ")
            .is_some_and(|(request, reason)| {
                request.starts_with("request to ") && NO_CONNECTION.iter().any(|words| reason.contains(words))
            });
    (refused || unreachable).then_some(message)
}

/// Reads what `pip-audit --format json` wrote, which is nothing when it could not ask.
fn pip_report(written: &str, ended: &Ended) -> Report {
    let document: Value = serde_json::from_str(written).unwrap_or_default();
    let Some(packages) = document["dependencies"].as_array() else {
        return Report::without(ended, pip_silence(&ended.printed));
    };
    let mut report = Report {
        asked: packages.len(),
        ..Report::default()
    };
    for package in packages {
        if package.get("skip_reason").is_some() {
            report.unknown += 1;
            report.reason = text(package, "skip_reason");
        } else if let Some(advisories) = package["vulns"].as_array() {
            for advisory in advisories {
                let what = format!("{} {}", text(package, "name"), text(package, "version"));
                report.found.insert(text(advisory, "id"), what);
            }
        } else {
            report.failures.push(format!("it says nothing of {package}"));
        }
    }
    report
}

/// The last line where that is about the registry: an error of pip-audit's HTTP client, which it does not catch, or of its own.
fn pip_silence(printed: &str) -> Option<String> {
    const NO_CONNECTION: [&str; 4] = ["ConnectionError", "ConnectTimeout", "ProxyError", "ReadTimeout"];
    const ITS_OWN: [&str; 2] = [
        "Could not connect to PyPI's vulnerability feed",
        "PyPI is not redirecting properly",
    ];
    let mut lines = printed.lines().rev().map(str::trim).filter(|line| !line.is_empty());
    let last = lines.next()?;
    let of_client = |line: &str| -> Option<(String, String)> {
        let (error, message) = line.strip_prefix("requests.exceptions.")?.split_once(": ")?;
        Some((error.to_owned(), message.to_owned()))
    };
    if let Some((error, message)) = of_client(last) {
        return NO_CONNECTION.contains(&error.as_str()).then_some(message);
    }
    // It wraps what the registry refused, and says what that was further up.
    if last == "pip_audit._service.interface.ServiceError" {
        let (error, message) = lines.find_map(of_client)?;
        let is_status = message.starts_with(['4', '5']);
        return (error == "HTTPError" && is_status).then_some(message);
    }
    // A hint comes after its reason.
    last.strip_prefix("ERROR:pip_audit._cli:Tip: your network")?;
    let reason = lines.next()?.strip_prefix("ERROR:pip_audit._cli:")?;
    ITS_OWN.contains(&reason).then(|| reason.to_owned())
}

fn last_line(printed: &str) -> &str {
    printed
        .lines()
        .map(str::trim)
        .rfind(|line| !line.is_empty())
        .unwrap_or_default()
}

fn text(value: &Value, field: &str) -> String {
    value.get(field).and_then(Value::as_str).unwrap_or("?").to_owned()
}

#[cfg(test)]
mod tests;
