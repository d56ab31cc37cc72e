//! TCP ports on 127.0.0.1, the only address that anything here listens on.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result, bail};

/// An error that tells the user what to do when something else has the port.
pub(crate) fn must_be_free(port: u16, usual_holder: &str, option: &str) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!("port {port} is in use (by another {usual_holder}?): stop it or pass {option} with another port")
        }
        Err(error) => Err(error).with_context(|| format!("cannot use port {port}")),
    }
}

/// Where free ports are looked for: below those that systems hand out by themselves (Linux: from 32,768; IANA: from 49,152).
/// Among those a worker that starts could take the port of the next one: each opens several for itself.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// Ports that nobody listens on, all different. Somebody else could take one before it is used, though hardly anybody would.
pub(crate) fn free<const COUNT: usize>() -> Result<[u16; COUNT]> {
    // Two runs at the same time begin at different places.
    let begin = usize::try_from(std::process::id())?.wrapping_mul(COUNT);
    let candidates = RANGE.cycle().skip(begin % RANGE.len()).take(RANGE.len());
    let mut held = candidates.filter_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
    let mut taken = Vec::new();
    let mut ports = [0; COUNT];
    for port in &mut ports {
        let listener = held.next().context("no free port")?;
        *port = listener.local_addr()?.port();
        taken.push(listener);
    }
    Ok(ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_named_together_with_the_way_out() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let message = must_be_free(port, "local AWS", "--aws-port").unwrap_err().to_string();
        assert!(message.contains(&port.to_string()), "{message}");
        assert!(message.contains("--aws-port"), "{message}");
        drop(listener);
        // A program that another test starts at this moment holds a copy of the socket until its exec.
        while must_be_free(port, "local AWS", "--aws-port").is_err() {
            std::thread::yield_now();
        }
    }

    #[test]
    fn free_ports_differ_from_each_other() {
        let mut ports = free::<20>().unwrap();
        ports.sort_unstable();
        assert!(ports.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
