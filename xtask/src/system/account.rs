//! An AWS account as its administrator leaves it to whoever deploys stages (README.md, "Deploy").

use std::path::Path;

use anyhow::{Context, Result};

use crate::process::progress;
use crate::system::aws_cli::{Aws, field};
use crate::workspace::Workspace;

const DEPLOYER: &str = "deployer";

/// What `infra/deployer-policy.json` wants all roles and users of a stack to have as their boundary.
pub(crate) const BOUNDARY: &str = "passwordless-edge-boundary";

/// An access key. A secret: it has no `Debug`.
pub(crate) struct AccessKey {
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// Makes the boundary, and a user who has `infra/deployer-policy.json` and nothing else.
pub(crate) fn prepare(workspace: &Workspace, administrator: &Aws) -> Result<AccessKey> {
    progress::step("make a user who may deploy", || {
        let infra = workspace.root().join("infra");
        policy(administrator, BOUNDARY, &infra.join("boundary-policy.json"))?;
        let may_deploy = policy(
            administrator,
            "passwordless-edge-deployer",
            &infra.join("deployer-policy.json"),
        )?;
        administrator.run("create the deployer", &["iam", "create-user", "--user-name", DEPLOYER])?;
        let attach = [
            "iam",
            "attach-user-policy",
            "--user-name",
            DEPLOYER,
            "--policy-arn",
            &may_deploy,
        ];
        administrator.run("attach the policy", &attach)?;
        let create = ["iam", "create-access-key", "--user-name", DEPLOYER];
        let key = administrator.ask("key of the deployer", &create)?;
        Ok(AccessKey {
            id: field(&key, "/AccessKey/AccessKeyId")?,
            secret: field(&key, "/AccessKey/SecretAccessKey")?,
        })
    })
}

/// Makes a managed policy; returns its ARN.
fn policy(administrator: &Aws, name: &str, document: &Path) -> Result<String> {
    let document = format!("file://{}", document.display());
    let create = [
        "iam",
        "create-policy",
        "--policy-name",
        name,
        "--policy-document",
        &document,
    ];
    let made = administrator
        .ask(&format!("create the policy {name}"), &create)
        .with_context(|| format!("the policy {name} was not made"))?;
    field(&made, "/Policy/Arn")
}
