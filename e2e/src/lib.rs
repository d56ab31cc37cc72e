//! What the end-to-end tests stand on: the running system as `cargo xtask test` describes it, a client of the worker, phones
//! that receive texts, and the stand-ins for AWS that a test can break on purpose.
//!
//! The tests see the system as its users and operators do: over HTTP, by text message, through AWS's own API and in the
//! logs. They link none of the worker's or the triggers' code; only the crate `challenge` is shared, where a test has to
//! play the worker and seal a permit.
//!
//! `tests/main` runs against healthy workers, `tests/outage` against the worker whose Cognito and keys these stand-ins are,
//! `tests/timing`, alone, measures. `tests/stages` has an account of its own, into which it deploys. Last come
//! `tests/description.rs`, which compares what the others met with what `openapi.yaml` promises, and `tests/logs.rs`, which
//! searches every log for the secrets that they came across.

#![expect(
    clippy::missing_panics_doc,
    reason = "whatever here is not as it must be ends the test that asked for it"
)]

pub mod answer;
pub mod aws;
pub mod client_address;
pub mod connection;
pub mod deny_list;
pub mod description;
pub mod forgeries;
pub mod guard_fault;
pub mod key_server;
pub mod keys;
pub mod ledger;
pub mod lenient;
mod operator;
pub mod origin;
pub mod phone;
pub mod port;
pub mod relay;
pub mod secrets;
pub mod stages;
pub mod system;
pub mod trigger_log;
pub mod turnstile;
pub mod waiting;
pub mod worker;
pub mod worker_log;

pub use answer::Answer;
pub use phone::Phone;
pub use system::{System, system};
pub use worker::{Challenge, Tokens, Worker};
