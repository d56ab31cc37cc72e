//! The stack's challenge secret, which triggers read and the worker's `PERMIT_KEY` follows from.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::system::aws_cli::{Aws, field};
use crate::system::worker_settings::random_hex;

/// Of a new value: as much as the keys that are derived from it (SHA-256).
const BYTES: usize = 32;

const CURRENT: &str = "AWSCURRENT";
const PREVIOUS: &str = "AWSPREVIOUS";

/// Ids of the versions of the secret that are in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Versions {
    pub(crate) current: String,
    /// There only while a rotation is under way.
    pub(crate) previous: Option<String>,
}

pub(crate) fn versions(aws: &Aws, secret: &str) -> Result<Versions> {
    let described = aws.ask(
        "challenge secret",
        &["secretsmanager", "describe-secret", "--secret-id", secret],
    )?;
    read(&described)
}

fn read(described: &Value) -> Result<Versions> {
    let version_at = |stage: &str| {
        let versions = described["VersionIdsToStages"].as_object()?;
        let at_stage = |stages: &Value| {
            stages
                .as_array()
                .is_some_and(|stages| stages.iter().any(|name| name == stage))
        };
        let (id, _) = versions.iter().find(|(_, stages)| at_stage(stages))?;
        Some(id.clone())
    };
    Ok(Versions {
        current: version_at(CURRENT).context("the challenge secret has no value")?,
        previous: version_at(PREVIOUS),
    })
}

/// A version's value.
pub(crate) fn value(aws: &Aws, secret: &str, version: &str) -> Result<String> {
    let which = ["--secret-id", secret, "--version-id", version];
    let answer = aws.ask(
        "value of the challenge secret",
        &[&["secretsmanager", "get-secret-value"][..], &which].concat(),
    )?;
    field(&answer, "/SecretString")
}

/// Gives the secret a new value; the one before stays, as the previous one.
pub(crate) fn renew(aws: &Aws, secret: &str) -> Result<()> {
    let put = ["secretsmanager", "put-secret-value", "--secret-id", secret];
    let from_stdin = ["--secret-string", "file:///dev/stdin"];
    aws.run_with(
        "renew the challenge secret",
        &[&put[..], &from_stdin].concat(),
        &random_hex(BYTES)?,
    )?;
    Ok(())
}

/// Makes the previous value one that nobody is given any more.
pub(crate) fn forget_previous(aws: &Aws, secret: &str, version: &str) -> Result<()> {
    let update = ["secretsmanager", "update-secret-version-stage", "--secret-id", secret];
    let what = ["--version-stage", PREVIOUS, "--remove-from-version-id", version];
    aws.run("forget the previous challenge secret", &[&update[..], &what].concat())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn versions_are_known_by_their_stages() {
        let described = json!({"VersionIdsToStages": {
            "a": ["AWSPREVIOUS"], "b": ["other", "AWSCURRENT"], "c": ["AWSPENDING"],
        }});
        let expected = Versions {
            current: "b".into(),
            previous: Some("a".into()),
        };
        assert_eq!(read(&described).unwrap(), expected);
        let alone = read(&json!({"VersionIdsToStages": {"b": ["AWSCURRENT"]}})).unwrap();
        assert_eq!(alone.previous, None);
        assert!(read(&json!({})).is_err());
    }
}
