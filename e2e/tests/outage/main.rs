//! The worker whose Cognito and key set are the tests' own: both can fail here, and tokens can be forged with keys that the
//! worker trusts. Relay and key server each exist once, so the tests take turns at them.

mod cognito;
mod health;
mod issuer;
mod key_set;
mod retries;
mod token_claims;
mod token_forms;
mod users;
