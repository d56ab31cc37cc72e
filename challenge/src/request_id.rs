//! What tells one request from all others, from the worker to the triggers' logs.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The form of a version 4 UUID in lower case (RFC 9562 §4 and §5.4): `x` is any hexadecimal digit, `v` one of the variant's.
const FORM: &[u8; RequestId::LENGTH] = b"xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx";

/// The id that the worker gave a request, as clients see it in `X-Request-Id`.
///
/// Only what has the form that the worker makes is one: triggers write it into logs, and an event could hold anything. The form
/// is safe to log also because no group of it has six characters: nobody who searches logs for a code takes one for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// Length in characters, and bytes.
    pub const LENGTH: usize = 36;

    /// `None` for any other form.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: &[u8; Self::LENGTH] = text.as_bytes().try_into().ok()?;
        let fits = bytes.iter().zip(FORM).all(|(found, wanted)| match wanted {
            b'x' => matches!(found, b'0'..=b'9' | b'a'..=b'f'),
            b'v' => matches!(found, b'8' | b'9' | b'a' | b'b'),
            _ => found == wanted,
        });
        fits.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for RequestId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Reads a member that may hold an id. Anything else in it is no id and no error: a worker to come may make ids of another
/// form, and that must not cost a sign-in.
pub(crate) fn if_it_is_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RequestId>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(value.as_str().and_then(RequestId::parse))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d";

    #[test]
    fn a_uuid_as_the_worker_makes_it_is_an_id() {
        for id in [
            ID,
            "00000000-0000-4000-8000-000000000000",
            "ffffffff-ffff-4fff-bfff-ffffffffffff",
        ] {
            assert_eq!(RequestId::parse(id).unwrap().as_str(), id);
        }
    }

    #[test]
    fn nothing_else_is_one() {
        for other in [
            "",
            "123456",
            "+15005550006",
            &ID[1..],
            &format!("{ID}0"),
            &format!(" {}", &ID[1..]),
            &format!("{}\n", &ID[1..]),
            &ID.to_uppercase(),
            &ID.replace('-', "0"),
            &ID.replace('-', "_"),
            &format!("{{{}}}", &ID[2..]),
            // Other versions and variants, among them the one that tells a time.
            &ID.replacen("-4a", "-1a", 1),
            &ID.replacen("-4a", "-7a", 1),
            &ID.replacen("-8", "-7", 1),
            &ID.replacen("-8", "-c", 1),
            &ID.replacen('b', "g", 1),
            &ID.replacen('b', "\"", 1),
            // 36 bytes, but not as many characters.
            &ID.replacen("b1", "é", 1),
            // A code in the place of a group, and groups moved so that one has six.
            "123456-4f50b1-4a1b-8c2d-3e4f5a6b7c8d",
        ] {
            assert_eq!(RequestId::parse(other), None, "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_keeps_to_the_form(text in "\\PC{0,40}", structured in "[0-9a-g]{8}-[0-9a-f]{4}-[34][0-9a-f]{3}-[7-9a-c][0-9a-f]{3}-[0-9a-f]{12}") {
            prop_assert!(RequestId::parse(&text).is_none());
            if let Some(id) = RequestId::parse(&structured) {
                prop_assert_eq!(id.as_str(), &structured);
                prop_assert!(id.as_str().split('-').all(|group| group.len() != crate::CODE_LENGTH));
            }
        }
    }
}
