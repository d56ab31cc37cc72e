//! The dialogue with Cognito, several calls long: a code is sent, a code is answered.
//!
//! The Guard of the number carries it out ([`crate::guard`]), near Cognito, so that a far-away edge waits for one long way there
//! and back and not for up to five.

mod answer_code;
mod challenge;
mod send_code;

pub(crate) use answer_code::{Answered, answer_code, mark_phone_verified};
pub(crate) use challenge::CodeChallenge;
pub(crate) use send_code::{NotSent, send_code};
