//! `Guard`: a Durable Object that counts, decides, and for a phone number also talks to Cognito.
//!
//! One object for each identifier ([`names`]): a number, a client address, a country. What it decides is decided by the crate
//! `guard`, purely; here that is read from the object's storage, written back before anything is done, and acted on. An object
//! runs on one thread and in one place of the world, so two requests that come at the same time are one after the other between
//! any two waits: the first is counted before the second looks.
//!
//! ```text
//! worker ──▶ address   near the client: may this address ask for one more?
//!        ──▶ number    near Cognito: may this number get one more? ──▶ country   is too much unverified there?
//!                      then the dialogue with Cognito (crate::dialogue)
//! ```
//!
//! Whatever fails on this way, sends and answers are refused with 503: nothing is let through uncounted. Nothing behind
//! `/secured/` comes this way.

mod answering;
mod client;
mod memory;
pub(crate) mod names;
mod object;
pub(crate) mod protocol;
mod sending;

pub(crate) use client::{Guards, NoAnswer};
