//! The workers whose Cognito and key set are the tests' own, and whose Guards and deny list the tests meddle with: all of them
//! can fail here, and tokens can be forged with keys that the workers trust. Relay, key servers and what meddles each exist
//! once, so the tests take turns at them: a test that needs several takes key server, relay, Turnstile, Guards in this order.

mod admin_guard;
mod cognito;
mod deny_list;
mod guard_latency;
mod guard_memory;
mod guards;
mod health;
mod human_check_always;
mod isolates;
mod issuer;
mod key_set;
mod key_set_documents;
mod key_set_failures;
mod key_set_sharing;
mod lost_answers;
mod retries;
mod secured_methods;
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
