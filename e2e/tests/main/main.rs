//! The healthy system, as clients meet it. Tests run side by side: each has phones of its own and shares nothing else.

mod cache;
mod challenges;
mod cors;
mod health;
mod iam;
mod journeys;
mod public_api;
mod refresh;
mod requests;
mod routes;
mod secured_call;
mod settings;
mod tokens;
mod triggers;
