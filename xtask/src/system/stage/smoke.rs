//! Whether a worker that was deployed is there and does what it should, as far as anyone may ask.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::process::{self, interrupt};

/// Its text goes to node as an argument, which need not know where the checkout is; nothing secret is in it.
const SCRIPT: &str = include_str!("smoke.mjs");

/// A new worker's address takes some seconds to be known, and a new certificate minutes.
const WITHIN: Duration = Duration::from_mins(3);
/// What is on this machine is there or is not.
const WITHIN_HERE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_secs(2);
/// More than node waits for all answers.
const ASK_WITHIN: Duration = Duration::from_secs(30);

/// `{"alg":"RS256","kid":"forged"}`, `{"sub":"nobody"}`, and no signature of anyone.
const FORGED: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImZvcmdlZCJ9.eyJzdWIiOiJub2JvZHkifQ.Zm9yZ2Vk";

/// What is asked, and what is wrong with an answer.
struct Check {
    path: &'static str,
    token: Option<&'static str>,
    fault: fn(&Value) -> Option<&'static str>,
}

const CHECKS: [Check; 4] = [
    Check {
        path: "/health",
        token: None,
        fault: health,
    },
    Check {
        path: "/there-is-no-such-path",
        token: None,
        fault: unknown_path,
    },
    Check {
        path: "/secured/call",
        token: Some(FORGED),
        fault: forged_token,
    },
    // Whether Cognito takes its access key, and its keys can be had.
    Check {
        path: "/health?deep=1",
        token: None,
        fault: health,
    },
];

/// Asks until all answers are right. An error tells what was wrong with the last ones. `is_here`: the worker runs on this machine.
pub(crate) fn test(url: &str, is_here: bool, logs: &Path) -> Result<()> {
    let within = if is_here { WITHIN_HERE } else { WITHIN };
    let started = Instant::now();
    loop {
        let Some(fault) = fault(&ask(url, logs)?) else {
            return Ok(());
        };
        if started.elapsed() > within {
            bail!("{url} does not answer as it should: {fault}");
        }
        interrupt::pause(PAUSE)?;
    }
}

fn ask(url: &str, logs: &Path) -> Result<Value> {
    let requests: Value = CHECKS
        .iter()
        .map(|check| {
            let mut headers = json!({});
            if let Some(token) = check.token {
                headers["Authorization"] = json!(format!("Bearer {token}"));
            }
            json!({ "url": format!("{url}{}", check.path), "headers": headers })
        })
        .collect();
    let mut command = Command::new("node");
    command.args(["--input-type=module", "--eval", SCRIPT]);
    let log = logs.join("smoke-test.log");
    let printed = process::output_within(ASK_WITHIN, "ask the worker", &mut command, &log, &requests.to_string())?;
    serde_json::from_str(&printed).context("node printed something else")
}

/// The first thing that is wrong.
fn fault(answers: &Value) -> Option<String> {
    CHECKS.iter().enumerate().find_map(|(number, check)| {
        let answer = &answers[number];
        if let Some(reason) = answer["unreachable"].as_str() {
            return Some(format!("{} cannot be reached: {reason}", check.path));
        }
        let fault = (check.fault)(answer)?;
        let (status, code) = (&answer["status"], body(answer)["code"].clone());
        let code = code.as_str().map_or_else(String::new, |code| format!(" {code}"));
        Some(format!("{} {fault}, but {status}{code}", check.path))
    })
}

fn health(answer: &Value) -> Option<&'static str> {
    let is_right = answer["status"] == 200 && body(answer)["status"] == "ok";
    (!is_right).then_some("is not 200 with the status \"ok\"")
}

fn unknown_path(answer: &Value) -> Option<&'static str> {
    let is_right = answer["status"] == 404 && is_problem(answer) && body(answer)["code"] == "NOT_FOUND";
    (!is_right).then_some("is not 404 NOT_FOUND in the problem format")
}

fn forged_token(answer: &Value) -> Option<&'static str> {
    let challenge = answer["headers"]["www-authenticate"].as_str().unwrap_or_default();
    let is_refused = answer["status"] == 401 && is_problem(answer) && body(answer)["code"] == "INVALID_TOKEN";
    let is_right = is_refused && challenge.starts_with("Bearer ") && challenge.contains("error=\"invalid_token\"");
    (!is_right).then_some("with a forged token is not 401 INVALID_TOKEN with a challenge")
}

fn is_problem(answer: &Value) -> bool {
    let kind = answer["headers"]["content-type"].as_str();
    kind.is_some_and(|kind| kind.starts_with("application/problem+json"))
}

fn body(answer: &Value) -> Value {
    let text = answer["body"].as_str().unwrap_or_default();
    serde_json::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(status: u16, code: &str) -> Value {
        json!({
            "status": status,
            "headers": {
                "content-type": "application/problem+json",
                "www-authenticate": "Bearer realm=\"r\", error=\"invalid_token\", error_description=\"d\"",
            },
            "body": json!({ "code": code }).to_string(),
        })
    }

    fn right() -> Value {
        let health = json!({ "status": 200, "headers": {}, "body": "{\"status\":\"ok\"}" });
        json!([health, problem(404, "NOT_FOUND"), problem(401, "INVALID_TOKEN"), health])
    }

    #[test]
    fn right_answers_have_no_fault() {
        assert_eq!(fault(&right()), None);
    }

    #[test]
    fn each_wrong_answer_is_told_by_its_path() {
        for (number, wrong, path) in [
            (0, json!({ "unreachable": "ENOTFOUND" }), "/health"),
            (0, json!({ "status": 200, "headers": {}, "body": "<html>" }), "/health"),
            (
                1,
                json!({ "status": 200, "headers": {}, "body": "" }),
                "/there-is-no-such-path",
            ),
            (
                2,
                json!({ "status": 200, "headers": {}, "body": "{}" }),
                "/secured/call",
            ),
            (2, problem(500, "INTERNAL"), "/secured/call"),
            (
                3,
                json!({ "status": 503, "headers": {}, "body": "{\"status\":\"down\"}" }),
                "/health?deep=1",
            ),
        ] {
            let mut answers = right();
            answers[number] = wrong;
            let text = fault(&answers).unwrap();
            assert!(text.starts_with(&format!("{path} ")), "{text}");
        }
        let mut answers = right();
        for challenge in ["Basic realm=\"r\", error=\"invalid_token\"", "Bearer realm=\"r\""] {
            answers[2]["headers"]["www-authenticate"] = json!(challenge);
            assert!(
                fault(&answers).is_some(),
                "{challenge} does not say what is wrong with the token"
            );
        }
    }
}
