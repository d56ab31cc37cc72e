//! The S3 bucket from which CloudFormation takes the triggers' packages.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::build::packages::Packages;
use crate::process::progress::{Job, together};
use crate::system::aws_cli::Aws;

/// Words of the CLI for a bucket that is not there, or an object.
const ABSENT: [&str; 3] = ["(404)", "NoSuchBucket", "Not Found"];

/// Creates the bucket; an error when it is there.
pub(crate) fn create(aws: &Aws, bucket: &str) -> Result<()> {
    aws.run("create the bucket", &["s3", "mb", &format!("s3://{bucket}")])?;
    Ok(())
}

/// Whether the bucket is there.
pub(crate) fn exists(aws: &Aws, bucket: &str) -> Result<bool> {
    let found = aws.look(
        "look for the bucket",
        &["s3api", "head-bucket", "--bucket", bucket],
        &ABSENT,
    )?;
    Ok(found.is_some())
}

/// Creates the bucket where it is not there yet, and closes it to everyone but this account. An interrupted run may have created
/// it only, so the rest is done each time. S3 encrypts what it stores by itself.
pub(crate) fn ensure(aws: &Aws, bucket: &str, account: &str) -> Result<()> {
    if !exists(aws, bucket)? {
        create(aws, bucket)?;
    }
    let block = "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true";
    let put = ["s3api", "put-public-access-block", "--bucket", bucket];
    let what = [
        "--public-access-block-configuration",
        block,
        "--expected-bucket-owner",
        account,
    ];
    aws.run("close the bucket", &[&put[..], &what].concat())
        .map(drop)
        .with_context(|| format!("the bucket {bucket}: is it another account's?"))
}

/// Uploads all packages.
pub(crate) fn upload(aws: &Aws, bucket: &str, packages: &Packages) -> Result<()> {
    let folder = packages.folder.to_string_lossy();
    let target = format!("s3://{bucket}/");
    aws.run(
        "upload",
        &["s3", "cp", "--recursive", "--only-show-errors", &folder, &target],
    )?;
    Ok(())
}

/// Uploads the packages that are not there yet; returns how many that were. Their names say what is in them.
pub(crate) fn upload_missing(aws: &Aws, bucket: &str, packages: &Packages) -> Result<usize> {
    let listed = aws.ask("list the packages", &["s3api", "list-objects-v2", "--bucket", bucket])?;
    let missing: Vec<_> = [&packages.define_key, &packages.create_key, &packages.verify_key]
        .into_iter()
        .filter(|key| !is_listed(&listed, key))
        .collect();
    let jobs = missing
        .iter()
        .enumerate()
        .map(|(number, key)| {
            let job: Job<'_> = Box::new(move || {
                let (from, to) = (packages.folder.join(key), format!("s3://{bucket}/{key}"));
                let copy = ["s3", "cp", "--only-show-errors", &from.to_string_lossy(), &to];
                aws.run(&format!("upload {}", number + 1), &copy).map(drop)
            });
            job
        })
        .collect();
    together(jobs)?;
    Ok(missing.len())
}

fn is_listed(listed: &Value, key: &str) -> bool {
    listed["Contents"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|object| object["Key"] == key)
}

/// Removes the bucket and all that is in it.
pub(crate) fn remove(aws: &Aws, bucket: &str) -> Result<()> {
    aws.run("remove the bucket", &["s3", "rb", "--force", &format!("s3://{bucket}")])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_package_is_uploaded_unless_exactly_it_is_there() {
        let listed = json!({"Contents": [{"Key": "define-auth-challenge/ab.zip"}]});
        assert!(is_listed(&listed, "define-auth-challenge/ab.zip"));
        assert!(!is_listed(&listed, "define-auth-challenge/a.zip"));
        // An empty bucket has no such field, or no answer at all.
        assert!(!is_listed(&json!({}), "x") && !is_listed(&Value::Null, "x"));
    }
}
