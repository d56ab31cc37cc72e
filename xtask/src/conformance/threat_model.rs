//! Checks that each control of `docs/threat-model.md` names tests that exist, and that what it says of standards names controls.
//!
//! A control is a row of a table whose last column is "Proved by"; its name is in the first cell. A table with a column
//! "Controls" names controls, at least one where its column "Status" says "met".

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::markdown::{self, Table};
use super::proof::Proof;
use super::root;

const PROVED_BY: &str = "Proved by";
const CONTROLS: &str = "Controls";
const STATUS: &str = "Status";

fn proofs(text: &str) -> impl Iterator<Item = Proof<'_>> {
    markdown::code_spans(text).filter_map(Proof::parse)
}

/// All that is wrong with the document.
fn faults(document: &str, root: &Path) -> Vec<String> {
    let mut faults: Vec<String> = markdown::prose(document)
        .flat_map(|(_, line)| proofs(line))
        .filter_map(|proof| proof.fault(root))
        .collect();
    let tables = markdown::tables(document);
    let mut controls = BTreeSet::new();
    for table in tables.iter().filter(|table| table.header.last() == Some(&PROVED_BY)) {
        for (name, cell) in table.column(PROVED_BY).into_iter().flatten() {
            if name.is_empty() || !controls.insert(name) {
                faults.push(format!(
                    "there is more than one control called `{name}`, or one without a name"
                ));
            }
            if proofs(cell).next().is_none() {
                faults.push(format!("no test proves {name}"));
            }
        }
    }
    faults.extend(tables.iter().flat_map(|table| unknown_controls(table, &controls)));
    faults
}

fn unknown_controls(table: &Table<'_>, known: &BTreeSet<&str>) -> Vec<String> {
    let mut faults = Vec::new();
    let statuses: Vec<&str> = table
        .column(STATUS)
        .into_iter()
        .flatten()
        .map(|(_, cell)| cell)
        .collect();
    for (row, (item, cell)) in table.column(CONTROLS).into_iter().flatten().enumerate() {
        let named: Vec<&str> = cell.split([',', ' ']).filter(|name| !name.is_empty()).collect();
        if named.is_empty() && statuses.get(row) == Some(&"met") {
            faults.push(format!("{item} is met by no control"));
        }
        let unknown = named.iter().filter(|name| !known.contains(*name));
        faults.extend(unknown.map(|name| format!("{item} names {name}, which is no control")));
    }
    faults
}

fn document() -> String {
    fs::read_to_string(root().join("docs/threat-model.md")).expect("the document")
}

#[test]
fn every_control_is_proved_by_tests_that_exist() {
    let document = document();
    let faults = faults(&document, root());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(proofs(&document).count() > 100, "the tables are not read any more");
}

#[test]
fn a_control_without_a_test_or_with_one_that_does_not_exist_is_noticed() {
    let this = "xtask/src/conformance/threat_model.rs";
    let good = format!("`{this}::every_control_is_proved_by_tests_that_exist`");
    let table = |rows: &str| faults(&format!("| | Control | {PROVED_BY} |\n|---|---|---|\n{rows}"), root());
    assert!(table(&format!("| A1 | one | {good} |\n")).is_empty());
    assert_eq!(table("| A1 | one | by thought |\n"), ["no test proves A1"]);
    // In another column it proves nothing.
    assert_eq!(table(&format!("| A1 | {good} | |\n")), ["no test proves A1"]);
    assert_eq!(
        table(&format!("| A1 | one | {good}, `{this}::none` |\n")),
        [format!("{this} has no test none")]
    );
    assert_eq!(
        table(&format!("| A1 | one | {good} |\n| A1 | two | {good} |\n")).len(),
        1
    );
    // Prose is held to it too.
    assert_eq!(faults("see `e2e/none.rs::x`", root()), ["there is no file e2e/none.rs"]);
}

#[test]
fn an_item_that_is_met_by_no_control_or_by_an_unknown_one_is_noticed() {
    let good = "`xtask/src/conformance/threat_model.rs::every_control_is_proved_by_tests_that_exist`";
    let items = |rows: &str| {
        let controls = format!("| | Control | {PROVED_BY} |\n|---|---|---|\n| A1 | one | {good} |\n");
        let text = format!("{controls}\n| Item | {STATUS} | {CONTROLS} |\n|---|---|---|\n{rows}");
        faults(&text, root())
    };
    assert!(items("| 1.1 | met | A1 |\n| 1.2 | not met | |\n").is_empty());
    assert_eq!(items("| 1.1 | met | |\n"), ["1.1 is met by no control"]);
    assert_eq!(
        items("| 1.1 | partly | A1, B2 |\n"),
        ["1.1 names B2, which is no control"]
    );
}
