//! The issuer's key set as the workers `fault` and `lenient` see it: counted, changeable, broken in every way that a server
//! can be, and gone if a test wants it so.

use std::{
    io::{self, Write},
    net::TcpStream,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    port::{HttpRequest, Port, respond},
    system::system,
};

/// How often a connection that is kept waiting looks whether the server does something else by now.
const POLL: Duration = Duration::from_millis(50);

/// A path of this server that no worker is told of.
const ELSEWHERE: &str = "/elsewhere/.well-known/jwks.json";

/// How the document is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serving {
    /// As it should be.
    Plainly,
    /// With this status.
    Status(u16),
    /// With this status and the address of [`ELSEWHERE`], where the document is served plainly.
    Redirected(u16),
    /// The request is taken and never answered.
    Silently,
    /// The document comes at once, and after it a blank now and then: the answer never ends, and every byte comes in time.
    Trickling,
    /// The document comes at once, and after it blanks as fast as they are taken.
    Flooding,
}

struct State {
    /// Text, since a test may want it to be no key set.
    document: String,
    serving: Serving,
    /// The paths that were asked for, in order.
    fetched: Vec<String>,
    /// Bytes of the answer that was begun last.
    sent: usize,
    /// Changes with each way of serving, which ends the answers that another one began.
    generation: u64,
}

/// Serves a key set to one of the two workers. While a test holds it no other can have one for the same worker.
pub struct KeyServer {
    state: Arc<Mutex<State>>,
    /// The port's number, also while it is closed.
    number: u16,
    port: Option<Port>,
    /// Last, so that the port is free by the time that the next test may have it: fields are dropped in this order.
    _turn: MutexGuard<'static, ()>,
}

impl KeyServer {
    /// Serves `keys`, public keys as JWK, to the worker `fault`.
    pub fn for_fault(keys: &[Value]) -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        Self::open(keys, &TURN, system().description.fault.jwks_port)
    }

    /// Serves `keys` to the worker `lenient`, to which [`crate::lenient::load_anew`] tells the address. So that the tests of
    /// the two workers need not wait for each other, it is another one.
    pub fn for_lenient(keys: &[Value]) -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        Self::open(keys, &TURN, 0)
    }

    fn open(keys: &[Value], turn: &'static Mutex<()>, number: u16) -> Self {
        let turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut server = Self {
            state: Arc::new(Mutex::new(State {
                document: key_set(keys),
                serving: Serving::Plainly,
                fetched: Vec::new(),
                sent: 0,
                generation: 0,
            })),
            number,
            port: None,
            _turn: turn,
        };
        server.start();
        server
    }

    /// The address of a key set. What stands for `issuer` makes no difference to what is served.
    pub fn address(&self, issuer: &str) -> String {
        format!("http://127.0.0.1:{}/{issuer}/.well-known/jwks.json", self.number)
    }

    /// Takes connections again.
    pub fn start(&mut self) {
        let (state, number) = (Arc::clone(&self.state), self.number);
        let port = self
            .port
            .get_or_insert_with(|| Port::open(number, move |stream| handle(stream, &state)));
        self.number = port.number();
    }

    /// Refuses connections from here on.
    pub fn stop(&mut self) {
        self.port = None;
    }

    /// Publishes other keys.
    pub fn publish(&self, keys: &[Value]) {
        self.publish_text(&key_set(keys));
    }

    /// Serves something that may be no key set.
    pub fn publish_text(&self, text: &str) {
        text.clone_into(&mut lock(&self.state).document);
    }

    /// Serves what is published in another way.
    pub fn serve(&self, serving: Serving) {
        let mut state = lock(&self.state);
        state.serving = serving;
        state.generation += 1;
    }

    /// How often the set was fetched.
    pub fn fetches(&self) -> usize {
        lock(&self.state).fetched.len()
    }

    /// How often it was fetched from where a redirect points to.
    pub fn fetches_elsewhere(&self) -> usize {
        lock(&self.state)
            .fetched
            .iter()
            .filter(|path| *path == ELSEWHERE)
            .count()
    }

    /// How many bytes the newest answer has by now.
    pub fn sent(&self) -> usize {
        lock(&self.state).sent
    }
}

impl Drop for KeyServer {
    fn drop(&mut self) {
        // Lets answers end that would not by themselves.
        self.serve(Serving::Plainly);
    }
}

/// The document that publishes these keys.
pub fn key_set(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn handle(mut stream: TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let request = HttpRequest::read(&mut stream)?;
    let path = request
        .head
        .strip_prefix("GET ")
        .and_then(|rest| rest.split(' ').next())
        .filter(|path| path.ends_with("/.well-known/jwks.json"));
    let Some(path) = path else {
        return respond(&mut stream, 404, "text/plain", "not the key set");
    };
    let (document, serving, generation) = {
        let mut state = lock(state);
        state.fetched.push(path.to_owned());
        state.sent = 0;
        (state.document.clone(), state.serving, state.generation)
    };
    match serving {
        Serving::Redirected(status) if path != ELSEWHERE => redirect(&mut stream, status),
        Serving::Plainly | Serving::Redirected(_) => respond(&mut stream, 200, "application/json", &document),
        Serving::Status(status) => respond(&mut stream, status, "application/json", &document),
        Serving::Silently => {
            while lock(state).generation == generation {
                thread::sleep(POLL);
            }
            Ok(())
        }
        Serving::Trickling => {
            begin_endless(&mut stream, &document)?;
            go_on(&mut stream, state, generation, b" ", POLL)
        }
        Serving::Flooding => {
            begin_endless(&mut stream, &document)?;
            go_on(&mut stream, state, generation, &[b' '; 16 * 1024], Duration::ZERO)
        }
    }
}

fn redirect(stream: &mut TcpStream, status: u16) -> io::Result<()> {
    let here = stream.local_addr()?;
    write!(
        stream,
        "HTTP/1.1 {status} Elsewhere\r\nlocation: http://{here}{ELSEWHERE}\r\ncontent-length: 0\r\n\
         connection: close\r\n\r\n"
    )
}

/// Begins an answer whose end is where the connection ends (RFC 9112 §6.3).
fn begin_endless(stream: &mut TcpStream, document: &str) -> io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 200 Answer\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{document}"
    )
}

/// Sends `bytes` again and again, until the other side has enough of it or the server does something else.
fn go_on(
    stream: &mut TcpStream,
    state: &Mutex<State>,
    generation: u64,
    bytes: &[u8],
    pause: Duration,
) -> io::Result<()> {
    stream.set_write_timeout(Some(Duration::from_secs(10)))?;
    loop {
        stream.write_all(bytes)?;
        {
            let mut state = lock(state);
            if state.generation != generation {
                return Ok(());
            }
            state.sent += bytes.len();
        }
        thread::sleep(pause);
    }
}
