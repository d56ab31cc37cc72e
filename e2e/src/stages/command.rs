//! `cargo xtask` as a user runs it: with the user's own key, in a process group of its own, without a terminal.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use super::account;
use crate::waiting;

/// No command takes longer on a busy machine, unless it hangs.
const LIMIT: Duration = Duration::from_mins(3);

/// How much of what was printed a failure shows.
const SHOWN: usize = 25;

/// A command that runs. It is killed when it is dropped.
pub struct Running {
    name: String,
    child: Child,
    printed: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

/// A command that has ended.
pub struct Ended {
    name: String,
    pub status: ExitStatus,
    /// Everything, stdout and stderr as they came.
    pub printed: String,
}

/// Starts `cargo xtask <arguments>`.
pub fn start(arguments: &[&str]) -> Running {
    start_with(arguments, &[])
}

/// The same, with these variables in its environment.
pub fn start_with(arguments: &[&str], variables: &[(&str, &Path)]) -> Running {
    let account = account();
    let name = format!("cargo xtask {}", arguments.join(" "));
    let mut command = Command::new(&account.xtask);
    command
        .args(arguments)
        .current_dir(&account.checkout)
        .env("AWS_ENDPOINT_URL", &account.aws_endpoint)
        .env("AWS_REGION", &account.region)
        .env("AWS_ACCESS_KEY_ID", &account.deployer.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &account.deployer.secret_access_key)
        // Whatever the developer who runs the tests has: none of it may be touched.
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("XTASK_STAGES", &account.stages)
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    for variable in [
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_SESSION_TOKEN",
        "CLOUDFLARE_API_TOKEN",
    ] {
        command.env_remove(variable);
    }
    for variable in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME"] {
        command.env_remove(variable);
    }
    let mut child = command.spawn().expect("xtask can be started");
    let printed = Arc::new(Mutex::new(String::new()));
    let record = Arc::new(Mutex::new(record(arguments)));
    let outputs: [Box<dyn Read + Send>; 2] = [
        Box::new(child.stdout.take().expect("a pipe")),
        Box::new(child.stderr.take().expect("a pipe")),
    ];
    let readers = outputs.map(|output| {
        let (printed, record) = (Arc::clone(&printed), Arc::clone(&record));
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let line = line + "\n";
                // For the search for secrets, and for whoever wants to know what happened.
                drop(lock(&record).write_all(line.as_bytes()));
                lock(&printed).push_str(&line);
            }
        })
    });
    Running {
        name,
        child,
        printed,
        readers: readers.into(),
    }
}

/// Runs `cargo xtask <arguments>` to its end.
pub fn run(arguments: &[&str]) -> Ended {
    start(arguments).end()
}

/// A new file for what the command prints.
fn record(arguments: &[&str]) -> File {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let folder = &account().printed;
    fs::create_dir_all(folder).expect("a folder");
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name: String = arguments.join("-").replace(['/', ':'], "-").replace("--", "");
    let path = folder.join(format!("{number:02}-{name}.log"));
    File::create(path).expect("a file")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Running {
    /// What it has printed so far.
    pub fn printed(&self) -> String {
        lock(&self.printed).clone()
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until it has printed the text; fails if it ends before.
    #[track_caller]
    pub fn until_printed(&mut self, text: &str) {
        let what = format!("{text:?} of {}", self.name);
        waiting::until(&what, LIMIT, || {
            let runs = self.is_running();
            let printed = self.printed();
            assert!(
                runs || printed.contains(text),
                "{} ended and did not print {text:?}:\n{}",
                self.name,
                tail(&printed)
            );
            printed.contains(text).then_some(())
        });
    }

    /// Waits until a look at the world shows what is wanted; fails if the command ends before.
    #[track_caller]
    pub fn until(&mut self, what: &str, mut seen: impl FnMut() -> bool) {
        waiting::until(what, LIMIT, || {
            let found = seen();
            assert!(
                found || self.is_running(),
                "{} ended before {what}:\n{}",
                self.name,
                tail(&self.printed())
            );
            found.then_some(())
        });
    }

    /// Presses Ctrl-C and waits for the end.
    #[track_caller]
    pub fn interrupt(self) -> Ended {
        self.signal(Signal::INT);
        self.end()
    }

    /// Pulls the plug. What it had started itself goes on, as it would for a user.
    #[track_caller]
    pub fn kill(self) -> Ended {
        self.signal(Signal::KILL);
        self.end()
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("the command still runs");
    }

    /// Waits for the end.
    #[track_caller]
    pub fn end(mut self) -> Ended {
        let status = waiting::within(LIMIT, || self.child.try_wait().expect("a child"))
            .unwrap_or_else(|| panic!("{} does not end:\n{}", self.name, tail(&self.printed())));
        for reader in self.readers.drain(..) {
            // What a killed command had started may hold the pipe for some moments more.
            drop(reader.join());
        }
        Ended {
            name: self.name.clone(),
            status,
            printed: self.printed(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Ended {
    /// Fails unless it succeeded.
    #[track_caller]
    pub fn expect_success(&self) -> &Self {
        assert!(
            self.status.success(),
            "{}: {}\n{}",
            self.name,
            self.status,
            tail(&self.printed)
        );
        self
    }

    /// Fails unless it failed by itself, with the exit status that errors have.
    #[track_caller]
    pub fn expect_failure(&self) -> &Self {
        assert_eq!(self.status.code(), Some(1), "{}\n{}", self.name, tail(&self.printed));
        self
    }

    /// Fails unless it ended as Ctrl-C ends a program.
    #[track_caller]
    pub fn expect_interrupted(&self) -> &Self {
        assert_eq!(self.status.code(), Some(130), "{}\n{}", self.name, tail(&self.printed));
        self
    }

    /// Fails unless it printed the text.
    #[track_caller]
    pub fn expect_printed(&self, text: &str) -> &Self {
        assert!(
            self.printed.contains(text),
            "{} did not print {text:?}:\n{}",
            self.name,
            tail(&self.printed)
        );
        self
    }
}

fn tail(printed: &str) -> String {
    let lines: Vec<&str> = printed.lines().collect();
    lines[lines.len().saturating_sub(SHOWN)..].join("\n")
}
