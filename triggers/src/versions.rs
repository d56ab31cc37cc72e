//! The versions of the stack's secret that count, so that it can be exchanged while people sign in.
//!
//! `cargo xtask rotate` puts a new secret beside the old one, hands the worker the new permit key, and takes the old secret
//! away once nothing depends on it. Meanwhile two versions of the worker ask, and of each trigger there are instances from
//! before and after. No sign-in fails, because:
//!
//! - **The key that opens a permit chooses the version for the whole challenge.** Create derives the code and its hash from the
//!   secret that the worker's key follows from, not from the newest. An instance that has only the old version does the same with
//!   the same permit, so a trigger that Cognito repeats on another instance still sends the same code and makes the same state.
//! - **Verify takes the hash under either version.** It need not know which instance of create made it. That gives an attacker
//!   nothing: a state holds one hash, and another code has that hash under the other key once in 2^256.
//! - **Old versions stay until no instance needs them.** The worker gets the new key only when every instance of a trigger has
//!   both versions (they read them at their start alone, and start afresh when the template's `KeysVersion` changes), and the
//!   old one goes only after the worker has dropped it and the codes from before have expired.
//!
//! Whoever has neither version gets what a stranger gets: a permit is refused, a code is wrong.

/// One thing for each version of the secret that counts.
#[derive(Clone, Debug)]
pub struct Versions<T> {
    /// Of `AWSCURRENT`.
    pub current: T,
    /// Of `AWSPREVIOUS`, which is there while the secret is exchanged, and not otherwise.
    pub previous: Option<T>,
}

impl<T> Versions<T> {
    /// Nothing but the current version, as between two exchanges.
    pub const fn only(current: T) -> Self {
        Self {
            current,
            previous: None,
        }
    }

    /// What follows from each version.
    pub fn map<U>(&self, follows: impl Fn(&T) -> U) -> Versions<U> {
        Versions {
            current: follows(&self.current),
            previous: self.previous.as_ref().map(follows),
        }
    }

    /// The current one first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.current).chain(&self.previous)
    }
}

#[cfg(test)]
mod tests;
