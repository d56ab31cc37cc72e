//! The issuer's key set as the worker `fault` sees it: counted, changeable, and gone if a test wants it so.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};

use crate::{
    port::{HttpRequest, Port, respond},
    system::system,
};

/// Serves a key set. While a test holds it no other can.
pub struct KeyServer {
    /// What is served, as text: a test may want it to be no key set.
    document: Arc<Mutex<String>>,
    fetches: Arc<AtomicUsize>,
    port: Option<Port>,
    /// Last, so that the port is free by the time that the next test may have it: fields are dropped in this order.
    _only_one: MutexGuard<'static, ()>,
}

impl KeyServer {
    /// Serves `keys`, public keys as JWK.
    pub fn open(keys: &[Value]) -> Self {
        static ONLY_ONE: Mutex<()> = Mutex::new(());
        let only_one = ONLY_ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut server = Self {
            document: Arc::new(Mutex::new(key_set(keys))),
            fetches: Arc::new(AtomicUsize::new(0)),
            port: None,
            _only_one: only_one,
        };
        server.start();
        server
    }

    /// Answers again.
    pub fn start(&mut self) {
        let (document, fetches) = (Arc::clone(&self.document), Arc::clone(&self.fetches));
        self.port.get_or_insert_with(|| {
            Port::open(system().description.fault.jwks_port, move |mut stream| {
                let request = HttpRequest::read(&mut stream)?;
                if !request.head.starts_with("GET ") || !request.head.contains("/.well-known/jwks.json ") {
                    return respond(&mut stream, 404, "text/plain", "not the key set");
                }
                fetches.fetch_add(1, Ordering::SeqCst);
                let document = lock(&document).clone();
                respond(&mut stream, 200, "application/json", &document)
            })
        });
    }

    /// Refuses connections from here on.
    pub fn stop(&mut self) {
        self.port = None;
    }

    /// Publishes other keys.
    pub fn publish(&self, keys: &[Value]) {
        *lock(&self.document) = key_set(keys);
    }

    /// Serves something that is no key set.
    pub fn publish_text(&self, text: &str) {
        text.clone_into(&mut lock(&self.document));
    }

    /// How often the set was fetched.
    pub fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }
}

fn key_set(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

fn lock(document: &Mutex<String>) -> MutexGuard<'_, String> {
    document.lock().unwrap_or_else(PoisonError::into_inner)
}
