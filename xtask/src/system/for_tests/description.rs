//! What the `e2e` crate is told of the running system.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::ports::Ports;
use super::workers::{ORIGIN_PATH, ORIGIN_SIGNING_KEY, TURNSTILE_HOSTNAME, TURNSTILE_SECRET, TestWorker};
use super::{LENIENT, MAIN_TTL, SHORT_TTL, ledger, own_folder};
use crate::system::local_aws;
use crate::system::stack::Stack;
use crate::system::wrangler;

/// What the `e2e` crate reads.
pub(super) fn describe(
    ports: &Ports,
    workers: &[TestWorker],
    main: &Stack,
    short: &Stack,
    logs: &[PathBuf],
    state: &Path,
) -> Value {
    let workers: BTreeMap<_, _> = workers
        .iter()
        .map(|worker| (worker.name, local_aws::endpoint(worker.port)))
        .collect();
    json!({
        "aws_endpoint": local_aws::endpoint(ports.aws),
        "region": main.region,
        "logs": logs,
        "stacks": {
            "main": describe_stack(main, MAIN_TTL),
            "short": describe_stack(short, SHORT_TTL),
        },
        "workers": workers,
        "fault": { "cognito_port": ports.faulty_cognito, "jwks_port": ports.faulty_keys,
                   "deny_list_port": ports.faulty_deny_list, "guard_port": ports.faulty_guard },
        "turnstile": { "port": ports.turnstile, "secret": TURNSTILE_SECRET, "hostname": TURNSTILE_HOSTNAME },
        "origin": { "port": ports.origin, "path": ORIGIN_PATH, "signing_key": ORIGIN_SIGNING_KEY },
        "lenient_config": own_folder(state, LENIENT).join(wrangler::CONFIG),
        "ledger": ledger(state),
    })
}

fn describe_stack(stack: &Stack, ttl: u32) -> Value {
    json!({
        "name": stack.name,
        "user_pool_id": stack.user_pool_id,
        "client_id": stack.client_id,
        "client_secret": stack.client_secret,
        "access_key_id": stack.access_key_id,
        "secret_access_key": stack.secret_access_key,
        "permit_key": stack.permit_key,
        "code_ttl_seconds": ttl,
    })
}
