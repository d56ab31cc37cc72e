//! The running system: a local AWS, the stacks deployed into it, the workers, and how to talk to them.

pub(crate) mod account;
pub(crate) mod aws_cli;
pub(crate) mod bucket;
pub(crate) mod for_stages;
pub(crate) mod for_tests;
pub(crate) mod inbox;
pub(crate) mod local_aws;
pub(crate) mod meddling;
pub(crate) mod ports;
pub(crate) mod stack;
pub(crate) mod stage;
pub(crate) mod worker_settings;
pub(crate) mod wrangler;

mod frozen;
mod http;
mod private_file;
mod rollout;
