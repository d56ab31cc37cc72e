//! The platform, one thin file for each thing that it gives: time, randomness, fetch, cryptography, a log, the settings.
//! Nothing in here decides anything.

pub(crate) mod clock;
pub(crate) mod fetch;
pub(crate) mod log;
pub(crate) mod random;
pub(crate) mod settings;
pub(crate) mod signature;
