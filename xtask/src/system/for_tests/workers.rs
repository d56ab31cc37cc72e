//! The workers of the system under test, each with settings of its own.

use super::ports::Ports;
use super::{LENIENT, LOCAL};
use crate::system::local_aws;
use crate::system::meddling;
use crate::system::stack::Stack;
use crate::system::worker_settings::WorkerSettings;

/// With their codes, as the worker `main` has them.
const TEST_CODES: &str = "+15005550001=246810 +15005550002=135791 +15005550003=000000";
/// Where the tokens of the human check come from that the workers `guarded` and `lenient` take.
pub(super) const TURNSTILE_SECRET: &str = "1x0000000000000000000000000000000AA";
pub(super) const TURNSTILE_HOSTNAME: &str = "app.example.com";
/// Where the `e2e` crate stands in for the API behind the worker `main`: below its port. The path shows that one is kept.
pub(super) const ORIGIN_PATH: &str = "/api";
pub(super) const ORIGIN_SIGNING_KEY: &str = "a-key-of-the-tests-for-their-origin";
/// Short, so that the tests of a slow origin are not slow themselves.
const ORIGIN_TIMEOUT_MS: &str = "2000";
/// Where nobody listens: the port of the discard protocol (RFC 863), which no system opens any more.
const NOBODY: &str = "http://127.0.0.1:9";
/// What must answer before a worker counts as ready: with all it depends on, or by itself.
const DEEP: &str = "/health?deep=1";
const SHALLOW: &str = "/health";

/// One of the workers that the tests talk to.
pub(super) struct TestWorker {
    pub(super) name: &'static str,
    pub(super) port: u16,
    pub(super) settings: WorkerSettings,
    pub(super) ready_path: &'static str,
}

/// The workers of the two stacks; one of the main stack with everything between it and AWS in the hands of the tests; one
/// that has the optional settings; one whose settings are wrong; one whose settings let more in; one that denies more; and one as
/// on a developer's machine.
pub(super) fn workers(ports: &Ports, main: &Stack, short: &Stack, admin_token: &str) -> Vec<TestWorker> {
    let aws = local_aws::endpoint(ports.aws);
    let cognito = local_aws::endpoint(ports.faulty_cognito);
    let keys = local_aws::endpoint(ports.faulty_keys);
    let worker = |name, port, settings: WorkerSettings, ready_path| TestWorker {
        name,
        port,
        settings: settings.with("ENVIRONMENT", "test"),
        ready_path,
    };
    let direct = |stack| WorkerSettings::new(stack, &aws, &aws).with("ALLOWED_COUNTRIES", "*");
    let through_faults = || WorkerSettings::new(main, &cognito, &keys).with("ALLOWED_COUNTRIES", "*");
    let meddled = |settings: WorkerSettings, name| {
        let address = |port| format!("{}/{name}", local_aws::endpoint(port));
        settings
            .with(meddling::DENY_LIST_FAULT, &address(ports.faulty_deny_list))
            .with(meddling::GUARD_FAULT, &address(ports.faulty_guard))
    };
    let with_origin = |settings: WorkerSettings, url: &str| {
        settings
            .with("ORIGIN_URL", url)
            .with("ORIGIN_SIGNING_KEY", ORIGIN_SIGNING_KEY)
            .with("ORIGIN_TIMEOUT_MS", ORIGIN_TIMEOUT_MS)
    };
    let with_human_check = |settings: WorkerSettings, asked: &str| {
        settings
            .with("TURNSTILE_SECRET", TURNSTILE_SECRET)
            .with("TURNSTILE_HOSTNAMES", TURNSTILE_HOSTNAME)
            .with(
                "TURNSTILE_URL",
                &format!("{}/siteverify", local_aws::endpoint(ports.turnstile)),
            )
            .with("HUMAN_CHECK", asked)
    };
    let origin = format!("{}{ORIGIN_PATH}", local_aws::endpoint(ports.origin));
    // All limits as they are by default.
    let of_main = with_origin(direct(main), &origin)
        .with("TEST_NUMBERS", TEST_CODES)
        .with("ADMIN_TOKEN", admin_token);
    let of_short = with_origin(direct(short), NOBODY)
        .with("DENY_LIST_FAIL_CLOSED", "true")
        .with("SEND_PAUSES_SECONDS", "0")
        .with("SENDS_PER_NUMBER", "100/hour");
    // Its sign-ups take as long as they take: how long that is, is what is tested there.
    let fault = through_faults()
        .with("ADMIN_TOKEN", admin_token)
        .with("SIGN_UP_FLOOR_MS", "0")
        .with("SEND_PAUSES_SECONDS", "0")
        .with("SENDS_PER_NUMBER", "100/hour");
    // No country at all.
    let strict = direct(main)
        .without("ALLOWED_COUNTRIES")
        .with("REQUIRED_SCOPES", "orders/read")
        .with("ALLOWED_ORIGINS", "https://app.example.com");
    let broken = direct(main).without("CLIENT_SECRET").with("PERMIT_KEY", "not-a-key");
    // Its JWKS_URL comes from its configuration, which the tests change.
    let lenient = with_human_check(through_faults(), "always")
        .without("JWKS_URL")
        .with("CLIENT_IDS", "another1client")
        .with("CLOCK_TOLERANCE_SECONDS", "5")
        .with(
            "REQUIRED_SCOPES",
            "orders/read /secured/call calls/make /secured/reports reports/read",
        )
        .with("TOKEN_MEMO_ENTRIES", "0");
    let guarded = with_human_check(direct(main), "soft")
        .with("ALLOWED_COUNTRIES", "US CA DE AT CH FR IT ES SE")
        .with("CONVERSION_BUDGET", "deny")
        .with("CONVERSION_FLOOR", "3");
    // What is tried with it asks for many codes, and quickly.
    let local = with_origin(direct(main), &origin)
        .with("ADMIN_TOKEN", admin_token)
        .with("SIGN_UP_FLOOR_MS", "0")
        .with("SEND_PAUSES_SECONDS", "1")
        .with("SENDS_PER_NUMBER", "1000/hour")
        .with("ANSWERS_PER_NUMBER", "1000/hour");
    vec![
        worker("main", ports.main, of_main, DEEP),
        worker("short", ports.short, meddled(of_short, "short"), DEEP),
        // What it depends on is not there before the tests run.
        worker("fault", ports.fault, meddled(fault, "fault"), SHALLOW),
        worker("strict", ports.strict, strict, DEEP),
        worker("broken", ports.broken, broken, SHALLOW),
        worker(LENIENT, ports.lenient, meddled(lenient, LENIENT), SHALLOW),
        worker(LOCAL, ports.local, local, DEEP),
        worker("guarded", ports.guarded, meddled(guarded, "guarded"), DEEP),
    ]
}
