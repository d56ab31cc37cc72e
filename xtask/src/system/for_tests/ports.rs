//! Where everything of the system under test listens.

use anyhow::Result;

use crate::system::ports;

/// The ports of one system.
pub(super) struct Ports {
    pub(super) aws: u16,
    pub(super) main: u16,
    pub(super) short: u16,
    pub(super) fault: u16,
    pub(super) strict: u16,
    pub(super) broken: u16,
    pub(super) lenient: u16,
    pub(super) guarded: u16,
    pub(super) local: u16,
    /// Where the `e2e` crate itself stands in for Cognito and for the key set, to let them fail, and lets the deny list
    /// fail.
    pub(super) faulty_cognito: u16,
    pub(super) faulty_keys: u16,
    pub(super) faulty_deny_list: u16,
    pub(super) faulty_guard: u16,
    /// Where it stands in for Cloudflare Turnstile.
    pub(super) turnstile: u16,
    /// Where it stands in for the API behind the worker.
    pub(super) origin: u16,
}

impl Ports {
    /// Ports that nobody listens on.
    pub(super) fn free() -> Result<Self> {
        let [
            aws,
            main,
            short,
            fault,
            strict,
            broken,
            lenient,
            guarded,
            local,
            faulty_cognito,
            faulty_keys,
            faulty_deny_list,
            faulty_guard,
            turnstile,
            origin,
        ] = ports::free()?;
        Ok(Self {
            aws,
            main,
            short,
            fault,
            strict,
            broken,
            lenient,
            guarded,
            local,
            faulty_cognito,
            faulty_keys,
            faulty_deny_list,
            faulty_guard,
            turnstile,
            origin,
        })
    }
}
