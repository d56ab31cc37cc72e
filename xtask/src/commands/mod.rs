//! The commands themselves: what the user asked for, as an order of steps that the other rooms know how to take.

pub(crate) mod attack;
pub(crate) mod bench;
pub(crate) mod clean;
pub(crate) mod deploy;
pub(crate) mod destroy;
pub(crate) mod dev;
pub(crate) mod guard;
pub(crate) mod rotate;
pub(crate) mod sbom;
pub(crate) mod test;

mod arm64;
mod audits;
mod checks;
mod deployment;
mod end_to_end;
mod stages;
