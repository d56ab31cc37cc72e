//! A client of the worker. It checks on every answer what holds for every answer, and notes what must not be logged.

use std::{
    collections::HashSet,
    io::Cursor,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde_json::{Map, Value, json};
use ureq::{
    Agent, AsSendBody, SendBody,
    http::{Request, request::Builder},
};

use crate::{
    answer::Answer,
    description::{description, expect_described},
    ledger::Kind,
    phone::Phone,
    system::system,
};

/// The worker itself answers within about five seconds.
const TIMEOUT: Duration = Duration::from_secs(15);

/// How often a request is sent that does not reach the worker; see [`Answer::is_wranglers_own`].
const TRIES: usize = 3;

/// The endpoints whose answers must not be stored by anybody.
const NEVER_STORED: [&str; 4] = ["/sign_up", "/sign_in", "/refresh_token", "/sign_out"];

/// A worker at an address.
#[derive(Clone)]
pub struct Worker {
    url: String,
    agent: Agent,
    /// Where its requests come from; this machine, which no limit is for, if nothing else is said.
    address: Option<String>,
}

/// A code challenge as a client holds it.
#[derive(Clone)]
pub struct Challenge {
    pub username: String,
    /// The newest one.
    pub session: String,
    pub parameters: Map<String, Value>,
}

impl Challenge {
    /// Reads the challenge of a 201 or of a wrong code's 401.
    #[track_caller]
    pub fn read(answer: &Answer) -> Self {
        let body = answer.json();
        let parameters = body["ChallengeParameters"]
            .as_object()
            .expect("the answer has ChallengeParameters");
        Self {
            username: text(&parameters["USERNAME"]),
            session: text(&body["Session"]),
            parameters: parameters.clone(),
        }
    }

    /// A parameter that is a number in a string.
    #[track_caller]
    pub fn number(&self, name: &str) -> u64 {
        text(&self.parameters[name]).parse().expect("a whole number")
    }

    /// The first second at which the code is too old, in Unix seconds.
    #[track_caller]
    pub fn expires_at(&self) -> u64 {
        self.number("expires_at")
    }
}

/// The tokens of a sign-in or of a refresh.
#[derive(Clone)]
pub struct Tokens {
    pub access: String,
    pub id: String,
    pub refresh: String,
}

impl Tokens {
    /// Reads the tokens of a 200.
    #[track_caller]
    pub fn read(answer: &Answer) -> Self {
        let result = &answer.json()["AuthenticationResult"];
        Self {
            access: text(&result["AccessToken"]),
            id: text(&result["IdToken"]),
            refresh: text(&result["RefreshToken"]),
        }
    }
}

#[track_caller]
fn text(value: &Value) -> String {
    value.as_str().expect("a string").to_owned()
}

impl Worker {
    pub(crate) fn at(url: &str) -> Self {
        // It is read now, once, and not while a test measures.
        description();
        let agent = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            // Whatever proxy the user has, it does not know this machine's loopback.
            .proxy(None)
            // A fresh connection each time: one that was closed meanwhile would look like a failure of the worker.
            .max_idle_connections(0)
            .build()
            .into();
        Self {
            url: url.to_owned(),
            agent,
            address: None,
        }
    }

    /// The same worker, asked by a client elsewhere: at an IPv4 or IPv6 address. What Cloudflare would say, `wrangler dev` lets
    /// clients say.
    #[must_use]
    pub fn asked_from(mut self, address: &str) -> Self {
        self.address = Some(address.to_owned());
        self
    }

    /// Begins a request. `path` may have a query.
    pub fn request(&self, method: &str, path: &str) -> Builder {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        match &self.address {
            Some(address) => request.header("cf-connecting-ip", address),
            None => request,
        }
    }

    /// Sends a request; `()` is no body. Checks what the contract promises of every response.
    #[track_caller]
    pub fn send(&self, request: &Request<impl AsSendBody + Clone>) -> Answer {
        self.send_anew(|| request.clone())
    }

    /// Sends the body in chunks, without announcing its length.
    #[track_caller]
    pub fn send_chunked(&self, request: &Request<String>) -> Answer {
        self.send_anew(|| {
            let (head, body) = request.clone().into_parts();
            Request::from_parts(head, SendBody::from_owned_reader(Cursor::new(body)))
        })
    }

    #[track_caller]
    fn send_anew<B: AsSendBody>(&self, request: impl Fn() -> Request<B>) -> Answer {
        let first = request();
        let path = first.uri().path().to_owned();
        let tokens = first.headers().get_all("authorization");
        for word in tokens.iter().filter_map(|value| value.to_str().ok()) {
            if let Some((_, token)) = word.split_once(' ') {
                system().ledger.note(Kind::Token, token);
            }
        }
        let answer = (0..TRIES)
            .map(|_| self.exchange(request()))
            .find(|answer| !answer.is_wranglers_own())
            .unwrap_or_else(|| panic!("wrangler did not reach the worker"));
        system().ledger.note_members(&answer.json());
        expect_fresh_request_id(&answer);
        expect_described(first.method().as_str(), &path, &answer);
        let is_preflight = first.method() == "OPTIONS";
        if NEVER_STORED.contains(&path.as_str()) && !is_preflight {
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        }
        answer
    }

    #[track_caller]
    fn exchange(&self, request: Request<impl AsSendBody>) -> Answer {
        let begun = Instant::now();
        self.agent
            .run(request)
            .and_then(|response| Answer::read(response, begun))
            .unwrap_or_else(|error| panic!("{} was not answered: {error}", self.url))
    }

    /// POSTs JSON.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        system().ledger.note_members(body);
        self.post_bytes(path, body.to_string().as_bytes())
    }

    /// POSTs bytes that claim to be JSON.
    #[track_caller]
    pub fn post_bytes(&self, path: &str, body: &[u8]) -> Answer {
        let request = self
            .request("POST", path)
            .header("content-type", "application/json")
            .body(body)
            .expect("a request");
        self.send(&request)
    }

    /// GETs without a token.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.send(&self.request("GET", path).body(()).expect("a request"))
    }

    /// GETs with a token.
    #[track_caller]
    pub fn get_with(&self, path: &str, token: &str) -> Answer {
        let request = self
            .request("GET", path)
            .header("authorization", format!("Bearer {token}"))
            .body(())
            .expect("a request");
        self.send(&request)
    }

    /// Whether the token opens `/secured/call`, and how that was answered. Never from the cache.
    #[track_caller]
    pub fn call_secured(&self, token: &str) -> Answer {
        let request = self
            .request("GET", "/secured/call")
            .header("authorization", format!("Bearer {token}"))
            .header("cache-control", "no-cache")
            .body(())
            .expect("a request");
        self.send(&request)
    }

    /// Asks for a code, whatever comes of it.
    #[track_caller]
    pub fn try_sign_up(&self, phone: &Phone) -> Answer {
        self.post("/sign_up", &json!({ "phone_number": phone.number() }))
    }

    /// Asks for a code and gets it.
    #[track_caller]
    pub fn sign_up(&self, phone: &Phone) -> Challenge {
        Challenge::read(self.try_sign_up(phone).expect_status(201))
    }

    /// Answers a challenge.
    #[track_caller]
    pub fn sign_in(&self, challenge: &Challenge, answer: &str) -> Answer {
        self.post(
            "/sign_in",
            &json!({ "username": challenge.username, "session": challenge.session, "answer": answer }),
        )
    }

    /// The whole way from a number that has had no text yet to tokens.
    #[track_caller]
    pub fn signed_in(&self, phone: &Phone) -> Tokens {
        let challenge = self.sign_up(phone);
        Tokens::read(self.sign_in(&challenge, &phone.code()).expect_status(200))
    }

    /// Signs out with a body as it is given, without if it is null.
    #[track_caller]
    pub fn sign_out(&self, access_token: &str, body: &Value) -> Answer {
        system().ledger.note_members(body);
        let request = self
            .request("POST", "/sign_out")
            .header("authorization", format!("Bearer {access_token}"));
        if body.is_null() {
            self.send(&request.body(()).expect("a request"))
        } else {
            let request = request
                .header("content-type", "application/json")
                .body(body.to_string());
            self.send(&request.expect("a request"))
        }
    }

    /// Asks for new tokens.
    #[track_caller]
    pub fn refresh(&self, refresh_token: &str) -> Answer {
        self.post("/refresh_token", &json!({ "refresh_token": refresh_token }))
    }
}

/// Every response carries `X-Request-Id`, and no two the same.
#[track_caller]
fn expect_fresh_request_id(answer: &Answer) {
    static SEEN: Mutex<Option<HashSet<String>>> = Mutex::new(None);
    let id = answer.header("x-request-id").expect("an X-Request-Id");
    assert!(id.len() >= 16, "the request id is too short to be unique");
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(
        seen.get_or_insert_default().insert(id.to_owned()),
        "a request id came twice"
    );
}
