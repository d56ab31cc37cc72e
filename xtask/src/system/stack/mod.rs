//! Deploying `infra/template.yaml`. The same steps on a local AWS and on a real one; [`Aws`] says which it is.

mod change_set;
mod changes;
mod events;
mod readiness;
mod standing;
mod template;

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use challenge::{PermitKey, Secret};
use serde_json::Value;

pub(crate) use change_set::{Prepared, Wanted, create_stack, prepare};
pub(crate) use changes::table;
pub(crate) use readiness::{delete, make_ready, settle, status};
pub(crate) use standing::{Standing, standing};
pub(crate) use template::parameters as template_parameters;

use crate::build::packages::{self, Packages};
use crate::process::progress::{self, Job, together};
use crate::system::aws_cli::{Aws, field};
use crate::system::bucket;
use crate::workspace::Workspace;

/// What the stack says of itself.
#[derive(Debug, Clone)]
pub(crate) struct Outputs {
    pub(crate) user_pool_id: String,
    pub(crate) client_id: String,
    /// The IAM user that the worker's access keys belong to.
    pub(crate) worker_user: String,
    /// The secret that the keys of worker and triggers follow from.
    pub(crate) challenge_secret: String,
}

/// A stack that is deployed, and all that the worker must know of it. Holds secrets: it has no `Debug`.
pub(crate) struct Stack {
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) user_pool_id: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    /// base64url, as the worker's setting `PERMIT_KEY`.
    pub(crate) permit_key: String,
}

/// How a stack differs from the template's defaults.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stage<'a> {
    pub(crate) name: &'a str,
    pub(crate) parameters: &'a [(&'a str, &'a str)],
}

/// Packs the triggers, as they were built for this machine, into `folder`, and puts them where CloudFormation finds them, into an
/// AWS that is new.
pub(crate) fn pack_and_upload(workspace: &Workspace, aws: &Aws, bucket: &str, folder: &Path) -> Result<Packages> {
    let mut packages = None;
    together(vec![
        Box::new(|| bucket::create(aws, bucket)),
        Box::new(|| {
            packages = Some(packages::pack(&packages::executables(workspace), folder)?);
            Ok(())
        }),
    ])?;
    let packages = packages.context("the triggers were not packed")?;
    progress::step("upload the triggers", || bucket::upload(aws, bucket, &packages))?;
    Ok(packages)
}

/// Creates a stack in an AWS that is new, and a key for its worker.
pub(crate) fn deploy(
    workspace: &Workspace,
    aws: &Aws,
    bucket: &str,
    packages: &Packages,
    stage: Stage<'_>,
) -> Result<Stack> {
    progress::step(&format!("deploy the stack {}", stage.name), || {
        let given = stage
            .parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let wanted = Wanted {
            name: stage.name,
            template: Some(&workspace.template()),
            parameters: &code(bucket, packages).into_iter().chain(given).collect::<Vec<_>>(),
        };
        let described =
            create_stack(aws, &wanted).context("what to do: the events of the stack, or aws.log, say why")?;
        collect(aws, stage.name, Outputs::read(&described)?)
    })
}

/// The parameters that say where the triggers' packages are.
pub(crate) fn code(bucket: &str, packages: &Packages) -> Vec<(String, String)> {
    [
        ("CodeBucket", bucket),
        ("DefineCodeKey", &packages.define_key),
        ("CreateCodeKey", &packages.create_key),
        ("VerifyCodeKey", &packages.verify_key),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// The stack's description, as of `describe-stacks`; none when there is no stack of this name.
pub(crate) fn describe(aws: &Aws, stack: &str) -> Result<Option<Value>> {
    let described = aws.look(
        &format!("describe {stack}"),
        &["cloudformation", "describe-stacks", "--stack-name", stack],
        &["does not exist"],
    )?;
    Ok(described.map(|mut described| described["Stacks"][0].take()))
}

/// The value of a parameter of a described stack.
pub(crate) fn parameter(described: &Value, name: &str) -> Option<String> {
    described["Parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|parameter| parameter["ParameterKey"] == name)
        .and_then(|parameter| parameter["ParameterValue"].as_str())
        .map(str::to_owned)
}

impl Outputs {
    /// Of a described stack.
    pub(crate) fn read(described: &Value) -> Result<Self> {
        let outputs = &described["Outputs"];
        Ok(Self {
            user_pool_id: output(outputs, "UserPoolId")?,
            client_id: output(outputs, "ClientId")?,
            worker_user: output(outputs, "WorkerUserName")?,
            challenge_secret: output(outputs, "ChallengeSecretArn")?,
        })
    }
}

/// The secret of the app client, the worker's `CLIENT_SECRET`.
pub(crate) fn client_secret(aws: &Aws, outputs: &Outputs) -> Result<String> {
    let client = aws.ask(
        &format!("client of {}", outputs.user_pool_id),
        &[
            "cognito-idp",
            "describe-user-pool-client",
            "--user-pool-id",
            &outputs.user_pool_id,
            "--client-id",
            &outputs.client_id,
        ],
    )?;
    field(&client, "/UserPoolClient/ClientSecret")
}

/// The worker's `PERMIT_KEY`, in base64url, that follows from a value of the challenge secret.
pub(crate) fn permit_key(secret: String) -> Result<String> {
    let secret = Secret::new(secret).map_err(|_| anyhow!("the challenge secret is too short"))?;
    Ok(PermitKey::derive(&secret).to_base64url())
}

/// What must not be among the outputs: secrets are asked for one by one and written nowhere on the way.
fn collect(aws: &Aws, name: &str, outputs: Outputs) -> Result<Stack> {
    let (mut client_secret_, mut permit_key_) = (String::new(), String::new());
    let (mut access_key_id, mut secret_access_key) = (String::new(), String::new());
    // Each takes most of a second, nearly all of it the CLI's own start.
    let jobs: Vec<Job<'_>> = vec![
        Box::new(|| {
            client_secret_ = client_secret(aws, &outputs)?;
            Ok(())
        }),
        Box::new(|| {
            let value = aws.ask(
                &format!("secret of {name}"),
                &[
                    "secretsmanager",
                    "get-secret-value",
                    "--secret-id",
                    &outputs.challenge_secret,
                ],
            )?;
            permit_key_ = permit_key(field(&value, "/SecretString")?)?;
            Ok(())
        }),
        Box::new(|| {
            let key = aws.ask(
                &format!("key for {name}"),
                &["iam", "create-access-key", "--user-name", &outputs.worker_user],
            )?;
            access_key_id = field(&key, "/AccessKey/AccessKeyId")?;
            secret_access_key = field(&key, "/AccessKey/SecretAccessKey")?;
            Ok(())
        }),
    ];
    together(jobs)?;
    Ok(Stack {
        name: name.to_owned(),
        region: aws.region().to_owned(),
        user_pool_id: outputs.user_pool_id,
        client_id: outputs.client_id,
        client_secret: client_secret_,
        access_key_id,
        secret_access_key,
        permit_key: permit_key_,
    })
}

fn output(outputs: &Value, key: &str) -> Result<String> {
    outputs
        .as_array()
        .into_iter()
        .flatten()
        .find(|output| output["OutputKey"] == key)
        .and_then(|output| output["OutputValue"].as_str())
        .map(str::to_owned)
        .with_context(|| format!("the stack has no output {key}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_output_is_found_by_its_key() {
        let outputs = json!([
            {"OutputKey": "Region", "OutputValue": "us-east-1"},
            {"OutputKey": "ClientId", "OutputValue": "abc"}
        ]);
        assert_eq!(output(&outputs, "ClientId").unwrap(), "abc");
        let message = output(&outputs, "UserPoolId").unwrap_err().to_string();
        assert!(message.contains("UserPoolId"), "{message}");
        assert!(output(&Value::Null, "ClientId").is_err());
    }
}
