//! `cargo xtask guard`: an operator looks at what a worker remembers of a phone number, or gives an order about it.

mod summary;
mod target;

use std::env;
use std::fs;
use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};

use crate::arguments::{GuardOptions, GuardOrder};
use crate::workspace::Workspace;
use summary::{printable, render};
use target::{Target, operator, token};

/// Its text goes to node as an argument, which need not know where the checkout is; nothing secret is in it.
const SCRIPT: &str = include_str!("guard/request.mjs");

pub(crate) fn run(workspace: &Workspace, options: &GuardOptions) -> Result<()> {
    let target = Target::parse(&options.url)?;
    let settings = match fs::read_to_string(workspace.dev_vars()) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error).context("cannot read .dev.vars"),
    };
    let token = token(variable("ADMIN_TOKEN"), settings.as_deref(), target.is_local)?;
    let operator = operator([variable("OPERATOR"), variable("USER")])?;
    let answer = send(&json!({
        "url": format!("{}/admin/guard", target.base),
        "token": token,
        "order": {
            "order": options.order.name(),
            "phone_number": options.number.as_str(),
            "operator": operator,
        },
    }))?;
    let number = (options.number.as_str(), options.number.masked());
    let summary = read(&answer, &target.base).map_err(|error| {
        // A worker that repeats the number must not bring it into logs.
        anyhow!("{}", printable(&format!("{error:#}")).replace(number.0, &number.1))
    })?;
    if options.order != GuardOrder::Show {
        println!("{}: done", options.order.name());
    }
    print!("{}", render(&summary, &number.1).replace(number.0, &number.1));
    Ok(())
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Sends it by node. What came back: `status` and `body`, or `unreachable`.
fn send(request: &Value) -> Result<Value> {
    let mut child = Command::new("node")
        .args(["--input-type=module", "--eval", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start node, which `cargo xtask guard` needs (20 or newer)")?;
    let mut stdin = child.stdin.take().context("node has no stdin")?;
    stdin
        .write_all(request.to_string().as_bytes())
        .context("cannot talk to node")?;
    drop(stdin);
    let output = child.wait_with_output().context("cannot wait for node")?;
    if !output.status.success() {
        bail!("node: {}", output.status);
    }
    serde_json::from_slice(&output.stdout).context("node printed something else")
}

/// The summary, or why there is none.
fn read(answer: &Value, base: &str) -> Result<Value> {
    if let Some(reason) = answer["unreachable"].as_str() {
        bail!("{base} cannot be reached: {reason}");
    }
    let status = &answer["status"];
    let body = answer["body"].as_str().unwrap_or_default();
    let body: Option<Value> = serde_json::from_str(body).ok();
    match body {
        Some(summary) if status == 200 && summary.is_object() => Ok(summary),
        Some(problem) if problem["code"].is_string() => {
            let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
            let mut reasons = vec![text(&problem["detail"])];
            for error in problem["errors"].as_array().into_iter().flatten() {
                reasons.push(format!("{} {}", text(&error["field"]), text(&error["detail"])));
            }
            bail!("{}: {}", text(&problem["code"]), reasons.join("\n  "))
        }
        _ => bail!("{base} answered {status}, and not as a worker does"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_and_silence_are_told_apart() {
        let fault = |answer: Value| read(&answer, "https://example.com").unwrap_err().to_string();
        let problem = r#"{"code":"INVALID_TOKEN","detail":"The token is not the operators'."}"#;
        assert_eq!(
            fault(json!({ "status": 401, "body": problem })),
            "INVALID_TOKEN: The token is not the operators'."
        );
        let problem = json!({
            "code": "INVALID_REQUEST", "detail": "No.", "errors": [{ "field": "operator", "detail": "is too long" }],
        });
        assert_eq!(
            fault(json!({ "status": 400, "body": problem.to_string() })),
            "INVALID_REQUEST: No.\n  operator is too long"
        );
        assert_eq!(
            fault(json!({ "unreachable": "ECONNREFUSED" })),
            "https://example.com cannot be reached: ECONNREFUSED"
        );
        assert_eq!(
            fault(json!({ "status": 302, "body": "<html>" })),
            "https://example.com answered 302, and not as a worker does"
        );
        let fine = json!({ "status": 200, "body": r#"{"blocked":false}"# });
        assert_eq!(read(&fine, "").unwrap()["blocked"], false);
    }
}
