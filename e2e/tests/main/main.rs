//! The healthy system, as clients meet it. Tests run side by side: each has phones of its own and shares nothing else.

mod cache;
mod cache_conditional;
mod cache_entries;
mod cache_origin;
mod challenges;
mod cors;
mod gateway;
mod gateway_bodies;
mod gateway_failures;
mod gateway_signature;
mod health;
mod iam;
mod journeys;
mod public_api;
mod refresh;
mod requests;
mod routes;
mod secured_call;
mod settings;
mod sign_out;
mod sign_out_requests;
mod tokens;
mod triggers;
