//! The only place where a token is decoded before its signature was checked.
//!
//! What comes out is good for two things: choosing a key by its published name, and handing the claims to
//! [`super::claims`] once the signature turned out to be right.

use std::cell::RefCell;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jwt_compact::UntrustedToken;
use serde::Deserialize;
use serde_json::Value;

use super::{Rejection, claims::Claims};

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

/// A token whose form is right: RS256, a key named, no critical extensions. Its payload is still text.
pub(crate) struct UnverifiedToken<'a> {
    /// The name of the key that is said to have signed.
    pub(crate) key_id: String,
    /// `header "." payload`, as signed.
    pub(crate) signed: &'a str,
    pub(crate) signature: Vec<u8>,
    payload: Vec<u8>,
}

impl<'a> UnverifiedToken<'a> {
    /// Decodes `token`, which is at most 8 KiB of anything (see [`super::bearer`]).
    pub(crate) fn decode(token: &'a str) -> Result<Self, Rejection> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Rejection::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(Rejection::Malformed)?;
        // base64url without padding, one spelling for each sequence of bytes: a fourth part, blanks and the like end here.
        let decode = |part| URL_SAFE_NO_PAD.decode(part).map_err(|_| Rejection::Malformed);
        Ok(Self {
            key_id: key_id(header)?,
            signed,
            signature: decode(signature)?,
            payload: decode(payload)?,
        })
    }

    /// The claims, of the right types and none twice: a JSON object in UTF-8. Not through jwt-compact, whose claims are a
    /// flattened structure: that copies every member of the payload before it looks at it.
    pub(crate) fn claims(&self) -> Result<Claims<'_>, Rejection> {
        // serde would take an array for the members in their order.
        let first = self.payload.iter().find(|byte| !byte.is_ascii_whitespace());
        if first != Some(&b'{') {
            return Err(Rejection::ClaimsMalformed);
        }
        // RFC 8725 §3.7. serde does not look into members that nobody reads.
        let text = std::str::from_utf8(&self.payload).map_err(|_| Rejection::ClaimsMalformed)?;
        serde_json::from_str(text).map_err(|_| Rejection::ClaimsMalformed)
    }
}

thread_local! {
    /// Headers that were found to be right, in base64url, with the keys that they name. An issuer writes the same header into
    /// all tokens of a key, so nearly every token has one of these.
    static HEADERS: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// Most headers that are remembered, and their greatest length in characters. Cognito has two, of about 110.
const HEADERS_KEPT: usize = 8;
const MAX_KEPT_LENGTH: usize = 512;

/// The name of the key in a header, which is a JSON object in UTF-8 with all that [`UnverifiedToken`] promises.
fn key_id(header: &str) -> Result<String, Rejection> {
    let kept = HEADERS.with_borrow(|headers| {
        headers
            .iter()
            .find(|(kept, _)| kept == header)
            .map(|(_, id)| id.clone())
    });
    if let Some(id) = kept {
        return Ok(id);
    }
    let id = read_key_id(header)?;
    if header.len() <= MAX_KEPT_LENGTH {
        HEADERS.with_borrow_mut(|headers| {
            // Anybody can send any header: a full list begins anew and soon has the common ones again.
            if headers.len() == HEADERS_KEPT {
                headers.clear();
            }
            headers.push((header.to_owned(), id.clone()));
        });
    }
    Ok(id)
}

fn read_key_id(header: &str) -> Result<String, Rejection> {
    // jwt-compact reads tokens and not headers: the other parts are an empty object and an empty signature.
    let token = format!("{header}.e30.");
    let untrusted = UntrustedToken::<CriticalExtensions>::try_from(token.as_str()).map_err(|_| Rejection::Malformed)?;
    // RFC 8725 §3.1: the algorithm is ours to say, not the token's. `none` and HS256 end here.
    if untrusted.algorithm() != "RS256" {
        return Err(Rejection::Algorithm);
    }
    let header = untrusted.header();
    if header.other_fields.crit {
        return Err(Rejection::CriticalExtension);
    }
    // RFC 8725 §3.5, §3.10: the key is found by name among the published ones. Keys and addresses in the header (jwk, jku,
    // x5c, x5u) are never read.
    header
        .key_id
        .clone()
        .filter(|id| !id.is_empty())
        .ok_or(Rejection::KeyIdMissing)
}

#[cfg(test)]
mod tests {
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
        let token = token(header, payload);
        UnverifiedToken::decode(&token)
            .and_then(|token| token.claims().map(drop))
            .err()
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
        assert_eq!(decoded.claims().unwrap().expiry(), Some(2));
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
            format!("{good}="),
            format!("{good}\n"),
            format!(" {good}"),
            format!("\"{good}\""),
            format!("{unsigned}.ç"),
            token("[]", &payload().to_string()),
            token("\"RS256\"", &payload().to_string()),
        ] {
            assert_eq!(
                UnverifiedToken::decode(&text).err(),
                Some(Rejection::Malformed),
                "{text}"
            );
        }
        for not_utf8 in [&b"{\"sub\":\"\xff\"}"[..], b"{\"unread\":\"\xff\"}"] {
            let token = format!(
                "{}.{}.c2ln",
                URL_SAFE_NO_PAD.encode(HEADER),
                URL_SAFE_NO_PAD.encode(not_utf8)
            );
            assert_eq!(
                UnverifiedToken::decode(&token).ok().unwrap().claims().err(),
                Some(Rejection::ClaimsMalformed)
            );
        }
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
        for not_an_object in ["[]", r#" ["i","s"]"#, "7", "null", ""] {
            assert_eq!(
                rejection(HEADER, not_an_object),
                Some(Rejection::ClaimsMalformed),
                "{not_an_object}"
            );
        }
        let infinite = payload().to_string().replace("\"exp\":2", "\"exp\":1e999");
        assert_eq!(rejection(HEADER, &infinite), Some(Rejection::ClaimsMalformed));
        let twice = payload().to_string().replace("\"exp\":2", "\"exp\":2,\"exp\":3");
        assert_eq!(rejection(HEADER, &twice), Some(Rejection::ClaimsMalformed));
    }
}
