//! What the worker and the Cognito triggers must agree on, to the byte: phone numbers, permits, one-time codes,
//! the state of a challenge, and the message that carries a code.
//!
//! Everything here is a pure function of its arguments. The crate knows neither Cloudflare nor AWS, does no I/O,
//! reads no clock, draws no random numbers and keeps no global state: time and nonces are passed in. It builds
//! for wasm32 and natively and must give the same bytes on both.
//!
//! ```text
//! worker   Permit::seal ──ClientMetadata──▶ create   Permit::open → Code::derive → MessageTemplate::render → SMS
//!                                             │
//!                          challengeMetadata  ▼  ChallengeState (never the code)
//!                                           verify   ChallengeState::matches(answer)
//! ```
//!
//! For a test number the worker puts a fixed code into the permit ([`Permit::test_code`]): then nothing is derived or sent.

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

mod code;
mod keys;
mod message;
mod nonce;
mod permit;
mod phone_number;
mod request_id;
mod state;
mod time;

pub use code::{CODE_LENGTH, Code, InvalidCode};
pub use keys::{CodeHashKey, CodeKey, InvalidPermitKey, KEY_LENGTH, PermitKey, Secret, SecretTooShort};
pub use message::{InvalidTemplate, MessageTemplate};
pub use nonce::Nonce;
pub use permit::{Channel, Permit, PermitError};
pub use phone_number::{InvalidPhoneNumber, PhoneNumber};
pub use request_id::RequestId;
pub use state::{ChallengeState, CodeHash, InvalidState};
pub use time::UnixSeconds;

/// How many answers a challenge takes before it fails.
pub const MAX_ATTEMPTS: u32 = 3;

/// The key of `ClientMetadata` that carries the permit, and the `challengeMetadata` of challenge 0, which asks for it.
pub const PERMIT_METADATA: &str = "permit";

/// The key of `ClientMetadata` that carries the worker's [`RequestId`] to whichever trigger runs for an answer. Create has it
/// from the permit too, under the worker's signature.
pub const REQUEST_ID_METADATA: &str = "request_id";

/// The public parameter by which challenge 0 tells the worker that Cognito only simulates a user. The worker then
/// creates the user; no client ever sees challenge 0.
pub const USER_NOT_FOUND: &str = "user_not_found";
