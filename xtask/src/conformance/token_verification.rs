//! Checks that `docs/token-verification.md` names rules, functions and tests that exist.

use std::fs;
use std::path::{Path, PathBuf};

use super::root;

/// Where the names may be, below the workspace.
const SOURCES: [&str; 2] = ["edge/src", "e2e/tests"];

/// The clauses of RFC 8725: nine threats and twelve practices.
fn clauses() -> Vec<String> {
    let threats = (1..=9).map(|clause| format!("2.{clause}"));
    let practices = (1..=12).map(|clause| format!("3.{clause}"));
    threats.chain(practices).collect()
}

/// A name in the document: `file.rs::function`.
#[derive(Debug, PartialEq, Eq)]
struct Reference<'a> {
    file: &'a str,
    function: &'a str,
    /// In the last column of a table, which is for tests.
    is_test: bool,
}

fn references(document: &str) -> Vec<Reference<'_>> {
    document.lines().flat_map(references_in_line).collect()
}

fn references_in_line(line: &str) -> impl Iterator<Item = Reference<'_>> {
    let last_column = line
        .trim_end()
        .strip_suffix('|')
        .and_then(|row| row.rfind('|'))
        .unwrap_or(line.len());
    let mut at = 0;
    line.split('`').enumerate().filter_map(move |(index, text)| {
        let begins = at;
        at += text.len() + "`".len();
        let (file, function) = text
            .split_once("::")
            .filter(|(file, _)| Path::new(file).extension().is_some_and(|extension| extension == "rs"))?;
        // Every second text is between backquotes.
        (index % 2 == 1).then_some(Reference {
            file,
            function,
            is_test: begins > last_column,
        })
    })
}

/// What is wrong with the name, if anything. `sources` are paths and texts.
fn fault(reference: &Reference<'_>, sources: &[(PathBuf, String)]) -> Option<String> {
    let Reference { file, function, .. } = reference;
    let named: Vec<_> = sources.iter().filter(|(path, _)| path.ends_with(file)).collect();
    let [(_, text)] = named.as_slice() else {
        return Some(format!("{} files are called {file}", named.len()));
    };
    let declared = format!("fn {function}");
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let line = lines.iter().position(|line| {
        line.split_once(&declared)
            .is_some_and(|(_, rest)| rest.starts_with(['(', '<']))
    });
    match line {
        None => Some(format!("{file} has no function {function}")),
        Some(line) if reference.is_test && (line == 0 || lines[line - 1] != "#[test]") => {
            Some(format!("{file}::{function} is no test"))
        }
        Some(_) => None,
    }
}

fn sources(root: &Path) -> Vec<(PathBuf, String)> {
    let mut folders: Vec<PathBuf> = SOURCES.iter().map(|folder| root.join(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the workspace") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file");
                found.push((path, text));
            }
        }
    }
    found
}

fn document() -> String {
    fs::read_to_string(root().join("docs/token-verification.md")).expect("the document")
}

#[test]
fn every_function_and_test_that_the_document_names_exists() {
    let (document, sources) = (document(), sources(root()));
    let references = references(&document);
    let faults: Vec<String> = references
        .iter()
        .filter_map(|reference| fault(reference, &sources))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(references.iter().any(|reference| reference.is_test));
}

#[test]
fn every_clause_of_rfc_8725_has_a_row_with_a_test() {
    let document = document();
    for clause in clauses() {
        let begin = format!("| {clause} |");
        let rows: Vec<&str> = document.lines().filter(|line| line.starts_with(&begin)).collect();
        let [row] = rows.as_slice() else {
            panic!("{clause} has {} rows", rows.len());
        };
        assert!(references(row).iter().any(|reference| reference.is_test), "{clause}");
    }
}

#[test]
fn every_test_of_tokens_over_http_is_in_the_document() {
    let document = document();
    for (path, text) in sources(root()) {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_ours = path.parent().is_some_and(|folder| folder.ends_with("e2e/tests/outage"))
            && (file.starts_with("token_") || file.starts_with("key_set"));
        if !is_ours {
            continue;
        }
        let mut after_attribute = false;
        for line in text.lines() {
            let name = line.strip_prefix("fn ").and_then(|rest| rest.split('(').next());
            if let Some(name) = name.filter(|_| after_attribute) {
                assert!(document.contains(&format!("`outage/{file}::{name}`")), "{file}::{name}");
            }
            after_attribute = line == "#[test]";
        }
    }
}

#[test]
fn names_that_do_not_exist_are_found_out() {
    let sources = [
        (PathBuf::from("/w/a/one.rs"), "#[test]\nfn proves() {}\n".to_owned()),
        (
            PathBuf::from("/w/b/one.rs"),
            "pub(crate) async fn does<T>() {}\n".to_owned(),
        ),
    ];
    let faults = |line: &str| -> Vec<String> {
        references(line)
            .iter()
            .filter_map(|reference| fault(reference, &sources))
            .collect()
    };
    assert!(faults("| 2.1 | `b/one.rs::does` | `a/one.rs::proves` |").is_empty());
    assert!(faults("`a/one.rs::proves` and `b/one.rs::does`").is_empty());
    assert_eq!(faults("| `b/one.rs::does` |"), ["b/one.rs::does is no test"]);
    assert_eq!(faults("`a/one.rs::prove`"), ["a/one.rs has no function prove"]);
    assert_eq!(faults("`one.rs::proves`"), ["2 files are called one.rs"]);
    assert_eq!(faults("`c/one.rs::proves`"), ["0 files are called c/one.rs"]);
    assert!(references("a/one.rs::not_between_backquotes `code`").is_empty());
}
