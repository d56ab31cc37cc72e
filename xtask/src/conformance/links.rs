//! Checks that relative links between the documents lead somewhere, headings included.

use std::fs;
use std::path::{Path, PathBuf};

use super::markdown;
use super::root;

/// What is not ours, or made by a build.
const SKIPPED: [&str; 3] = ["node_modules", "target", "build"];

fn documents(root: &Path) -> Vec<PathBuf> {
    let mut folders = vec![root.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the workspace") {
            let entry = entry.expect("an entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_hidden = name.starts_with('.') && name != ".github";
            let path = entry.path();
            if entry.file_type().expect("its type").is_dir() {
                if !is_hidden && !SKIPPED.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The targets of a line's links and images, in Markdown and in HTML.
fn targets(line: &str) -> Vec<&str> {
    // What is code is no link.
    let outside_code = line.split('`').step_by(2);
    let mut targets = Vec::new();
    for text in outside_code {
        for (begin, end) in [("](", ')'), ("src=\"", '"'), ("href=\"", '"')] {
            let links = text.split(begin).skip(1);
            targets.extend(links.filter_map(|rest| rest.split(end).next()));
        }
    }
    targets
}

/// A link in which a code span is the text, `[`x`](y)`, is torn apart by its backquotes; its end is not.
fn fault(document: &Path, target: &str) -> Option<String> {
    let is_elsewhere = target.contains("://") || target.starts_with("mailto:");
    if is_elsewhere || target.is_empty() {
        return None;
    }
    let (file, anchor) = target
        .split_once('#')
        .map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let path = match file {
        "" => document.to_owned(),
        file => document.parent().unwrap_or(document).join(file),
    };
    if !path.exists() {
        return Some(format!("there is no {target}"));
    }
    let anchor = anchor.filter(|_| path.extension().is_some_and(|extension| extension == "md"))?;
    let text = fs::read_to_string(&path).unwrap_or_default();
    let is_there = markdown::anchors(&text).iter().any(|heading| heading == anchor);
    (!is_there).then(|| format!("there is no heading {target}"))
}

#[test]
fn every_relative_link_leads_to_a_file_and_heading() {
    let mut faults = Vec::new();
    let mut links = 0;
    for document in documents(root()) {
        let text = fs::read_to_string(&document).expect("a document");
        for (number, line) in markdown::prose(&text) {
            for target in targets(line) {
                links += 1;
                if let Some(fault) = fault(&document, target) {
                    faults.push(format!("{}:{number}: {fault}", document.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(links > 20, "links are not found any more");
}

#[test]
fn links_are_found_in_markdown_and_html_and_not_in_code() {
    let line = "[a](b.md#c), ![d](e.png) <img src=\"f.svg\"> `[no](link)` [`code`](g.rs) and [h](https://i.example)";
    assert_eq!(targets(line), ["b.md#c", "e.png", "f.svg", "g.rs", "https://i.example"]);
}

#[test]
fn a_file_or_heading_that_is_missing_is_noticed() {
    let readme = root().join("README.md");
    for target in [
        "docs/limits.md",
        "#limits",
        "docs/limits.md#what-is-kept",
        "https://x.example/y",
        "docs",
    ] {
        assert_eq!(fault(&readme, target), None, "{target}");
    }
    assert_eq!(
        fault(&readme, "docs/none.md"),
        Some("there is no docs/none.md".to_owned())
    );
    assert_eq!(
        fault(&readme, "docs/limits.md#none"),
        Some("there is no heading docs/limits.md#none".to_owned())
    );
    assert_eq!(fault(&readme, "#none"), Some("there is no heading #none".to_owned()));
}
