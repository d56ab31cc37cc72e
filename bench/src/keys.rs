//! The issuer's key set over HTTP: a thread that gives every request the same answer, as the servers ask for it once.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

/// Serves `key_set` at any path until this process ends; returns the port.
pub(crate) fn serve(key_set: &str) -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port for the key set")?;
    let port = listener.local_addr()?.port();
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{key_set}",
        key_set.len()
    );
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A server that hangs up early shows by its own answers, which are all checked.
            let _ = give(stream, &answer);
        }
    });
    Ok(port)
}

fn give(mut stream: TcpStream, answer: &str) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    while !request.windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read(&mut piece)? {
            0 => return Ok(()),
            length => request.extend_from_slice(&piece[..length]),
        }
    }
    stream.write_all(answer.as_bytes())
}
