//! What the triggers count, in CloudWatch's embedded metric format: a line of JSON on standard output, of which CloudWatch Logs
//! makes metrics. That takes no call, no permission and none of the 5 s.
//!
//! Source: Amazon CloudWatch user guide, "Specification: Embedded metric format". In a function whose log format is JSON,
//! Lambda passes on a line that is JSON as it is and takes one without `level` for INFO (AWS Lambda developer guide,
//! "Log-level filtering"): the functions' level must not be set above that.
//!
//! Metrics are kept by stack, and by stack and country or, of starts, by stack and trigger: nothing in a line tells of one user, number or code.

use std::{
    io::{self, Write},
    time::Duration,
};

use challenge::UnixSeconds;
use serde_json::{Map, Value, json};

/// What CloudWatch keeps the metrics under.
const NAMESPACE: &str = "PasswordlessEdge";

/// How long Amazon SNS took for a message, in milliseconds, whether it took it or not.
const SEND_DURATION: &str = "SendDuration";

/// How long create or verify took to start, in milliseconds: reading its secrets, mostly. `Duration` of AWS/Lambda begins after it.
const START_DURATION: &str = "StartDuration";

/// Something that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    /// SNS took a message with a code, after so long.
    Sent(Duration),
    /// SNS did not take it.
    SendFailed(Duration),
    /// A permit was missing, forged, expired, or not for this.
    PermitRefused,
    /// A test number's code, which is not sent.
    TestNumber,
    /// An answer was the code, in time.
    Right,
    /// An answer was not the code.
    Wrong,
    /// An answer came too late.
    Expired,
}

impl Counted {
    const fn name(self) -> &'static str {
        match self {
            Self::Sent(_) => "CodesSent",
            Self::SendFailed(_) => "SendsFailed",
            Self::PermitRefused => "PermitsRefused",
            Self::TestNumber => "TestNumbersUsed",
            Self::Right => "AnswersRight",
            Self::Wrong => "AnswersWrong",
            Self::Expired => "AnswersExpired",
        }
    }

    const fn duration(self) -> Option<Duration> {
        match self {
            Self::Sent(duration) | Self::SendFailed(duration) => Some(duration),
            _ => None,
        }
    }
}

/// Counts for one stack.
pub struct Metrics {
    stack: Option<String>,
    write: Box<dyn Fn(&str) + Send + Sync>,
}

impl Metrics {
    /// Writes to standard output. Without the name of a stack there is nothing to keep a count under, and nothing is written.
    pub fn to_stdout(stack: Option<String>) -> Self {
        Self::new(stack, |line| {
            // One write, so that no other line gets between; one that is lost is a count less.
            let _ = io::stdout().lock().write_all(line.as_bytes());
        })
    }

    /// Hands each line, with its end, to `write`.
    pub(crate) fn new(stack: Option<String>, write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        let write = Box::new(write);
        Self { stack, write }
    }

    /// Counts one. `country` is ISO 3166-1 alpha-2, where the number has one.
    pub(crate) fn count(&self, counted: Counted, country: Option<&str>, now: UnixSeconds) {
        if let Some(stack) = &self.stack {
            (self.write)(&format!("{}\n", line_of(counted, stack, country, now)));
        }
    }

    /// Keeps how long the start of a trigger took.
    pub(crate) fn started(&self, trigger: &str, took: Duration, now: UnixSeconds) {
        if let Some(stack) = &self.stack {
            let measures = [(START_DURATION, "Milliseconds", milliseconds(took))];
            (self.write)(&format!(
                "{}\n",
                line(&measures, stack, Some(("Trigger", trigger)), now)
            ));
        }
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn line_of(counted: Counted, stack: &str, country: Option<&str>, now: UnixSeconds) -> String {
    let mut measures = vec![(counted.name(), "Count", 1)];
    if let Some(duration) = counted.duration() {
        measures.push((SEND_DURATION, "Milliseconds", milliseconds(duration)));
    }
    line(&measures, stack, country.map(|country| ("Country", country)), now)
}

/// The line without its end. `measures`: name, unit and value of each; `within`: what they are kept by beside the stack.
fn line(measures: &[(&str, &str, u64)], stack: &str, within: Option<(&str, &str)>, now: UnixSeconds) -> String {
    let mut metrics = Vec::new();
    let mut dimensions = vec![json!(["Stack"])];
    // Targets: every metric and dimension is a member of the root.
    let mut root = Map::from_iter([("Stack".to_owned(), json!(stack))]);
    for (name, unit, value) in measures {
        metrics.push(json!({ "Name": name, "Unit": unit }));
        root.insert((*name).to_owned(), json!(value));
    }
    if let Some((name, value)) = within {
        dimensions.push(json!(["Stack", name]));
        root.insert(name.to_owned(), json!(value));
    }
    let directive = json!({ "Namespace": NAMESPACE, "Dimensions": dimensions, "Metrics": metrics });
    let metadata = json!({
        "Timestamp": now.0.saturating_mul(1_000),
        "CloudWatchMetrics": [directive],
    });
    root.insert("_aws".to_owned(), metadata);
    Value::Object(root).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ISSUED_AT, Lines, STACK};

    fn parsed(counted: Counted, country: Option<&str>) -> Value {
        serde_json::from_str(&line_of(counted, STACK, country, ISSUED_AT)).unwrap()
    }

    #[test]
    fn a_line_is_what_the_specification_says() {
        assert_eq!(
            parsed(Counted::Sent(Duration::from_micros(123_456)), Some("DE")),
            json!({
                "_aws": {
                    "Timestamp": 1_790_000_000_000_u64,
                    "CloudWatchMetrics": [{
                        "Namespace": "PasswordlessEdge",
                        "Dimensions": [["Stack"], ["Stack", "Country"]],
                        "Metrics": [
                            {"Name": "CodesSent", "Unit": "Count"},
                            {"Name": "SendDuration", "Unit": "Milliseconds"},
                        ],
                    }],
                },
                "Stack": STACK,
                "Country": "DE",
                "CodesSent": 1,
                "SendDuration": 123,
            })
        );
    }

    #[test]
    fn what_has_no_country_is_counted_for_the_stack_alone() {
        assert_eq!(
            parsed(Counted::Right, None),
            json!({
                "_aws": {
                    "Timestamp": 1_790_000_000_000_u64,
                    "CloudWatchMetrics": [{
                        "Namespace": "PasswordlessEdge",
                        "Dimensions": [["Stack"]],
                        "Metrics": [{"Name": "AnswersRight", "Unit": "Count"}],
                    }],
                },
                "Stack": STACK,
                "AnswersRight": 1,
            })
        );
    }

    #[test]
    fn a_start_is_kept_by_stack_and_by_trigger() {
        let lines = Lines::default();
        lines
            .metrics()
            .started("verify", Duration::from_micros(234_567), ISSUED_AT);
        let line: Value = serde_json::from_str(lines.text().trim_end()).unwrap();
        assert_eq!(
            line,
            json!({
                "_aws": {
                    "Timestamp": 1_790_000_000_000_u64,
                    "CloudWatchMetrics": [{
                        "Namespace": "PasswordlessEdge",
                        "Dimensions": [["Stack"], ["Stack", "Trigger"]],
                        "Metrics": [{"Name": "StartDuration", "Unit": "Milliseconds"}],
                    }],
                },
                "Stack": STACK,
                "Trigger": "verify",
                "StartDuration": 234,
            })
        );
    }

    #[test]
    fn every_metric_and_dimension_that_is_announced_is_there() {
        let second = Duration::from_secs(1);
        let all = [
            Counted::Sent(second),
            Counted::SendFailed(second),
            Counted::PermitRefused,
            Counted::TestNumber,
            Counted::Right,
            Counted::Wrong,
            Counted::Expired,
        ];
        let mut names = std::collections::BTreeSet::new();
        for counted in all {
            let line = parsed(counted, Some("FR"));
            let directive = &line["_aws"]["CloudWatchMetrics"][0];
            for metric in directive["Metrics"].as_array().unwrap() {
                assert!(line[metric["Name"].as_str().unwrap()].is_u64(), "{line}");
            }
            for dimension in directive["Dimensions"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|set| set.as_array().unwrap())
            {
                assert!(line[dimension.as_str().unwrap()].is_string(), "{line}");
            }
            // Lambda would hold it back if the functions' level were above it.
            assert!(line.get("level").is_none());
            names.insert(counted.name());
        }
        assert_eq!(names.len(), all.len());
    }

    #[test]
    fn a_time_beyond_all_measure_does_not_overflow() {
        let text = line_of(Counted::SendFailed(Duration::MAX), STACK, None, UnixSeconds(u64::MAX));
        let line: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["SendDuration"], u64::MAX);
        assert_eq!(line["_aws"]["Timestamp"], u64::MAX);
    }

    #[test]
    fn nothing_is_written_for_no_stack() {
        let metrics = Metrics::new(None, |line| panic!("{line}"));
        metrics.count(Counted::Right, None, ISSUED_AT);
        metrics.started("create", Duration::ZERO, ISSUED_AT);
    }
}
