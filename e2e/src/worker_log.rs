//! What the workers have written to their logs.

use std::{fs, time::Duration};

use serde_json::Value;

use crate::{answer::Answer, system::system, waiting::until};

/// A log may be a little behind the answers; this is for a busy machine.
const LOGGED_WITHIN: Duration = Duration::from_secs(10);

/// All that the worker of this name has logged.
#[track_caller]
pub fn text_of(worker: &str) -> String {
    let name = format!("worker-{worker}.log");
    let log = system().description.logs.iter().find(|log| log.ends_with(&name));
    let bytes = fs::read(log.expect("every worker has a log")).expect("the log can be read");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The line about an event of a request, if there is one by now.
#[track_caller]
pub fn find(worker: &str, event: &str, request_id: &str) -> Option<Value> {
    text_of(worker)
        .lines()
        .filter(|line| line.contains(request_id))
        .filter_map(object_in)
        .find(|line| line["event"] == event && line["request_id"] == request_id)
}

/// Waits for the line about an event of the request that was answered so.
#[track_caller]
pub fn line(worker: &str, event: &str, answer: &Answer) -> Value {
    let request_id = answer.header("x-request-id").expect("an X-Request-Id");
    until("a line in the log", LOGGED_WITHIN, || find(worker, event, request_id))
}

/// The JSON object in a line, between what `wrangler dev` puts around it.
pub fn object_in(line: &str) -> Option<Value> {
    serde_json::from_str(line.get(line.find('{')?..=line.rfind('}')?)?).ok()
}
