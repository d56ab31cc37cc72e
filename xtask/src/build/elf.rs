//! What an executable says about where it runs: ELF, as far as AWS Lambda cares.

use anyhow::{Context, Result, anyhow, bail, ensure};
use object::LittleEndian;
use object::elf::{EM_AARCH64, ET_DYN, ET_EXEC, FileHeader64};
use object::read::elf::{FileHeader, ProgramHeader};

#[cfg(test)]
mod tests;

/// A version of the GNU C library.
pub(crate) type Glibc = (u32, u32);

/// The program loader of every Linux on arm64 with the GNU C library.
const LOADER: &[u8] = b"/lib/ld-linux-aarch64.so.1";

/// The oldest C library with which the executable starts. An error when it is not a program for Linux on arm64, or when it needs
/// a newer one than `newest`.
pub(crate) fn check(executable: &[u8], newest: Glibc) -> Result<Glibc> {
    // 32 bits and no ELF at all are refused here, the other byte order by `endian`.
    let header =
        FileHeader64::<LittleEndian>::parse(executable).map_err(|error| anyhow!("no 64-bit ELF file: {error}"))?;
    let endian = header.endian().map_err(|_| anyhow!("not little-endian"))?;
    let machine = header.e_machine(endian);
    ensure!(
        machine == EM_AARCH64,
        "built for another instruction set than arm64 (ELF machine {})",
        machine.0
    );
    let kind = header.e_type(endian);
    // Position-independent executables have the type of a library; what tells them apart is their loader.
    ensure!(
        kind == ET_EXEC || kind == ET_DYN,
        "not an executable (ELF type {})",
        kind.0
    );
    let loader = header
        .program_headers(endian, executable)?
        .iter()
        .find_map(|segment| segment.interpreter(endian, executable).transpose())
        .context("a library or a static executable: it names no loader")??;
    ensure!(
        loader == LOADER,
        "its loader is {}, not that of arm64",
        String::from_utf8_lossy(loader)
    );
    let needed = needed(header, endian, executable)?;
    ensure!(
        needed <= newest,
        "needs glibc {}.{}, but there is {}.{}",
        needed.0,
        needed.1,
        newest.0,
        newest.1
    );
    Ok(needed)
}

/// The newest of all versions of the C library that symbols are wanted in, from `.gnu.version_r`.
fn needed(header: &FileHeader64<LittleEndian>, endian: LittleEndian, executable: &[u8]) -> Result<Glibc> {
    let sections = header.sections(endian, executable)?;
    let (files, strings) = sections
        .gnu_verneed(endian, executable)?
        .context("it names no versions of the C library: not linked with glibc")?;
    let strings = sections.strings(endian, executable, strings)?;
    let mut newest = None;
    for file in files {
        let (_, versions) = file?;
        for version in versions {
            let name = version?.name(endian, strings)?;
            // Others are libgcc's: `GCC_3.0` and the like.
            let Some(number) = name.strip_prefix(b"GLIBC_") else {
                continue;
            };
            // Such as GLIBC_PRIVATE, or GLIBC_ABI_DT_RELR, which came with 2.36.
            let Some(version) = parse(number) else {
                bail!("needs {}, which is no version", String::from_utf8_lossy(name));
            };
            newest = newest.max(Some(version));
        }
    }
    newest.context("it wants nothing of the C library")
}

/// Reads `2.34` or `2.2.5`.
fn parse(number: &[u8]) -> Option<Glibc> {
    let mut parts = str::from_utf8(number).ok()?.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}
