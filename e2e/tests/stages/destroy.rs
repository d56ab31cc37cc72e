//! `cargo xtask destroy`: of protected users, with an interruption, and of what is not there.

use e2e::stages::{
    chapter::Chapter,
    inventory::{access_keys, is_empty, stack_status},
};

use super::{DEV, PRODUCTION, deploy::LOOKED_AT, expect_sign_in, rotate_under_load::UNDER_LOAD};

static PROTECTED: Chapter = Chapter::after(&UNDER_LOAD, "protected users", || {
    let (before, vars) = (PRODUCTION.inventory(), PRODUCTION.vars());
    PRODUCTION
        .run("destroy", &[])
        .expect_failure()
        .expect_printed("--delete-users");
    assert_eq!(PRODUCTION.inventory(), before);
    assert_eq!(PRODUCTION.vars().differences(&vars), Vec::<String>::new());
    PRODUCTION.expect_settled();
    expect_sign_in(PRODUCTION);
});

#[test]
fn a_stage_with_protected_users_is_left_as_it_is() {
    PROTECTED.play();
}

pub(super) static DELETED: Chapter = Chapter::after(&PROTECTED, "users that are given up", || {
    PRODUCTION.run("destroy", &["--delete-users"]).expect_success();
    assert!(is_empty(&PRODUCTION.inventory()), "{:?}", PRODUCTION.inventory());
    assert!(PRODUCTION.vars_if_any().is_none(), "there is a worker");
});

#[test]
fn nothing_is_left_of_a_stage_whose_users_may_be_deleted() {
    DELETED.play();
}

static INTERRUPTED: Chapter = Chapter::after(&LOOKED_AT, "an interrupted destruction", || {
    let user = DEV.user();
    let mut destruction = DEV.start("destroy", &[]);
    // The last that could sign in is gone, the stack is not yet.
    destruction.until("a user without keys", || {
        stack_status(&DEV.stack()).is_none() || access_keys(&user).is_empty()
    });
    destruction.interrupt().expect_interrupted();
    DEV.run("destroy", &[]).expect_success();
    assert!(is_empty(&DEV.inventory()), "{:?}", DEV.inventory());
    assert!(DEV.vars_if_any().is_none(), "there is a worker");
});

#[test]
fn a_destruction_that_was_cut_short_is_finished_by_the_next_one() {
    INTERRUPTED.play();
}

pub(super) static NOT_THERE: Chapter = Chapter::after(&INTERRUPTED, "a stage that is not there", || {
    DEV.run("destroy", &[]).expect_success().expect_printed("nothing");
    assert!(is_empty(&DEV.inventory()));
});

#[test]
fn destroying_what_is_not_there_is_no_error() {
    NOT_THERE.play();
}
