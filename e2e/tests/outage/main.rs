//! The workers whose Cognito and key set are the tests' own: both can fail here, and tokens can be forged with keys that the
//! workers trust. Relay and key servers each exist once, so the tests take turns at them.

mod cognito;
mod deny_list;
mod health;
mod isolates;
mod issuer;
mod key_set;
mod key_set_documents;
mod key_set_failures;
mod key_set_sharing;
mod retries;
mod sign_out;
mod token_algorithms;
mod token_claims;
mod token_forms;
mod token_json;
mod token_keys;
mod token_settings;
mod token_spellings;
mod token_times;
mod token_transport;
mod users;
