//! `cargo xtask deploy`: to an account without anything, again, after interruptions, and with what is wrong.

use std::fs;

use e2e::stages::{
    account,
    chapter::Chapter,
    command,
    inventory::{access_keys, is_empty, stack_status},
    rollout,
};

use super::{DEV, STAGING, expect_sign_in};

static DRY_RUN: Chapter = Chapter::first("a dry run", || {
    assert!(is_empty(&DEV.inventory()));
    DEV.run("deploy", &["--dry-run"]).expect_success();
    assert!(is_empty(&DEV.inventory()), "{:?}", DEV.inventory());
    assert!(DEV.vars_if_any().is_none(), "there is a worker");
});

#[test]
fn a_dry_run_changes_nothing() {
    DRY_RUN.play();
}

static UNASKED: Chapter = Chapter::after(&DRY_RUN, "nobody to ask", || {
    for command in ["deploy", "rotate", "destroy"] {
        command::run(&[command, "--stage", DEV.0])
            .expect_failure()
            .expect_printed("--yes");
    }
    assert!(is_empty(&DEV.inventory()), "{:?}", DEV.inventory());
    assert!(DEV.vars_if_any().is_none(), "there is a worker");
});

#[test]
fn without_a_terminal_and_without_yes_nothing_is_done() {
    UNASKED.play();
}

/// The worker's access keys, once there is a user to have any.
fn keys_so_far() -> usize {
    match stack_status(&DEV.stack()).as_deref() {
        Some("CREATE_COMPLETE" | "UPDATE_COMPLETE") => access_keys(&DEV.user()).len(),
        _ => 0,
    }
}

static INTERRUPTED: Chapter = Chapter::after(&UNASKED, "interruptions", || {
    // A change set, and so a stack in review.
    let mut deployment = DEV.start("deploy", &[]);
    deployment.until("a stack", || stack_status(&DEV.stack()).is_some());
    deployment.interrupt().expect_interrupted();

    let mut deployment = DEV.start("deploy", &[]);
    deployment.until("a bucket", || !DEV.inventory()["buckets"].is_empty());
    deployment.interrupt().expect_interrupted();

    let mut deployment = DEV.start("deploy", &[]);
    deployment.until("triggers", || !DEV.inventory()["functions"].is_empty());
    deployment.interrupt().expect_interrupted();
    assert!(DEV.vars_if_any().is_none());

    // A key that nobody has: its secret was with the process that is gone.
    let mut deployment = DEV.start("deploy", &[]);
    deployment.until("an access key", || keys_so_far() > 0);
    deployment.kill();
    assert_eq!(keys_so_far(), 1);

    let mut deployment = DEV.start("deploy", &[]);
    deployment.until("a worker with keys", || {
        DEV.vars_if_any().is_some_and(|vars| vars.get("PERMIT_KEY").is_some())
    });
    deployment.interrupt().expect_interrupted();

    DEV.deploy();
    DEV.expect_settled();
    expect_sign_in(DEV);
});

#[test]
fn a_deployment_that_was_cut_short_is_finished_by_the_next_one() {
    INTERRUPTED.play();
}

static WRONG: Chapter = Chapter::after(&INTERRUPTED, "a wrong parameter", || {
    let (before, vars) = (DEV.inventory(), DEV.vars());
    let parameters = account().printed.with_file_name("parameters");
    fs::create_dir_all(&parameters).expect("a folder");
    let text = r#"{ "DeletionProtection": "INACTIVE", "MessageTemplate": "There is no code in this." }"#;
    fs::write(parameters.join("dev.json"), text).expect("a file");
    let arguments = ["deploy", "--stage", DEV.0, "--yes"];
    command::start_with(&arguments, &[("XTASK_STAGE_PARAMETERS", &parameters)])
        .end()
        .expect_failure()
        .expect_printed("MessageTemplate");
    assert_eq!(DEV.inventory(), before);
    assert_eq!(DEV.vars().differences(&vars), Vec::<String>::new());
    DEV.expect_settled();
});

#[test]
fn a_wrong_parameter_is_named_and_breaks_nothing() {
    WRONG.play();
}

pub(super) static LOOKED_AT: Chapter = Chapter::after(&WRONG, "a look at something else", || {
    // Something answers there, but it is no worker of ours.
    let url = &account().aws_endpoint;
    DEV.run("deploy", &["--url", url])
        .expect_failure()
        .expect_printed(&format!("{url} does not answer as it should"));
    DEV.expect_settled();
});

#[test]
fn a_deployment_tells_the_worker_from_what_else_may_answer() {
    LOOKED_AT.play();
}

pub(super) static AGAIN: Chapter = Chapter::first("a second deployment", || {
    let first = STAGING.deploy();
    STAGING.expect_settled();
    expect_sign_in(STAGING);
    let (before, url) = (STAGING.inventory(), rollout::url(STAGING));
    STAGING
        .run("deploy", &["--url", &url])
        .expect_success()
        .expect_printed("nothing to change")
        .expect_printed(&format!("deployed {url}"));
    assert_eq!(STAGING.vars().differences(&first), Vec::<String>::new());
    assert_eq!(STAGING.inventory(), before);
    STAGING.expect_settled();
});

#[test]
fn a_second_deployment_changes_nothing_and_makes_no_second_key() {
    AGAIN.play();
}
