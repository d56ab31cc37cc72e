//! The triggers for AWS: arm64 executables that run with the C library of Lambda's Amazon Linux 2023, from any machine.
//!
//! cargo-lambda compiles with zig as C compiler and linker, which brings the C library of another machine with it. Both come from
//! `PyPI`, into a virtual environment that nothing else needs.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::build::elf::{self, Glibc};
use crate::build::packages::{CREATE, DEFINE, Packages, VERIFY};
use crate::install::python::ARM64;
use crate::install::tools;
use crate::process::cargo::with_cargo_inside;
use crate::process::{self, lock, progress};
use crate::workspace::Workspace;

/// The template's name for the instruction set.
pub(crate) const ARCHITECTURE: &str = "arm64";

const TARGET: &str = "aarch64-unknown-linux-gnu";

/// Of Amazon Linux 2023, `provided.al2023`. What needs a newer one does not start there.
const GLIBC: Glibc = (2, 34);

const MIB: u64 = 1024 * 1024;

/// How large a zip may be, in bytes: Lambda fetches and unpacks it before a first start.
const LIMITS: [(&str, u64); 3] = [(DEFINE, 2 * MIB), (CREATE, 8 * MIB), (VERIFY, 8 * MIB)];

/// Installs what the build needs.
pub(crate) fn ensure_tools(workspace: &Workspace) -> Result<()> {
    tools::ensure_target(workspace, TARGET)?;
    ARM64.ensure_alone(workspace)
}

/// Compiles the triggers for AWS in the profile `release`, and returns the folder of the executables, which
/// [`packages::pack`](crate::build::packages::pack) takes. `logs` is the folder for logs. Takes minutes when nothing is there
/// yet. An error, too, when one of them would not start in Lambda.
pub(crate) fn build(workspace: &Workspace, logs: &Path) -> Result<PathBuf> {
    ensure_tools(workspace)?;
    let executables = workspace.target().join(ARCHITECTURE);
    // What deploys two stages at once, or tests beside it, must not move the other's executables away.
    let _lock = lock::wait(&executables.join("lock"), "the triggers for AWS")?;
    // cargo-lambda moves each one into a folder of its own, as `bootstrap`.
    let bootstraps = executables.join("bootstraps");
    progress::step("build the triggers for AWS", || {
        // By its own name: cargo would prefer one that the user installed, of another version.
        let mut command = with_cargo_inside(workspace, ARM64.program(workspace, "cargo-lambda"));
        command.args([
            "lambda",
            "build",
            "--release",
            "--locked",
            "--package=triggers",
            "--bins",
        ]);
        command.arg(format!("--target={TARGET}.{}.{}", GLIBC.0, GLIBC.1));
        // Its optimizations have `panic = "abort"` among them; lambda_runtime catches panics by unwinding.
        command.arg("--disable-optimizations");
        command.arg("--lambda-dir").arg(&bootstraps);
        command.env("CARGO_ZIGBUILD_PYTHON_PATH", ARM64.program(workspace, "python"));
        // Both would write into the user's home.
        for name in ["CARGO_ZIGBUILD_CACHE_DIR", "ZIG_GLOBAL_CACHE_DIR"] {
            command.env(name, ARM64.path(workspace).join("cache"));
        }
        let log = logs.join("triggers-arm64-cargo.log");
        process::run("compile the triggers for AWS", &mut command, &log)?;
        for (name, _) in LIMITS {
            let (made, kept) = (bootstraps.join(name).join("bootstrap"), executables.join(name));
            fs::rename(&made, &kept).with_context(|| format!("cannot move {}", made.display()))?;
            check_executable(&kept)?;
        }
        Ok(())
    })?;
    Ok(executables)
}

fn check_executable(path: &Path) -> Result<Glibc> {
    let executable = fs::read(path).with_context(|| format!("cannot read the trigger {}", path.display()))?;
    elf::check(&executable, GLIBC).with_context(|| format!("{} would not start in Lambda", path.display()))
}

/// What Lambda gets of one trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shipped {
    name: &'static str,
    /// In bytes.
    zipped: u64,
    limit: u64,
    /// The oldest with which it starts.
    glibc: Glibc,
}

/// Looks at what [`build`] made and what [`packages::pack`](crate::build::packages::pack) made of it. An error when something
/// would not start in Lambda, or is larger than it should be.
pub(crate) fn inspect(executables: &Path, packages: &Packages) -> Result<Vec<Shipped>> {
    weigh(packages)?
        .into_iter()
        .map(|(name, zipped, limit)| {
            Ok(Shipped {
                name,
                zipped,
                limit,
                glibc: check_executable(&executables.join(name))?,
            })
        })
        .collect()
}

/// Each zip's trigger, size and limit; an error when one is too large.
fn weigh(packages: &Packages) -> Result<Vec<(&'static str, u64, u64)>> {
    let files = packages.files().into_iter().zip(LIMITS);
    files
        .map(|((name, package), (_, limit))| {
            let zipped = fs::metadata(&package)
                .with_context(|| format!("cannot read {}", package.display()))?
                .len();
            ensure!(
                zipped <= limit,
                "{name} has {} zipped, the limit is {}",
                mib(zipped),
                mib(limit)
            );
            Ok((name, zipped, limit))
        })
        .collect()
}

/// `define 0.98 MiB of 2.00 MiB, glibc 2.34`
impl fmt::Display for Shipped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.strip_suffix("-auth-challenge").unwrap_or(self.name);
        let (major, minor) = self.glibc;
        write!(
            formatter,
            "{name} {} of {}, glibc {major}.{minor}",
            mib(self.zipped),
            mib(self.limit)
        )
    }
}

#[expect(clippy::cast_precision_loss, reason = "sizes of files, far below 2^52")]
fn mib(bytes: u64) -> String {
    format!("{:.2} MiB", bytes as f64 / MIB as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packages of which one has a given size.
    fn packages(name: &str, large: &str, size: usize) -> Packages {
        let folder = std::env::temp_dir().join(format!("xtask-arm64-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let packages = Packages {
            folder,
            define_key: "define.zip".to_owned(),
            create_key: "create.zip".to_owned(),
            verify_key: "verify.zip".to_owned(),
        };
        for (name, file) in packages.files() {
            fs::write(file, vec![0; if name == large { size } else { 1 }]).unwrap();
        }
        packages
    }

    #[test]
    fn a_package_that_is_too_large_is_refused() {
        for (name, limit) in LIMITS {
            let size = usize::try_from(limit).unwrap();
            weigh(&packages("largest", name, size)).unwrap();
            let error = weigh(&packages("too-large", name, size + 1)).unwrap_err();
            assert!(error.to_string().starts_with(&format!("{name} has ")), "{error}");
        }
    }

    #[test]
    fn an_executable_of_another_machine_is_refused_by_its_name() {
        let packages = packages("foreign", DEFINE, 1);
        let executable = packages.folder.join(DEFINE);
        fs::write(&executable, "#!/bin/sh\n").unwrap();
        let error = format!("{:#}", inspect(&packages.folder, &packages).unwrap_err());
        assert!(
            error.contains("define-auth-challenge would not start in Lambda: no 64-bit ELF"),
            "{error}"
        );
    }

    #[test]
    fn what_is_shipped_is_told_in_a_few_words() {
        let shipped = Shipped {
            name: DEFINE,
            zipped: MIB / 2,
            limit: 2 * MIB,
            glibc: (2, 34),
        };
        assert_eq!(shipped.to_string(), "define 0.50 MiB of 2.00 MiB, glibc 2.34");
    }
}
