//! RFC 8725 §3.5, §3.8, §3.10: which key verifies a token. Found by name among the issuer's, and nowhere else.

use e2e::keys::{Algorithm, PUBLISHED, UNPUBLISHED, of_this_run};
use serde_json::{Value, json};

use crate::issuer::{SMALL, claims, expect_accepted, expect_all_refused, header_with, open, token_of, with_header};

#[test]
fn the_key_is_found_by_name_among_the_published_and_nowhere_else() {
    let keys = open();
    let address = keys.address("elsewhere");
    let forged = |header: Value| UNPUBLISHED.token(Algorithm::Rs256, &header, &claims());
    let mut with_jwk = header_with("jwk", UNPUBLISHED.jwk());
    let tokens = [
        ("another key by this name", forged(header_with("typ", Value::Null))),
        ("an unknown name", forged(header_with("kid", json!(UNPUBLISHED.id)))),
        ("its key in the header", forged(with_jwk.clone())),
        ("its key and its name in the header", {
            let mut header = with_jwk.clone();
            header["kid"] = json!(UNPUBLISHED.id);
            forged(header)
        }),
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
    ];
    expect_all_refused(tokens);
    assert_eq!(keys.fetches_elsewhere(), 0, "an address in a header was asked");
    // By the right key they make no difference.
    expect_accepted("by the right key", &with_header("jwk", UNPUBLISHED.jwk()));
    expect_accepted("by the right key", &with_header("jku", json!(address)));
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
fn a_name_is_looked_up_and_never_used_for_anything_else() {
    let _keys = open();
    // RFC 8725 §3.10: as a path, a query, or a member's name it could lead to a key of the attacker's choice.
    let long = "k".repeat(4_000);
    let names = [
        "../../../../../../dev/null",
        "/dev/null",
        "..%2f..%2fjwks.json",
        "' OR '1'='1",
        "x' UNION SELECT 'a2V5';--",
        "$(id)",
        "| cat /etc/passwd",
        "http://127.0.0.1/key",
        "__proto__",
        "constructor",
        "toString",
        "hasOwnProperty",
        "keys",
        "0",
        " ",
        "\n",
        "\r\nX-Injected: 1",
        "\0",
        "\u{feff}",
        "\u{202e}",
        "\u{1f511}",
        long.as_str(),
    ];
    expect_all_refused(names.map(|name| (format!("{name:.40?}"), with_header("kid", json!(name)))));
    let id = &PUBLISHED.id;
    let around = [
        format!("{id}\0"),
        format!("\0{id}"),
        format!("{id}\0x"),
        format!("{id} "),
        format!(" {id}"),
        format!("{id}\n"),
        format!("./{id}"),
        format!("{id}/"),
        format!("{id}?"),
        format!("{id}#"),
        format!("{id}\u{200b}"),
        id[..id.len() - 1].to_owned(),
    ];
    expect_all_refused(around.map(|name| (format!("{name:?}"), with_header("kid", json!(name)))));
    // RFC 8259 §8.2: half of a surrogate pair is no character. Written by hand, since no string can hold it.
    let half = header_with("kid", json!("half")).to_string().replace("half", "\\ud800");
    expect_all_refused([(
        "half a character",
        token_of(half.as_bytes(), claims().to_string().as_bytes()),
    )]);
    expect_accepted("the name itself", &with_header("kid", json!(id)));
}
