//! A small HTTP/1.1 server: what the programs that are measured talk to. Keep-alive, a thread for each connection.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use httparse::Status;

use crate::http::join_chunks;

const MAX_HEADERS: usize = 48;

#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// With the query.
    pub(crate) path: String,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// When the last byte of it was there.
    pub(crate) received: Instant,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name)?;
        Some(&found.1)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn new(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", media_type.to_owned())],
            body: body.into(),
        }
    }

    fn write(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        let mut bytes = format!("HTTP/1.1 {} X\r\nContent-Length: {}\r\n", self.status, self.body.len());
        for (name, value) in &self.headers {
            bytes.extend([name, ": ", value, "\r\n"]);
        }
        bytes.push_str("\r\n");
        let mut bytes = bytes.into_bytes();
        bytes.extend_from_slice(&self.body);
        stream.write_all(&bytes)
    }
}

/// Answers until it is dropped. A handler that returns nothing ends the connection.
#[derive(Debug)]
pub(crate) struct Serving {
    pub(crate) address: SocketAddr,
    over: Arc<AtomicBool>,
}

impl Serving {
    pub(crate) fn start<H>(handler: H) -> Result<Self>
    where
        H: Fn(&Request) -> Option<Reply> + Send + Sync + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
        let address = listener.local_addr()?;
        let over = Arc::new(AtomicBool::new(false));
        let handler = Arc::new(handler);
        let is_over = Arc::clone(&over);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if is_over.load(Ordering::Acquire) {
                    break;
                }
                let Ok(stream) = stream else { continue };
                let handler = Arc::clone(&handler);
                // A program that was ended leaves its connections in the middle; that is nobody's fault.
                thread::spawn(move || drop(converse(stream, handler.as_ref())));
            }
        });
        Ok(Self { address, over })
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Release);
        // Wakes the thread that waits for a connection.
        drop(TcpStream::connect(self.address));
    }
}

fn converse(mut stream: TcpStream, handler: &impl Fn(&Request) -> Option<Reply>) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut received = Vec::new();
    while let Some(request) = read(&mut stream, &mut received)? {
        match handler(&request) {
            Some(reply) => reply.write(&mut stream)?,
            None => break,
        }
    }
    Ok(())
}

/// The next request, or nothing when the other side has no more. What was read beyond it stays in `received`.
fn read(stream: &mut TcpStream, received: &mut Vec<u8>) -> Result<Option<Request>> {
    let mut piece = [0; 16_384];
    let mut told_to_go_on = false;
    loop {
        match parse(received)? {
            Parsed::Whole(request, length) => {
                received.drain(..length);
                return Ok(Some(request));
            }
            Parsed::WaitsToBeAsked if !told_to_go_on => {
                told_to_go_on = true;
                stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            }
            Parsed::WaitsToBeAsked | Parsed::Incomplete => {}
        }
        match stream.read(&mut piece) {
            Ok(0) if received.is_empty() => return Ok(None),
            Ok(0) => bail!("a request that ends in the middle"),
            Ok(length) => received.extend_from_slice(&piece[..length]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[derive(Debug)]
enum Parsed {
    Incomplete,
    /// The head is there, and its sender wants to hear that the body is welcome (RFC 9110 §10.1.1).
    WaitsToBeAsked,
    /// And its length in bytes.
    Whole(Request, usize),
}

fn parse(received: &[u8]) -> Result<Parsed> {
    let mut fields = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut fields);
    let Status::Complete(head) = parsed.parse(received).context("not an HTTP request")? else {
        return Ok(Parsed::Incomplete);
    };
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let mut request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        path: parsed.path.unwrap_or_default().to_owned(),
        headers: parsed
            .headers
            .iter()
            .map(|header| (header.name.to_ascii_lowercase(), text(header.value)))
            .collect(),
        body: Vec::new(),
        received: Instant::now(),
    };
    let rest = &received[head..];
    let length = if request.header("transfer-encoding").is_some() {
        let mut body = Vec::new();
        let length = join_chunks(rest, &mut body)?;
        request.body = body;
        length
    } else {
        let length: usize = request.header("content-length").unwrap_or("0").parse()?;
        request.body = rest.get(..length).unwrap_or_default().to_vec();
        (rest.len() >= length).then_some(length)
    };
    Ok(match length {
        Some(length) => Parsed::Whole(request, head + length),
        None if request.header("expect").is_some() => Parsed::WaitsToBeAsked,
        None => Parsed::Incomplete,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(server: &Serving, bytes: &str) -> String {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.write_all(bytes.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Answers with what it was sent.
    fn echo() -> Serving {
        Serving::start(|request| {
            let text = format!("{} {} ", request.method, request.path);
            Some(Reply::new(200, "text/plain", [text.as_bytes(), &request.body].concat()))
        })
        .unwrap()
    }

    #[test]
    fn requests_follow_each_other_on_one_connection() {
        let post = "POST /a?b HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi";
        let answer = exchange(&echo(), &format!("{post}GET /c HTTP/1.1\r\n\r\n"));
        assert!(
            answer.contains("POST /a?b hi") && answer.ends_with("GET /c "),
            "{answer}"
        );
    }

    #[test]
    fn a_body_in_chunks_is_joined_and_what_follows_is_kept() {
        let chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1\r\n!\r\n0\r\n\r\n";
        let answer = exchange(&echo(), &format!("{chunked}GET /next HTTP/1.1\r\n\r\n"));
        assert!(
            answer.contains("POST / hi!") && answer.ends_with("GET /next "),
            "{answer}"
        );
    }

    #[test]
    fn who_waits_to_be_asked_for_a_body_is_asked() {
        let server = echo();
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream
            .write_all(b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            .unwrap();
        let mut asked = [0; 25];
        stream.read_exact(&mut asked).unwrap();
        assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(b"hi").unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.ends_with("POST / hi"), "{answer}");
    }

    #[test]
    fn a_handler_can_end_a_connection() {
        let server = Serving::start(|_| None).unwrap();
        assert_eq!(exchange(&server, "GET / HTTP/1.1\r\n\r\n"), "");
    }
}
