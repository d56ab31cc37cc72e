//! What a Guard decides: how many codes a number, an address or a country may be sent, and how many answers may be tried.
//!
//! Everything here is a pure function of what is remembered, the policy, and the time: no I/O, no clock, no platform. The
//! worker keeps what is remembered in Durable Objects (`edge/src/guard`); `cargo xtask attack` runs the very same decisions
//! through weeks of simulated time.
//!
//! ```text
//! Number    one phone number: codes sent to it, answers tried, its one open challenge, the operator's word
//! Address   one client address (IPv6: a /64): codes that it asked for, and for which countries
//! Country   one country: codes sent and not verified, against what is usual there
//! ```
//!
//! Each of them records before it is acted on and takes back what did not happen: whoever comes at the same time already
//! finds it counted. Each is written out and read back as one document (serde), so a restart forgets nothing.

#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::unwrap_used
)]

mod address;
mod country;
mod guessing;
mod history;
mod known;
mod limit;
mod number;
mod policy;
mod refusal;
mod sending;
#[cfg(test)]
mod testing;
mod time;

pub use address::Address;
pub use country::{Budget, Country};
pub use guessing::{Challenge, Guess, Outcome};
pub use limit::{InvalidLimits, Limit, Limits};
pub use number::{Asker, Number, Order, Summary};
pub use policy::{AddressPolicy, ConversionPolicy, GuessPolicy, OnBudget, Policy, SendPolicy};
pub use refusal::{Cause, Refusal};
pub use time::UnixMillis;

/// What one Guard remembers.
pub trait Memory {
    /// Drops what no decision can depend on any more. What is dropped does not come back if the clock goes back.
    fn forget(&mut self, policy: &Policy, now: UnixMillis);

    /// Whether nothing is left to remember.
    fn is_empty(&self) -> bool;

    /// How long to wait from `now`, in milliseconds, until time alone has made it forget more; none if it never will.
    fn fades_in(&self, now: UnixMillis) -> Option<u64>;
}
