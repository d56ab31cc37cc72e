//! The platform, one thin file for each thing that it gives: time, randomness, fetch, cryptography, a log, the settings.
//! Nothing in here decides anything.

pub(crate) mod analytics;
pub(crate) mod border;
pub(crate) mod clock;
pub(crate) mod durable_object;
pub(crate) mod fetch;
pub(crate) mod key_value;
pub(crate) mod location_cache;
pub(crate) mod log;
pub(crate) mod object_state;
pub(crate) mod origin;
pub(crate) mod random;
pub(crate) mod relay;
pub(crate) mod settings;
pub(crate) mod signature;
pub(crate) mod task;
