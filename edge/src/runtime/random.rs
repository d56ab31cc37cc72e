//! Randomness from the platform's cryptographic generator (`crypto.getRandomValues`).

use std::cell::RefCell;

/// `N` random bytes.
///
/// # Errors
/// The platform's generator failed, which Web Cryptography allows only for requests above 65,536 bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// How many identifiers one call of the generator is good for.
const IDENTIFIERS: usize = 64;

thread_local! {
    /// Random bytes for identifiers, drawn for many at once: each call leaves wasm.
    static POOL: RefCell<Vec<[u8; 16]>> = const { RefCell::new(Vec::new()) };
}

/// A version 4 UUID (RFC 9562 §5.4), to tell requests apart; nothing that must stay secret. The triggers log no id of another
/// form ([`challenge::RequestId`]).
pub(crate) fn uuid() -> String {
    let drawn = POOL.with_borrow_mut(|pool| {
        if pool.is_empty() {
            let mut bytes = [0; 16 * IDENTIFIERS];
            getrandom::fill(&mut bytes).ok()?;
            pool.extend(bytes.as_chunks::<16>().0);
        }
        pool.pop()
    });
    // Without randomness requests cannot be told apart, but they can still be answered.
    uuid::Builder::from_random_bytes(drawn.unwrap_or_default())
        .into_uuid()
        .to_string()
}

#[cfg(test)]
mod tests {
    use challenge::RequestId;

    use super::*;

    #[test]
    fn identifiers_have_the_form_that_the_triggers_log_and_differ() {
        // More than the pool holds.
        let drawn: Vec<String> = (0..=2 * IDENTIFIERS).map(|_| uuid()).collect();
        for (at, id) in drawn.iter().enumerate() {
            assert!(RequestId::parse(id).is_some(), "{id}");
            assert!(!drawn[..at].contains(id));
        }
    }
}
