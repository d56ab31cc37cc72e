//! Stands in for Cloudflare Turnstile's `siteverify`, which the workers `guarded` and `lenient` ask about tokens.
//!
//! As documented ("Validate the token", Turnstile's documentation): a token is good once; verified again it is
//! `timeout-or-duplicate`, unless with the `idempotency_key` of the first time, which gets the first answer once more.

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    keys::of_this_run,
    ledger::Kind,
    port::{HttpRequest, Port, read_some, respond},
    system::system,
    waiting::until,
};

/// What a widget must be for, as `TURNSTILE_ACTION` is by default.
pub const ACTION: &str = "sign_up";

/// How long a test program may have to wait for the port, if another one has it.
const PORT_IS_FREE_WITHIN: Duration = Duration::from_mins(1);

/// How the service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// As it should be.
    Well,
    /// Connections are refused.
    Down,
    /// Requests are taken and never answered.
    Silent,
    /// Fails with this status, whatever it says.
    Failing(u16),
    /// Answers 200 with what is no answer of Turnstile's.
    Garbage,
    /// Knows another secret than the worker's.
    OtherSecret,
    /// Does what it is asked, and the first answer to each request gets lost.
    LosingAnswers,
}

/// What it was asked, member by member as it came.
#[derive(Clone)]
pub struct Asked {
    pub secret: String,
    pub response: String,
    pub remoteip: Option<String>,
    pub idempotency_key: Option<String>,
}

struct Issued {
    hostname: String,
    action: String,
    verified: Verified,
}

enum Verified {
    NotYet,
    /// With this key, or without one.
    With(Option<String>),
}

struct State {
    health: Health,
    tokens: BTreeMap<String, Issued>,
    asked: Vec<Asked>,
}

/// The one stand-in of this process: there while a test has it, so that other test programs have it at other times.
struct Service {
    users: usize,
    port: Option<Port>,
    state: Arc<Mutex<State>>,
}

static SERVICE: Mutex<Option<Service>> = Mutex::new(None);
static TURNS: RwLock<()> = RwLock::new(());

enum Turn {
    Shared { _guard: RwLockReadGuard<'static, ()> },
    Alone { _guard: RwLockWriteGuard<'static, ()> },
}

/// The service, for one test. It is well when the test begins.
pub struct Turnstile {
    state: Arc<Mutex<State>>,
    turn: Turn,
}

impl Turnstile {
    /// The service that is well, for any number of tests at a time.
    pub fn shared() -> Self {
        let guard = TURNS.read().unwrap_or_else(PoisonError::into_inner);
        Self::begin(Turn::Shared { _guard: guard })
    }

    /// The service for one test alone, which may break it.
    pub fn alone() -> Self {
        let guard = TURNS.write().unwrap_or_else(PoisonError::into_inner);
        Self::begin(Turn::Alone { _guard: guard })
    }

    fn begin(turn: Turn) -> Self {
        let mut service = lock(&SERVICE);
        let service = service.get_or_insert_with(|| Service {
            users: 0,
            port: None,
            state: Arc::new(Mutex::new(State {
                health: Health::Well,
                tokens: BTreeMap::new(),
                asked: Vec::new(),
            })),
        });
        lock(&service.state).health = Health::Well;
        service.users += 1;
        service.open();
        let state = Arc::clone(&service.state);
        Self { state, turn }
    }

    /// Lets the service be so from here on. Only for a test that has it alone.
    #[track_caller]
    pub fn set(&self, health: Health) {
        assert!(
            matches!(self.turn, Turn::Alone { .. }),
            "other tests need it to be well"
        );
        lock(&self.state).health = health;
        let mut service = lock(&SERVICE);
        let service = service.as_mut().expect("it is there while a test has it");
        if health == Health::Down {
            service.port = None;
        } else {
            service.open();
        }
    }

    /// Issues a token that the worker is to take.
    pub fn good_token(&self) -> String {
        self.issue(&system().description.turnstile.hostname, ACTION)
    }

    /// Issues a token, as the widget on a site of this name does.
    pub fn issue(&self, hostname: &str, action: &str) -> String {
        static ISSUED: AtomicUsize = AtomicUsize::new(0);
        let number = ISSUED.fetch_add(1, Ordering::Relaxed);
        let token = of_this_run(&format!("turnstile-token-{number:06}"));
        system().ledger.note(Kind::Token, &token);
        let issued = Issued {
            hostname: hostname.to_owned(),
            action: action.to_owned(),
            verified: Verified::NotYet,
        };
        lock(&self.state).tokens.insert(token.clone(), issued);
        token
    }

    /// How it was asked about a token, oldest first.
    pub fn asked_about(&self, token: &str) -> Vec<Asked> {
        let state = lock(&self.state);
        let about = state.asked.iter().filter(|asked| asked.response == token);
        about.cloned().collect()
    }
}

impl Drop for Turnstile {
    fn drop(&mut self) {
        if let Some(service) = lock(&SERVICE).as_mut() {
            service.users -= 1;
            if service.users == 0 {
                // Before the next test may have its turn: fields are dropped after this.
                service.port = None;
            }
        }
    }
}

impl Service {
    fn open(&mut self) {
        if self.port.is_some() {
            return;
        }
        let number = system().description.turnstile.port;
        until("the port of Turnstile to be free", PORT_IS_FREE_WITHIN, || {
            TcpListener::bind((Ipv4Addr::LOCALHOST, number)).ok().map(drop)
        });
        let state = Arc::clone(&self.state);
        self.port = Some(Port::open(number, move |stream| handle(stream, &state)));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn handle(mut stream: TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let request = HttpRequest::read(&mut stream)?;
    if !request.head.starts_with("POST /siteverify ") {
        return respond(&mut stream, 404, "text/plain", "not the verification");
    }
    let Some(asked) = Asked::read(&request) else {
        return respond(
            &mut stream,
            400,
            "application/json",
            &refusal("bad-request").to_string(),
        );
    };
    let (health, is_first, answer) = {
        let mut state = lock(state);
        let is_first = !state.asked.iter().any(|before| before.response == asked.response);
        state.asked.push(asked.clone());
        // Before it looks at the token, so that one is as good afterwards.
        let fails = !matches!(state.health, Health::Well | Health::OtherSecret | Health::LosingAnswers);
        let answer = if fails { Value::Null } else { state.verify(asked) };
        (state.health, is_first, answer.to_string())
    };
    match health {
        // Until the other side has enough of it.
        Health::Silent => read_some(&mut stream, &mut Vec::new()),
        Health::Failing(status) => {
            // A success for whoever does not look at the status.
            let tempting = success(&system().description.turnstile.hostname, ACTION);
            respond(&mut stream, status, "application/json", &tempting.to_string())
        }
        Health::Garbage => respond(&mut stream, 200, "text/html", "<html><body>Please log in</body></html>"),
        Health::LosingAnswers if is_first => Ok(()),
        _ => respond(&mut stream, 200, "application/json", &answer),
    }
}

impl Asked {
    /// Of the two forms that the service takes, the one that the worker uses: JSON.
    fn read(request: &HttpRequest) -> Option<Self> {
        if request.header("content-type") != Some("application/json") {
            return None;
        }
        let body: Value = serde_json::from_slice(&request.body).ok()?;
        let member = |name: &str| body[name].as_str().map(str::to_owned);
        Some(Self {
            secret: member("secret")?,
            response: member("response")?,
            remoteip: member("remoteip"),
            idempotency_key: member("idempotency_key"),
        })
    }
}

impl State {
    fn verify(&mut self, asked: Asked) -> Value {
        if self.health == Health::OtherSecret || asked.secret != system().description.turnstile.secret {
            return refusal("invalid-input-secret");
        }
        let Some(issued) = self.tokens.get_mut(&asked.response) else {
            return refusal("invalid-input-response");
        };
        match &issued.verified {
            Verified::With(key) if key.is_none() || *key != asked.idempotency_key => refusal("timeout-or-duplicate"),
            _ => {
                issued.verified = Verified::With(asked.idempotency_key);
                success(&issued.hostname, &issued.action)
            }
        }
    }
}

fn success(hostname: &str, action: &str) -> Value {
    json!({
        "success": true, "challenge_ts": "2026-01-02T03:04:05.678Z", "hostname": hostname, "action": action, "cdata": "",
        "error-codes": [],
    })
}

fn refusal(code: &str) -> Value {
    json!({ "success": false, "error-codes": [code] })
}
