//! `cargo xtask rotate`: a new access key and a new permit secret for a stage, without a request that fails.
//!
//! At every moment the triggers know all secrets that a worker may sign permits with, and a worker knows all keys under which a
//! client may hold a session; who signs changes only between two such moments.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::arguments::RotateOptions;
use crate::install;
use crate::process::interrupt;
use crate::process::progress::{note, step};
use crate::system::stack::{self, Outputs, Standing, Wanted};
use crate::system::stage::challenge_secret::{self, Versions};
use crate::system::stage::rotation::{self, Step};
use crate::system::stage::{Account, Stage, access_key, consent, keys};
use crate::workspace::Workspace;

/// Until a change of the worker's secrets is at every Cloudflare location, as far as can be said; they promise no limit.
const SPREAD: Duration = Duration::from_mins(1);

pub(crate) fn run(workspace: &Workspace, options: &RotateOptions) -> Result<()> {
    let stage = Stage::open(workspace, &options.stage)?;
    consent::must_be_possible(options.yes)?;
    stage.announce();
    install::all(workspace, vec![])?;
    let account = step("check credentials", || {
        stage.worker().must_know_us()?;
        stage.account()
    })?;
    let (outputs, keys_version) = step("look at the stack", || deployed(&stage, &account))?;
    let secret = &outputs.challenge_secret;
    let versions = challenge_secret::versions(&account.aws, secret)?;
    let held = access_key::held(&account.aws, &outputs.worker_user)?;
    let is_equipped = stage.worker().secrets()?.is_some_and(|names| names.are_complete());
    let next = rotation::next(&versions, &held, keys_version.as_deref()).filter(|_| is_equipped);
    let Some(next) = next else {
        bail!(
            "the worker of the stage {0} has no keys that could be exchanged: `cargo xtask deploy --stage {0}` first",
            stage.name
        );
    };
    if next > Step::Begin {
        note("going on with an exchange that was begun before");
    }
    if !options.yes && !consent::agreed(&format!("exchange the keys of the stage {}?", stage.name))? {
        bail!("not agreed to: nothing was changed");
    }
    let exchange = Exchange {
        stage: &stage,
        account: &account,
        outputs: &outputs,
        overlap: options.overlap,
    };
    exchange.go_on_from(next)?;
    println!("rotated {}", stage.name);
    Ok(())
}

/// The stack's outputs, and what its triggers were told of the keys.
fn deployed(stage: &Stage<'_>, account: &Account) -> Result<(Outputs, Option<String>)> {
    let name = stage.stack();
    let described = stack::settle(&account.aws, &name)?;
    let standing = described
        .as_ref()
        .map_or(Standing::Absent, |described| stack::standing(stack::status(described)));
    match (described, standing) {
        (Some(described), Standing::Ready) => {
            Ok((Outputs::read(&described)?, stack::parameter(&described, "KeysVersion")))
        }
        (_, Standing::Stuck(stuck)) => bail!(stuck.way_out(&name)),
        _ => bail!(
            "there is no stack {name}: `cargo xtask deploy --stage {}` first",
            stage.name
        ),
    }
}

/// An exchange of the keys of a stage.
struct Exchange<'a> {
    stage: &'a Stage<'a>,
    account: &'a Account,
    outputs: &'a Outputs,
    overlap: Duration,
}

impl Exchange<'_> {
    fn go_on_from(&self, next: Step) -> Result<()> {
        let (aws, secret) = (&self.account.aws, &self.outputs.challenge_secret);
        if next <= Step::Begin {
            step("renew the challenge secret", || challenge_secret::renew(aws, secret))?;
        }
        let versions = challenge_secret::versions(aws, secret)?;
        if next <= Step::Introduce {
            self.introduce(&versions)?;
        }
        if next <= Step::Overlap {
            step("wait until nothing under the old keys is left", || {
                interrupt::pause(self.overlap)
            })?;
            step("forget the old keys", || self.forget(&versions))?;
        }
        self.tell_triggers(&rotation::one(&versions.current))
    }

    /// From two values of the secret to a worker that has the new keys.
    fn introduce(&self, versions: &Versions) -> Result<()> {
        self.tell_triggers(&rotation::both(&versions.current))?;
        let worker = self.stage.worker();
        step("let the worker accept the new key", || {
            let value = challenge_secret::value(&self.account.aws, &self.outputs.challenge_secret, &versions.current)?;
            worker.put(&[("PERMIT_KEY_SECONDARY", stack::permit_key(value)?)])?;
            interrupt::pause(SPREAD.min(self.overlap))
        })?;
        let held = access_key::held(&self.account.aws, &self.outputs.worker_user)?;
        keys::exchange(self.stage, self.account, self.outputs, versions, &held)
    }

    /// Lambda starts the triggers afresh, and they read the secret then.
    fn tell_triggers(&self, keys_version: &str) -> Result<()> {
        let name = self.stage.stack();
        step("let the triggers read the secret", || {
            let existing = stack::make_ready(&self.account.aws, &name)?;
            ensure!(existing.is_some(), "the stack {name} has gone");
            let wanted = Wanted {
                name: &name,
                template: None,
                parameters: &[("KeysVersion".to_owned(), keys_version.to_owned())],
            };
            stack::prepare(&self.account.aws, &wanted, existing)?.apply()?;
            Ok(())
        })
    }

    fn forget(&self, versions: &Versions) -> Result<()> {
        let (aws, user) = (&self.account.aws, &self.outputs.worker_user);
        self.stage.worker().remove("PERMIT_KEY_SECONDARY")?;
        let held = access_key::held(aws, user)?
            .key
            .context("the worker's access key is not known")?;
        let keys = access_key::list(aws, user)?;
        ensure!(
            keys.iter().any(|key| key.id == held && key.is_active),
            "the worker's access key is not there any more, or not active: `cargo xtask deploy` gives it another, once this \
             is over"
        );
        let old: Vec<_> = keys.into_iter().map(|key| key.id).filter(|id| *id != held).collect();
        access_key::delete(aws, user, &old)?;
        match &versions.previous {
            Some(previous) => challenge_secret::forget_previous(aws, &self.outputs.challenge_secret, previous),
            None => Ok(()),
        }
    }
}
