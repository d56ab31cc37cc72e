//! `cargo xtask destroy`: removes what `deploy` made of a stage.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::arguments::DestroyOptions;
use crate::install;
use crate::process::progress::{note, step};
use crate::system::aws_cli::Aws;
use crate::system::bucket;
use crate::system::stack::{self, Outputs, Wanted};
use crate::system::stage::{Account, Stage, access_key, consent};
use crate::workspace::Workspace;

/// What there is of a stage.
struct Found {
    stack: Option<Value>,
    /// Of a stack that was created to its end.
    outputs: Option<Outputs>,
    bucket: bool,
    worker: bool,
    /// Whether Cognito refuses to delete the user pool.
    is_protected: bool,
}

pub(crate) fn run(workspace: &Workspace, options: &DestroyOptions) -> Result<()> {
    let stage = Stage::open(workspace, &options.stage)?;
    consent::must_be_possible(options.yes)?;
    stage.announce();
    install::all(workspace, vec![])?;
    let account = step("check credentials", || {
        stage.worker().must_know_us()?;
        stage.account()
    })?;
    let found = step("look at what is there", || find(&stage, &account))?;
    if found.stack.is_none() && !found.bucket && !found.worker {
        println!("nothing to destroy");
        return Ok(());
    }
    if found.is_protected && !options.delete_users {
        bail!(
            "the user pool of the stage {} is protected against deletion, and everyone who ever signed in is in it. Nothing \
             was changed; --delete-users destroys it too",
            stage.name
        );
    }
    note(&format!("what goes: {}", summary(&stage, &found)));
    let question = format!("type the stage's name to destroy it ({}): ", stage.name);
    if !options.yes && !consent::typed(&question, &stage.name)? {
        bail!("not agreed to: nothing was changed");
    }
    destroy(&stage, &account, &found)?;
    println!("destroyed {}", stage.name);
    Ok(())
}

fn find(stage: &Stage<'_>, account: &Account) -> Result<Found> {
    let stack = stack::settle(&account.aws, &stage.stack())?;
    let outputs = stack.as_ref().and_then(|described| Outputs::read(described).ok());
    let is_protected = match &outputs {
        Some(outputs) => is_protected(&account.aws, &outputs.user_pool_id)?,
        None => false,
    };
    Ok(Found {
        outputs,
        bucket: bucket::exists(&account.aws, &stage.bucket(account))?,
        worker: stage.worker().secrets()?.is_some(),
        stack,
        is_protected,
    })
}

fn is_protected(aws: &Aws, pool: &str) -> Result<bool> {
    let described = aws.look(
        "describe the user pool",
        &["cognito-idp", "describe-user-pool", "--user-pool-id", pool],
        &["ResourceNotFoundException"],
    )?;
    Ok(described.is_some_and(|described| described["UserPool"]["DeletionProtection"] == "ACTIVE"))
}

fn summary(stage: &Stage<'_>, found: &Found) -> String {
    let parts = [
        (found.worker, "the worker with its counts and locks"),
        (found.stack.is_some(), "the stack with the user pool and everyone in it"),
        (found.bucket, "the bucket"),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter_map(|(there, what)| there.then_some(what))
        .collect();
    format!("of {}, {}", stage.stack(), parts.join(", "))
}

/// From the outside to the inside: nobody is served by a stage of which a part is missing.
fn destroy(stage: &Stage<'_>, account: &Account, found: &Found) -> Result<()> {
    let (aws, name) = (&account.aws, stage.stack());
    if found.is_protected {
        step("take the protection off the user pool", || {
            let wanted = Wanted {
                name: &name,
                template: None,
                parameters: &[("DeletionProtection".to_owned(), "INACTIVE".to_owned())],
            };
            let existing = stack::make_ready(aws, &name)?.context("the stack has gone")?;
            stack::prepare(aws, &wanted, Some(existing))?.apply()
        })?;
    }
    if found.worker {
        step("delete the worker", || stage.worker().delete())?;
    }
    if let Some(outputs) = &found.outputs {
        // IAM deletes no user that has keys.
        step("delete the access keys", || {
            let keys = access_key::list(aws, &outputs.worker_user)?;
            let ids: Vec<_> = keys.into_iter().map(|key| key.id).collect();
            access_key::delete(aws, &outputs.worker_user, &ids)
        })?;
    }
    if found.stack.is_some() {
        step(&format!("delete the stack {name}"), || stack::delete(aws, &name))?;
    }
    if found.bucket {
        step("delete the bucket", || bucket::remove(aws, &stage.bucket(account)))?;
    }
    Ok(())
}
