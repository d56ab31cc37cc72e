//! RFC 8725 §2.1, §3.1: the algorithm is RS256, whatever a token says of itself, and a signature is RS256's to the last bit.

use e2e::{
    forgeries::{forms_of, hmac_token, plus_modulus, signature_for_exponent_one},
    keys::{Algorithm, PUBLISHED, base64url, encoded},
};
use serde_json::{Value, json};

use crate::issuer::{claims, claims_with, expect_accepted, expect_all_refused, header_with, open, with_header};

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
fn no_form_of_the_public_key_is_a_secret() {
    let _keys = open();
    for (form, secret) in forms_of(&PUBLISHED) {
        let forged = |alg: &str| hmac_token(&secret, &header_with("alg", json!(alg)), &claims());
        expect_all_refused([
            (format!("HS256 with the {form}"), forged("HS256")),
            (
                format!("HS256 with the {form} that claims to be RS256"),
                forged("RS256"),
            ),
        ]);
    }
}

#[test]
fn a_signature_has_one_form() {
    let _keys = open();
    let signed = |number: u32| {
        let payload = claims_with("jti", json!(number));
        format!("{}.{}", encoded(&header_with("typ", Value::Null)), encoded(&payload))
    };
    let signature = |signed: &str| PUBLISHED.sign_bytes(Algorithm::Rs256, signed.as_bytes());
    let first = signed(0);
    let good = signature(&first);
    expect_accepted("the signature itself", &format!("{first}.{}", base64url(&good)));
    // RFC 8017 §8.2.2, step 1: as long as the modulus. §5.2.2: a number below the modulus.
    let forged = [
        ("a zero in front", [&[0], good.as_slice()].concat()),
        ("a zero behind", [good.as_slice(), &[0]].concat()),
        ("a byte less", good[1..].to_vec()),
        ("a bit flipped", [&[good[0] ^ 1], &good[1..]].concat()),
        ("zeros", vec![0; 256]),
        ("one", [vec![0; 255], vec![1]].concat()),
        ("ones", vec![0xff; 256]),
        ("the modulus", modulus()),
        ("the padded digest", signature_for_exponent_one(&first)),
        ("another signature of the same length", signature(&signed(1))),
        ("twice", good.repeat(2)),
    ];
    expect_all_refused(forged.map(|(name, bytes)| (name, format!("{first}.{}", base64url(&bytes)))));
    // A number that has room for the modulus on top of it comes up sooner or later.
    let above = (0..500).find_map(|number| {
        let signed = signed(number);
        let longer = plus_modulus(&PUBLISHED, &signature(&signed))?;
        Some(format!("{signed}.{}", base64url(&longer)))
    });
    expect_all_refused(above.map(|token| ("the modulus added", token)));
}

fn modulus() -> Vec<u8> {
    forms_of(&PUBLISHED).swap_remove(0).1
}
