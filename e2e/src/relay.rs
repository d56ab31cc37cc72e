//! Cognito as the workers `fault` and `lenient` see it: the local AWS behind a relay that can be cut, stalled, far away, or made to
//! answer itself.

use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use crate::{
    port::{HttpRequest, Port, respond},
    system::system,
};

/// How often a stalled connection looks whether the relay goes on.
const POLL: Duration = Duration::from_millis(50);

/// An answer that the relay gives in AWS's place.
#[derive(Clone)]
pub struct Fixed {
    pub status: u16,
    pub content_type: &'static str,
    pub body: &'static str,
}

impl Fixed {
    /// Cognito's answer to too many requests.
    pub const THROTTLED: Self = Self::json(
        400,
        r#"{"__type":"TooManyRequestsException","message":"Rate exceeded"}"#,
    );
    /// Cognito's own failure.
    pub const FAILED: Self = Self::json(500, r#"{"__type":"InternalErrorException","message":"oops"}"#);
    /// What a proxy or a captive portal would say.
    pub const GARBAGE: Self = Self {
        status: 200,
        content_type: "text/html",
        body: "<html><body>Please log in to continue</body></html>",
    };

    /// A JSON 1.1 answer.
    pub const fn json(status: u16, body: &'static str) -> Self {
        Self {
            status,
            content_type: "application/x-amz-json-1.1",
            body,
        }
    }
}

/// What the relay does with a request.
#[derive(Clone)]
enum Behaviour {
    Forward,
    /// Takes the request and never answers.
    Stall,
    /// Hands the request on and breaks off instead of handing the answer back.
    LoseAnswer,
    Answer(Fixed),
}

struct State {
    behaviour: Behaviour,
    /// The only operation that is not forwarded; all of them if none is named.
    only: Option<&'static str>,
    /// How many of the requests that it concerns are forwarded before.
    skipped: usize,
    /// For how many requests the behaviour lasts; all later ones are forwarded.
    left: usize,
    /// How long the way to AWS takes, and the way back.
    way: Duration,
    /// Calls of any operation, in the order in which they ended.
    calls: Vec<Call>,
    /// Requests by operation.
    counts: BTreeMap<String, usize>,
    /// Changes with each behaviour, which ends the stalled connections of an earlier one.
    generation: u64,
}

/// A call as the relay saw it.
#[derive(Debug, Clone)]
pub struct Call {
    pub operation: String,
    pub begun: Instant,
    pub ended: Instant,
    /// How long AWS itself took, without the ways.
    pub by_aws: Duration,
}

/// The relay. While a test holds it no other can; when it is dropped it forwards again.
pub struct Relay {
    state: Arc<Mutex<State>>,
    port: Option<Port>,
    /// Last, so that the port is free by the time that the next test may have it: fields are dropped in this order.
    _only_one: MutexGuard<'static, ()>,
}

impl Relay {
    /// Opens the relay, forwarding.
    pub fn open() -> Self {
        static ONLY_ONE: Mutex<()> = Mutex::new(());
        let only_one = ONLY_ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let state = State {
            behaviour: Behaviour::Forward,
            only: None,
            skipped: 0,
            left: 0,
            way: Duration::ZERO,
            calls: Vec::new(),
            counts: BTreeMap::new(),
            generation: 0,
        };
        let mut relay = Self {
            state: Arc::new(Mutex::new(state)),
            port: None,
            _only_one: only_one,
        };
        relay.restore();
        relay
    }

    /// Connections are refused from here on.
    pub fn cut(&mut self) {
        self.port = None;
    }

    /// Forwards again.
    pub fn restore(&mut self) {
        self.behave(Behaviour::Forward, None, 0);
        if self.port.is_none() {
            let state = Arc::clone(&self.state);
            let port = system().description.fault.cognito_port;
            self.port = Some(Port::open(port, move |stream| handle(stream, &state)));
        }
    }

    /// Takes requests and never answers.
    pub fn stall(&self) {
        self.behave(Behaviour::Stall, None, usize::MAX);
    }

    /// Hands requests for the operation on and loses what is answered.
    pub fn lose_answers_to(&self, operation: &'static str) {
        self.behave(Behaviour::LoseAnswer, Some(operation), usize::MAX);
    }

    /// Loses one answer to the operation: the `nth` from here on, counted from 1.
    pub fn lose_answer_to(&self, operation: &'static str, nth: usize) {
        self.behave(Behaviour::LoseAnswer, Some(operation), 1);
        lock(&self.state).skipped = nth - 1;
    }

    /// From here on AWS is that far away: once there, once back.
    pub fn be_away(&self, way: Duration) {
        let mut state = lock(&self.state);
        state.way = way;
        state.calls.clear();
    }

    /// The calls since the distance was last changed that were answered, in the order in which that happened.
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.state).calls.clone()
    }

    /// Answers every request itself.
    pub fn answer(&self, fixed: Fixed) {
        self.behave(Behaviour::Answer(fixed), None, usize::MAX);
    }

    /// Answers one operation itself, as often as `times` says, and forwards the others.
    pub fn answer_to(&self, operation: &'static str, times: usize, fixed: Fixed) {
        self.behave(Behaviour::Answer(fixed), Some(operation), times);
    }

    /// How many requests for the operation came since the behaviour was last changed.
    pub fn count(&self, operation: &str) -> usize {
        lock(&self.state).counts.get(operation).copied().unwrap_or(0)
    }

    fn behave(&self, behaviour: Behaviour, only: Option<&'static str>, times: usize) {
        let mut state = lock(&self.state);
        state.behaviour = behaviour;
        state.only = only;
        state.skipped = 0;
        state.left = times;
        state.counts.clear();
        state.generation += 1;
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // Lets stalled connections end.
        self.behave(Behaviour::Forward, None, 0);
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn handle(mut stream: TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let request = HttpRequest::read(&mut stream)?;
    let begun = Instant::now();
    let operation = request
        .header("x-amz-target")
        .and_then(|target| target.rsplit('.').next())
        .unwrap_or_default()
        .to_owned();
    let (behaviour, generation, way) = {
        let mut state = lock(state);
        let concerned = state.left > 0 && state.only.is_none_or(|only| only == operation);
        *state.counts.entry(operation.clone()).or_default() += 1;
        let behaviour = if concerned && state.skipped > 0 {
            state.skipped -= 1;
            Behaviour::Forward
        } else if concerned {
            state.left -= 1;
            state.behaviour.clone()
        } else {
            Behaviour::Forward
        };
        (behaviour, state.generation, state.way)
    };
    match behaviour {
        Behaviour::Forward => {
            thread::sleep(way);
            let arrived = Instant::now();
            let answer = forward(&request)?;
            let by_aws = arrived.elapsed();
            thread::sleep(way);
            let ended = Instant::now();
            let call = Call {
                operation,
                begun,
                ended,
                by_aws,
            };
            lock(state).calls.push(call);
            stream.write_all(&answer)
        }
        Behaviour::LoseAnswer => forward(&request).map(drop),
        Behaviour::Answer(fixed) => respond(&mut stream, fixed.status, fixed.content_type, fixed.body),
        Behaviour::Stall => {
            while lock(state).generation == generation {
                thread::sleep(POLL);
            }
            Ok(())
        }
    }
}

/// Hands the request on as it is, `Host` included, which is signed. One request a connection: a kept connection would
/// outlive a cut.
fn forward(request: &HttpRequest) -> io::Result<Vec<u8>> {
    let endpoint = &system().description.aws_endpoint;
    let address: SocketAddr = endpoint
        .trim_start_matches("http://")
        .parse()
        .map_err(io::Error::other)?;
    let mut upstream = TcpStream::connect(address)?;
    upstream.write_all(&request.closing())?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer)?;
    Ok(answer)
}
