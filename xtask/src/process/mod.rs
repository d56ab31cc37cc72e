//! Other programs: running and ending them, their logs, what the terminal shows of them, and what ends xtask itself.
//! Everything else stands on this.
//!
//! Child processes are always process groups.
//!
//! Many of the programs started here are wrappers (`wrangler` over node over two levels of workerd), and ending only
//! the first leaves the rest running. So each gets its own process group, and the group is what is ended. That also
//! keeps the terminal's Ctrl-C away from them: xtask alone decides the order in which things go down.

pub(crate) mod cargo;
pub(crate) mod interrupt;
pub(crate) mod leftovers;
pub(crate) mod lock;
pub(crate) mod logs;
pub(crate) mod progress;

mod output;
mod zombies;

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
pub(crate) use output::{output, output_of_fed, output_within};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

/// How long a group may take to end by itself after SIGTERM.
const GRACE: Duration = Duration::from_secs(5);
/// How long SIGKILL may take to have its effect.
const KILL_WAIT: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_millis(20);
/// When a step that still runs is announced.
const SLOW: Duration = Duration::from_secs(4);

/// A running program and all that it started. Ended when dropped.
#[derive(Debug)]
pub(crate) struct Group {
    name: String,
    log: PathBuf,
    child: Child,
    id: Pid,
}

impl Group {
    /// Starts a program. What it prints goes to `log`, which is emptied first.
    pub(crate) fn start(name: &str, command: &mut Command, log: &Path) -> Result<Self> {
        let (output, errors) = logs::create(log)?;
        command.stdout(output).stderr(errors);
        Self::spawn(name, command, log, Stdio::null())
    }

    fn spawn(name: &str, command: &mut Command, log: &Path, input: Stdio) -> Result<Self> {
        interrupt::check()?;
        let program = command.get_program().to_owned();
        let child = command
            .stdin(input)
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        Ok(Self {
            name: name.to_owned(),
            log: log.to_owned(),
            id: Pid::from_child(&child),
            child,
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn log(&self) -> &Path {
        &self.log
    }

    /// How the program ended, if it has.
    pub(crate) fn exited(&mut self) -> Result<Option<ExitStatus>> {
        self.child
            .try_wait()
            .with_context(|| format!("cannot watch {}", self.name))
    }

    /// An error when the program, which should run until it is told to end, has ended.
    pub(crate) fn must_run(&mut self) -> Result<()> {
        match self.exited()? {
            None => Ok(()),
            Some(status) => Err(ended(&self.name, status, &self.log)
                .context(format!("{} ended, but should have gone on running", self.name))),
        }
    }

    /// Waits for the program to end by itself.
    fn wait(&mut self, limit: Option<Duration>) -> Result<ExitStatus> {
        let started = Instant::now();
        let mut announced = false;
        loop {
            interrupt::check()?;
            if let Some(status) = self.exited()? {
                return Ok(status);
            }
            if limit.is_some_and(|limit| started.elapsed() > limit) {
                bail!(
                    "{} took longer than {}",
                    self.name,
                    progress::seconds(started.elapsed())
                );
            }
            if !announced && started.elapsed() > SLOW {
                announced = true;
                progress::still_running(&self.name, &logs::shown(&self.log));
            }
            thread::sleep(POLL);
        }
    }

    /// Ends the program and everything it started, gently first, and waits until all are gone.
    pub(crate) fn end(&mut self) {
        for (signal, patience) in [(Signal::TERM, GRACE), (Signal::KILL, KILL_WAIT)] {
            // An error means that there is no such group any more, which is what is wanted.
            if kill_process_group(self.id, signal).is_err() || self.gone_within(patience) {
                break;
            }
        }
        // Reaps the first process of the group; the kernel's init reaps the others.
        drop(self.child.try_wait());
    }

    fn gone_within(&mut self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        while Instant::now() < until {
            drop(self.child.try_wait());
            if self.is_gone() {
                return true;
            }
            thread::sleep(POLL);
        }
        false
    }

    fn is_gone(&self) -> bool {
        test_kill_process_group(self.id).is_err() || zombies::are_all_of(self.id)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

/// Runs a program to its end; an error when it fails, with the last lines of its log.
pub(crate) fn run(name: &str, command: &mut Command, log: &Path) -> Result<()> {
    finish(&mut Group::start(name, command, log)?, None)
}

/// As [`run`], for programs that could wait for a network that never answers.
pub(crate) fn run_within(limit: Duration, name: &str, command: &mut Command, log: &Path) -> Result<()> {
    finish(&mut Group::start(name, command, log)?, Some(limit))
}

/// As [`run`], for programs that must not be ended in the middle: an interrupt takes effect when it has ended.
pub(crate) fn run_uninterrupted(name: &str, command: &mut Command, log: &Path) -> Result<()> {
    let mut group = Group::start(name, command, log)?;
    let status = group.child.wait().with_context(|| format!("cannot watch {name}"))?;
    interrupt::check()?;
    if status.success() {
        return Ok(());
    }
    Err(ended(name, status, log))
}

/// Runs a program that talks to the user itself: what it prints goes where xtask's own words go, to no log.
pub(crate) fn run_in_view(name: &str, command: &mut Command) -> Result<()> {
    let mut group = Group::spawn(name, command, Path::new(""), Stdio::null())?;
    loop {
        interrupt::pause(POLL)?;
        match group.exited()? {
            None => {}
            Some(status) if status.success() => return Ok(()),
            Some(status) => bail!("{name}: {status}"),
        }
    }
}

fn finish(group: &mut Group, limit: Option<Duration>) -> Result<()> {
    let status = group.wait(limit)?;
    if status.success() {
        return Ok(());
    }
    Err(ended(&group.name, status, &group.log))
}

fn ended(name: &str, status: ExitStatus, log: &Path) -> anyhow::Error {
    anyhow!(
        "{name}: {status}. The end of {}:\n{}",
        logs::shown(log),
        logs::tail(log)
    )
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    pub(super) fn scratch(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("xtask-{}-{name}.log", std::process::id()))
    }

    pub(super) fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_failed_program_is_reported_with_the_end_of_its_log() {
        let log = scratch("failed");
        let error = run("demo", &mut shell("echo early; echo late >&2; exit 3"), &log).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("exit status: 3"), "{message}");
        assert!(message.contains("    early\n    late"), "{message}");
    }

    #[test]
    fn a_program_that_never_ends_is_ended_at_its_limit() {
        let started = Instant::now();
        let limit = Duration::from_millis(100);
        let error = run_within(limit, "demo", &mut shell("sleep 60"), &scratch("limit")).unwrap_err();
        assert!(error.to_string().contains("longer than"));
        assert!(started.elapsed() < GRACE);
    }

    #[test]
    fn ending_a_group_ends_grandchildren_too() {
        // The shell is gone at once; its child goes on in the same group.
        let log = scratch("grandchild");
        let mut group = Group::start("demo", &mut shell("sleep 60 & echo started"), &log).unwrap();
        group.wait(None).unwrap();
        assert!(!group.is_gone());
        group.end();
        assert!(group.is_gone());
    }

    #[test]
    fn a_program_that_must_not_be_interrupted_is_waited_for() {
        let log = scratch("uninterrupted");
        run_uninterrupted("demo", &mut shell("echo done"), &log).unwrap();
        assert_eq!(fs::read_to_string(&log).unwrap(), "done\n");
        let error = run_uninterrupted("demo", &mut shell("exit 3"), &log).unwrap_err();
        assert!(error.to_string().contains("exit status: 3"), "{error}");
    }

    #[test]
    fn a_group_that_ignores_sigterm_is_killed() {
        let log = scratch("stubborn");
        let script = "trap '' TERM; echo ready; while :; do sleep 0.1; done";
        let mut group = Group::start("demo", &mut shell(script), &log).unwrap();
        while !fs::read_to_string(&log).unwrap().contains("ready") {
            thread::sleep(POLL);
        }
        group.end();
        assert!(group.is_gone());
    }
}
