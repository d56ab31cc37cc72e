//! Deploying `infra/template.yaml`. The same steps on a local AWS and on a real one; [`Aws`] says which it is.

use anyhow::{Context, Result, anyhow};
use challenge::{PermitKey, Secret};
use serde_json::Value;

use crate::build::packages::Packages;
use crate::process::progress::{self, Job, together};
use crate::system::aws_cli::Aws;
use crate::workspace::Workspace;

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

/// Where CloudFormation finds the triggers' packages.
pub(crate) fn upload(aws: &Aws, bucket: &str, packages: &Packages) -> Result<()> {
    progress::step("upload the triggers", || {
        aws.run("create the bucket", &["s3", "mb", &format!("s3://{bucket}")])?;
        let folder = packages.folder.to_string_lossy();
        let target = format!("s3://{bucket}/");
        aws.run(
            "upload",
            &["s3", "cp", "--recursive", "--only-show-errors", &folder, &target],
        )?;
        Ok(())
    })
}

/// Creates or updates a stack, and a key for its worker.
pub(crate) fn deploy(
    workspace: &Workspace,
    aws: &Aws,
    bucket: &str,
    packages: &Packages,
    stage: Stage<'_>,
) -> Result<Stack> {
    progress::step(&format!("deploy the stack {}", stage.name), || {
        change(workspace, aws, bucket, packages, stage)
            .context("what to do: the events of the stack, or aws.log, say why")?;
        collect(aws, stage.name)
    })
}

/// `aws cloudformation deploy` makes a change set and executes it; when nothing changes that is no error.
fn change(workspace: &Workspace, aws: &Aws, bucket: &str, packages: &Packages, stage: Stage<'_>) -> Result<()> {
    let template = workspace.template();
    let template = template.to_string_lossy();
    let mut parameters: Vec<String> = [
        ("CodeBucket", bucket),
        ("DefineCodeKey", &packages.define_key),
        ("CreateCodeKey", &packages.create_key),
        ("VerifyCodeKey", &packages.verify_key),
    ]
    .iter()
    .chain(stage.parameters)
    .map(|(name, value)| format!("{name}={value}"))
    .collect();
    // A fixed order, whatever the stage's parameters are.
    parameters.sort();
    let mut arguments = vec!["cloudformation", "deploy", "--stack-name", stage.name];
    arguments.extend(["--template-file", &template, "--no-fail-on-empty-changeset"]);
    arguments.extend(["--capabilities", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]);
    arguments.push("--parameter-overrides");
    arguments.extend(parameters.iter().map(String::as_str));
    aws.run(&format!("deploy {}", stage.name), &arguments)?;
    Ok(())
}

/// The outputs, and what must not be among them: secrets are asked for one by one and written nowhere on the way.
fn collect(aws: &Aws, name: &str) -> Result<Stack> {
    let step = |what: &str| format!("{what} {name}");
    let described = aws.ask(
        &step("describe"),
        &["cloudformation", "describe-stacks", "--stack-name", name],
    )?;
    let outputs = &described["Stacks"][0]["Outputs"];
    let user_pool_id = output(outputs, "UserPoolId")?;
    let client_id = output(outputs, "ClientId")?;
    let user = output(outputs, "WorkerUserName")?;
    let secret = output(outputs, "ChallengeSecretArn")?;

    let (mut client_secret, mut permit_key) = (String::new(), String::new());
    let (mut access_key_id, mut secret_access_key) = (String::new(), String::new());
    // Each takes most of a second, nearly all of it the CLI's own start.
    let jobs: Vec<Job<'_>> = vec![
        Box::new(|| {
            let client = aws.ask(
                &step("client of"),
                &[
                    "cognito-idp",
                    "describe-user-pool-client",
                    "--user-pool-id",
                    &user_pool_id,
                    "--client-id",
                    &client_id,
                ],
            )?;
            client_secret = field(&client, "/UserPoolClient/ClientSecret")?;
            Ok(())
        }),
        Box::new(|| {
            let value = aws.ask(
                &step("secret of"),
                &["secretsmanager", "get-secret-value", "--secret-id", &secret],
            )?;
            let secret = Secret::new(field(&value, "/SecretString")?)
                .map_err(|_| anyhow!("the challenge secret of {name} is too short"))?;
            permit_key = PermitKey::derive(&secret).to_base64url();
            Ok(())
        }),
        Box::new(|| {
            let key = aws.ask(&step("key for"), &["iam", "create-access-key", "--user-name", &user])?;
            access_key_id = field(&key, "/AccessKey/AccessKeyId")?;
            secret_access_key = field(&key, "/AccessKey/SecretAccessKey")?;
            Ok(())
        }),
    ];
    together(jobs)?;
    Ok(Stack {
        name: name.to_owned(),
        region: aws.region().to_owned(),
        user_pool_id,
        client_id,
        client_secret,
        access_key_id,
        secret_access_key,
        permit_key,
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

/// The string at a JSON pointer (RFC 6901). The error does not show the answer, which may hold secrets.
fn field(answer: &Value, pointer: &str) -> Result<String> {
    answer
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .with_context(|| format!("the answer of the AWS CLI has no {pointer}"))
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

    #[test]
    fn a_missing_field_is_named_without_showing_the_answer() {
        let answer = json!({"AccessKey": {"SecretAccessKey": "hidden"}});
        assert_eq!(field(&answer, "/AccessKey/SecretAccessKey").unwrap(), "hidden");
        let message = field(&answer, "/AccessKey/AccessKeyId").unwrap_err().to_string();
        assert!(
            message.contains("AccessKeyId") && !message.contains("hidden"),
            "{message}"
        );
    }
}
