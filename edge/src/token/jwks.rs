//! A JSON Web Key Set (RFC 7517) as Cognito publishes it, reduced to the keys that may verify an access token.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::Value;

/// An RSA public key of 2,048 to 4,096 bits for RS256 signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RsaKey {
    pub(crate) id: String,
    /// `n` of RFC 7518 §6.3.1, base64url.
    pub(crate) modulus: String,
    /// `e`, base64url.
    pub(crate) exponent: String,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kid: String,
    kty: String,
    #[serde(rename = "use")]
    key_use: String,
    alg: Option<String>,
    n: String,
    e: String,
}

/// Reads a key set. Keys of other kinds and uses are left out; `None` if the document itself is no key set.
pub(crate) fn parse(document: &str) -> Option<Vec<RsaKey>> {
    let set: KeySet = serde_json::from_str(document).ok()?;
    Some(set.keys.into_iter().filter_map(usable).collect())
}

fn usable(key: Value) -> Option<RsaKey> {
    let Jwk {
        kid,
        kty,
        key_use,
        alg,
        n,
        e,
    } = serde_json::from_value(key).ok()?;
    let right_kind = kty == "RSA" && key_use == "sig" && alg.is_none_or(|alg| alg == "RS256") && !kid.is_empty();
    let modulus = URL_SAFE_NO_PAD.decode(&n).ok()?;
    // The first bit must be set, else the modulus is shorter than its bytes. RFC 7518 §3.3: at least 2,048 bits.
    let full_length = modulus.first().is_some_and(|byte| byte & 0x80 != 0) && (256..=512).contains(&modulus.len());
    (right_kind && full_length).then_some(RsaKey {
        id: kid,
        modulus: n,
        exponent: e,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn modulus(bytes: usize, first: u8) -> String {
        let mut modulus = vec![1; bytes];
        modulus[0] = first;
        URL_SAFE_NO_PAD.encode(modulus)
    }

    fn key() -> Value {
        json!({"kid": "k1", "kty": "RSA", "use": "sig", "alg": "RS256", "n": modulus(256, 0x80), "e": "AQAB"})
    }

    fn kept(key: &Value) -> bool {
        !parse(&json!({"keys": [key]}).to_string()).unwrap().is_empty()
    }

    #[test]
    fn rs256_signature_keys_are_kept_and_others_left_out() {
        assert!(kept(&key()));
        let mut without_alg = key();
        without_alg.as_object_mut().unwrap().remove("alg");
        assert!(kept(&without_alg));
        for (member, value) in [
            ("kty", json!("EC")),
            ("use", json!("enc")),
            ("use", json!(null)),
            ("alg", json!("RS512")),
            ("kid", json!("")),
            ("kid", json!(1)),
            ("n", json!("not base64url!")),
            ("n", json!(modulus(128, 0x80))),
            ("n", json!(modulus(256, 0x7f))),
            ("n", json!(modulus(513, 0x80))),
            ("e", json!(null)),
        ] {
            let mut other = key();
            other[member] = value.clone();
            assert!(!kept(&other), "{member}: {value}");
        }
        let mut largest = key();
        largest["n"] = json!(modulus(512, 0xff));
        assert!(kept(&largest));
    }

    #[test]
    fn one_bad_key_does_not_spoil_the_set() {
        let set = json!({"keys": [7, {"kty": "EC"}, key()]}).to_string();
        assert_eq!(parse(&set).unwrap().len(), 1);
    }

    #[test]
    fn another_document_is_no_key_set() {
        for document in ["", "{}", "[]", r#"{"keys":{}}"#, "<html>"] {
            assert_eq!(parse(document), None, "{document}");
        }
    }
}
