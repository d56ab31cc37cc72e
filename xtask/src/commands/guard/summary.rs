//! What a Guard remembers of a number, in words.

use std::time::{Duration, SystemTime};

use serde_json::Value;

/// The year 10000, in milliseconds since 1970.
const END_OF_DATES: u64 = 253_402_300_800_000;

/// What there is to see, in a few lines.
pub(super) fn render(summary: &Value, number: &str) -> String {
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
pub(super) fn printable(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

/// Milliseconds since 1970 as a date and a time.
fn moment(at: &Value) -> String {
    let time = at
        .as_u64()
        // httpdate panics beyond the year 9999.
        .filter(|at| *at < END_OF_DATES)
        .and_then(|at| SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(at)));
    time.map_or_else(|| "?".to_owned(), httpdate::fmt_http_date)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
  next code  from Sun, 22 Nov 2026 14:41:05 GMT (number_sends)
  orders     Sat, 29 Feb 2020 00:00:00 GMT  block by ana[31m
             Sat, 29 Feb 2020 00:00:01 GMT  allow by ben
";
        assert_eq!(render(&summary, "+1••••••0006"), expected);
    }

    #[test]
    fn what_stands_in_a_next_codes_way_is_told() {
        assert_eq!(next_code(&Value::Null), "at once");
        let never = json!({ "wait": { "until": u64::MAX, "cause": "pause" } });
        assert_eq!(next_code(&never), "from ? (pause)");
        assert_eq!(next_code(&json!("locked")), "not now: locked");
        // A worker that is newer than this command.
        assert_eq!(next_code(&json!({ "later": 1 })), "from ? (unknown cause)");
        assert!(render(&json!({}), "+1").contains("blocked    unknown"));
    }
}
