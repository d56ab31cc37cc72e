//! `cargo xtask deploy`: a stage of the system, in the user's own AWS and Cloudflare accounts.
//!
//! Every step first looks at what is there. So the command can be repeated, also after it was cut short anywhere.

use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::arguments::DeployOptions;
use crate::build::packages::{self, Packages};
use crate::build::{arm64, page, worker};
use crate::install;
use crate::process::progress::{note, step};
use crate::process::{self, interrupt, logs};
use crate::system::account::BOUNDARY;
use crate::system::bucket;
use crate::system::stack::{self, Outputs, Prepared, Standing, Wanted};
use crate::system::stage::challenge_secret::{self, Versions};
use crate::system::stage::{Account, Stage, consent, keys, parameters, rotation, smoke};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, options: &DeployOptions) -> Result<()> {
    let stage = Stage::open(workspace, &options.stage)?;
    let parameters = parameters::read(workspace, &stage.name)?;
    if !options.dry_run {
        consent::must_be_possible(options.yes)?;
    }
    stage.announce();
    install::all(workspace, vec![])?;
    if options.dry_run {
        return try_out(&stage, parameters);
    }
    let account = step("check credentials", || {
        stage.worker().must_know_us()?;
        stage.account()
    })?;
    let existing = step("look at the stack", || stack::make_ready(&account.aws, &stage.stack()))?;
    must_not_be_rotating(&stage, &account, existing.as_ref())?;
    let packages = build(&stage)?;

    let outputs = deploy_stack(&stage, &account, &packages, parameters, existing, options.yes)?;
    let versions = challenge_secret::versions(&account.aws, &outputs.challenge_secret)?;
    keys::equip(&stage, &account, &outputs, &versions)?;
    let url = step("deploy the worker", || {
        stage.worker().deploy(account.aws.region(), &outputs)
    })?;
    finish(&stage, options.url.clone().or(url))
}

/// Tries the worker, and says where it is.
fn finish(stage: &Stage<'_>, url: Option<String>) -> Result<()> {
    match &url {
        Some(url) => step("smoke test", || {
            smoke::test(url, stage.rehearsal.is_some(), &stage.state)
        })?,
        None if stage.rehearsal.is_none() => {
            note("the worker was not tried: wrangler told no address of it. Give it with --url");
        }
        None => {}
    }
    if let Some(file) = stage.worker().settings_file() {
        println!("rehearsed {}", logs::shown(file));
    }
    if let Some(url) = url {
        println!("deployed {url}");
    }
    Ok(())
}

/// The stack as the template and the stage's file say it should be, once the user has agreed.
fn deploy_stack(
    stage: &Stage<'_>,
    account: &Account,
    packages: &Packages,
    parameters: Vec<(String, String)>,
    existing: Option<Value>,
    yes: bool,
) -> Result<Outputs> {
    let (aws, name) = (&account.aws, stage.stack());
    let prepared = step("make a change set", || {
        prepare(stage, account, packages, parameters, existing)
    })?;
    let described = match prepared {
        Prepared::Unchanged(described) => {
            note(&format!("nothing to change in the stack {name}"));
            described
        }
        Prepared::Changes(changes) => {
            eprint!("{}", stack::table(changes.changes()));
            let agreed = if yes { Ok(true) } else { consent::agreed("apply?") };
            if !matches!(agreed, Ok(true)) {
                changes.discard()?;
                agreed?;
                bail!("not agreed to: nothing was changed");
            }
            step("upload the triggers", || {
                let bucket = stage.bucket(account);
                bucket::ensure(aws, &bucket, &account.id)?;
                bucket::upload_missing(aws, &bucket, packages)
            })?;
            step(&format!("change the stack {name}"), || changes.execute())?
        }
    };
    Outputs::read(&described)
}

fn prepare<'a>(
    stage: &Stage<'_>,
    account: &'a Account,
    packages: &Packages,
    mut parameters: Vec<(String, String)>,
    existing: Option<Value>,
) -> Result<Prepared<'a>> {
    if parameters.iter().all(|(name, _)| name != "PermissionsBoundary") {
        // Where the account has one: whoever deploys with infra/deployer-policy.json must give it to all roles and users.
        let boundary = account.policy(BOUNDARY)?;
        parameters.extend(boundary.map(|arn| ("PermissionsBoundary".to_owned(), arn)));
    }
    parameters.push(("Architecture".to_owned(), architecture(stage).to_owned()));
    parameters.extend(stack::code(&stage.bucket(account), packages));
    let wanted = Wanted {
        name: &stage.stack(),
        template: Some(&stage.workspace.template()),
        parameters: &parameters,
    };
    stack::prepare(&account.aws, &wanted, existing)
}

/// The instruction set of the triggers: a local AWS runs them on this machine.
fn architecture(stage: &Stage<'_>) -> &'static str {
    match stage.rehearsal {
        Some(_) => packages::HOST_ARCHITECTURE,
        None => arm64::ARCHITECTURE,
    }
}

fn build(stage: &Stage<'_>) -> Result<Packages> {
    let (workspace, logs) = (stage.workspace, &stage.state);
    let executables = if stage.rehearsal.is_some() {
        packages::build(workspace, logs)?;
        packages::executables(workspace)
    } else {
        arm64::build(workspace, logs)?
    };
    // As the configuration's `[build]` does, which wrangler calls again; so what is wrong shows before anything is changed.
    worker::build(workspace, logs)?;
    page::build(workspace, logs)?;
    let packages = packages::pack(&executables, &logs.join("packages"))?;
    if stage.rehearsal.is_none() {
        arm64::inspect(&executables, &packages)?;
    }
    Ok(packages)
}

/// New code beside half-exchanged keys would be two changes at once.
fn must_not_be_rotating(stage: &Stage<'_>, account: &Account, existing: Option<&Value>) -> Result<()> {
    let Some(existing) = existing else {
        return Ok(());
    };
    if stack::standing(stack::status(existing)) != Standing::Ready {
        return Ok(());
    }
    let outputs = Outputs::read(existing)?;
    let versions: Versions = challenge_secret::versions(&account.aws, &outputs.challenge_secret)?;
    let keys_version = stack::parameter(existing, "KeysVersion");
    ensure!(
        !rotation::is_under_way(&versions, keys_version.as_deref()),
        "the keys of the stage {0} are being exchanged: finish that first with `cargo xtask rotate --stage {0}`",
        stage.name
    );
    Ok(())
}

/// Does all that changes nothing.
fn try_out(stage: &Stage<'_>, parameters: Vec<(String, String)>) -> Result<()> {
    step("lint the template", || {
        let mut command = Command::new(stage.workspace.venv_program("cfn-lint"));
        command.arg(stage.workspace.template());
        process::run("cfn-lint", &mut command, &stage.state.join("cfn-lint.log"))
    })?;
    let packages = build(stage)?;
    match step("check credentials", || stage.account()) {
        Ok(account) => show_changes(stage, &account, &packages, parameters)?,
        Err(error) if interrupt::is_interrupted(&error) => return Err(error),
        Err(error) => note(&format!("the change set is skipped. {error:#}")),
    }
    step("try the worker's deployment", || stage.worker().try_deploy())?;
    println!("dry run: nothing was changed");
    Ok(())
}

fn show_changes(
    stage: &Stage<'_>,
    account: &Account,
    packages: &Packages,
    parameters: Vec<(String, String)>,
) -> Result<()> {
    let name = stage.stack();
    let existing = stack::describe(&account.aws, &name)?;
    let standing = existing
        .as_ref()
        .map_or(Standing::Absent, |described| stack::standing(stack::status(described)));
    match standing {
        Standing::Absent | Standing::InReview | Standing::Ready => {}
        Standing::Settling => {
            note(&format!(
                "something goes on in the stack {name}: the change set is skipped"
            ));
            return Ok(());
        }
        Standing::NeverCreated => {
            note(&format!(
                "the creation of the stack {name} failed before: it would be deleted and created anew"
            ));
            return Ok(());
        }
        Standing::Stuck(stuck) => bail!(stuck.way_out(&name)),
    }
    let prepared = step("make a change set", || {
        prepare(stage, account, packages, parameters, existing)
    })?;
    match prepared {
        Prepared::Unchanged(_) => note(&format!("nothing to change in the stack {name}")),
        Prepared::Changes(changes) => {
            print!("{}", stack::table(changes.changes()));
            changes.discard().context("the change set could not be removed again")?;
        }
    }
    Ok(())
}
