//! What the triggers of all stacks have written to their logs, as the local AWS shows it.

use std::{fs, time::Duration};

use crate::{answer::Answer, system::system, waiting::within, worker_log::object_in};

/// A log may be a little behind the answers; this is for a busy machine.
const LOGGED_WITHIN: Duration = Duration::from_secs(10);

/// Waits for the lines about the request that was answered so, and fails unless there are these, in any order: trigger and
/// outcome.
#[track_caller]
pub fn expect_lines(answer: &Answer, expected: &[(&str, &str)]) {
    let request_id = answer.header("x-request-id").expect("an X-Request-Id");
    let mut expected: Vec<String> = expected
        .iter()
        .map(|(trigger, what)| format!("{trigger} {what}"))
        .collect();
    expected.sort_unstable();
    let mut found = Vec::new();
    within(LOGGED_WITHIN, || {
        found = decisions(request_id);
        (found == expected).then_some(())
    });
    assert_eq!(found, expected, "of request {request_id}");
}

/// Trigger and outcome of every line about a request so far, sorted.
#[track_caller]
fn decisions(request_id: &str) -> Vec<String> {
    let log = system().description.logs.iter().find(|log| log.ends_with("aws.log"));
    let bytes = fs::read(log.expect("the local AWS has a log")).expect("the log can be read");
    let mut found: Vec<String> = String::from_utf8_lossy(&bytes)
        .lines()
        .filter(|line| line.contains(request_id))
        .filter_map(object_in)
        .filter(|line| line["request_id"] == request_id)
        .map(|line| {
            ["trigger", "outcome"]
                .map(|name| line[name].as_str().unwrap_or("?").to_owned())
                .join(" ")
        })
        .collect();
    found.sort_unstable();
    found
}
