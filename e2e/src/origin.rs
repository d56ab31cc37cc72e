//! The API behind the worker `main`, as the tests want it: what each path answers, to the byte, and what came.
//!
//! It listens as long as the test program runs. Tests share it and stay apart by their paths.

use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
    net::{Shutdown, TcpStream},
    sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    port::{HttpRequest, Port, read_some},
    system::system,
};

/// How long a gate stays closed for a test that never opens it.
const GATE_LIMIT: Duration = Duration::from_secs(20);

/// What a path answers.
type Handler = Arc<dyn Fn(&mut Exchange) -> io::Result<()> + Send + Sync>;

/// The stand-in. There is one; see [`origin`].
pub struct Origin {
    shared: Arc<Mutex<Shared>>,
    _port: Port,
}

#[derive(Default)]
struct Shared {
    handlers: BTreeMap<String, Handler>,
    /// What came, by path, in the order in which it was answered.
    received: BTreeMap<String, Vec<Arc<HttpRequest>>>,
}

/// One request and the connection that it came on.
pub struct Exchange {
    /// Its body is there once [`Self::read_body`] has read it; before that, as much as came with the head.
    pub request: HttpRequest,
    stream: TcpStream,
    path: String,
    shared: Arc<Mutex<Shared>>,
    /// Where in its path's list this request is.
    place: Option<usize>,
}

/// Something that one thread waits for until another opens it.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

/// The stand-in, listening.
pub fn origin() -> &'static Origin {
    static ORIGIN: LazyLock<Origin> = LazyLock::new(Origin::open);
    &ORIGIN
}

impl Origin {
    fn open() -> Self {
        let shared = Arc::new(Mutex::new(Shared::default()));
        let port = Port::open(system().description.origin.port, {
            let shared = Arc::clone(&shared);
            move |stream| serve(stream, &shared)
        });
        Self { shared, _port: port }
    }

    /// From now on `path`, with any query, is answered so.
    pub fn on(&self, path: &str, handler: impl Fn(&mut Exchange) -> io::Result<()> + Send + Sync + 'static) {
        lock(&self.shared).handlers.insert(path.to_owned(), Arc::new(handler));
    }

    /// From now on `path` reads the whole request and answers so.
    pub fn answer(
        &self,
        path: &str,
        status: &'static str,
        headers: &'static [(&'static str, &'static str)],
        body: &[u8],
    ) {
        let body = body.to_vec();
        self.on(path, move |exchange| {
            exchange.read_body()?;
            exchange.answer(status, headers, &body)
        });
    }

    /// From now on `path` reads the whole request and sends these bytes, then closes.
    pub fn send(&self, path: &str, bytes: &'static [u8]) {
        self.on(path, move |exchange| {
            exchange.read_body()?;
            exchange.send(bytes)
        });
    }

    /// What came to `path`.
    pub fn received(&self, path: &str) -> Vec<Arc<HttpRequest>> {
        lock(&self.shared).received.get(path).cloned().unwrap_or_default()
    }

    /// What came to `path` last.
    #[track_caller]
    pub fn last(&self, path: &str) -> Arc<HttpRequest> {
        self.received(path).pop().expect("the origin was asked")
    }
}

fn serve(mut stream: TcpStream, shared: &Arc<Mutex<Shared>>) -> io::Result<()> {
    let request = read_head(&mut stream)?;
    let path = path_of(&request);
    let handler = lock(shared).handlers.get(&path).cloned();
    let mut exchange = Exchange {
        request,
        stream,
        path,
        shared: Arc::clone(shared),
        place: None,
    };
    let outcome = match handler {
        Some(handler) => handler(&mut exchange),
        None => exchange.answer("404 Not Found", &[], b"no test said what is here"),
    };
    exchange.record();
    let _ = exchange.stream.shutdown(Shutdown::Write);
    outcome
}

/// Path without query, as the client said it: without what the worker puts before it.
fn path_of(request: &HttpRequest) -> String {
    let target = request.head.split(' ').nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    let before = &system().description.origin.path;
    path.strip_prefix(before.as_str())
        .unwrap_or("not where it belongs")
        .to_owned()
}

fn read_head(stream: &mut TcpStream) -> io::Result<HttpRequest> {
    let mut received = Vec::new();
    loop {
        if let Some(at) = received.windows(4).position(|window| window == b"\r\n\r\n") {
            let body = received.split_off(at + 4);
            let head = String::from_utf8_lossy(&received).into_owned();
            return Ok(HttpRequest { head, body });
        }
        read_some(stream, &mut received)?;
    }
}

impl Exchange {
    pub fn is_head(&self) -> bool {
        self.request.head.starts_with("HEAD ")
    }

    /// Reads until so many bytes of the body have come, as they are framed.
    pub fn read_bytes(&mut self, count: usize) -> io::Result<()> {
        while self.request.body.len() < count {
            read_some(&mut self.stream, &mut self.request.body)?;
        }
        Ok(())
    }

    /// Reads the whole body, of announced length or in chunks.
    pub fn read_body(&mut self) -> io::Result<()> {
        let length = self
            .request
            .header("content-length")
            .and_then(|value| value.parse().ok());
        if self.request.header("transfer-encoding").is_some() {
            while !self.request.body.ends_with(b"0\r\n\r\n") {
                read_some(&mut self.stream, &mut self.request.body)?;
            }
            self.request.body = unchunked(&self.request.body);
        }
        self.read_bytes(length.unwrap_or(0))
    }

    /// Answers with a body of announced length, which HEAD leaves out.
    pub fn answer(&mut self, status: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<()> {
        let mut head = format!(
            "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n",
            body.len()
        );
        for (name, value) in headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.push_str("\r\n");
        self.send(head.as_bytes())?;
        if self.is_head() { Ok(()) } else { self.send(body) }
    }

    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Before whoever gets the answer can ask what came.
        if self.place.is_none() {
            self.record();
        }
        self.stream.write_all(bytes)
    }

    /// Notes the request as it is by now.
    fn record(&mut self) {
        let request = Arc::new(HttpRequest {
            head: self.request.head.clone(),
            body: self.request.body.clone(),
        });
        let mut shared = lock(&self.shared);
        let received = shared.received.entry(self.path.clone()).or_default();
        let place = *self.place.get_or_insert(received.len());
        match received.get_mut(place) {
            Some(noted) => *noted = request,
            None => received.push(request),
        }
    }

    /// Waits until the worker breaks off.
    pub fn stall(&mut self) -> io::Result<()> {
        while self.stream.read(&mut [0; 1024])? > 0 {}
        Ok(())
    }
}

/// The bytes that chunks carry (RFC 9112 §7.1).
fn unchunked(mut chunks: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(end) = chunks.windows(2).position(|window| window == b"\r\n") {
        let size = String::from_utf8_lossy(&chunks[..end]).into_owned();
        let size = usize::from_str_radix(&size, 16).unwrap_or(0);
        let data = &chunks[end + 2..];
        if size == 0 || data.len() < size + 2 {
            break;
        }
        bytes.extend_from_slice(&data[..size]);
        chunks = &data[size + 2..];
    }
    bytes
}

impl Gate {
    pub fn open(&self) {
        let (is_open, changed) = &*self.0;
        *lock(is_open) = true;
        changed.notify_all();
    }

    /// Waits until it is open; an error if that takes too long.
    pub fn pass(&self) -> io::Result<()> {
        let (is_open, changed) = &*self.0;
        let (is_open, _) = changed
            .wait_timeout_while(lock(is_open), GATE_LIMIT, |is_open| !*is_open)
            .unwrap_or_else(PoisonError::into_inner);
        if *is_open {
            Ok(())
        } else {
            Err(io::ErrorKind::TimedOut.into())
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
