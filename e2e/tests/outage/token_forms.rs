//! "When a token is accepted", its form: three parts, of a length, an RS256 signature over JSON objects and nothing else.

use e2e::keys::{Algorithm, PUBLISHED, encoded};
use serde_json::{Value, json};

use crate::issuer::{
    call, claims, claims_text, claims_with, expect_accepted, expect_all_refused, header_with, open, signed_text,
    token_of, with_header,
};

/// Longest token that is looked at, in characters.
const LONGEST: usize = 8_192;

#[test]
fn critical_extensions_are_refused() {
    let _keys = open();
    // RFC 7515 §4.1.11: none is understood here.
    for crit in [json!(["b64"]), json!(["exp"]), json!([]), json!("x"), json!(false)] {
        expect_all_refused([(crit.to_string(), with_header("crit", crit))]);
    }
    let null = header_with("crit", json!(""))
        .to_string()
        .replace("\"crit\":\"\"", "\"crit\":null");
    assert!(null.contains("null"));
    expect_all_refused([("null", token_of(null.as_bytes(), claims().to_string().as_bytes()))]);
}

#[test]
fn tokens_have_three_unpadded_parts_of_json_objects() {
    let _keys = open();
    let good = PUBLISHED.plain_token(&claims());
    let parts: Vec<&str> = good.split('.').collect();
    let (header, payload) = (header_with("typ", Value::Null).to_string(), claims().to_string());
    let (header, payload) = (header.as_bytes(), payload.as_bytes());
    let not_utf8 = |object: &[u8]| [b"{\"x\":\"\xff\",", &object[1..]].concat();
    let control = claims_text("x", "\"\u{1}\"");
    let tokens = [
        ("padding", format!("{good}==")),
        (
            "padding of the header",
            format!("{}=.{}.{}", parts[0], parts[1], parts[2]),
        ),
        ("a fourth part", format!("{good}.{}", parts[2])),
        ("an empty fourth part", format!("{good}.")),
        ("two parts", format!("{}.{}", parts[0], parts[1])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("no header", format!(".{}.{}", parts[1], parts[2])),
        ("a dot in front", format!(".{good}")),
        (
            "a letter of plain base64",
            format!("{}.{}.+{}", parts[0], parts[1], &parts[2][1..]),
        ),
        ("an impossible length", format!("{good}AAA")),
        ("header a list", token_of(b"[]", payload)),
        ("header a text", token_of(b"\"RS256\"", payload)),
        ("header no JSON", token_of(b"{", payload)),
        ("header not UTF-8", token_of(&not_utf8(header), payload)),
        ("more after the header", token_of(&[header, b"{}"].concat(), payload)),
        ("payload a list", token_of(header, b"[]")),
        (
            "payload a list of the claims",
            token_of(header, &[b"[", payload, b"]"].concat()),
        ),
        ("payload null", token_of(header, b"null")),
        ("payload empty", token_of(header, b"")),
        ("payload not UTF-8", token_of(header, &not_utf8(payload))),
        ("payload with a raw control character", signed_text(&control)),
        ("more after the payload", token_of(header, &[payload, b"x"].concat())),
    ];
    expect_all_refused(tokens);
    // Signed over something else than is shown.
    let other = encoded(&claims_with("sub", json!("somebody-else")));
    expect_all_refused([("another payload", format!("{}.{other}.{}", parts[0], parts[2]))]);
}

/// A token that is good but for its length, which is exactly `length`.
fn of_length(length: usize) -> String {
    let parts = (0..4).find_map(|more| {
        // Padding in both, since no base64 text has a length of one above a multiple of four.
        let header = header_with("x", json!("h".repeat(more)));
        let rest = encoded(&header).len() + ".".len() + ".".len() + PUBLISHED.sign(Algorithm::Rs256, "").len();
        let unpadded = claims_with("padding", json!("")).to_string().len();
        let padding = (0..length).find(|padding| rest + (4 * (unpadded + padding)).div_ceil(3) == length)?;
        Some((header, claims_with("padding", json!("p".repeat(padding)))))
    });
    let (header, payload) = parts.expect("there is a token of any length");
    let token = PUBLISHED.token(Algorithm::Rs256, &header, &payload);
    assert_eq!(token.len(), length);
    token
}

#[test]
fn tokens_of_8192_characters_are_accepted_and_of_8193_refused() {
    let _keys = open();
    expect_accepted("as long as may be", &of_length(LONGEST));
    expect_all_refused([
        ("too long", of_length(LONGEST + 1)),
        ("far too long", of_length(12_000)),
    ]);
}

#[test]
fn a_token_in_a_token_is_none() {
    let _keys = open();
    // RFC 7519 §5.2 and RFC 8725 §2.3, §3.3: what is nested is not unpacked, whoever signed it.
    let inner = PUBLISHED.plain_token(&claims());
    let header = |cty: &str| header_with("cty", json!(cty)).to_string();
    for cty in ["JWT", "jwt", "application/jwt"] {
        expect_all_refused([
            (
                format!("a token, cty {cty}"),
                token_of(header(cty).as_bytes(), inner.as_bytes()),
            ),
            (format!("claims, cty {cty}"), with_header("cty", json!(cty))),
        ]);
    }
    let plain = header_with("typ", json!("JWT")).to_string();
    expect_all_refused([
        ("a token without cty", token_of(plain.as_bytes(), inner.as_bytes())),
        (
            "a token as text",
            token_of(plain.as_bytes(), json!(inner).to_string().as_bytes()),
        ),
        ("a token in a token", format!("{inner}.{inner}")),
    ]);
    // RFC 7516 §3.1: five parts are an encrypted token.
    let header = encoded(&json!({ "alg": "RSA-OAEP", "enc": "A256GCM", "kid": PUBLISHED.id, "cty": "JWT" }));
    expect_all_refused([("an encrypted token", format!("{header}.AAAA.AAAA.AAAA.AAAA"))]);
    // And the token itself is good.
    call(&inner).expect_status(200);
}

#[test]
fn compressed_claims_are_not_unpacked() {
    let _keys = open();
    // RFC 8725 §3.6. DEFLATE without compression (RFC 1951 §3.2.4): one final stored block.
    let payload = claims().to_string().into_bytes();
    let length = u16::try_from(payload.len()).unwrap();
    let block = [&[1], &length.to_le_bytes()[..], &(!length).to_le_bytes(), &payload].concat();
    let header = header_with("zip", json!("DEF")).to_string();
    expect_all_refused([("compressed", token_of(header.as_bytes(), &block))]);
}
