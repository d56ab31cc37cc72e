//! A TCP port that can be opened and closed while the system runs, and the little HTTP that a stand-in needs.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// No message takes longer on this machine, unless one side hangs on purpose.
const IO_TIMEOUT: Duration = Duration::from_secs(30);

/// A listening port on 127.0.0.1; each connection is handled in a thread of its own. Closes when dropped: from then on
/// connections are refused.
pub struct Port {
    address: SocketAddr,
    closing: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Port {
    /// Opens the port; 0 is any that is free. An error of a connection ends that connection and nothing else, as with any server.
    #[track_caller]
    pub fn open<H>(port: u16, handle: H) -> Self
    where
        H: Fn(TcpStream) -> io::Result<()> + Send + Sync + 'static,
    {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener =
            TcpListener::bind(address).unwrap_or_else(|error| panic!("port {port} cannot be opened: {error}"));
        let address = listener.local_addr().expect("a port has a number");
        let closing = Arc::new(AtomicBool::new(false));
        let handle = Arc::new(handle);
        let accepting = thread::spawn({
            let closing = Arc::clone(&closing);
            move || {
                for stream in listener.incoming().map_while(Result::ok) {
                    if closing.load(Ordering::SeqCst) {
                        break;
                    }
                    let handle = Arc::clone(&handle);
                    thread::spawn(move || {
                        let _ = stream.set_read_timeout(Some(IO_TIMEOUT)).and_then(|()| handle(stream));
                    });
                }
            }
        });
        Self {
            address,
            closing,
            accepting: Some(accepting),
        }
    }

    pub fn number(&self) -> u16 {
        self.address.port()
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        // Wakes the thread, which then sees that it is to end and drops the listener.
        drop(TcpStream::connect(self.address));
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

/// A request as it came.
pub struct HttpRequest {
    /// Request line and header lines, with the empty line at the end.
    pub head: String,
    pub body: Vec<u8>,
}

impl HttpRequest {
    /// Reads one request. Bodies have an announced length: the worker sends no others.
    pub fn read(stream: &mut TcpStream) -> io::Result<Self> {
        let mut received = Vec::new();
        let end = loop {
            if let Some(at) = received.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            read_some(stream, &mut received)?;
        };
        let head = String::from_utf8_lossy(&received[..end]).into_owned();
        let mut request = Self {
            head,
            body: received.split_off(end),
        };
        let length = request
            .header("content-length")
            .and_then(|value| value.parse().ok())
            .unwrap_or(0);
        while request.body.len() < length {
            read_some(stream, &mut request.body)?;
        }
        Ok(request)
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The same request, asking that the connection be closed after the answer.
    pub fn closing(&self) -> Vec<u8> {
        let lines = self
            .head
            .trim_end()
            .lines()
            .filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
        let mut bytes: Vec<u8> = lines.flat_map(|line| [line.as_bytes(), b"\r\n"].concat()).collect();
        bytes.extend_from_slice(b"connection: close\r\n\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// What has come in, at least one byte of it.
pub(crate) fn read_some(stream: &mut TcpStream, into: &mut Vec<u8>) -> io::Result<()> {
    let mut buffer = [0; 8 * 1024];
    let count = stream.read(&mut buffer)?;
    if count == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    into.extend_from_slice(&buffer[..count]);
    Ok(())
}

/// Answers and closes.
pub fn respond(stream: &mut TcpStream, status: u16, content_type: &str, body: &str) -> io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} Answer\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )?;
    stream.shutdown(Shutdown::Write)
}
