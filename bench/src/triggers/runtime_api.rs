//! Lambda's Runtime API, the side that AWS has ("Using the Lambda runtime API", version 2018-06-01): hands out events and takes
//! answers, for one process.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::serve::{Reply, Request, Serving};

/// What the functions are called here.
pub(crate) const FUNCTION: &str = "bench";

/// Cognito's: no trigger may take longer.
const DEADLINE: Duration = Duration::from_secs(5);

/// What a function made of an event.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// When it got the event.
    pub(crate) handed_out: Instant,
    /// When the last byte of its answer was here.
    pub(crate) received: Instant,
    /// The answer, or the error that it reported.
    pub(crate) body: Result<Vec<u8>, String>,
}

#[derive(Debug)]
pub(crate) struct RuntimeApi {
    shared: Arc<Shared>,
    serving: Serving,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    events: VecDeque<Vec<u8>>,
    handed_out: Option<Instant>,
    count: u64,
    outcomes: VecDeque<Outcome>,
    over: bool,
}

impl Shared {
    /// A thread that panicked left nothing half-done here.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &Request) -> Option<Reply> {
        let path = request.path.strip_prefix("/2018-06-01/runtime/")?;
        match (request.method.as_str(), path) {
            ("GET", "invocation/next") => self.next(),
            ("POST", path) if path.ends_with("/response") => Some(self.take(request, Ok(request.body.clone()))),
            // Of an invocation, or of the start.
            ("POST", path) if path.ends_with("/error") => {
                let text = String::from_utf8_lossy(&request.body).into_owned();
                Some(self.take(request, Err(text)))
            }
            _ => Some(Reply::new(404, "text/plain", "no such part of the Runtime API")),
        }
    }

    /// Waits for an event, as long as it takes.
    fn next(&self) -> Option<Reply> {
        let mut state = self.lock();
        let event = loop {
            if state.over {
                return None;
            }
            if let Some(event) = state.events.pop_front() {
                break event;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        };
        state.count += 1;
        let mut reply = Reply::new(200, "application/json", event);
        let deadline = SystemTime::now() + DEADLINE;
        let deadline = deadline.duration_since(UNIX_EPOCH).unwrap_or_default();
        let id = state.count;
        reply.headers.extend([
            (
                "Lambda-Runtime-Aws-Request-Id",
                format!("00000000-0000-4000-8000-{id:012}"),
            ),
            ("Lambda-Runtime-Deadline-Ms", deadline.as_millis().to_string()),
            (
                "Lambda-Runtime-Invoked-Function-Arn",
                format!("arn:aws:lambda:eu-west-1:000000000000:function:{FUNCTION}"),
            ),
            (
                "Lambda-Runtime-Trace-Id",
                format!("Root=1-5759e988-{id:024x};Parent=53995c3f42cd8ad8;Sampled=0"),
            ),
        ]);
        state.handed_out = Some(Instant::now());
        Some(reply)
    }

    fn take(&self, request: &Request, body: Result<Vec<u8>, String>) -> Reply {
        let mut state = self.lock();
        let outcome = Outcome {
            // An error of the start comes before any event.
            handed_out: state.handed_out.take().unwrap_or(request.received),
            received: request.received,
            body,
        };
        state.outcomes.push_back(outcome);
        self.changed.notify_all();
        Reply::new(202, "application/json", "{\"status\":\"OK\"}")
    }
}

impl RuntimeApi {
    pub(crate) fn start() -> Result<Self> {
        let shared = Arc::new(Shared::default());
        let answering = Arc::clone(&shared);
        let serving = Serving::start(move |request| answering.answer(request))?;
        Ok(Self { shared, serving })
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    pub(crate) fn address(&self) -> String {
        self.serving.address.to_string()
    }

    /// Has an event ready for whoever asks for the next one.
    pub(crate) fn offer(&self, event: &[u8]) {
        self.shared.lock().events.push_back(event.to_vec());
        self.shared.changed.notify_all();
    }

    /// The outcome of the oldest event, once it is there; nothing if there was none in that time.
    pub(crate) fn outcome(&self, within: Duration) -> Option<Outcome> {
        let state = self.shared.lock();
        let (mut state, _) = self
            .shared
            .changed
            .wait_timeout_while(state, within, |state| state.outcomes.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        state.outcomes.pop_front()
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.shared.lock().over = true;
        self.shared.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Connection;

    const WITHIN: Duration = Duration::from_secs(5);

    fn send(connection: &mut Connection, method: &str, path: &str, body: &str) -> (u16, String, Option<String>) {
        let length = body.len();
        let request = format!("{method} /2018-06-01/runtime/{path} HTTP/1.1\r\ncontent-length: {length}\r\n\r\n{body}");
        let answer = connection.exchange(request.as_bytes()).unwrap();
        let id = answer.header("lambda-runtime-aws-request-id");
        (answer.status, String::from_utf8_lossy(answer.body).into_owned(), id)
    }

    #[test]
    fn events_are_handed_out_and_answers_come_back() {
        let api = RuntimeApi::start().unwrap();
        let mut runtime = Connection::open(api.serving.address.port()).unwrap();
        api.offer(b"{\"a\":1}");
        let (status, event, id) = send(&mut runtime, "GET", "invocation/next", "");
        let id = id.unwrap();
        assert_eq!((status, event.as_str()), (200, "{\"a\":1}"));
        let (status, ..) = send(&mut runtime, "POST", &format!("invocation/{id}/response"), "{}");
        assert_eq!(status, 202);
        let outcome = api.outcome(WITHIN).unwrap();
        assert_eq!(outcome.body.unwrap(), b"{}");
        assert!(outcome.handed_out <= outcome.received);
    }

    #[test]
    fn an_error_of_the_start_and_one_of_an_event_are_told_apart_from_answers() {
        let api = RuntimeApi::start().unwrap();
        let mut runtime = Connection::open(api.serving.address.port()).unwrap();
        for path in ["init/error", "invocation/1/error"] {
            send(&mut runtime, "POST", path, "{\"errorMessage\":\"no\"}");
            assert!(api.outcome(WITHIN).unwrap().body.unwrap_err().contains("no"));
        }
    }

    #[test]
    fn without_an_answer_there_is_no_outcome() {
        let api = RuntimeApi::start().unwrap();
        assert!(api.outcome(Duration::from_millis(10)).is_none());
    }
}
