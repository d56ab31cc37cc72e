//! Builds the worker's bundle, `edge/build/`: cargo → wasm-bindgen → wasm-opt → esbuild.
//!
//! These are the steps of Cloudflare's `worker-build` tool, taken one by one. The tool itself needs OpenSSL's headers to
//! install (it downloads its helpers over native-tls), which a user's machine need not have; its helpers come from
//! cargo and npm here anyway; and its entry module puts a Proxy around every request, which ours does not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::install::node;
use crate::install::stamp::Inputs;
use crate::install::tools::{self, WASM_BINDGEN};
use crate::process::cargo::cargo;
use crate::process::{self, lock, progress};
use crate::workspace::Workspace;

/// The module that workerd loads; it connects the runtime's handlers to wasm's exports.
const ENTRY: &str = include_str!("worker_entry.js");

/// wasm-opt's arguments. Features by name, not all of them: a newer wasm-opt must not use encodings that workerd does
/// not know yet. These are what rustc emits for its wasm target by default, and exceptions, which wasm-bindgen uses.
const WASM_OPT: [&str; 9] = [
    "-O",
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-reference-types",
    "--enable-exception-handling",
    // Function names, for readable stack traces in the logs.
    "--debuginfo",
];

/// Installs what the build needs. In `cargo xtask dev` that has happened before; here it serves wrangler's own builds.
pub(crate) fn ensure_tools(workspace: &Workspace) -> Result<()> {
    tools::ensure_wasm_target(workspace)?;
    WASM_BINDGEN.ensure(workspace)?;
    node::ensure(workspace)
}

/// Builds the bundle unless it is current. Several builds at once wait for each other; all but the first find nothing
/// to do. `logs` is the folder for logs.
pub(crate) fn build(workspace: &Workspace, logs: &Path) -> Result<()> {
    progress::step("build the worker", || {
        let wasm_bindgen = WASM_BINDGEN.ensure(workspace)?;
        let _lock = lock::wait(&workspace.state().join("worker.lock"), "the worker's bundle")?;
        let wasm = compile(workspace, logs)?;
        let output = workspace.worker_build();
        let stamp = Inputs::default()
            .file(&wasm)?
            .text(WASM_BINDGEN.version())
            .file(&workspace.root().join("package-lock.json"))?
            .text(&WASM_OPT.join(" "))
            .text(ENTRY)
            .stamp(output.join(".stamp"));
        if stamp.is_current() {
            return Ok(());
        }
        stamp.clear()?;
        let staging = output.join(".staging");
        if staging.exists() {
            fs::remove_dir_all(&staging)?;
        }
        fs::create_dir_all(&staging)?;
        bind(&wasm_bindgen, &wasm, &staging, logs)?;
        optimize(workspace, &staging, logs)?;
        bundle(workspace, &staging, logs)?;
        // The wasm first: a running wrangler rebuilds when index.js changes, and must then find the new wasm.
        for file in ["index_bg.wasm", "index.js"] {
            let (from, to) = (staging.join(file), output.join(file));
            fs::rename(&from, &to).with_context(|| format!("cannot write {}", to.display()))?;
        }
        fs::remove_dir_all(&staging)?;
        stamp.set()
    })
}

/// Cargo knows best whether something changed, so it is asked every time.
fn compile(workspace: &Workspace, logs: &Path) -> Result<PathBuf> {
    let arguments = [
        "build",
        "--package=edge",
        "--lib",
        "--profile=edge",
        "--target=wasm32-unknown-unknown",
    ];
    let mut command = cargo(workspace, &arguments);
    // Makes wasm-bindgen's macros use the futures of js-sys, as `worker` expects since 0.8. Read when macros expand.
    command.env("WASM_BINDGEN_USE_JS_SYS", "1");
    process::run("compile the worker", &mut command, &logs.join("worker-cargo.log"))?;
    Ok(workspace
        .target()
        .join("wasm32-unknown-unknown")
        .join("edge")
        .join("edge.wasm"))
}

/// Writes `index.js` and `index_bg.wasm`.
fn bind(wasm_bindgen: &Path, wasm: &Path, staging: &Path, logs: &Path) -> Result<()> {
    let mut command = Command::new(wasm_bindgen);
    command
        .arg(wasm)
        .arg("--out-dir")
        .arg(staging)
        .args(["--out-name=index", "--target=module", "--no-typescript"])
        // For the entry module: how to start again after a panic, and to be told of one.
        .args(["--experimental-reset-state-function", "--force-enable-abort-handler"]);
    process::run("wasm-bindgen", &mut command, &logs.join("wasm-bindgen.log"))
}

fn optimize(workspace: &Workspace, staging: &Path, logs: &Path) -> Result<()> {
    let wasm = staging.join("index_bg.wasm");
    let mut command = Command::new(workspace.node_program("wasm-opt"));
    command.arg(&wasm).arg("-o").arg(&wasm).args(WASM_OPT);
    process::run("wasm-opt", &mut command, &logs.join("wasm-opt.log"))
}

/// Joins the entry module and wasm-bindgen's into one.
fn bundle(workspace: &Workspace, staging: &Path, logs: &Path) -> Result<()> {
    fs::write(staging.join("entry.js"), ENTRY)?;
    let mut command = Command::new(workspace.node_program("esbuild"));
    command
        .current_dir(staging)
        .args(["entry.js", "--bundle", "--format=esm", "--minify"])
        .args(["--external:./index_bg.wasm", "--external:cloudflare:*"])
        .args(["--outfile=index.js", "--allow-overwrite"]);
    process::run("esbuild", &mut command, &logs.join("esbuild.log"))?;
    // workerd knows wasm modules by plain imports; it does not know the source-phase imports that wasm-bindgen writes.
    let path = staging.join("index.js");
    let text = fs::read_to_string(&path)?;
    fs::write(&path, text.replace("import source ", "import "))?;
    Ok(())
}
