//! Randomness from the platform's cryptographic generator (`crypto.getRandomValues`).

/// `N` random bytes.
///
/// # Errors
/// The platform's generator failed, which Web Cryptography allows only for requests above 65,536 bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A version 4 UUID (RFC 9562 §5.4).
pub(crate) fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}
