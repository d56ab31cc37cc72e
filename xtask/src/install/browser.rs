//! The browser in which the sign-in page is tested: the machine's own Chromium or Chrome, or one that is installed.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::install::prerequisites::printed;
use crate::process::{self, interrupt, lock, progress};
use crate::workspace::Workspace;

/// As distributions and vendors name it.
const NAMES: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// What the tests run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Browser {
    /// An executable: a name to look for in PATH, or a path.
    Own(PathBuf),
    /// Playwright's own, in this folder.
    Playwrights(PathBuf),
}

impl Browser {
    /// Tells a command that runs Playwright, by the environment: `CHROMIUM` is the executable, if it is not Playwright's own.
    pub(crate) fn name_to(&self, command: &mut Command) {
        match self {
            Self::Own(program) => command.env("CHROMIUM", program),
            Self::Playwrights(folder) => command.env_remove("CHROMIUM").env("PLAYWRIGHT_BROWSERS_PATH", folder),
        };
    }
}

/// Finds a browser, or installs one: by apt-get where xtask may do that and there is one (Debian has, Ubuntu has not), else by
/// Playwright. npm's packages must be there.
pub(crate) fn ensure(workspace: &Workspace) -> Result<Browser> {
    if let Some(named) = env::var_os("CHROMIUM").map(PathBuf::from) {
        ensure!(runs(&named), "CHROMIUM names {}, which does not run", named.display());
        return Ok(Browser::Own(named));
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    let _lock = lock::wait(&workspace.state().join("browser.lock"), "the browser")?;
    let log = workspace.state().join("browser.log");
    let is_root = rustix::process::geteuid().is_root();
    if is_root && printed("apt-get", &["--version"]).is_some() {
        match progress::step("install Chromium", || install_package(&log)) {
            Err(error) if interrupt::is_interrupted(&error) => return Err(error),
            // Another distribution's: Playwright may know it.
            Err(_) => {}
            Ok(()) => {
                if let Some(found) = find() {
                    return Ok(found);
                }
            }
        }
    }
    let folder = workspace.state().join("browsers");
    progress::step("install Playwright's Chromium", || {
        download(workspace, &folder, is_root, &log)
    })
    .context("what to do: install Chromium or Chrome yourself; CHROMIUM may name the executable")?;
    Ok(Browser::Playwrights(folder))
}

/// The first of the usual names that runs.
fn find() -> Option<Browser> {
    let mut candidates = NAMES.into_iter().map(PathBuf::from);
    candidates.find(|program| runs(program)).map(Browser::Own)
}

fn runs(program: &Path) -> bool {
    printed(&program.to_string_lossy(), &["--version"]).is_some()
}

/// Debian's package, with a font: without any, pages have no letters.
fn install_package(log: &Path) -> Result<()> {
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    let install = ["install", "--yes", "--quiet", "--no-install-recommends"];
    let packages = ["chromium", "fonts-liberation"];
    process::run("apt-get update", &mut apt(&["update", "--quiet"]), log)?;
    // What takes long comes first, and can be cut short: dpkg, when it is, leaves a machine to be repaired by hand.
    process::run(
        "apt-get download",
        apt(&install).arg("--download-only").args(packages),
        log,
    )?;
    process::run_uninterrupted("apt-get install", apt(&install).args(packages), log)
}

/// The build that belongs to the pinned Playwright, unless it is there already; with the libraries that it needs, where xtask may
/// install them.
fn download(workspace: &Workspace, folder: &Path, with_libraries: bool, log: &Path) -> Result<()> {
    let mut command = Command::new(workspace.node_program("playwright"));
    command
        .args(["install", "--only-shell", "chromium"])
        .args(with_libraries.then_some("--with-deps"))
        .env("PLAYWRIGHT_BROWSERS_PATH", folder);
    process::run("playwright install", &mut command, log)
}
