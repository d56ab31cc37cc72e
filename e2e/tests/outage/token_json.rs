//! JSON that readers understand differently. What has two meanings is refused: whoever checked the token before, a proxy or
//! a log, may have taken the other one.

use e2e::keys::PUBLISHED;
use serde_json::{Value, json};

use crate::issuer::{
    call, claims, claims_text, expect_accepted, expect_all_refused, header_with, open, signed_text, token_of,
};

/// The object with one member a second time, in front and at the end.
fn with_second(object: &Value, member: &str) -> [String; 2] {
    let text = object.to_string();
    [
        format!("{{{member},{}", &text[1..]),
        format!("{},{member}}}", &text[..text.len() - 1]),
    ]
}

/// `"name":value`, and the same with the first letter escaped: the same name to whoever reads JSON.
fn spellings(name: &str, value: &Value) -> [String; 2] {
    let first = u32::from(name.as_bytes()[0]);
    [
        format!("\"{name}\":{value}"),
        format!("\"\\u{first:04x}{}\":{value}", &name[1..]),
    ]
}

#[test]
fn a_header_member_given_twice_is_refused() {
    let _keys = open();
    let header = header_with("typ", json!("JWT"));
    let mut tokens = Vec::new();
    for (name, value) in [
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!("RS256")),
        ("kid", json!("another")),
        ("kid", json!(PUBLISHED.id)),
        ("typ", json!("at+jwt")),
    ] {
        for member in spellings(name, &value) {
            for text in with_second(&header, &member) {
                let token = token_of(text.as_bytes(), claims().to_string().as_bytes());
                tokens.push((text, token));
            }
        }
    }
    expect_all_refused(tokens);
}

#[test]
fn a_claim_given_twice_is_refused() {
    let _keys = open();
    let mut claims = claims();
    claims["nbf"] = json!(1);
    claims["auth_time"] = json!(1);
    claims["origin_jti"] = json!("a");
    let mut tokens = Vec::new();
    for (name, value) in [
        ("exp", json!(4_102_444_800_u64)),
        ("exp", json!(1)),
        ("nbf", json!(2)),
        ("iat", json!(2)),
        ("auth_time", json!(2)),
        ("iss", json!("https://issuer.example")),
        ("sub", json!("somebody-else")),
        ("client_id", json!("another")),
        ("token_use", json!("id")),
        ("scope", json!("all")),
        ("username", json!("somebody-else")),
        ("origin_jti", json!("b")),
    ] {
        // Also if both say the same.
        for second in [&value, &claims[name]] {
            for member in spellings(name, second) {
                for text in with_second(&claims, &member) {
                    tokens.push((member.clone(), signed_text(&text)));
                }
            }
        }
    }
    expect_all_refused(tokens);
}

#[test]
fn names_and_texts_may_be_escaped() {
    let _keys = open();
    // RFC 8259 §7: another spelling of the same JSON, under its own signature.
    let good = claims().to_string();
    let escaped = good
        .replacen("\"iss\"", "\"\\u0069ss\"", 1)
        .replace("https:", "htt\\u0070s:");
    assert_ne!(escaped, good);
    expect_accepted("escaped", &signed_text(&escaped));
    expect_accepted("blanks", &signed_text(&format!(" \n{good}\t\r\n")));
}

#[test]
fn deep_nesting_harms_nobody() {
    let _keys = open();
    let nested = |open: &str, close: &str, depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
    let header = header_with("typ", Value::Null).to_string();
    let with_header = |value: &str| {
        let header = header.replacen('{', &format!("{{\"x\":{value},"), 1);
        token_of(header.as_bytes(), claims().to_string().as_bytes())
    };
    let with_claim = |name: &str, value: &str| signed_text(&claims_text(name, value));
    let (lists, objects) = (nested("[", "]", 2_000), nested("{\"a\":", "}", 700));
    expect_all_refused([
        ("claims with lists without end", with_claim("x", &"[".repeat(5_000))),
        (
            "claims with objects without end",
            with_claim("x", &"{\"a\":".repeat(1_000)),
        ),
        ("header with lists without end", with_header(&"[".repeat(5_000))),
        ("a claim that is lists", with_claim("sub", &lists)),
        ("a claim that is objects", with_claim("exp", &objects)),
    ]);
    // What nobody reads may be refused or passed over (RFC 8259 §9), but must not bring the worker down.
    for token in [
        with_claim("x", &lists),
        with_claim("x", &objects),
        with_header(&lists),
        with_header(&objects),
    ] {
        let status = call(&token).status;
        assert!(status == 200 || status == 401, "{status}");
    }
    call(&PUBLISHED.plain_token(&claims())).expect_status(200);
}

#[test]
fn numbers_that_are_no_times_are_refused() {
    let _keys = open();
    let no_times = [
        "1e999",
        "-1e999",
        "1e308",
        "1e19",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775809",
        "99999999999999999999999999999999",
        "0x7fffffff",
        "4_102_444_800",
        "+4102444800",
        "04102444800",
        "4102444800.",
        ".5e10",
        "Infinity",
        "NaN",
        "\"4102444800\"",
        "null",
        "true",
        "{}",
        "[4102444800]",
    ];
    for claim in ["exp", "nbf", "iat"] {
        expect_all_refused(no_times.map(|text| (format!("{claim} {text}"), signed_text(&claims_text(claim, text)))));
    }
    // Times, and long gone.
    let past = ["-1", "-0", "-0.5", "0.999", "-1e3", "-4102444800", "1e-999"];
    expect_all_refused(past.map(|text| (format!("exp {text}"), signed_text(&claims_text("exp", text)))));
    // RFC 7519 §2: any JSON number may be a time.
    for text in [
        "4102444800",
        "4102444800.0",
        "4102444800.999",
        "4.1024448e9",
        "41024448e2",
    ] {
        expect_accepted(text, &signed_text(&claims_text("exp", text)));
    }
    for text in ["-1", "-0.5", "0", "1e3"] {
        expect_accepted(text, &signed_text(&claims_text("nbf", text)));
    }
}
