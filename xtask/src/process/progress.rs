//! What the terminal shows: one line for each step, with its time. Tools write to log files, not here.
//!
//! Progress goes to stderr; stdout is for what a program may want to read (`ready …`, `sms …`).

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::process::interrupt;

/// Runs one named step and says how long it took, or that it failed; the error is the caller's to print.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    interrupt::check()?;
    let started = Instant::now();
    let result = work();
    match &result {
        Ok(_) => line(&seconds(started.elapsed()), name),
        Err(error) if interrupt::is_interrupted(error) => {}
        Err(_) => line("failed", name),
    }
    result.map_err(|error| named(error, name))
}

/// A step that takes so long that silence would look like a hang.
pub(crate) fn still_running(name: &str, log: &str) {
    line("…", &format!("{name} (log: {log})"));
}

/// Something the user should know that is no step.
pub(crate) fn note(text: &str) {
    line("", text);
}

fn line(left: &str, right: &str) {
    eprintln!("{left:>9}  {right}");
}

/// Names the step that failed, but leaves the wish to end recognizable.
fn named(error: anyhow::Error, name: &str) -> anyhow::Error {
    if interrupt::is_interrupted(&error) {
        return error;
    }
    error.context(format!("{name} failed"))
}

pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

/// Seconds since 1970, for names that must not come twice.
pub(crate) fn unix_time() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |since| since.as_secs())
}

/// A job of [`together`].
pub(crate) type Job<'a> = Box<dyn FnOnce() -> Result<()> + Send + 'a>;

/// Runs independent jobs at the same time and waits for all: what one has done is not lost when another fails.
/// Returns the first failure; a failure counts for more than the wish to end.
pub(crate) fn together(jobs: Vec<Job<'_>>) -> Result<()> {
    let results: Vec<Result<()>> = std::thread::scope(|scope| {
        let threads: Vec<_> = jobs.into_iter().map(|job| scope.spawn(job)).collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err(anyhow::anyhow!("a job of xtask panicked")))
            })
            .collect()
    });
    let mut failures: Vec<_> = results.into_iter().filter_map(Result::err).collect();
    failures.sort_by_key(interrupt::is_interrupted);
    failures.into_iter().next().map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::interrupt::Interrupted;

    #[test]
    fn a_failed_step_is_named_and_its_cause_kept() {
        let error = step::<()>("npm packages", || anyhow::bail!("no network")).unwrap_err();
        assert_eq!(format!("{error:#}"), "npm packages failed: no network");
    }

    #[test]
    fn an_interrupted_step_stays_an_interruption() {
        let error = step::<()>("npm packages", || Err(Interrupted.into())).unwrap_err();
        assert!(interrupt::is_interrupted(&error));
    }

    #[test]
    fn all_jobs_run_even_when_one_fails_and_the_failure_is_returned() {
        let done = std::sync::atomic::AtomicU32::new(0);
        let count = || done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let error = together(vec![
            Box::new(|| Err(Interrupted.into())),
            Box::new(|| anyhow::bail!("no")),
            Box::new(|| {
                count();
                Ok(())
            }),
        ])
        .unwrap_err();
        assert_eq!(error.to_string(), "no");
        assert_eq!(done.into_inner(), 1);
    }
}
