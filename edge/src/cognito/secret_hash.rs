//! `SECRET_HASH`: what a confidential client proves itself with.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Base64 of HMAC-SHA-256(client secret, username ‖ client id).
///
/// Source: "Computing secret hash values" in Amazon Cognito's developer guide. `username` must be the very `USERNAME` that
/// goes with the hash. `None` only if HMAC refused the key, which it does for no length.
pub(super) fn secret_hash(client_secret: &str, username: &str, client_id: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(client_secret.as_bytes()).ok()?;
    mac.update(username.as_bytes());
    mac.update(client_id.as_bytes());
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_an_independent_implementation() {
        // printf %s 'user1client1' | openssl dgst -sha256 -hmac 'secret1' -binary | base64
        assert_eq!(
            secret_hash("secret1", "user1", "client1").unwrap(),
            "k00eswlFDjGP2+MqbWO3F3LeInbxfBxQ7UwxxZHuvHA="
        );
        assert_ne!(
            secret_hash("secret1", "user2", "client1"),
            secret_hash("secret1", "user1", "client1")
        );
    }
}
