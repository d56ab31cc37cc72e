//! Stages, deployed to an account, rotated and destroyed by the commands as users run them. What happens to one stage is one story
//! of several chapters ([`e2e::stages::chapter`]), each a test; the stories of different stages go on side by side.

mod deploy;
mod destroy;
mod rotate;
mod rotate_under_load;
mod secrecy;

use e2e::stages::{
    rollout::{self, Version},
    stage::Stage,
    visitor::Visitor,
};

/// Deployed with interruptions, with wrong parameters, with a look at the worker; and destroyed with an interruption.
const DEV: Stage = Stage("dev");
/// Deployed twice, and rotated with interruptions.
const STAGING: Stage = Stage("staging");
/// Rotated while people sign in, and then not destroyed, since its users are protected; and then destroyed.
const PRODUCTION: Stage = Stage("production");

/// Checks that a worker with what the stage's worker holds can sign somebody in.
#[track_caller]
fn expect_sign_in(stage: Stage) {
    rollout::live(stage, &[&Version::new(&stage.vars())]);
    if let Err(failure) = Visitor::new(stage).signs_in() {
        panic!("nobody can sign in at {}: {failure}", stage.0);
    }
}
