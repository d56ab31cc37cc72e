//! A connection to a worker on which a test says every byte itself, and sees when which bytes come back.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    time::Duration,
};

use crate::{ledger::Kind, system::system};

/// Nothing takes longer on this machine, unless one side hangs.
const TIMEOUT: Duration = Duration::from_secs(20);

/// An open connection.
pub struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    /// Connects to the worker of this name.
    #[track_caller]
    pub fn open(worker: &str) -> Self {
        let url = &system().description.workers[worker];
        let stream = TcpStream::connect(url.trim_start_matches("http://")).expect("the worker listens");
        stream.set_read_timeout(Some(TIMEOUT)).expect("a timeout");
        Self {
            stream,
            received: Vec::new(),
        }
    }

    /// Connects and sends the head of a request: request line, `Host`, the token, and these lines.
    #[track_caller]
    pub fn request(worker: &str, line: &str, token: &str, headers: &[&str]) -> Self {
        system().ledger.note(Kind::Token, token);
        let mut connection = Self::open(worker);
        let mut head = format!("{line} HTTP/1.1\r\nHost: worker\r\nAuthorization: Bearer {token}\r\n");
        for header in headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        connection.send(head.as_bytes());
        connection
    }

    #[track_caller]
    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the worker reads");
    }

    /// Reads until `end` has come; what came up to then, as text.
    #[track_caller]
    pub fn read_until(&mut self, end: &str) -> String {
        loop {
            let found = self
                .received
                .windows(end.len())
                .position(|window| window == end.as_bytes());
            if let Some(at) = found {
                let rest = self.received.split_off(at + end.len());
                let read = std::mem::replace(&mut self.received, rest);
                return String::from_utf8_lossy(&read).into_owned();
            }
            let mut buffer = [0; 8 * 1024];
            let count = self.stream.read(&mut buffer).expect("the worker answers");
            assert!(count > 0, "the worker closed before {end:?} came");
            self.received.extend_from_slice(&buffer[..count]);
        }
    }

    /// The head of the next answer.
    #[track_caller]
    pub fn read_head(&mut self) -> String {
        self.read_until("\r\n\r\n")
    }

    /// All that comes until the worker closes.
    #[track_caller]
    pub fn read_to_end(mut self) -> Vec<u8> {
        // A worker that breaks off may reset the connection: what came before counts.
        let _ = self.stream.read_to_end(&mut self.received);
        self.received
    }

    /// Breaks off.
    pub fn close(self) {
        let _ = self.stream.shutdown(Shutdown::Both);
    }
}
