//! Against executables made here, byte by byte as in the System V ABI and the Linux Standard Base ("Symbol Versioning").

use super::*;

const AL2023: Glibc = (2, 34);

const X86_64: u16 = 62;
const ARM64: u16 = 183;

const STRTAB: u32 = 3;
const GNU_VERNEED: u32 = 0x6fff_fffe;

/// What a made executable says.
struct Made {
    class: u8,
    byte_order: u8,
    kind: u16,
    machine: u16,
    loader: Option<&'static str>,
    versions: &'static [&'static str],
}

/// As our triggers are.
const GOOD: Made = Made {
    class: 2,
    byte_order: 1,
    kind: 3,
    machine: ARM64,
    loader: Some("/lib/ld-linux-aarch64.so.1"),
    versions: &["GLIBC_2.17", "GLIBC_2.34", "GLIBC_2.29"],
};

impl Made {
    /// Header, program header, loader, names, versions, section headers.
    fn bytes(&self) -> Vec<u8> {
        const PROGRAM_HEADER_AT: usize = 64;
        const LOADER_AT: usize = PROGRAM_HEADER_AT + 56;
        let loader = self
            .loader
            .map_or_else(Vec::new, |loader| [loader.as_bytes(), &[0]].concat());
        let names_at = LOADER_AT + loader.len();
        let mut names = b"\0libc.so.6\0".to_vec();
        let mut versions = Vec::new();
        let count = u16::try_from(self.versions.len()).unwrap();
        // Version 1 of the structure, number of versions, name of the file, offset of the first version, no next file.
        put(&mut versions, &[1, count], &[1, 16, 0], &[]);
        for (index, name) in self.versions.iter().enumerate() {
            let at = u32::try_from(names.len()).unwrap();
            names.extend([name.as_bytes(), &[0]].concat());
            let next = if index + 1 == self.versions.len() { 0 } else { 16 };
            // Hash, flags and index, name, offset of the next.
            put(&mut versions, &[], &[0], &[]);
            put(&mut versions, &[0, 2], &[at, next], &[]);
        }
        // Structures begin at multiples of four; so do their readers' checks.
        names.resize(names.len().next_multiple_of(8) + (8 - (names_at % 8)) % 8, 0);
        let versions_at = names_at + names.len();
        let sections_at = (versions_at + versions.len()).next_multiple_of(8);

        let mut file = vec![0x7f, b'E', b'L', b'F', self.class, self.byte_order, 1, 0];
        file.resize(16, 0);
        let at = |position: usize| u64::try_from(position).unwrap();
        put(&mut file, &[self.kind, self.machine], &[1], &[0, 64, at(sections_at)]);
        put(&mut file, &[], &[0], &[]);
        put(
            &mut file,
            &[64, 56, u16::from(self.loader.is_some()), 64, 3, 1],
            &[],
            &[],
        );
        put(
            &mut file,
            &[],
            &[3, 4],
            &[at(LOADER_AT), 0, 0, at(loader.len()), at(loader.len()), 1],
        );
        file.extend(loader);
        file.extend(&names);
        file.extend(&versions);
        file.resize(sections_at, 0);
        section(&mut file, 0, 0, 0, 0, 0);
        section(&mut file, STRTAB, names_at, names.len(), 0, 0);
        let needs = if self.versions.is_empty() { 0 } else { GNU_VERNEED };
        section(&mut file, needs, versions_at, versions.len(), 1, 1);
        file
    }
}

fn put(file: &mut Vec<u8>, halves: &[u16], words: &[u32], long_words: &[u64]) {
    file.extend(halves.iter().flat_map(|number| number.to_le_bytes()));
    file.extend(words.iter().flat_map(|number| number.to_le_bytes()));
    file.extend(long_words.iter().flat_map(|number| number.to_le_bytes()));
}

fn section(file: &mut Vec<u8>, kind: u32, at: usize, length: usize, link: u32, info: u32) {
    let (at, length) = (u64::try_from(at).unwrap(), u64::try_from(length).unwrap());
    put(file, &[], &[0, kind], &[0, 0, at, length]);
    put(file, &[], &[link, info], &[4, 0]);
}

fn refusal(made: &Made) -> String {
    format!("{:#}", check(&made.bytes(), AL2023).unwrap_err())
}

#[test]
fn an_arm64_executable_is_taken_with_the_newest_version_that_it_needs() {
    assert_eq!(check(&GOOD.bytes(), AL2023).unwrap(), (2, 34));
    let older = Made {
        versions: &["GLIBC_2.9", "GCC_3.0", "GLIBC_2.17"],
        kind: 2,
        ..GOOD
    };
    assert_eq!(check(&older.bytes(), AL2023).unwrap(), (2, 17));
}

#[test]
fn a_foreign_architecture_is_refused() {
    let text = refusal(&Made {
        machine: X86_64,
        ..GOOD
    });
    assert!(text.contains("another instruction set"), "{text}");
    let text = refusal(&Made {
        loader: Some("/lib64/ld-linux-x86-64.so.2"),
        ..GOOD
    });
    assert!(text.contains("not that of arm64"), "{text}");
}

#[test]
fn a_c_library_newer_than_lambdas_is_refused() {
    let text = refusal(&Made {
        versions: &["GLIBC_2.35", "GLIBC_2.17"],
        ..GOOD
    });
    assert_eq!(text, "needs glibc 2.35, but there is 2.34");
    // Numbers, not text: 2.4 is older than 2.34.
    let old = Made {
        versions: &["GLIBC_2.4"],
        ..GOOD
    };
    assert_eq!(check(&old.bytes(), AL2023).unwrap(), (2, 4));
    for unknown in [&["GLIBC_PRIVATE"], &["GLIBC_ABI_DT_RELR"]] {
        let text = refusal(&Made {
            versions: unknown,
            ..GOOD
        });
        assert!(text.contains(unknown[0]), "{text}");
    }
}

#[test]
fn what_is_no_executable_is_refused() {
    assert!(refusal(&Made { class: 1, ..GOOD }).contains("no 64-bit ELF file"));
    assert!(refusal(&Made { byte_order: 2, ..GOOD }).contains("little-endian"));
    assert!(refusal(&Made { kind: 1, ..GOOD }).contains("not an executable"));
    assert!(refusal(&Made { loader: None, ..GOOD }).contains("no loader"));
    assert!(refusal(&Made { versions: &[], ..GOOD }).contains("not linked with glibc"));
    assert!(check(b"#!/bin/sh\n", AL2023).is_err());
    assert!(check(&[], AL2023).is_err());
}

#[test]
fn a_file_that_is_cut_off_is_refused() {
    let whole = GOOD.bytes();
    for length in 0..whole.len() {
        assert!(check(&whole[..length], AL2023).is_err(), "{length} bytes");
    }
}
