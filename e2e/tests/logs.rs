//! No log of the run holds a code, a token, a session, a full phone number or a secret. Runs after all other tests: it looks
//! for what they came across.

use std::{fs, path::Path};

use e2e::{
    ledger::{Kind, Ledger},
    secrets::Secrets,
    system,
};
use serde_json::Value;

/// How many places a failure lists.
const SHOWN: usize = 20;

/// Everything that must not be in a log.
fn secrets() -> Secrets {
    let description = &system().description;
    let mut secrets = Secrets::default();
    for (kind, secret) in Ledger::read(&description.ledger).expect("a ledger") {
        secrets.add(kind, &secret);
    }
    for stack in description.stacks.values() {
        secrets.add_text(&stack.client_secret, "the client secret");
        secrets.add_text(&stack.secret_access_key, "the worker's secret access key");
        secrets.add_text(&stack.permit_key, "the permit key");
        secrets.add_text(&challenge_secret(&stack.name), "the challenge secret");
    }
    secrets.add_text(
        &description.origin.signing_key,
        "the key that the caller is signed with",
    );
    secrets.add_text(&description.admin_token, "the admin token");
    secrets.add_text(&description.turnstile.secret, "the secret of the human check");
    secrets
}

/// The secret that all keys of a stack are derived from.
fn challenge_secret(stack: &str) -> String {
    let body = serde_json::json!({ "SecretId": format!("{stack}/challenge") });
    let call = e2e::aws::Call::json("secretsmanager", "secretsmanager.GetSecretValue", &body);
    let answer = system().root().call(&call);
    answer.expect_status(200).json()["SecretString"]
        .as_str()
        .expect("the secret is a string")
        .to_owned()
}

/// The text of a log, whatever bytes are in it.
fn read(log: &Path) -> String {
    let bytes = fs::read(log).unwrap_or_else(|error| panic!("{}: {error}", log.display()));
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn the_ledger_has_secrets_of_every_kind() {
    let ledger = Ledger::read(&system().description.ledger).expect("a ledger");
    for kind in [Kind::Code, Kind::Token, Kind::Session, Kind::Phone, Kind::Permit] {
        let count = ledger.iter().filter(|(noted, _)| *noted == kind).count();
        assert!(count > 0, "no {kind:?} in the ledger: run the other tests first");
    }
}

#[test]
fn no_log_holds_a_secret() {
    let secrets = secrets();
    assert!(!secrets.is_empty(), "nothing to look for: run the other tests first");
    let mut places = Vec::new();
    for log in &system().description.logs {
        for (index, line) in read(log).lines().enumerate() {
            for what in secrets.found_in(line) {
                // Where, never what: this is a log as well.
                places.push(format!("{}:{}: {what}", log.display(), index + 1));
            }
        }
    }
    let shown = &places[..places.len().min(SHOWN)];
    assert!(
        places.is_empty(),
        "{} places, the first of them:\n{}",
        places.len(),
        shown.join("\n")
    );
}

/// What the tests in other languages print, and what the system logs of them. Their secrets are in no ledger, but they have a
/// form: every token of Cognito begins with a JOSE header, and a number has at least ten digits.
#[test]
fn no_log_holds_what_looks_like_a_secret_of_the_other_tests() {
    let folder = system().description.ledger.parent().expect("a folder").to_owned();
    let printed = ["client-tests", "collection", "description-tests", "browser-tests"]
        .map(|name| folder.join(format!("{name}.log")))
        .into_iter()
        .filter(|log| log.exists());
    let mut places = Vec::new();
    for log in printed.chain(system().description.logs.clone()) {
        for (index, line) in read(&log).lines().enumerate() {
            if holds_token(line) || holds_number(line) {
                places.push(format!("{}:{}", log.display(), index + 1));
            }
        }
    }
    assert!(places.is_empty(), "{}", places[..places.len().min(SHOWN)].join("\n"));
}

/// Base64url of `{"` and some more.
fn holds_token(line: &str) -> bool {
    let is_base64url = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    line.split("eyJ")
        .skip(1)
        .any(|rest| rest.chars().take_while(|c| is_base64url(*c)).count() >= 20)
}

/// A plus sign, also as URLs write it, and ten digits.
fn holds_number(line: &str) -> bool {
    line.replace("%2B", "+")
        .split('+')
        .skip(1)
        .any(|rest| rest.chars().take_while(char::is_ascii_digit).count() >= 10)
}

#[test]
fn the_forms_are_recognised() {
    assert!(holds_token("Bearer eyJraWQiOiJhYmNkZWZnaGlqa2xtbiJ9.x") && !holds_token("eyJ is how it begins"));
    assert!(holds_number("to=%2B14155550123") && holds_number("sms +14155550123:"));
    assert!(!holds_number("+1••••••0123") && !holds_number("1795365799+0000"));
}

/// The JSON objects in all logs, one a line, between what others put around it: names, colours.
fn json_lines() -> Vec<Value> {
    let logs = &system().description.logs;
    logs.iter()
        .flat_map(|log| {
            read(log)
                .lines()
                .filter_map(|line| serde_json::from_str(line.get(line.find('{')?..=line.rfind('}')?)?).ok())
                .collect::<Vec<Value>>()
        })
        .collect()
}

/// Otherwise the logs that were searched would not be those that matter.
#[test]
fn the_logs_hold_what_worker_and_triggers_write() {
    let lines = json_lines();
    let answers = |route: &str| {
        lines
            .iter()
            .any(|line| line["event"] == "answered" && line["route"] == route && line["request_id"].is_string())
    };
    for route in [
        "sign_up",
        "sign_in",
        "refresh_token",
        "sign_out",
        "secured_call",
        "health",
    ] {
        assert!(answers(route), "no line of the worker about {route}");
    }
    let decisions = |trigger: &str, outcome: &str| {
        lines
            .iter()
            .any(|line| line["trigger"] == trigger && line["outcome"] == outcome)
    };
    for (trigger, outcome) in [
        ("define", "tokens"),
        ("create", "sent"),
        ("verify", "right"),
        ("verify", "wrong"),
    ] {
        assert!(decisions(trigger, outcome), "no line of {trigger} about {outcome}");
    }
    let counted = |metric: &str| {
        lines.iter().any(|line| {
            let directive = &line["_aws"]["CloudWatchMetrics"][0];
            directive["Namespace"] == "PasswordlessEdge"
                && directive["Metrics"][0]["Name"] == metric
                && line[metric] == 1
        })
    };
    for metric in ["CodesSent", "TestNumbersUsed", "AnswersRight", "AnswersWrong"] {
        assert!(counted(metric), "no {metric} was counted");
    }
}

#[test]
fn the_logs_show_phones_masked() {
    let masked = json_lines().iter().any(|line| {
        line["destination"]
            .as_str()
            .is_some_and(|destination| destination.starts_with("+1••••••"))
    });
    assert!(masked);
}

#[test]
fn wrong_settings_are_reported_once_and_by_name() {
    let lines = json_lines();
    let reports: Vec<_> = lines
        .iter()
        .filter(|line| line["event"] == "invalid_settings")
        .collect();
    assert_eq!(reports.len(), 1);
    assert_eq!(
        reports[0]["detail"],
        "CLIENT_SECRET is missing; PERMIT_KEY is malformed"
    );
}
