//! The load generator: several connections, each with one request under way, served by one thread.
//!
//! One thread, because the machine may have just two processors and the server needs one of them. A thread for each
//! connection costs twice the processor time, and their waking up pushes the server off its processor now and then.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use crate::answers;
use crate::http::Connection;
use crate::load::{Ask, Supply};

pub(crate) const CONNECTIONS: usize = 8;

/// Longer than any answer should take; a server that hangs must not hang the benchmark.
const PATIENCE: Timespec = Timespec { tv_sec: 10, tv_nsec: 0 };

/// When to stop: both must be reached, unless the supply ends before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Until {
    pub(crate) time: Duration,
    pub(crate) requests: usize,
}

#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) took: Duration,
    /// Of every request, in microseconds, ascending.
    pub(crate) latencies: Vec<u32>,
}

/// A request that waits for its answer.
#[derive(Debug, Clone, Copy)]
struct UnderWay<'a> {
    ask: Ask<'a>,
    sent: Instant,
}

/// Sends requests over all connections at once. The first wrong answer ends it.
pub(crate) fn drive(connections: &mut [Connection], supply: &Supply<'_>, until: Until) -> Result<Run> {
    let status = supply.load.status();
    let mut latencies = Vec::with_capacity(32_768);
    let mut request = Vec::with_capacity(2_048);
    let started = Instant::now();
    let mut under_way = connections
        .iter_mut()
        .map(|connection| send_next(connection, supply, &mut request))
        .collect::<Result<Vec<_>>>()?;
    while under_way.iter().any(Option::is_some) {
        let ready = wait(connections)?;
        for ((connection, slot), ready) in connections.iter_mut().zip(&mut under_way).zip(ready) {
            let Some(UnderWay { ask, sent }) = slot.filter(|_| ready) else {
                continue;
            };
            if !connection.receive()? {
                continue;
            }
            let now = Instant::now();
            latencies.push(u32::try_from((now - sent).as_micros()).context("an answer took an hour")?);
            answers::check(&connection.answer()?, ask, status)?;
            let ended = now - started >= until.time && latencies.len() >= until.requests;
            *slot = if ended {
                None
            } else {
                send_next(connection, supply, &mut request)?
            };
        }
    }
    let took = started.elapsed();
    latencies.sort_unstable();
    Ok(Run { took, latencies })
}

/// Nothing when the supply is at its end.
fn send_next<'a>(
    connection: &mut Connection,
    supply: &Supply<'a>,
    request: &mut Vec<u8>,
) -> Result<Option<UnderWay<'a>>> {
    let Some(ask) = supply.next() else {
        return Ok(None);
    };
    ask.write(request);
    let sent = Instant::now();
    connection.send(request)?;
    Ok(Some(UnderWay { ask, sent }))
}

/// Which connections have something to read, or have ended. Those without a request under way have neither.
fn wait(connections: &[Connection]) -> Result<Vec<bool>> {
    let mut watched: Vec<PollFd<'_>> = connections
        .iter()
        .map(|connection| PollFd::new(connection, PollFlags::IN))
        .collect();
    loop {
        match poll(&mut watched, Some(&PATIENCE)) {
            Ok(0) => bail!("no answer in {} s", PATIENCE.tv_sec),
            Ok(_) => return Ok(watched.iter().map(|watched| !watched.revents().is_empty()).collect()),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error).context("cannot wait for answers"),
        }
    }
}
