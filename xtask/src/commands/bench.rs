//! `cargo xtask bench`: builds what is measured and what measures, then lets the crate `bench` measure. Here the worker; the
//! triggers are in [`triggers`].

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::arguments::{Bench, BenchOptions};
use crate::build::{peers, worker};
use crate::install::node;
use crate::install::stamp::Inputs;
use crate::process::cargo::cargo;
use crate::process::lock::{self, Taken};
use crate::process::{self, leftovers, progress};
use crate::workspace::Workspace;

mod triggers;

const OURS: &str = "passwordless-edge";

/// How many requests in a second are prepared for. With fewer tokens a measurement ends before its time.
const TOKENS_PER_SECOND: f64 = 6_000.0;
/// What goes before a measurement, at most.
const WARM_UP_SECONDS: f64 = 1.0;

/// Tokens live for a day, so those of this half of a day are good for twelve hours more.
const HALF_A_DAY: u64 = 12 * 60 * 60;

pub(crate) fn run(workspace: &Workspace, options: &BenchOptions) -> Result<()> {
    let state = workspace.bench_state();
    // Two at once would measure each other.
    let _lock = match lock::take(&state.join("lock"))? {
        Taken::Now(lock) => lock,
        Taken::ByOther(_) => bail!("`cargo xtask bench` already runs in this checkout"),
    };
    leftovers::end(&state)?;
    match options.kind {
        Bench::Edge => edge(workspace, &state, options),
        Bench::Triggers => triggers::triggers(workspace, &state, options),
    }
}

/// Our worker beside its peers.
fn edge(workspace: &Workspace, state: &Path, options: &BenchOptions) -> Result<()> {
    let output = workspace.target().join("bench");
    worker::ensure_tools(workspace)?;
    worker::build(workspace, state)?;
    let ours = snapshot(workspace, &output.join(OURS))?;
    let peers = peers::build(workspace, &output, state)?;
    let tokens = tokens(workspace, state, &output.join("tokens"), options.seconds)?;
    let program = build(workspace, state)?;

    let modules = ["index.js", "index_bg.wasm"];
    let objects = json!({ "GUARD": "Guard" });
    let mut bundles = vec![json!({ "name": OURS, "folder": ours, "modules": modules, "objects": objects })];
    for (name, folder) in peers::PEERS.iter().zip(peers) {
        bundles.push(json!({ "name": name, "folder": folder, "modules": ["index.js"] }));
    }
    let workerd = workerd(workspace, state)?;
    let result = output.join("edge.json");
    let plan = json!({
        "workerd": workerd,
        "compatibility_date": compatibility_date(workspace)?,
        "bundles": bundles,
        "tokens": tokens,
        "logs": state,
        "rounds": options.rounds,
        "seconds": options.seconds,
        "only": options.only,
        "output": result,
        "versions": versions(workspace, state, &workerd)?,
    });
    measure(&program, "edge", &plan, &output, state)?;
    progress::note(&format!("all of it: {}", process::logs::shown(&result)));
    Ok(())
}

/// A copy of the worker's bundle: what is measured must stay as it is, whoever builds meanwhile.
fn snapshot(workspace: &Workspace, folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    for module in ["index.js", "index_bg.wasm"] {
        let (from, to) = (workspace.worker_build().join(module), folder.join(module));
        fs::copy(&from, &to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    }
    Ok(folder.to_owned())
}

/// Tokens for `new`, `expired` and all others, made again only when they would expire or are too few. Signing is slow.
fn tokens(workspace: &Workspace, state: &Path, folder: &Path, seconds: f64) -> Result<PathBuf> {
    // A shorter run makes do with the tokens of a usual one.
    let seconds = seconds.max(BenchOptions::SECONDS) + WARM_UP_SECONDS;
    let count = format!("{:.0}", TOKENS_PER_SECOND * seconds);
    let script = workspace.bench().join("tokens.mjs");
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let stamp = Inputs::default()
        .file(&script)?
        .file(&workspace.bench().join("pool.json"))?
        .text(&count)
        .text(&(now / HALF_A_DAY).to_string())
        .stamp(folder.join(".stamp"));
    if !stamp.is_current() {
        progress::step("sign tokens", || {
            stamp.clear()?;
            let mut command = Command::new("node");
            command.arg(&script).arg(folder).arg(&count);
            process::run("tokens.mjs", &mut command, &state.join("tokens.log"))?;
            stamp.set()
        })?;
    }
    Ok(folder.to_owned())
}

/// Builds the load generator, for speed: it shares the machine with what it measures.
fn build(workspace: &Workspace, state: &Path) -> Result<PathBuf> {
    progress::step("build the load generator", || {
        let mut command = cargo(workspace, &["build", "--release", "--package=bench"]);
        process::run(
            "compile the load generator",
            &mut command,
            &state.join("bench-cargo.log"),
        )
    })?;
    Ok(workspace.target().join("release").join("bench"))
}

/// The executable itself: `.bin/workerd` may be a script around it.
fn workerd(workspace: &Workspace, state: &Path) -> Result<PathBuf> {
    let mut command = Command::new("node");
    command
        .args(["--print", "require('workerd').default"])
        .current_dir(workspace.root());
    let printed = process::output("find workerd", &mut command, &state.join("workerd.log"))?;
    Ok(PathBuf::from(printed.trim()))
}

/// The worker's own, from wrangler.toml.
fn compatibility_date(workspace: &Workspace) -> Result<String> {
    let path = workspace.root().join("wrangler.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    text.lines()
        .find_map(|line| line.strip_prefix("compatibility_date = "))
        .map(|value| value.trim().trim_matches('"').to_owned())
        .with_context(|| format!("{} has no compatibility_date", path.display()))
}

/// Of everything that takes part.
fn versions(workspace: &Workspace, state: &Path, workerd: &Path) -> Result<Value> {
    let printed = |name: &str, program: &Path| {
        let log = state.join("version.log");
        process::output(name, Command::new(program).arg("--version"), &log).map(|text| text.trim().to_owned())
    };
    let mut versions = json!({
        "node": printed("node", Path::new("node"))?,
        "workerd": printed("workerd", workerd)?,
    });
    for package in node::MEASURED {
        versions[package] = json!(node::version(workspace, package)?);
    }
    Ok(versions)
}

/// The measuring itself, in the user's view.
fn measure(program: &Path, kind: &str, plan: &Value, output: &Path, state: &Path) -> Result<()> {
    let path = output.join(format!("{kind}-plan.json"));
    fs::write(&path, serde_json::to_vec_pretty(plan)?).with_context(|| format!("cannot write {}", path.display()))?;
    let mut command = Command::new(program);
    command.arg(kind).arg(&path);
    leftovers::mark(&mut command, state);
    progress::step("measure", || process::run_in_view("bench", &mut command))
}
