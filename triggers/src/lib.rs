//! The three Lambda triggers of the user pool's custom challenge: define, create and verify.
//!
//! Each trigger is a pure decision over Cognito's event (`define`, `create`, `verify`); the binaries in `bin/`
//! put it between the Lambda runtime, the clock and AWS. The triggers know Cognito's events and the [`challenge`]
//! crate; they know nothing of HTTP, of the worker, or of who may ask for a code: that is what the permit says.
//!
//! ```text
//! define   which round is next: challenge 0 (asks for the permit), a code, tokens, or the end
//! create   challenge 0: sends nothing │ challenge 1: checks the permit, sends the code │ later: same code again
//! verify   whether the answer is the code, in time
//! ```

#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::unwrap_used
)]
// Clippy cannot tell tests apart here, as it can for the others.
#![cfg_attr(not(test), deny(clippy::string_slice))]

pub mod aws;
pub mod clock;
pub mod create;
pub mod define;
pub mod log;
pub mod metrics;
mod request_id;
pub mod secret;
pub mod settings;
pub mod sms;
#[cfg(test)]
mod testing;
pub mod verify;
pub mod versions;

/// The only challenge that Cognito lets triggers define themselves.
const CUSTOM_CHALLENGE: &str = "CUSTOM_CHALLENGE";

/// The key of `privateChallengeParameters` under which create hands the challenge's state to verify.
const STATE_PARAMETER: &str = "state";

/// The attribute of a user that holds the phone number.
const PHONE_NUMBER_ATTRIBUTE: &str = "phone_number";
