//! `cargo xtask rotate` with interruptions: wherever it was cut short, people can sign in, and the next one finishes it.

use e2e::stages::{
    chapter::Chapter,
    inventory::{access_keys, secret_value, tags_of_user, versions_of},
    stage::Vars,
};

use super::{STAGING, deploy, expect_sign_in};

/// Seconds. Nobody uses an old key here while it is still good.
const SHORT: [&str; 2] = ["--overlap", "1"];

fn has_new_secret() -> bool {
    secret_value(&STAGING.challenge_secret(), "AWSPREVIOUS").is_some()
}

/// Whether the worker is known to have the keys that follow from the new secret.
fn is_handed_over() -> bool {
    let tags = tags_of_user(&STAGING.user());
    let versions = versions_of(&STAGING.challenge_secret());
    let current = versions.iter().find(|(_, stages)| stages.contains("AWSCURRENT"));
    has_new_secret() && current.is_some_and(|(id, _)| tags.get("worker-secret-version") == Some(id))
}

/// What a rotation changes for good.
#[track_caller]
fn expect_rotated(before: &Vars) {
    STAGING.expect_settled();
    let differences = STAGING.vars().differences(before);
    assert_eq!(
        differences,
        ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "PERMIT_KEY"]
    );
    expect_sign_in(STAGING);
}

static INTERRUPTED: Chapter = Chapter::after(&deploy::AGAIN, "interruptions", || {
    let before = STAGING.vars();
    let mut rotation = STAGING.start("rotate", &SHORT);
    rotation.until("a new secret", has_new_secret);
    rotation.interrupt().expect_interrupted();
    assert!(!is_handed_over());
    expect_sign_in(STAGING);
    // It could take the old keys away while they are needed.
    STAGING.run("deploy", &[]).expect_failure().expect_printed("rotate");

    // The second key's secret was with the process that is gone.
    let mut rotation = STAGING.start("rotate", &SHORT);
    rotation.until("a second access key", || access_keys(&STAGING.user()).len() == 2);
    rotation.kill();
    expect_sign_in(STAGING);

    let mut rotation = STAGING.start("rotate", &["--overlap", "5"]);
    rotation.until("the overlap", is_handed_over);
    rotation.interrupt().expect_interrupted();
    // The old keys are still good: a worker that is elsewhere may have them yet.
    let vars = STAGING.vars();
    assert!(vars.get("PERMIT_KEY_SECONDARY") == Some(before.value("PERMIT_KEY")));
    assert_eq!(access_keys(&STAGING.user()).len(), 2);
    assert_eq!(versions_of(&STAGING.challenge_secret()).len(), 2);
    expect_sign_in(STAGING);

    STAGING.run("rotate", &SHORT).expect_success();
    expect_rotated(&before);
});

#[test]
fn a_rotation_that_was_cut_short_is_finished_by_the_next_one() {
    INTERRUPTED.play();
}

pub(super) static AGAIN: Chapter = Chapter::after(&INTERRUPTED, "a second rotation", || {
    let before = STAGING.vars();
    STAGING.run("rotate", &SHORT).expect_success();
    expect_rotated(&before);
});

#[test]
fn one_rotation_can_follow_the_other() {
    AGAIN.play();
}
