//! Ctrl-C and SIGTERM: noticed once, asked for everywhere that waits.
//!
//! A signal only sets a flag. Whoever waits polls it, gives up with [`Interrupted`], and on the way out every
//! [`crate::process::Group`] ends its processes. So there is one way down, whatever was going on.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

static REQUESTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// How many pieces of work are going on that must not be cut short.
static HELD: AtomicU32 = AtomicU32::new(0);

/// How long a wait goes without looking at the flag.
const POLL: Duration = Duration::from_millis(20);

/// The user wants this to end. Not a failure: nothing is printed for it.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl std::fmt::Display for Interrupted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// From here on SIGINT, SIGTERM and SIGHUP (the terminal was closed) set the flag instead of ending the program.
pub(crate) fn listen() -> Result<()> {
    let flag = REQUESTED.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(flag)).context("cannot handle signals")?;
    }
    Ok(())
}

pub(crate) fn requested() -> bool {
    HELD.load(Ordering::Relaxed) == 0 && REQUESTED.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// Fails with [`Interrupted`] once a signal has come.
pub(crate) fn check() -> Result<()> {
    if requested() {
        return Err(Interrupted.into());
    }
    Ok(())
}

/// Does work that would leave something half done if a signal ended it in the middle, or that clears up after one: signals take
/// effect after it. So the work must be short, and what it waits for must have a limit.
pub(crate) fn held<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    HELD.fetch_add(1, Ordering::Relaxed);
    let result = work();
    HELD.fetch_sub(1, Ordering::Relaxed);
    result
}

/// Sleeps, unless a signal comes.
pub(crate) fn pause(duration: Duration) -> Result<()> {
    let until = Instant::now() + duration;
    loop {
        check()?;
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        thread::sleep(left.min(POLL));
    }
}

/// Whether an error is the user's wish to end.
pub(crate) fn is_interrupted(error: &anyhow::Error) -> bool {
    error.is::<Interrupted>()
}
