//! `/admin/guard` while Guards are out of reach: an operator learns it.

use e2e::{
    Phone,
    guard_fault::{Fault, MeddledGuards},
    relay::Relay,
    system,
};

#[test]
fn while_guards_are_out_of_reach_it_is_503() {
    let _relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    let guards = MeddledGuards::of("fault", Fault::Error);
    for order in ["show", "block"] {
        let answer = worker.order(order, &phone);
        answer.expect_problem(503, "UPSTREAM_UNAVAILABLE");
        assert!(answer.header("retry-after").is_some());
    }
    drop(guards);
    let summary = worker.order("show", &phone).expect_status(200).json();
    assert_eq!(summary["blocked"], false);
}
