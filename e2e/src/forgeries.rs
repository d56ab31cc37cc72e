//! Signatures that a careless verifier takes for RS256, made from nothing but what is public.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use rsa::{
    BigUint,
    pkcs1::EncodeRsaPublicKey,
    pkcs8::EncodePublicKey,
    sha2::{Digest, Sha256},
    traits::PublicKeyParts,
};
use serde_json::Value;

use crate::keys::{SigningKey, base64url, encoded};

/// SHA-256's `DigestInfo` up to the digest (RFC 8017 §9.2, note 1).
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
];

/// What a verifier may hold of a key, as bytes, by name. Where it takes the token's word for the algorithm, each may be
/// what it uses as the secret of HS256 (RFC 8725 §2.1).
pub fn forms_of(key: &SigningKey) -> Vec<(&'static str, Vec<u8>)> {
    let public = key.public();
    let modulus = public.n().to_bytes_be();
    let spki = public.to_public_key_der().expect("a key has a form").into_vec();
    let pkcs1 = public.to_pkcs1_der().expect("a key has a form").into_vec();
    let spki_pem = pem("PUBLIC KEY", &spki);
    vec![
        ("modulus", modulus.clone()),
        ("modulus in base64url", base64url(&modulus).into_bytes()),
        ("SPKI", spki),
        ("SPKI in PEM", spki_pem.clone().into_bytes()),
        ("SPKI in PEM, no last newline", spki_pem.trim_end().as_bytes().to_vec()),
        ("PKCS#1", pkcs1.clone()),
        ("PKCS#1 in PEM", pem("RSA PUBLIC KEY", &pkcs1).into_bytes()),
        ("JWK", key.jwk().to_string().into_bytes()),
        ("key's name", key.id.clone().into_bytes()),
        ("nothing", Vec::new()),
    ]
}

/// RFC 7468.
fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("base64 is ASCII"))
        .collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// A token whose signature is HS256 with this secret, whatever the header says.
pub fn hmac_token(secret: &[u8], header: &Value, payload: &Value) -> String {
    let signed = format!("{}.{}", encoded(header), encoded(payload));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).expect("any length is a key");
    mac.update(signed.as_bytes());
    format!("{signed}.{}", base64url(&mac.finalize().into_bytes()))
}

/// The padded digest of RFC 8017 §9.2 for a key of 2,048 bits: for the exponent 1 it is a signature.
pub fn signature_for_exponent_one(signed: &str) -> Vec<u8> {
    let digest = Sha256::digest(signed.as_bytes());
    let padding = 256 - 3 - DIGEST_INFO.len() - digest.len();
    [&[0, 1], vec![0xff; padding].as_slice(), &[0], &DIGEST_INFO, &digest].concat()
}

/// The signature with the modulus added: the same number for a verifier that forgets to compare it with the modulus
/// (RFC 8017 §5.2.2). `None` if that is a byte longer.
pub fn plus_modulus(key: &SigningKey, signature: &[u8]) -> Option<Vec<u8>> {
    let sum = BigUint::from_bytes_be(signature) + key.public().n();
    Some(sum.to_bytes_be()).filter(|bytes| bytes.len() == signature.len())
}

#[cfg(test)]
mod tests {
    use crate::keys::{Algorithm, PUBLISHED};

    use super::*;

    #[test]
    fn a_padded_digest_is_what_a_signature_becomes_under_the_key() {
        let signature = base64url_decoded(&PUBLISHED.sign(Algorithm::Rs256, "text"));
        let public = PUBLISHED.public();
        let padded = BigUint::from_bytes_be(&signature).modpow(public.e(), public.n());
        assert_eq!(padded, BigUint::from_bytes_be(&signature_for_exponent_one("text")));
    }

    #[test]
    fn a_signature_plus_the_modulus_is_the_same_number_under_the_key() {
        let public = PUBLISHED.public();
        let signature = base64url_decoded(&PUBLISHED.sign(Algorithm::Rs256, "text"));
        if let Some(longer) = plus_modulus(&PUBLISHED, &signature) {
            let power = |bytes: &[u8]| BigUint::from_bytes_be(bytes).modpow(public.e(), public.n());
            assert_ne!(longer, signature);
            assert_eq!(power(&longer), power(&signature));
        }
    }

    fn base64url_decoded(text: &str) -> Vec<u8> {
        base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(text).expect("base64url")
    }
}
