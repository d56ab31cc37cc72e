//! What Linux tells of a process, the processor time that it has used and its memory; and how busy the machine is.

use std::fs;

use anyhow::{Context, Result};

/// `/proc` counts processor time in these, whatever the kernel's own clock (`USER_HZ`, fixed for all programs).
const MICROSECONDS_PER_TICK: f64 = 10_000.0;

/// In KiB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) resident: f64,
    /// The most that it ever was.
    pub(crate) peak: f64,
}

/// Processor time of all threads, of those that ended as well, in microseconds.
pub(crate) fn cpu_time(id: u32) -> Result<f64> {
    let path = format!("/proc/{id}/stat");
    let stat = fs::read_to_string(&path).with_context(|| format!("cannot read {path}; this needs Linux"))?;
    ticks(&stat)
        .map(|ticks| ticks * MICROSECONDS_PER_TICK)
        .with_context(|| format!("{path} is not as expected"))
}

/// Processor time of the threads that there are now, in milliseconds: finer than [`cpu_time`], for what takes no longer than a few.
pub(crate) fn cpu_time_of_threads(id: u32) -> Result<f64> {
    let path = format!("/proc/{id}/task");
    let mut nanoseconds = 0.0;
    for thread in fs::read_dir(&path).with_context(|| format!("cannot read {path}; this needs Linux"))? {
        // A thread may have ended since.
        let statistics = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        let running: f64 = statistics.split(' ').next().unwrap_or_default().parse().unwrap_or(0.0);
        nanoseconds += running;
    }
    Ok(nanoseconds / 1e6)
}

pub(crate) fn memory(id: u32) -> Result<Memory> {
    let path = format!("/proc/{id}/status");
    let status = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    let field = |name| kibibytes(&status, name).with_context(|| format!("{path} has no {name}"));
    Ok(Memory {
        resident: field("VmRSS:")?,
        peak: field("VmHWM:")?,
    })
}

/// Processor time that this machine has used or, being a virtual one, was denied, on all processors, in microseconds.
pub(crate) fn machine_time() -> Result<f64> {
    let stat = fs::read_to_string("/proc/stat").context("cannot read /proc/stat")?;
    busy_ticks(&stat)
        .map(|ticks| ticks * MICROSECONDS_PER_TICK)
        .context("/proc/stat is not as expected")
}

/// The first line is `cpu user nice system idle iowait irq softirq steal …`.
fn busy_ticks(stat: &str) -> Option<f64> {
    let fields: Vec<f64> = stat
        .lines()
        .next()?
        .strip_prefix("cpu ")?
        .split_whitespace()
        .map_while(|field| field.parse().ok())
        .collect();
    let [user, nice, system, _idle, _waiting, interrupt, soft_interrupt, stolen] = *fields.first_chunk()?;
    Some(user + nice + system + interrupt + soft_interrupt + stolen)
}

/// `utime` and `stime` of `/proc/…/stat`: `id (name) state …`, where the name may contain anything.
fn ticks(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(')')?;
    // The 14th and 15th field, of which the first two are gone.
    let mut fields = fields.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

fn kibibytes(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_user_and_system_whatever_the_name() {
        let stat = "17 (a (b) 9) S 1 17 17 0 -1 4194304 97 0 0 0 250 50 7 7 20 0 1 0 1166043";
        assert_eq!(ticks(stat), Some(300.0));
        assert_eq!(ticks("17 (a) S 1"), None);
    }

    #[test]
    fn a_machine_is_busy_with_all_but_idling_and_waiting() {
        let stat = "cpu  1 2 4 1000 2000 8 16 32 0 0\ncpu0 5 5 5 5 5 5 5 5 0 0\n";
        assert_eq!(busy_ticks(stat), Some(63.0));
        assert_eq!(busy_ticks("cpu  1 2"), None);
    }

    #[test]
    fn memory_is_read_by_name() {
        let status = "VmPeak:\t 9 kB\nVmHWM:\t   52340 kB\nVmRSS:\t   51000 kB\n";
        assert_eq!(kibibytes(status, "VmHWM:"), Some(52_340.0));
        assert_eq!(kibibytes(status, "VmSwap:"), None);
    }
}
