//! `cargo xtask guard`: an operator looks at what a worker remembers of a phone number, or gives an order about it.

use std::env;
use std::fs;
use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};

use crate::arguments::{GuardOptions, GuardOrder};
use crate::workspace::Workspace;

/// Its text goes to node as an argument, which need not know where the checkout is; nothing secret is in it.
const SCRIPT: &str = include_str!("guard.mjs");

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

/// Where the worker is.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    /// Its URL, without a slash at the end.
    base: String,
    is_local: bool,
}

impl Target {
    /// Only what all readers of URLs read alike: no user names, no escapes, no queries. The token follows this URL.
    fn parse(url: &str) -> Result<Self> {
        let is_plain = |text: &str, others: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c));
        let parts = url.split_once("://").and_then(|(scheme, rest)| {
            let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
            let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
            let is_valid = !host.is_empty()
                && is_plain(host, ".-")
                && port.chars().all(|c| c.is_ascii_digit())
                && is_plain(path, "/-_.~");
            is_valid.then_some((scheme, host))
        });
        let (scheme, host) = parts.with_context(|| format!("`{url}` is not the URL of a worker"))?;
        let is_local = matches!(host, "127.0.0.1" | "localhost");
        match scheme {
            "https" => {}
            "http" if is_local => {}
            "http" => {
                bail!("{url}: everyone on the way could read the token; only 127.0.0.1 and localhost may be http")
            }
            _ => bail!("`{url}` is not the URL of a worker"),
        }
        Ok(Self {
            base: url.trim_end_matches('/').to_owned(),
            is_local,
        })
    }
}

/// The environment's token, or that of `.dev.vars`, which is for this machine alone.
fn token(environment: Option<String>, settings: Option<&str>, is_local: bool) -> Result<String> {
    let in_settings = || {
        let text = settings.filter(|_| is_local)?;
        let value = text.lines().find_map(|line| line.trim().strip_prefix("ADMIN_TOKEN="))?;
        let value = value.trim().trim_matches(['"', '\'']);
        (!value.is_empty()).then(|| value.to_owned())
    };
    let token = environment.or_else(in_settings).with_context(|| {
        if is_local {
            "there is no token: neither the environment variable ADMIN_TOKEN nor an ADMIN_TOKEN in .dev.vars"
        } else {
            "there is no token: set the environment variable ADMIN_TOKEN (that of .dev.vars is for this machine alone)"
        }
    })?;
    if !token.chars().all(|c| c.is_ascii_graphic()) {
        bail!("the token has a character that a header cannot carry");
    }
    Ok(token)
}

/// The first name there is: who gives the order, by their own word.
fn operator(names: [Option<String>; 2]) -> Result<String> {
    names
        .into_iter()
        .flatten()
        .next()
        .context("who are you? Set the environment variable OPERATOR")
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
        Some(problem) if problem["code"].is_string() => bail!(
            "{}: {}",
            problem["code"].as_str().unwrap_or_default(),
            problem["detail"].as_str().unwrap_or("no detail was given")
        ),
        _ => bail!("{base} answered {status}, and not as a worker does"),
    }
}

/// What there is to see, in a few lines.
fn render(summary: &Value, number: &str) -> String {
    let is = |name: &str| match summary[name].as_bool() {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    let count = |name: &str| {
        summary[name]
            .as_u64()
            .map_or_else(|| "?".to_owned(), |count| count.to_string())
    };
    let mut lines = vec![
        number.to_owned(),
        format!("  blocked    {}", is("blocked")),
        format!(
            "  locked     {} (wrong answers in a row: {})",
            is("locked"),
            count("wrong_in_a_row")
        ),
        format!(
            "  codes      {} in the last hour, {} in the last day",
            count("codes_last_hour"),
            count("codes_last_day")
        ),
        format!(
            "  answers    {} in the last hour, {} in the last day",
            count("answers_last_hour"),
            count("answers_last_day")
        ),
        format!("  next code  {}", next_code(&summary["next_code"])),
    ];
    let orders = summary["orders"].as_array().map_or(&[][..], Vec::as_slice);
    for (at, order) in orders.iter().enumerate() {
        let title = if at == 0 { "orders" } else { "" };
        let text = |name: &str| order[name].as_str().unwrap_or("?");
        lines.push(format!(
            "  {title:<9}  {}  {} by {}",
            moment(&order["at"]),
            text("order"),
            text("operator")
        ));
    }
    let mut text = String::new();
    for line in lines {
        text.push_str(&printable(&line));
        text.push('\n');
    }
    text
}

fn next_code(refusal: &Value) -> String {
    match refusal {
        Value::Null => "at once".to_owned(),
        Value::String(reason) => format!("not now: {reason}"),
        other => {
            let wait = &other["wait"];
            let cause = wait["cause"].as_str().unwrap_or("unknown cause");
            format!("from {} ({cause})", moment(&wait["until"]))
        }
    }
}

/// Names come from others: what could move the cursor or colour the screen is left out.
fn printable(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

/// Milliseconds since 1970 as `2026-11-22 14:41:05 UTC`.
fn moment(at: &Value) -> String {
    let Some(seconds) = at.as_u64().map(|at| at / 1_000) else {
        return "?".to_owned();
    };
    let (year, month, day) = date(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// Year, month and day of a day since 1970, in the Gregorian calendar. Years are counted from March, so that a leap day is
/// the last day of one: 400 of them have 146,097 days, and months from March on have 153 days in five.
fn date(day: u64) -> (u64, u64, u64) {
    // From 0000-03-01.
    let day = day.saturating_add(719_468);
    let (era, day) = (day / 146_097, day % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_only_sent_where_nobody_on_the_way_can_read_it() {
        let parse = |url: &str| Target::parse(url).map(|target| (target.base, target.is_local));
        let local = parse("http://127.0.0.1:8787/").unwrap();
        assert_eq!(local, ("http://127.0.0.1:8787".to_owned(), true));
        assert!(parse("http://localhost:1").unwrap().1);
        assert!(!parse("https://api.example.com/v1").unwrap().1);
        for wrong in [
            "http://api.example.com",
            "http://127.0.0.1:8787@example.com",
            "http://127.0.0.1\\@example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://127.0.0.1#@example.com",
            "https://user:password@example.com",
            "https://example.com/?a=b",
            "https://",
            "ftp://127.0.0.1",
            "HTTP://example.com",
            "127.0.0.1:8787",
            "",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_environments_token_comes_first_and_that_of_dev_vars_stays_here() {
        let settings = Some("# Comment\nCLIENT_ID=a\nADMIN_TOKEN=dev\n");
        let token = |environment: Option<&str>, settings, is_local| {
            token(environment.map(str::to_owned), settings, is_local).map_err(|error| error.to_string())
        };
        assert_eq!(token(Some("mine"), settings, true).unwrap(), "mine");
        assert_eq!(token(Some("mine"), settings, false).unwrap(), "mine");
        assert_eq!(token(None, settings, true).unwrap(), "dev");
        assert!(token(None, settings, false).unwrap_err().contains("this machine"));
        assert!(token(None, None, true).unwrap_err().contains(".dev.vars"));
        assert!(token(None, Some("ADMIN_TOKEN=\nADMIN_TOKEN_OLD=x\n"), true).is_err());
    }

    #[test]
    fn a_token_that_no_header_can_carry_is_refused_without_showing_it() {
        for wrong in ["two words", "line\nbreak", "ümlaut"] {
            let message = token(Some(wrong.to_owned()), None, true).unwrap_err().to_string();
            assert!(!message.contains(wrong), "{message}");
        }
    }

    #[test]
    fn somebody_answers_for_an_order() {
        let name = |text: &str| Some(text.to_owned());
        assert_eq!(operator([name("ana"), name("root")]).unwrap(), "ana");
        assert_eq!(operator([None, name("root")]).unwrap(), "root");
        assert!(operator([None, None]).is_err());
    }

    #[test]
    fn a_summary_is_told_in_a_few_lines() {
        let summary = json!({
            "blocked": true, "locked": false, "wrong_in_a_row": 2, "codes_last_hour": 3, "codes_last_day": 5,
            "answers_last_hour": 4, "answers_last_day": 9,
            "next_code": { "wait": { "until": 1_795_358_465_000_u64, "cause": "number_sends" } },
            "orders": [
                { "at": 1_582_934_400_000_u64, "order": "block", "operator": "ana\u{1b}[31m" },
                { "at": 1_582_934_401_000_u64, "order": "allow", "operator": "ben" },
            ],
        });
        let expected = "\
+1••••••0006
  blocked    yes
  locked     no (wrong answers in a row: 2)
  codes      3 in the last hour, 5 in the last day
  answers    4 in the last hour, 9 in the last day
  next code  from 2026-11-22 14:41:05 UTC (number_sends)
  orders     2020-02-29 00:00:00 UTC  block by ana[31m
             2020-02-29 00:00:01 UTC  allow by ben
";
        assert_eq!(render(&summary, "+1••••••0006"), expected);
    }

    #[test]
    fn what_stands_in_a_next_codes_way_is_told() {
        assert_eq!(next_code(&Value::Null), "at once");
        assert_eq!(next_code(&json!("locked")), "not now: locked");
        // A worker that is newer than this command.
        assert_eq!(next_code(&json!({ "later": 1 })), "from ? (unknown cause)");
        assert!(render(&json!({}), "+1").contains("blocked    unknown"));
    }

    #[test]
    fn refusals_and_silence_are_told_apart() {
        let fault = |answer: Value| read(&answer, "https://example.com").unwrap_err().to_string();
        let problem = r#"{"code":"INVALID_TOKEN","detail":"The token is not the operators'."}"#;
        assert_eq!(
            fault(json!({ "status": 401, "body": problem })),
            "INVALID_TOKEN: The token is not the operators'."
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

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (day, expected) in [
            (0, (1970, 1, 1)),
            (59, (1970, 3, 1)),
            (11_016, (2000, 2, 29)),
            (11_017, (2000, 3, 1)),
            (20_819, (2027, 1, 1)),
            (47_540, (2100, 2, 28)),
            (47_541, (2100, 3, 1)),
        ] {
            assert_eq!(date(day), expected, "{day}");
        }
    }
}
