//! "When a token is accepted", form, algorithm and key: whatever fails, the answer is the same.

use e2e::{
    keys::{Algorithm, PUBLISHED, UNPUBLISHED, encoded, of_this_run},
    system,
};
use serde_json::{Value, json};

use crate::issuer::{
    SMALL, claims, claims_text, claims_with, expect_accepted, expect_all_refused, header_with, open, signed_text,
    token_of, with_claim, with_header,
};

#[test]
fn only_rs256_is_an_algorithm() {
    let _keys = open();
    // RFC 8725 §3.1. Each signature is right for the algorithm that its header names.
    let honest = [Algorithm::None, Algorithm::Hs256, Algorithm::Rs512, Algorithm::Ps256].map(|algorithm| {
        let header = header_with("alg", json!(algorithm.name()));
        (format!("{algorithm:?}"), PUBLISHED.token(algorithm, &header, &claims()))
    });
    expect_all_refused(honest);
    // And these claim to be RS256 and are not.
    let lying = [Algorithm::None, Algorithm::Hs256, Algorithm::Rs512, Algorithm::Ps256].map(|algorithm| {
        let token = PUBLISHED.token(algorithm, &header_with("typ", Value::Null), &claims());
        (format!("RS256 that is {algorithm:?}"), token)
    });
    expect_all_refused(lying);
    // And these are RS256 and claim something else.
    let names = [
        "none", "None", "nOnE", "HS256", "RS512", "PS256", "rs256", "RS256 ", "", "ES256",
    ];
    expect_all_refused(names.map(|name| (format!("alg {name:?}"), with_header("alg", json!(name)))));
    expect_all_refused([
        ("no alg", with_header("alg", Value::Null)),
        ("alg a list", with_header("alg", json!(["RS256"]))),
    ]);
}

#[test]
fn the_key_is_found_by_name_among_the_published_and_nowhere_else() {
    let _keys = open();
    let address = format!(
        "http://127.0.0.1:{}/x/.well-known/jwks.json",
        system().description.fault.jwks_port
    );
    let forged = |header: Value| UNPUBLISHED.token(Algorithm::Rs256, &header, &claims());
    let mut with_jwk = header_with("jwk", UNPUBLISHED.jwk());
    let tokens = [
        ("another key by this name", forged(header_with("typ", Value::Null))),
        ("an unknown name", forged(header_with("kid", json!(UNPUBLISHED.id)))),
        ("its key in the header", forged(with_jwk.clone())),
        ("its key in the header, no name", {
            with_jwk.as_object_mut().unwrap().remove("kid");
            forged(with_jwk)
        }),
        ("an address of keys", forged(header_with("jku", json!(address)))),
        ("a certificate", forged(header_with("x5c", json!(["AA=="])))),
        ("an address of certificates", forged(header_with("x5u", json!(address)))),
        ("no name", with_header("kid", Value::Null)),
        ("an empty name", with_header("kid", json!(""))),
        ("a number for a name", with_header("kid", json!(1))),
        ("a list for a name", with_header("kid", json!([PUBLISHED.id]))),
        (
            "a name in other case",
            with_header("kid", json!(PUBLISHED.id.to_uppercase())),
        ),
        ("a path for a name", with_header("kid", json!("../../dev/null"))),
        ("a name of every object", with_header("kid", json!("__proto__"))),
    ];
    expect_all_refused(tokens);
}

#[test]
fn published_keys_that_are_not_for_this_are_not_used() {
    let _keys = open();
    expect_accepted(
        "no alg in the key",
        &with_header("kid", json!(of_this_run("without-alg"))),
    );
    let names = ["encryption", "rs512", "octets", "without-use", "ec"];
    expect_all_refused(names.map(|name| (name, with_header("kid", json!(of_this_run(name))))));
    expect_all_refused([("1,024 bits", SMALL.plain_token(&claims()))]);
}

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

#[test]
fn tokens_above_8192_characters_are_refused() {
    let _keys = open();
    let of_padding = |letters: usize| with_claim("padding", json!("p".repeat(letters)));
    let letters = (5_200..6_000)
        .find(|letters| of_padding(letters + 1).len() > 8_192)
        .unwrap();
    let longest = of_padding(letters);
    assert!((8_190..=8_192).contains(&longest.len()), "{}", longest.len());
    expect_accepted("as long as may be", &longest);
    expect_all_refused([
        ("too long", of_padding(letters + 1)),
        ("far too long", of_padding(9_000)),
    ]);
}
