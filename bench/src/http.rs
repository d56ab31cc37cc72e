//! One keep-alive connection: HTTP/1.1 as far as a load generator needs it, at as little cost as it can have.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use httparse::Status;

/// Longer than any answer should take; a server that hangs must not hang the benchmark.
const PATIENCE: Duration = Duration::from_secs(10);
const MAX_HEADERS: usize = 48;

/// An answer, valid until the connection's next exchange.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
    head: &'a [u8],
}

impl Answer<'_> {
    /// A header's value. Parses the head again, so it is for samples, not for every answer.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut response = httparse::Response::new(&mut headers);
        response.parse(self.head).ok()?;
        let found = response
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(found.value).into_owned())
    }
}

#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    /// What was read: one answer, and the beginning of nothing else, as requests are not pipelined.
    received: Vec<u8>,
    /// A body that came in chunks, put together.
    joined: Vec<u8>,
}

/// How an answer's body is delimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    Length(usize),
    Chunked,
}

impl Connection {
    pub(crate) fn open(port: u16) -> std::io::Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream,
            received: Vec::with_capacity(8_192),
            joined: Vec::new(),
        })
    }

    /// Sends a request and waits for its answer.
    pub(crate) fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.send(request)?;
        while !self.receive()? {}
        self.answer()
    }

    /// Sends a request. It is far smaller than what the kernel takes at once, so this does not wait.
    pub(crate) fn send(&mut self, request: &[u8]) -> Result<()> {
        self.received.clear();
        self.stream.write_all(request).context("cannot send a request")
    }

    /// Reads what has come, and waits only if nothing has; true once the answer is there to its end.
    pub(crate) fn receive(&mut self) -> Result<bool> {
        let mut piece = [0; 8_192];
        match self.stream.read(&mut piece).context("no answer")? {
            0 => bail!("the server closed the connection"),
            length => self.received.extend_from_slice(&piece[..length]),
        }
        let Some((_, head, framing)) = parse_head(&self.received)? else {
            return Ok(false);
        };
        match framing {
            Framing::Length(length) => Ok(self.received.len() >= head + length),
            Framing::Chunked => Ok(join_chunks(&self.received[head..], &mut self.joined)?.is_some()),
        }
    }

    /// The answer that was received.
    pub(crate) fn answer(&self) -> Result<Answer<'_>> {
        let (status, head, framing) = parse_head(&self.received)?.context("there is no answer yet")?;
        let (head, rest) = self.received.split_at(head);
        let body = match framing {
            Framing::Length(length) => &rest[..length],
            Framing::Chunked => &self.joined,
        };
        Ok(Answer { status, body, head })
    }
}

impl AsFd for Connection {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

/// Status, length of the head and framing of the body, once the head is complete.
fn parse_head(received: &[u8]) -> Result<Option<(u16, usize, Framing)>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let Status::Complete(head) = response.parse(received).context("not an HTTP answer")? else {
        return Ok(None);
    };
    let status = response.code.context("an answer without a status")?;
    for header in response.headers.iter() {
        if header.name.eq_ignore_ascii_case("content-length") {
            let length = std::str::from_utf8(header.value)?.parse().context("content-length")?;
            return Ok(Some((status, head, Framing::Length(length))));
        }
        if header.name.eq_ignore_ascii_case("transfer-encoding") {
            return Ok(Some((status, head, Framing::Chunked)));
        }
    }
    bail!("an answer whose length nobody knows")
}

/// Puts the chunks together; returns how many bytes they took, or nothing while some are missing.
pub(crate) fn join_chunks(body: &[u8], joined: &mut Vec<u8>) -> Result<Option<usize>> {
    joined.clear();
    let mut rest = body;
    loop {
        let Ok(Status::Complete((start, size))) = httparse::parse_chunk_size(rest) else {
            return Ok(None);
        };
        let end = start + usize::try_from(size)?;
        // The line end after the chunk counts, too: it must not stay for the next answer.
        if rest.len() < end + 2 {
            return Ok(None);
        }
        if size == 0 {
            return Ok(Some(body.len() - rest.len() + end + 2));
        }
        joined.extend_from_slice(&rest[start..end]);
        rest = &rest[end + 2..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_tells_status_and_length_once_it_is_complete() {
        let answer = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\nno";
        assert_eq!(parse_head(&answer[..20]).unwrap(), None);
        let (status, head, framing) = parse_head(answer).unwrap().unwrap();
        assert_eq!((status, framing), (401, Framing::Length(2)));
        assert_eq!(&answer[head..], b"no");
        assert!(parse_head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }

    #[test]
    fn chunks_are_joined_only_when_all_are_there() {
        let body = b"5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n";
        let mut joined = Vec::new();
        for missing in 1..body.len() {
            assert_eq!(join_chunks(&body[..body.len() - missing], &mut joined).unwrap(), None);
        }
        let followed = [body.as_slice(), b"GET"].concat();
        assert_eq!(join_chunks(&followed, &mut joined).unwrap(), Some(body.len()));
        assert_eq!(joined, b"hello!");
    }
}
