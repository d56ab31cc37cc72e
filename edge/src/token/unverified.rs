//! The only place where a token is decoded before its signature was checked.
//!
//! What comes out is good for two things: choosing a key by its published name, and handing the claims to
//! [`super::claims`] once the signature turned out to be right.

use jwt_compact::{Claims, UntrustedToken};
use serde::Deserialize;
use serde_json::Value;

use super::{Rejection, claims::CognitoClaims};

/// Header members beside those that jwt-compact names itself.
#[derive(Debug, Deserialize)]
struct CriticalExtensions {
    /// Present in any form, even `null`, means a demand that this verifier does not know (RFC 7515 §4.1.11).
    #[serde(default, deserialize_with = "present")]
    crit: bool,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Value::deserialize(deserializer).map(|_| true)
}

/// A token whose form is right: RS256, a key named, no critical extensions, claims of the right types.
pub(crate) struct UnverifiedToken<'a> {
    /// The name of the key that is said to have signed.
    pub(crate) key_id: String,
    /// `header "." payload`, as signed.
    pub(crate) signed: &'a str,
    pub(crate) signature: Vec<u8>,
    pub(crate) claims: Claims<CognitoClaims>,
}

impl<'a> UnverifiedToken<'a> {
    /// Decodes `token`, which is at most 8 KiB of base64url characters and dots (see [`super::bearer`]).
    pub(crate) fn decode(token: &'a str) -> Result<Self, Rejection> {
        // base64url without padding, three parts, header and payload UTF-8 JSON objects: all jwt-compact's to check.
        let untrusted = UntrustedToken::<CriticalExtensions>::try_from(token).map_err(|_| Rejection::Malformed)?;
        // RFC 8725 §3.1: the algorithm is ours to say, not the token's. `none` and HS256 end here.
        if untrusted.algorithm() != "RS256" {
            return Err(Rejection::Algorithm);
        }
        let header = untrusted.header();
        if header.other_fields.crit {
            return Err(Rejection::CriticalExtension);
        }
        // RFC 8725 §3.5, §3.10: the key is found by name among the published ones. Keys and addresses in the header
        // (jwk, jku, x5c, x5u) are never read.
        let key_id = header
            .key_id
            .clone()
            .filter(|id| !id.is_empty())
            .ok_or(Rejection::KeyIdMissing)?;
        let (signed, _) = token.rsplit_once('.').ok_or(Rejection::Malformed)?;
        let claims = untrusted
            .deserialize_claims_unchecked()
            .map_err(|_| Rejection::ClaimsMalformed)?;
        Ok(Self {
            key_id,
            signed,
            signature: untrusted.signature_bytes().to_vec(),
            claims,
        })
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::json;

    use super::*;

    fn token(header: &str, payload: &str) -> String {
        format!(
            "{}.{}.c2ln",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(payload)
        )
    }

    fn rejection(header: &str, payload: &str) -> Option<Rejection> {
        UnverifiedToken::decode(&token(header, payload)).err()
    }

    const HEADER: &str = r#"{"alg":"RS256","kid":"k1"}"#;

    fn payload() -> Value {
        json!({
            "iss": "i", "sub": "s", "client_id": "c", "token_use": "access", "scope": "a b", "username": "u",
            "exp": 2, "iat": 1, "jti": "ignored",
        })
    }

    #[test]
    fn a_well_formed_token_is_taken_apart() {
        let text = token(HEADER, &payload().to_string());
        let decoded = UnverifiedToken::decode(&text).ok().unwrap();
        assert_eq!(decoded.key_id, "k1");
        assert_eq!(format!("{}.c2ln", decoded.signed), text);
        assert_eq!(decoded.signature, b"sig");
        assert_eq!(decoded.claims.expiration.unwrap().timestamp(), 2);
    }

    #[test]
    fn every_other_algorithm_is_refused() {
        for alg in ["none", "None", "HS256", "RS384", "RS512", "PS256", "ES256", "rs256", ""] {
            let header = json!({"alg": alg, "kid": "k1"}).to_string();
            assert_eq!(
                rejection(&header, &payload().to_string()),
                Some(Rejection::Algorithm),
                "{alg}"
            );
        }
        assert_eq!(
            rejection(r#"{"kid":"k1"}"#, &payload().to_string()),
            Some(Rejection::Malformed)
        );
    }

    #[test]
    fn a_key_must_be_named_by_a_string() {
        let payload = payload().to_string();
        assert_eq!(rejection(r#"{"alg":"RS256"}"#, &payload), Some(Rejection::KeyIdMissing));
        assert_eq!(
            rejection(r#"{"alg":"RS256","kid":""}"#, &payload),
            Some(Rejection::KeyIdMissing)
        );
        assert_eq!(
            rejection(r#"{"alg":"RS256","kid":7}"#, &payload),
            Some(Rejection::Malformed)
        );
    }

    #[test]
    fn crit_in_any_form_is_refused() {
        for crit in ["[]", r#"["b64"]"#, "null", "7"] {
            let header = format!(r#"{{"alg":"RS256","kid":"k1","crit":{crit}}}"#);
            assert_eq!(
                rejection(&header, &payload().to_string()),
                Some(Rejection::CriticalExtension),
                "{crit}"
            );
        }
    }

    #[test]
    fn other_forms_than_three_base64url_parts_of_json_objects_are_refused() {
        let good = token(HEADER, &payload().to_string());
        let (unsigned, _) = good.rsplit_once('.').unwrap();
        for text in [
            String::new(),
            "..".to_owned(),
            unsigned.to_owned(),
            format!("{good}.x"),
            format!("{unsigned}.c2l"),
            good.replacen('e', "*", 1),
            token("[]", &payload().to_string()),
            token("\"RS256\"", &payload().to_string()),
        ] {
            assert_eq!(
                UnverifiedToken::decode(&text).err(),
                Some(Rejection::Malformed),
                "{text}"
            );
        }
        let not_utf8 = format!(
            "{}.{}.c2ln",
            URL_SAFE_NO_PAD.encode(HEADER),
            URL_SAFE_NO_PAD.encode(b"{\"sub\":\"\xff\"}")
        );
        assert_eq!(
            UnverifiedToken::decode(&not_utf8).err(),
            Some(Rejection::ClaimsMalformed)
        );
    }

    #[test]
    fn claims_of_the_wrong_type_are_refused() {
        for (claim, value) in [
            ("exp", json!("2")),
            ("exp", json!(null)),
            ("exp", json!([2])),
            ("nbf", json!("1")),
            ("iat", json!({})),
            ("sub", json!(7)),
            ("iss", json!(["i"])),
            ("scope", json!(["a"])),
            ("username", json!(1)),
        ] {
            let mut payload = payload();
            payload[claim] = value.clone();
            assert_eq!(
                rejection(HEADER, &payload.to_string()),
                Some(Rejection::ClaimsMalformed),
                "{claim}: {value}"
            );
        }
        assert_eq!(rejection(HEADER, "[]"), Some(Rejection::ClaimsMalformed));
        let infinite = payload().to_string().replace("\"exp\":2", "\"exp\":1e999");
        assert_eq!(rejection(HEADER, &infinite), Some(Rejection::ClaimsMalformed));
        let twice = payload().to_string().replace("\"exp\":2", "\"exp\":2,\"exp\":3");
        assert_eq!(rejection(HEADER, &twice), Some(Rejection::ClaimsMalformed));
    }
}
