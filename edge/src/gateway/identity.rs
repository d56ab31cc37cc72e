//! Who calls, as the origin is told: headers that only the worker can have written (docs/gateway.md).

use challenge::UnixSeconds;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use sha2::Sha256;

use crate::token::Caller;

/// What is written as `%XX`: everything but visible ASCII (RFC 5234 `VCHAR`), and `%` itself. No value can then begin another
/// header, end at a blank, or mean two things.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'%');

/// The headers, with a signature over all that they say and the request that they go with. `target`: path and query as the
/// origin receives them. `None` only if HMAC refused the key, which it does for no length.
pub(super) fn headers(
    caller: &Caller,
    key: &str,
    method: &str,
    target: &str,
    now: UnixSeconds,
) -> Option<[(&'static str, String); 4]> {
    let sub = encoded(&caller.sub);
    let username = encoded(&caller.username);
    let scope: Vec<String> = caller.scope.iter().map(|scope| encoded(scope)).collect();
    let scope = scope.join(" ");
    let time = now.0.to_string();
    let signed = [&time, method, target, &sub, &username, &scope].join("\n");
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
    mac.update(signed.as_bytes());
    let signature = format!("t={time},v1={}", hex(&mac.finalize().into_bytes()));
    Some([
        ("x-caller-sub", sub),
        ("x-caller-username", username),
        ("x-caller-scope", scope),
        ("x-caller-signature", signature),
    ])
}

fn encoded(value: &str) -> String {
    utf8_percent_encode(value, ENCODED).to_string()
}

/// In lower case.
fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)])
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";
    const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

    fn caller(sub: &str, username: &str, scope: &[&str]) -> Caller {
        Caller {
            username: username.to_owned(),
            scope: scope.iter().map(|scope| (*scope).to_owned()).collect(),
            ..Caller::unverified(sub)
        }
    }

    fn value(caller: &Caller, name: &str) -> String {
        let headers = headers(caller, KEY, "GET", "/x", NOW).unwrap();
        headers.into_iter().find(|(found, _)| *found == name).unwrap().1
    }

    /// Computed with OpenSSL: `printf '1800000000\nGET\n/base/secured/a?b=c\ns-1\nu%20%25\na b/c' | openssl dgst -sha256 -hmac …`
    #[test]
    fn the_signature_is_hmac_sha_256_over_six_lines() {
        let caller = caller("s-1", "u %", &["a", "b/c"]);
        let headers = headers(&caller, KEY, "GET", "/base/secured/a?b=c", NOW).unwrap();
        let expected = [
            ("x-caller-sub", "s-1"),
            ("x-caller-username", "u%20%25"),
            ("x-caller-scope", "a b/c"),
            (
                "x-caller-signature",
                "t=1800000000,v1=965c9edc5e71526e1be99d98994dfa1bd47aac456d2d1d2e61e6663660d70778",
            ),
        ];
        assert_eq!(
            headers.each_ref().map(|(name, value)| (*name, value.as_str())),
            expected
        );
    }

    #[test]
    fn values_stay_on_their_line() {
        let caller = caller("a\r\nX-Caller-Sub: b", " grüß ", &["x\ny", "a b"]);
        assert_eq!(value(&caller, "x-caller-sub"), "a%0D%0AX-Caller-Sub:%20b");
        assert_eq!(value(&caller, "x-caller-username"), "%20gr%C3%BC%C3%9F%20");
        assert_eq!(value(&caller, "x-caller-scope"), "x%0Ay a%20b");
    }

    proptest! {
        #[test]
        fn all_values_are_visible_ascii(sub in any::<String>(), username in any::<String>(), scope in any::<String>()) {
            for (_, value) in headers(&caller(&sub, &username, &[&scope]), KEY, "GET", "/", NOW).unwrap() {
                prop_assert!(value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '), "{value}");
            }
        }

        #[test]
        fn another_caller_has_another_signature(
            left in ("[a %]{0,2}", "[a %]{0,2}", "[a %]{1,2}"), right in ("[a %]{0,2}", "[a %]{0,2}", "[a %]{1,2}"),
        ) {
            let signature = |(sub, username, scope): &(String, String, String)| {
                value(&caller(sub, username, &[scope]), "x-caller-signature")
            };
            prop_assert_eq!(signature(&left) == signature(&right), left == right);
        }
    }
}
