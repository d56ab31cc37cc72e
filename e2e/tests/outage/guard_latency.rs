//! What it is for that the Guard of a number is near Cognito and talks to it: a far-away edge waits for one long way there and
//! back, and not for one each time that Cognito is asked something.

use std::time::{Duration, Instant};

use e2e::{
    Phone,
    client_address::fresh_address,
    guard_fault::{Fault, Guarded, MeddledGuards},
    relay::{Call, Relay},
    system,
};

/// From Sydney to the east of North America it takes about 200 ms there and back, from others to others up to 300.
const FAR: Duration = Duration::from_millis(150);
/// Within one region.
const NEAR: Duration = Duration::from_millis(1);

/// How often each is measured: the quickest of them says most about the way, as this machine's other work only adds to it.
const TIMES: usize = 3;

/// Sign-ups as whole requests, which `fault` does not prolong.
struct Measured {
    /// What the quickest took, without the time of AWS itself, which has nothing to do with the way and here much with what
    /// else this machine does.
    underway: Duration,
    /// With it.
    whole: Duration,
    /// Cognito's of the last one.
    calls: Vec<Call>,
}

fn measure(relay: &Relay, way: Duration, phone: impl Fn() -> Phone) -> Measured {
    let (mut underway, mut whole) = (Duration::MAX, Duration::MAX);
    for _ in 0..TIMES {
        let (worker, phone) = (system().fault().asked_from(&fresh_address()), phone());
        relay.be_away(way);
        let begun = Instant::now();
        worker.sign_up(&phone);
        let took = begun.elapsed();
        let by_aws: Duration = relay.calls().iter().map(|call| call.by_aws).sum();
        underway = underway.min(took.saturating_sub(by_aws));
        whole = whole.min(took);
    }
    Measured {
        underway,
        whole,
        calls: relay.calls(),
    }
}

/// Checks that these calls were made one after the other, with the way to Cognito and back in each.
#[track_caller]
fn expect_one_after_the_other(calls: &[Call], operations: &[&str], way: Duration) {
    let made: Vec<_> = calls.iter().map(|call| call.operation.as_str()).collect();
    assert_eq!(made, operations);
    assert!(calls.iter().all(|call| call.ended - call.begun >= 2 * way));
    assert!(calls.windows(2).all(|pair| pair[0].ended <= pair[1].begun));
}

#[test]
fn a_sign_up_far_from_cognito_waits_for_one_long_way_and_not_for_one_per_call() {
    let relay = Relay::open();
    let known = Phone::new();
    system().fault().sign_up(&known);
    let of_a_new_user = [
        "AdminInitiateAuth",
        "AdminCreateUser",
        "AdminSetUserPassword",
        "AdminInitiateAuth",
        "AdminRespondToAuthChallenge",
    ];
    let of_a_known_user = ["AdminInitiateAuth", "AdminRespondToAuthChallenge"];

    // As it was: whoever talks to Cognito is beside the client.
    let new_before = measure(&relay, FAR, Phone::new);
    expect_one_after_the_other(&new_before.calls, &of_a_new_user, FAR);
    assert!(new_before.underway >= 5 * 2 * FAR);
    let known_before = measure(&relay, FAR, || known.clone());
    expect_one_after_the_other(&known_before.calls, &of_a_known_user, FAR);
    assert!(known_before.underway >= 2 * 2 * FAR);

    // As it is: it is beside Cognito. The Guard of the address stays beside the client.
    let guards = MeddledGuards::of_kind("fault", Guarded::Number, Fault::FarAway(FAR));
    let new = measure(&relay, NEAR, Phone::new);
    expect_one_after_the_other(&new.calls, &of_a_new_user, NEAR);
    let known = measure(&relay, NEAR, || known.clone());
    expect_one_after_the_other(&known.calls, &of_a_known_user, NEAR);
    for kind in [Guarded::Number, Guarded::Address] {
        assert_eq!(guards.uses(kind), 2 * TIMES, "{kind:?}: once for a code");
    }

    let far = 2 * FAR.as_millis();
    for (who, after, before) in [("new", &new, &new_before), ("known", &known, &known_before)] {
        let [whole, underway, whole_before, underway_before] =
            [after.whole, after.underway, before.whole, before.underway].map(|time| time.as_millis());
        eprintln!(
            "sign-up, {far} ms from Cognito there and back, {who} user: {whole} ms instead of {whole_before}; \
             without AWS's own time {underway} instead of {underway_before}"
        );
        assert!(after.underway >= 2 * FAR, "one long way");
    }
    assert!(new.underway < new_before.underway / 2);
    assert!(known.underway < known_before.underway);
}
