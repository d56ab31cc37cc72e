//! Checks that the tables of `docs/cost.md` follow from `docs/cost/prices.json`, by the script that makes them.

use std::fs;
use std::process::{Command, Output};

use super::root;

fn check(arguments: &[&str]) -> Output {
    Command::new("node")
        .args(["docs/cost/table.mjs", "--check"])
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("Node.js runs")
}

#[test]
fn the_tables_of_the_cost_document_follow_from_the_inputs() {
    let output = check(&[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_price_that_the_tables_do_not_follow_from_is_noticed() {
    let prices = fs::read_to_string(root().join("docs/cost/prices.json")).expect("the inputs");
    let changed = prices.replacen("0.015", "0.016", 1);
    assert_ne!(changed, prices);
    let path = std::env::temp_dir().join(format!("passwordless-edge-prices-{}.json", std::process::id()));
    fs::write(&path, changed).expect("a temporary file");
    let output = check(&["--prices", &path.to_string_lossy()]);
    fs::remove_file(&path).expect("the temporary file");
    assert!(!output.status.success());
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("node docs/cost/table.mjs"), "{message}");
}
