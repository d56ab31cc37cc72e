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

/// Most keys that are kept. Cognito publishes two.
const MAX_KEYS: usize = 20;

/// Reads a key set. Keys of other kinds and uses are left out, and so are different keys of one name: which of them is meant
/// nobody could say. `None` if the document is no key set, or one without a key that could be used: an issuer without keys has
/// a failure, and what was known of it before is better than nothing.
pub(crate) fn parse(document: &str) -> Option<Vec<RsaKey>> {
    let set: KeySet = serde_json::from_str(document).ok()?;
    let mut keys: Vec<RsaKey> = Vec::new();
    for key in set.keys.into_iter().filter_map(usable).take(MAX_KEYS) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let ambiguous = |key: &RsaKey| keys.iter().filter(|other| other.id == key.id).count() > 1;
    let usable: Vec<RsaKey> = keys.iter().filter(|key| !ambiguous(key)).cloned().collect();
    (!usable.is_empty()).then_some(usable)
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
    // RFC 8017 §3.1: odd and at least 3. An exponent of 1 would make every message its own signature.
    let exponent = URL_SAFE_NO_PAD.decode(&e).ok()?;
    let is_odd = exponent.last().is_some_and(|byte| byte & 1 == 1);
    // RFC 7518 §2: no more bytes than it needs, so a zero in front hides nothing.
    let right_exponent = is_odd && exponent.first() != Some(&0) && exponent != [1] && exponent.len() <= 4;
    (right_kind && full_length && right_exponent).then_some(RsaKey {
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
        parse(&json!({"keys": [key]}).to_string()).is_some()
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
            ("e", json!("AQ")),
            ("e", json!("AAAB")),
            ("e", json!("Ag")),
            ("e", json!("")),
            ("e", json!("AQAAAAE")),
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
    fn a_name_of_two_different_keys_names_none_and_the_same_key_twice_is_one() {
        let mut other = key();
        other["n"] = json!(modulus(256, 0x81));
        let mut third = other.clone();
        third["kid"] = json!("k3");
        let parsed = |keys: &[&Value]| parse(&json!({ "keys": keys }).to_string());
        assert_eq!(parsed(&[&key(), &other]), None);
        assert_eq!(parsed(&[&key(), &other, &third]).unwrap()[0].id, "k3");
        assert_eq!(parsed(&[&key(), &key()]).unwrap().len(), 1);
    }

    #[test]
    fn no_more_than_twenty_keys_are_kept() {
        let keys: Vec<Value> = (0..30)
            .map(|number| {
                let mut key = key();
                key["kid"] = json!(format!("k{number}"));
                key
            })
            .collect();
        assert_eq!(parse(&json!({ "keys": keys }).to_string()).unwrap().len(), 20);
    }

    #[test]
    fn one_bad_key_does_not_spoil_the_set() {
        let set = json!({"keys": [7, {"kty": "EC"}, key()]}).to_string();
        assert_eq!(parse(&set).unwrap().len(), 1);
    }

    #[test]
    fn another_document_is_no_key_set() {
        for document in [
            "",
            "{}",
            "[]",
            r#"{"keys":{}}"#,
            r#"{"keys":[]}"#,
            r#"{"keys":[{"kty":"EC"}]}"#,
            "<html>",
        ] {
            assert_eq!(parse(document), None, "{document}");
        }
    }
}
