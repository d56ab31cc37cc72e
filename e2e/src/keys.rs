//! RSA keys made for one run, and tokens signed with them in every right and wrong way.

use std::{process, sync::LazyLock};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use rsa::{
    RsaPrivateKey, RsaPublicKey, pkcs1v15, pss,
    rand_core::OsRng,
    sha2::{Sha256, Sha512},
    signature::{RandomizedSigner, SignatureEncoding, Signer},
    traits::PublicKeyParts,
};
use serde_json::{Value, json};

use crate::waiting::now;

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    Rs256,
    Rs512,
    Ps256,
    /// HMAC with the public modulus as its secret: what a verifier falls for that takes the token's word for the algorithm.
    Hs256,
    /// No signature at all.
    None,
}

impl Algorithm {
    /// The name in the header (RFC 7518 §3.1).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Hs256 => "HS256",
            Self::None => "none",
        }
    }
}

/// An RSA key with a name.
pub struct SigningKey {
    pub id: String,
    key: RsaPrivateKey,
}

impl SigningKey {
    /// Makes a key. 2,048 bits take about a second.
    pub fn generate(name: &str, bits: usize) -> Self {
        let key = RsaPrivateKey::new(&mut OsRng, bits).expect("a key can be made");
        Self {
            id: of_this_run(name),
            key,
        }
    }

    /// The public key as Cognito publishes its own (RFC 7517).
    pub fn jwk(&self) -> Value {
        self.jwk_named(&self.id)
    }

    /// The public key.
    pub fn public(&self) -> RsaPublicKey {
        self.key.to_public_key()
    }

    /// Its JWK under another name.
    pub fn jwk_named(&self, id: &str) -> Value {
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": id,
            "n": base64url(&self.key.n().to_bytes_be()), "e": base64url(&self.key.e().to_bytes_be()),
        })
    }

    /// Signs `header.payload`, both already encoded.
    pub fn sign(&self, algorithm: Algorithm, signed: &str) -> String {
        base64url(&self.sign_bytes(algorithm, signed.as_bytes()))
    }

    /// The signature itself.
    pub fn sign_bytes(&self, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
        match algorithm {
            Algorithm::Rs256 => pkcs1v15::SigningKey::<Sha256>::new(self.key.clone())
                .sign(message)
                .to_vec(),
            Algorithm::Rs512 => pkcs1v15::SigningKey::<Sha512>::new(self.key.clone())
                .sign(message)
                .to_vec(),
            Algorithm::Ps256 => pss::SigningKey::<Sha256>::new(self.key.clone())
                .sign_with_rng(&mut OsRng, message)
                .to_vec(),
            Algorithm::Hs256 => {
                let modulus = self.key.n().to_bytes_be();
                let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&modulus).expect("any length is a key");
                mac.update(message);
                mac.finalize().into_bytes().to_vec()
            }
            Algorithm::None => Vec::new(),
        }
    }

    /// A token with this header and payload.
    pub fn token(&self, algorithm: Algorithm, header: &Value, payload: &Value) -> String {
        let signed = format!("{}.{}", encoded(header), encoded(payload));
        let signature = self.sign(algorithm, &signed);
        format!("{signed}.{signature}")
    }

    /// A token like Cognito's: RS256, this key's name in the header.
    pub fn plain_token(&self, payload: &Value) -> String {
        self.token(Algorithm::Rs256, &json!({ "kid": self.id, "alg": "RS256" }), payload)
    }
}

/// The key that the workers `fault` and `lenient` are to trust.
pub static PUBLISHED: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate("published", 2048));

/// A key of the same kind that nobody publishes.
pub static UNPUBLISHED: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate("unpublished", 2048));

/// A key's name that no earlier run used. A worker that knows a name does not ask for its key again.
pub fn of_this_run(name: &str) -> String {
    static RUN: LazyLock<u64> = LazyLock::new(now);
    format!("{name}-{}-{}", *RUN, process::id())
}

/// JSON as a part of a token.
pub fn encoded(part: &Value) -> String {
    base64url(part.to_string().as_bytes())
}

/// Base64url without padding.
pub fn base64url(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The claims of a token, not verified: its signature is the worker's business.
#[track_caller]
pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a token has three parts");
    let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    serde_json::from_slice(&payload).expect("claims are JSON")
}
