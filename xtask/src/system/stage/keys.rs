//! What the worker is given of the stack: its secrets, and a note of which they are.

use anyhow::{Context, Result};

use super::access_key::{self, Held, NewKey, Plan};
use super::challenge_secret::{self, Versions};
use super::worker::{SecretNames, Worker};
use super::{Account, Stage};
use crate::process::interrupt;
use crate::process::progress::step;
use crate::system::stack::{Outputs, client_secret, permit_key};
use crate::system::worker_settings::random_hex;

/// Bytes of randomness in a `GUARD_KEY`.
const GUARD_KEY_BYTES: usize = 32;

/// Gives the worker what it cannot do without: the access key that it has, or a new one, and what follows from the stack.
pub(crate) fn equip(stage: &Stage<'_>, account: &Account, outputs: &Outputs, versions: &Versions) -> Result<()> {
    let (aws, user) = (&account.aws, &outputs.worker_user);
    let worker = stage.worker();
    let names = step("look at the worker's secrets", || worker.secrets())?.unwrap_or_default();
    let held = access_key::held(aws, user)?;
    let keys = access_key::list(aws, user)?;
    let permit_key = permit_key(challenge_secret::value(
        aws,
        &outputs.challenge_secret,
        &versions.current,
    )?)?;
    let mut secrets = vec![("CLIENT_SECRET", client_secret(aws, outputs)?)];
    secrets.extend(guard_key(&names, &permit_key)?.map(|key| ("GUARD_KEY", key)));
    secrets.push(("PERMIT_KEY", permit_key));
    match access_key::plan(&keys, held.key.as_deref(), names.are_complete()) {
        Plan::Reuse { delete } => step("put the worker's secrets", || {
            access_key::delete(aws, user, &delete)?;
            let key = held.key.clone().context("a key is reused without its name")?;
            hand_over(&worker, account, outputs, &key, versions, &secrets)
        }),
        Plan::Create { first, then } => {
            let key = make(account, outputs, &first)?;
            step("put the worker's secrets", || {
                secrets.extend(settings(&key));
                hand_over(&worker, account, outputs, &key.id, versions, &secrets)?;
                access_key::delete(aws, user, &then)
            })
        }
    }
}

/// Gives the worker a new access key and the new `PERMIT_KEY`, in one change, and leaves it the old `PERMIT_KEY` as the second
/// one. The old access key stays good.
pub(crate) fn exchange(
    stage: &Stage<'_>,
    account: &Account,
    outputs: &Outputs,
    versions: &Versions,
    held: &Held,
) -> Result<()> {
    let previous = versions.previous.as_ref().context("there is no previous secret")?;
    let value = |version| challenge_secret::value(&account.aws, &outputs.challenge_secret, version);
    let (new, old) = (permit_key(value(&versions.current)?)?, permit_key(value(previous)?)?);
    let keys = access_key::list(&account.aws, &outputs.worker_user)?;
    let Plan::Create { first, .. } = access_key::plan_exchange(&keys, held.key.as_deref()) else {
        return Ok(());
    };
    let key = make(account, outputs, &first)?;
    step("give the worker the new keys", || {
        let mut secrets = vec![("PERMIT_KEY", new), ("PERMIT_KEY_SECONDARY", old)];
        secrets.extend(settings(&key));
        hand_over(&stage.worker(), account, outputs, &key.id, versions, &secrets)
    })
}

/// Makes a key, and waits until it is good.
fn make(account: &Account, outputs: &Outputs, first: &[String]) -> Result<NewKey> {
    step("make an access key for the worker", || {
        access_key::delete(&account.aws, &outputs.worker_user, first)?;
        let key = access_key::create(&account.aws, &outputs.worker_user)?;
        access_key::wait_until_good(&account.aws, &key, outputs)?;
        Ok(key)
    })
}

/// The worker is given the secrets, and that is noted, or neither: what was put and not noted would be taken away again by the
/// next command, though the worker lives on it.
fn hand_over(
    worker: &Worker<'_>,
    account: &Account,
    outputs: &Outputs,
    key: &str,
    versions: &Versions,
    secrets: &[(&str, String)],
) -> Result<()> {
    interrupt::held(|| {
        worker.put(secrets)?;
        access_key::note(&account.aws, &outputs.worker_user, key, &versions.current)
    })
}

fn settings(key: &NewKey) -> [(&'static str, String); 2] {
    [
        ("AWS_ACCESS_KEY_ID", key.id.clone()),
        ("AWS_SECRET_ACCESS_KEY", key.secret.clone()),
    ]
}

/// For a worker that has none. Guards are named with it, so it is never exchanged: every count and lock would be forgotten.
fn guard_key(names: &SecretNames, permit_key: &str) -> Result<Option<String>> {
    if names.has("GUARD_KEY") {
        return Ok(None);
    }
    // Without one, the worker has named them with its PERMIT_KEY so far.
    if names.has("PERMIT_KEY") {
        return Ok(Some(permit_key.to_owned()));
    }
    random_hex(GUARD_KEY_BYTES).map(Some)
}
