//! The access key of the worker's IAM user. Its secret is told once, when it is made, and then only the worker has it: so a key
//! is either known to be the worker's, or of no use to anyone.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::process::interrupt;
use crate::system::aws_cli::{Aws, field};
use crate::system::stack::Outputs;

/// Tags of the IAM user: the key that the worker holds, and the version of the challenge secret that its `PERMIT_KEY` follows
/// from. They are set after the worker was given both.
const KEY_TAG: &str = "worker-access-key";
const VERSION_TAG: &str = "worker-secret-version";

/// As many as IAM allows a user.
const MOST: usize = 2;

/// IAM says that a new key takes some seconds to be known everywhere.
const GOOD_WITHIN: Duration = Duration::from_mins(2);
/// In a row: one server may know the key, and the next not yet.
const GOOD_TIMES: u32 = 2;

/// A key as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccessKey {
    pub(crate) id: String,
    pub(crate) is_active: bool,
}

/// A key as it is made. Holds a secret: it has no `Debug`.
pub(crate) struct NewKey {
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// What the tags say that the worker holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) key: Option<String>,
    pub(crate) secret_version: Option<String>,
}

/// What to do so that the worker has a key that is good.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// The worker's is good; these are nobody's.
    Reuse { delete: Vec<String> },
    /// Make one. Those of `first` go before, for there is room for two; those of `then` once the worker has the new one.
    Create { first: Vec<String>, then: Vec<String> },
}

/// `keys` are the user's, the oldest first.
pub(crate) fn plan(keys: &[AccessKey], tag: Option<&str>, worker_has_secrets: bool) -> Plan {
    let ids = |keys: &[&AccessKey]| keys.iter().map(|key| key.id.clone()).collect::<Vec<_>>();
    if !worker_has_secrets {
        // Also the one that the tag names: should this be cut short after the worker was given the new one, that one must not
        // be taken for the worker's.
        return Plan::Create {
            first: ids(&keys.iter().collect::<Vec<_>>()),
            then: vec![],
        };
    }
    let is_tagged = |key: &AccessKey| Some(key.id.as_str()) == tag;
    if keys.iter().any(|key| is_tagged(key) && key.is_active) {
        let others: Vec<_> = keys.iter().filter(|key| !is_tagged(key)).collect();
        return Plan::Reuse { delete: ids(&others) };
    }
    // Which one the worker has, if any, nobody knows: rather the newest than another, and never one that is not active.
    replacing(keys, |key| key.is_active)
}

/// A new key, for a worker whose own is good until then: it is the one that the tag names.
pub(crate) fn plan_exchange(keys: &[AccessKey], tag: Option<&str>) -> Plan {
    replacing(keys, |key| Some(key.id.as_str()) == tag)
}

fn replacing(keys: &[AccessKey], may_be_in_use: impl Fn(&AccessKey) -> bool) -> Plan {
    let mut ordered: Vec<_> = keys.iter().collect();
    // Stable, so the oldest come first among equals.
    ordered.sort_by_key(|key| may_be_in_use(key));
    let room = ordered.len().saturating_sub(MOST - 1);
    let (first, then) = ordered.split_at(room);
    let ids = |keys: &[&AccessKey]| keys.iter().map(|key| key.id.clone()).collect();
    Plan::Create {
        first: ids(first),
        then: ids(then),
    }
}

/// The user's keys, the oldest first; none when there is no such user.
pub(crate) fn list(aws: &Aws, user: &str) -> Result<Vec<AccessKey>> {
    let listed = aws.look(
        "access keys",
        &["iam", "list-access-keys", "--user-name", user],
        &["NoSuchEntity"],
    )?;
    Ok(listed.map(|listed| read(&listed)).unwrap_or_default())
}

fn read(listed: &Value) -> Vec<AccessKey> {
    let mut keys: Vec<_> = listed["AccessKeyMetadata"].as_array().into_iter().flatten().collect();
    // ISO 8601, all in UTC: the order of texts is that of time.
    keys.sort_by_key(|key| key["CreateDate"].as_str().unwrap_or_default());
    keys.into_iter()
        .filter_map(|key| {
            Some(AccessKey {
                id: key["AccessKeyId"].as_str()?.to_owned(),
                is_active: key["Status"] == "Active",
            })
        })
        .collect()
}

pub(crate) fn held(aws: &Aws, user: &str) -> Result<Held> {
    let tags = aws.ask(
        "tags of the worker's user",
        &["iam", "list-user-tags", "--user-name", user],
    )?;
    let value = |name: &str| {
        let tags = tags["Tags"].as_array().into_iter().flatten();
        let tag = tags.into_iter().find(|tag| tag["Key"] == name)?;
        tag["Value"].as_str().map(str::to_owned)
    };
    Ok(Held {
        key: value(KEY_TAG),
        secret_version: value(VERSION_TAG),
    })
}

/// Notes what the worker holds now.
pub(crate) fn note(aws: &Aws, user: &str, key: &str, secret_version: &str) -> Result<()> {
    let tags = [(KEY_TAG, key), (VERSION_TAG, secret_version)].map(|(name, value)| format!("Key={name},Value={value}"));
    let [key, version] = &tags;
    aws.run(
        "tag the worker's user",
        &["iam", "tag-user", "--user-name", user, "--tags", key, version],
    )?;
    Ok(())
}

pub(crate) fn create(aws: &Aws, user: &str) -> Result<NewKey> {
    let created = aws.ask("new access key", &["iam", "create-access-key", "--user-name", user])?;
    Ok(NewKey {
        id: field(&created, "/AccessKey/AccessKeyId")?,
        secret: field(&created, "/AccessKey/SecretAccessKey")?,
    })
}

/// Deletes these. That one is not there is no error.
pub(crate) fn delete(aws: &Aws, user: &str, ids: &[String]) -> Result<()> {
    for id in ids {
        let delete = ["iam", "delete-access-key", "--user-name", user, "--access-key-id", id];
        aws.look("delete an access key", &delete, &["NoSuchEntity"])?;
    }
    Ok(())
}

/// Waits until Cognito takes calls that are signed with the key. Asked is what the worker may do and what changes nothing: to
/// sign out a user that does not exist.
pub(crate) fn wait_until_good(aws: &Aws, key: &NewKey, outputs: &Outputs) -> Result<()> {
    let worker = aws.with_key(&key.id, &key.secret);
    let sign_out = [
        "cognito-idp",
        "admin-user-global-sign-out",
        "--user-pool-id",
        &outputs.user_pool_id,
    ];
    let nobody = ["--username", "00000000-0000-4000-8000-000000000000"];
    let started = Instant::now();
    let mut good = 0;
    while good < GOOD_TIMES {
        match worker.attempt("try the new access key", &[&sign_out[..], &nobody].concat())? {
            Ok(_) => good += 1,
            Err(refusal) if refusal.said.contains("UserNotFoundException") => good += 1,
            Err(refusal) if started.elapsed() > GOOD_WITHIN => {
                return Err(refusal.error.context("the new access key does not work"));
            }
            Err(refusal) if refusal.said.contains("Could not connect") => bail!(refusal.error),
            Err(_) => {
                good = 0;
                interrupt::pause(aws.poll())?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn keys(keys: &[(&str, bool)]) -> Vec<AccessKey> {
        keys.iter()
            .map(|(id, is_active)| AccessKey {
                id: (*id).to_owned(),
                is_active: *is_active,
            })
            .collect()
    }

    fn create(first: &[&str], then: &[&str]) -> Plan {
        let owned = |ids: &[&str]| ids.iter().map(ToString::to_string).collect();
        Plan::Create {
            first: owned(first),
            then: owned(then),
        }
    }

    #[test]
    fn a_first_deployment_makes_a_key() {
        assert_eq!(plan(&[], None, false), create(&[], &[]));
    }

    #[test]
    fn the_key_that_the_worker_holds_is_reused_and_orphans_go() {
        let both = keys(&[("OLD", true), ("MINE", true)]);
        let expected = Plan::Reuse {
            delete: vec!["OLD".into()],
        };
        assert_eq!(plan(&both, Some("MINE"), true), expected);
    }

    #[test]
    fn a_worker_without_secrets_gets_a_new_key_and_no_other_stays() {
        // One that was deleted by hand: the tag is about a worker that is gone.
        let both = keys(&[("MINE", true), ("OTHER", true)]);
        assert_eq!(plan(&both, Some("MINE"), false), create(&["MINE", "OTHER"], &[]));
    }

    #[test]
    fn a_key_that_may_be_the_workers_stays_until_it_has_another() {
        // Cut short after the worker was given the key, before the tag.
        assert_eq!(plan(&keys(&[("NEW", true)]), None, true), create(&[], &["NEW"]));
        let both = keys(&[("OLD", true), ("NEW", true)]);
        assert_eq!(plan(&both, Some("GONE"), true), create(&["OLD"], &["NEW"]));
        // An operator has switched the worker's key off, because it leaked.
        let leaked = keys(&[("OLD", true), ("LEAKED", false)]);
        assert_eq!(plan(&leaked, Some("LEAKED"), true), create(&["LEAKED"], &["OLD"]));
    }

    #[test]
    fn an_exchange_keeps_the_workers_key_until_it_has_the_new_one() {
        assert_eq!(
            plan_exchange(&keys(&[("MINE", true)]), Some("MINE")),
            create(&[], &["MINE"])
        );
        for both in [
            keys(&[("MINE", true), ("ORPHAN", true)]),
            keys(&[("ORPHAN", true), ("MINE", true)]),
        ] {
            assert_eq!(plan_exchange(&both, Some("MINE")), create(&["ORPHAN"], &["MINE"]));
        }
    }

    #[test]
    fn keys_are_read_in_the_order_of_their_age() {
        let listed = json!({"AccessKeyMetadata": [
            {"AccessKeyId": "B", "Status": "Inactive", "CreateDate": "2026-02-01T00:00:00Z"},
            {"AccessKeyId": "A", "Status": "Active", "CreateDate": "2026-01-01T00:00:00Z"},
        ]});
        assert_eq!(read(&listed), keys(&[("A", true), ("B", false)]));
    }
}
