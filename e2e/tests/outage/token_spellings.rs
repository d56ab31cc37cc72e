//! A token that was accepted is remembered as a whole: one that differs from it in anything is another token, and its
//! signature is wrong.

use std::ops::Range;

use e2e::keys::PUBLISHED;
use serde_json::json;

use crate::issuer::{claims_with, expect_accepted, expect_all_refused, open};

/// The letters of base64url, in the order of their values (RFC 4648 §5).
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// In each part every that many characters one is tried; all of them would be some thousand calls.
const STEP: usize = 29;

fn value_of(letter: u8) -> usize {
    LETTERS.iter().position(|other| *other == letter).expect("base64url")
}

/// The token with another letter at that place.
fn with_letter(token: &str, at: usize, letter: u8) -> String {
    let mut bytes = token.as_bytes().to_vec();
    assert_ne!(bytes[at], letter);
    bytes[at] = letter;
    String::from_utf8(bytes).expect("ASCII")
}

/// Where the three parts are.
fn parts(token: &str) -> [Range<usize>; 3] {
    let first = token.find('.').expect("three parts");
    let second = token.rfind('.').expect("three parts");
    [0..first, first + 1..second, second + 1..token.len()]
}

/// How many bits of the part's last letter mean nothing.
fn unused_bits(part: &Range<usize>) -> usize {
    match part.len() % 4 {
        2 => 4,
        3 => 2,
        _ => 0,
    }
}

#[test]
fn a_token_that_differs_in_one_character_from_an_accepted_one_is_refused() {
    let _keys = open();
    let token = PUBLISHED.plain_token(&claims_with("jti", json!("remembered")));
    expect_accepted("before", &token);
    let others = parts(&token).into_iter().flat_map(|part| {
        let last = part.end - 1;
        part.step_by(STEP).chain([last]).map(|at| {
            // The value's lowest bit that means something is in any case another.
            let letter = LETTERS[(value_of(token.as_bytes()[at]) + 32) % 64];
            (format!("character {at}"), with_letter(&token, at, letter))
        })
    });
    expect_all_refused(others.collect::<Vec<_>>());
    let [_, payload, signature] = parts(&token);
    expect_all_refused([
        ("the first character missing", token[1..].to_owned()),
        ("the last character missing", token[..token.len() - 1].to_owned()),
        ("one more", format!("{token}A")),
        ("a part of another case", token.to_uppercase()),
        ("the signature twice", format!("{token}{}", &token[signature.clone()])),
        ("payload and signature swapped", {
            let (payload, signature) = (&token[payload.clone()], &token[signature]);
            format!("{}{signature}.{payload}", &token[..payload_start(&token)])
        }),
    ]);
    expect_accepted("after", &token);
}

fn payload_start(token: &str) -> usize {
    parts(token)[1].start
}

#[test]
fn bits_that_mean_nothing_must_be_zero() {
    let _keys = open();
    // RFC 4648 §3.5: else one token would have many spellings, and what is known of one would not hold for the others.
    // Lengths of the payload in bytes that differ by one have other numbers of such bits.
    let mut tried = 0;
    for letters in 0..3 {
        let token = PUBLISHED.plain_token(&claims_with("jti", json!("j".repeat(letters + 1))));
        expect_accepted("zero", &token);
        for part in parts(&token) {
            let last = part.end - 1;
            let value = value_of(token.as_bytes()[last]);
            let others = (1..1 << unused_bits(&part)).map(|bits| {
                tried += 1;
                let spelled = with_letter(&token, last, LETTERS[value | bits]);
                (format!("{bits} at {last}"), spelled)
            });
            expect_all_refused(others.collect::<Vec<_>>());
        }
        expect_accepted("zero still", &token);
    }
    // The signature alone, of 256 bytes, has four such bits.
    assert!(tried > 3 * 15, "{tried}");
}
