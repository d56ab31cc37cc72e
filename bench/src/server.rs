//! One server process: `workerd serve` with one worker, ended when dropped.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use crate::http::Connection;
use crate::plan::{Bundle, Plan};
use crate::process::{self, Memory};

const READY_WITHIN: Duration = Duration::from_secs(20);
/// Between two tries to connect: short against a start, long enough not to disturb it.
const POLL: Duration = Duration::from_micros(500);

#[derive(Debug)]
pub(crate) struct Server {
    name: String,
    port: u16,
    child: Child,
    started: Instant,
    log: PathBuf,
}

impl Server {
    /// Starts the process; returns at once.
    pub(crate) fn start(plan: &Plan, bundle: &Bundle, settings: &[(&str, String)]) -> Result<Self> {
        let port = free_port()?;
        // Beside the modules, which workerd looks for relative to its configuration.
        let config = bundle.folder.join("workerd.capnp");
        fs::write(
            &config,
            configuration(bundle, &plan.compatibility_date, settings, port)?,
        )
        .with_context(|| format!("cannot write {}", config.display()))?;
        let log = plan.logs.join(format!("{}.log", bundle.name));
        let errors = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let started = Instant::now();
        let child = Command::new(&plan.workerd)
            .args(["serve"])
            .arg(&config)
            .stdin(Stdio::null())
            // The worker's own log lines. At Cloudflare they go to no file either.
            .stdout(Stdio::null())
            .stderr(errors)
            .spawn()
            .with_context(|| format!("cannot start {}", plan.workerd.display()))?;
        Ok(Self {
            name: bundle.name.clone(),
            port,
            child,
            started,
            log,
        })
    }

    /// A connection, as soon as the process takes one.
    pub(crate) fn first_connection(&mut self) -> Result<Connection> {
        loop {
            match Connection::open(self.port) {
                Ok(connection) => return Ok(connection),
                Err(_) if self.age() < READY_WITHIN => self.must_run()?,
                Err(error) => return Err(anyhow!(error).context(format!("{} does not answer", self.name))),
            }
            thread::sleep(POLL);
        }
    }

    pub(crate) fn connect(&self) -> Result<Connection> {
        Connection::open(self.port).with_context(|| format!("{} takes no connection", self.name))
    }

    /// Since the process was started.
    pub(crate) fn age(&self) -> Duration {
        self.started.elapsed()
    }

    pub(crate) fn cpu_time(&self) -> Result<f64> {
        process::cpu_time(self.child.id())
    }

    pub(crate) fn memory(&self) -> Result<Memory> {
        process::memory(self.child.id())
    }

    /// An error with the end of its log when the process has ended.
    pub(crate) fn must_run(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("{} ended: {status}{}", self.name, self.log_tail()),
        }
    }

    /// The last lines that the process wrote, each on a new line.
    pub(crate) fn log_tail(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let mut tail = vec![""];
        tail.extend(&lines[lines.len().saturating_sub(20)..]);
        tail.join("\n    ")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has nothing to save, and the next one must not share the processors with its end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

/// workerd's configuration, in Cap'n Proto's text form.
fn configuration(bundle: &Bundle, compatibility_date: &str, settings: &[(&str, String)], port: u16) -> Result<String> {
    let mut modules = String::new();
    for name in &bundle.modules {
        let is_wasm = Path::new(name).extension().is_some_and(|extension| extension == "wasm");
        let kind = if is_wasm { "wasm" } else { "esModule" };
        writeln!(modules, "    (name = {name:?}, {kind} = embed {name:?}),")?;
    }
    let mut bindings = String::new();
    for (name, value) in settings {
        writeln!(bindings, "    (name = {name:?}, text = {value:?}),")?;
    }
    let mut classes = String::new();
    for (binding, class) in &bundle.objects {
        writeln!(
            bindings,
            "    (name = {binding:?}, durableObjectNamespace = {class:?}),"
        )?;
        writeln!(
            classes,
            "    (className = {class:?}, uniqueKey = {class:?}, enableSql = true),"
        )?;
    }
    Ok(format!(
        "using Workerd = import \"/workerd/workerd.capnp\";

const config :Workerd.Config = (
  services = [
    (name = \"worker\", worker = .worker),
    # The key set comes from this machine.
    (name = \"internet\", network = (allow = [\"private\"])),
  ],
  sockets = [(name = \"http\", address = \"127.0.0.1:{port}\", http = (), service = \"worker\")],
);

const worker :Workerd.Worker = (
  modules = [
{modules}  ],
  compatibilityDate = {compatibility_date:?},
  bindings = [
{bindings}  ],
  durableObjectNamespaces = [
{classes}  ],
  durableObjectStorage = (inMemory = void),
);
"
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn modules_and_settings_are_in_the_configuration() {
        let bundle = Bundle {
            name: "ours".to_owned(),
            folder: PathBuf::new(),
            modules: vec!["index.js".to_owned(), "index_bg.wasm".to_owned()],
            objects: BTreeMap::from([("COUNTERS".to_owned(), "Counter".to_owned())]),
        };
        let settings = [("CLIENT_ID", "client".to_owned())];
        let text = configuration(&bundle, "2026-01-01", &settings, 4711).unwrap();
        for part in [
            "(name = \"index.js\", esModule = embed \"index.js\")",
            "(name = \"index_bg.wasm\", wasm = embed \"index_bg.wasm\")",
            "(name = \"CLIENT_ID\", text = \"client\")",
            "(name = \"COUNTERS\", durableObjectNamespace = \"Counter\")",
            "(className = \"Counter\"",
            "127.0.0.1:4711",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }
}
