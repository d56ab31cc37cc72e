//! Whatever `openapi.yaml` describes happens. Runs after all other tests: it compares what is described with what they met.
//! That nothing happens which is not described, they have checked of every answer.

use std::collections::BTreeSet;

use e2e::{
    description::{Outcome, Record, description},
    system,
};

/// What is described and cannot be brought about here: path, status, and why.
const NOT_MET: [(&str, &str, &str); 2] = [
    (
        "/secured/{path}",
        "500",
        "with wrong settings there is no origin, which is a 404, so only a platform that does not take an answer is left",
    ),
    (
        "/admin/guard",
        "500",
        "with wrong settings there is no such path, so only a Guard that does not understand the worker is left",
    ),
];

/// The outcomes that the tests met.
fn met() -> BTreeSet<Outcome> {
    Record::read(&Record::path(&system().description.ledger)).expect("what was met")
}

fn is_of(outcome: &Outcome, path: &str, status: &str) -> bool {
    outcome.status == status && outcome.operation.ends_with(&format!(" {path}"))
}

fn lines(outcomes: &[&Outcome]) -> String {
    outcomes.iter().map(|outcome| format!("\n{outcome}")).collect()
}

#[test]
fn everything_that_is_described_happens() {
    let (described, met) = (description().outcomes(), met());
    let is_excepted = |outcome: &&Outcome| NOT_MET.iter().any(|(path, status, _)| is_of(outcome, path, status));
    let missing: Vec<_> = described
        .difference(&met)
        .filter(|outcome| !is_excepted(outcome))
        .collect();
    let count = missing.len();
    assert!(
        missing.is_empty(),
        "{count} outcomes are described and no test met them. Did all tests run?{}",
        lines(&missing)
    );
}

#[test]
fn what_is_excepted_is_described_and_indeed_was_not_met() {
    let (described, met) = (description().outcomes(), met());
    for (path, status, why) in NOT_MET {
        let excepted: Vec<_> = described
            .iter()
            .filter(|outcome| is_of(outcome, path, status))
            .collect();
        assert!(!excepted.is_empty(), "{path} {status} is not described");
        let seen: Vec<_> = excepted.into_iter().filter(|outcome| met.contains(outcome)).collect();
        assert!(
            seen.is_empty(),
            "it was said that {why}, and the tests met{}",
            lines(&seen)
        );
    }
}
