use proptest::prelude::*;

use super::*;
use crate::Secret;

const ISSUED_AT: UnixSeconds = UnixSeconds(1_790_000_000);

fn key(secret: &str) -> PermitKey {
    PermitKey::derive(&Secret::new(secret).unwrap())
}

fn our_key() -> PermitKey {
    key("correct horse battery staple, 32+ characters")
}

fn permit() -> Permit {
    let nonce = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
    Permit {
        nonce: Nonce::new(nonce),
        phone: PhoneNumber::parse("+15005550006").unwrap(),
        channel: Channel::Sms,
        issued_at: ISSUED_AT,
        test_code: None,
        request_id: None,
    }
}

fn permit_with_test_code() -> Permit {
    Permit {
        test_code: Some(Code::parse("042042").unwrap()),
        ..permit()
    }
}

const REQUEST_ID: &str = "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d";

fn permit_with_request_id() -> Permit {
    Permit {
        request_id: RequestId::parse(REQUEST_ID),
        ..permit()
    }
}

/// Signs any payload, as only the holder of the key can.
fn sign(prefix: &str, payload: &str) -> String {
    let signed = format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(payload));
    let tag = our_key().mac().chain_update(&signed).finalize().into_bytes();
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(tag))
}

/// Computed by another implementation (Python's hmac). Worker and triggers are deployed apart: while the
/// version says v1, each must read what any other v1 wrote.
#[test]
fn the_text_of_a_permit_is_what_it_always_was() {
    assert_eq!(
        permit().seal(&our_key()),
        "v1.eyJub25jZSI6IkFBRUNBd1FGQmdjSUNRb0xEQTBPRHciLCJwaG9uZSI6IisxNTAwNTU1MDAwNiIsImNoYW5uZWwiOiJzbXMiLCJpc3N1ZWRfYXQiOjE3OTAwMDAwMDB9.tk1CrQh3A4-I1hmjZfIXwIXd6fcetBkatN-rX02Xxl4"
    );
}

/// Computed by that implementation too.
#[test]
fn the_text_of_a_permit_with_a_test_code_has_one_member_more() {
    let text = permit_with_test_code().seal(&our_key());
    assert_eq!(
        text,
        "v1.eyJub25jZSI6IkFBRUNBd1FGQmdjSUNRb0xEQTBPRHciLCJwaG9uZSI6IisxNTAwNTU1MDAwNiIsImNoYW5uZWwiOiJzbXMiLCJpc3N1ZWRfYXQiOjE3OTAwMDAwMDAsInRlc3RfY29kZSI6IjA0MjA0MiJ9._cv5fjOAcxBaDx-RX8rqDtkQKptxsnkdp1_JRdrcel0"
    );
    assert_eq!(Permit::open(&text, &our_key(), ISSUED_AT), Ok(permit_with_test_code()));
}

#[test]
fn a_permit_without_test_code_does_not_mention_it() {
    let members = serde_json::to_value(permit()).unwrap();
    let names: Vec<&String> = members.as_object().unwrap().keys().collect();
    assert_eq!(names, ["channel", "issued_at", "nonce", "phone"]);
}

#[test]
fn a_test_code_that_is_not_six_digits_makes_the_permit_malformed() {
    let payload = serde_json::to_string(&permit()).unwrap();
    let open = |member: &str| {
        let payload = payload.replace('}', &format!(",{member}}}"));
        Permit::open(&sign("v1.", &payload), &our_key(), ISSUED_AT)
    };
    assert_eq!(open(r#""test_code":"042042""#), Ok(permit_with_test_code()));
    for bad in [
        r#""""#,
        r#""42424""#,
        r#""4242424""#,
        r#""abcdef""#,
        r#""42424a""#,
        r#"" 42424""#,
        r#""４２４２４２""#,
        r#""４２""#,
        "424242",
        "042042",
        "424242.0",
        "null",
        "false",
        r#"["424242"]"#,
        r#"{"code":"424242"}"#,
        r#""424242","test_code":"424242""#,
    ] {
        assert_eq!(
            open(&format!("\"test_code\":{bad}")),
            Err(PermitError::Malformed),
            "{bad}"
        );
    }
}

/// Computed by that implementation too.
#[test]
fn the_text_of_a_permit_with_a_request_id_has_one_member_more() {
    let text = permit_with_request_id().seal(&our_key());
    assert_eq!(
        text,
        "v1.eyJub25jZSI6IkFBRUNBd1FGQmdjSUNRb0xEQTBPRHciLCJwaG9uZSI6IisxNTAwNTU1MDAwNiIsImNoYW5uZWwiOiJzbXMiLCJpc3N1ZWRfYXQiOjE3OTAwMDAwMDAsInJlcXVlc3RfaWQiOiIwYjFjMmQzZS00ZjUwLTRhMWItOGMyZC0zZTRmNWE2YjdjOGQifQ.0aQYlNbS_0sbuofVQ4UPB8pK-_8OsJIdrWyNwWqBo50"
    );
    assert_eq!(Permit::open(&text, &our_key(), ISSUED_AT), Ok(permit_with_request_id()));
}

/// It is there for logs. A worker to come may write it in another way, and its codes must be sent all the same.
#[test]
fn a_request_id_of_another_form_is_none_and_the_permit_opens() {
    let payload = serde_json::to_string(&permit()).unwrap();
    let open = |member: &str| {
        let payload = payload.replace('}', &format!(",\"request_id\":{member}}}"));
        Permit::open(&sign("v1.", &payload), &our_key(), ISSUED_AT)
    };
    assert_eq!(open(&format!("\"{REQUEST_ID}\"")), Ok(permit_with_request_id()));
    for other in [
        r#""""#,
        r#""291378""#,
        "291378",
        "null",
        "true",
        r#"["0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d"]"#,
        r#"{"id":"0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d"}"#,
        r#""0B1C2D3E-4F50-4A1B-8C2D-3E4F5A6B7C8D""#,
    ] {
        assert_eq!(open(other), Ok(permit()), "{other}");
    }
}

#[test]
fn the_debug_output_of_a_permit_hides_its_test_code() {
    let shown = format!("{:?}", permit_with_test_code());
    assert!(shown.contains("test_code") && !shown.contains("042042"), "{shown}");
}

/// What makes an older trigger read a newer worker's permit, and lets this one be the older some day.
#[test]
fn a_member_that_is_not_known_is_overlooked() {
    let payload = serde_json::to_string(&permit()).unwrap();
    let payload = payload.replace('}', r#","from_a_later_version":{"x":1}}"#);
    assert_eq!(
        Permit::open(&sign("v1.", &payload), &our_key(), ISSUED_AT),
        Ok(permit())
    );
}

#[test]
fn a_permit_opens_for_60_seconds() {
    let text = permit().seal(&our_key());
    let open = |now| Permit::open(&text, &our_key(), UnixSeconds(now));
    assert_eq!(open(ISSUED_AT.0), Ok(permit()));
    assert_eq!(open(ISSUED_AT.0 + 60), Ok(permit()));
    assert_eq!(open(ISSUED_AT.0 + 61), Err(PermitError::Expired));
    assert_eq!(open(u64::MAX), Err(PermitError::Expired));
}

#[test]
fn a_permit_may_come_from_a_clock_30_seconds_ahead() {
    let text = permit().seal(&our_key());
    let open = |now| Permit::open(&text, &our_key(), UnixSeconds(now));
    assert_eq!(open(ISSUED_AT.0 - 30), Ok(permit()));
    assert_eq!(open(ISSUED_AT.0 - 31), Err(PermitError::NotYetValid));
    assert_eq!(open(0), Err(PermitError::NotYetValid));
}

#[test]
fn a_permit_of_another_key_is_forged() {
    let text = permit().seal(&key("another secret that is also thirty-two or more"));
    assert_eq!(Permit::open(&text, &our_key(), ISSUED_AT), Err(PermitError::Forged));
}

#[test]
fn a_permit_without_its_whole_signature_is_forged() {
    let text = permit().seal(&our_key());
    let (signed, tag) = text.rsplit_once('.').unwrap();
    for tag in ["", &tag[..4], &tag[..40]] {
        assert_eq!(
            Permit::open(&format!("{signed}.{tag}"), &our_key(), ISSUED_AT),
            Err(PermitError::Forged)
        );
    }
}

#[test]
fn what_is_signed_must_still_be_a_permit() {
    let payload = serde_json::to_string(&permit()).unwrap();
    assert_eq!(
        Permit::open(&sign("v1.", &payload), &our_key(), ISSUED_AT),
        Ok(permit())
    );
    for (prefix, payload) in [
        ("v2.", payload.as_str()),
        ("", &payload),
        ("v1.", ""),
        ("v1.", "{}"),
        ("v1.", "not json"),
        ("v1.", &payload.replace("+15005550006", "+0123456789")),
        ("v1.", &payload.replace("+15005550006", "+1 500 555 0006")),
        ("v1.", &payload.replace("sms", "pigeon")),
        ("v1.", &payload.replace("1790000000", "-1")),
        ("v1.", &payload.replace("AAEC", "")),
    ] {
        assert_eq!(
            Permit::open(&sign(prefix, payload), &our_key(), ISSUED_AT),
            Err(PermitError::Malformed),
            "{prefix}{payload}"
        );
    }
}

proptest! {
    #[test]
    fn a_permit_opens_to_what_was_sealed(nonce: [u8; Nonce::LENGTH], national in "[2-9][0-9]{9}", at in 0..=u64::MAX, test_code in prop::option::of("[0-9]{6}"), request_id in prop::option::of("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")) {
        let permit = Permit {
            nonce: Nonce::new(nonce),
            phone: PhoneNumber::parse(&format!("+1{national}")).unwrap(),
            channel: Channel::Sms,
            issued_at: UnixSeconds(at),
            test_code: test_code.map(|digits| Code::parse(&digits).unwrap()),
            request_id: request_id.map(|id| RequestId::parse(&id).unwrap()),
        };
        prop_assert_eq!(Permit::open(&permit.seal(&our_key()), &our_key(), UnixSeconds(at)), Ok(permit));
    }

    #[test]
    fn a_permit_with_any_character_changed_does_not_open(at: prop::sample::Index, to in "[ -~]") {
        let mut text = permit().seal(&our_key());
        let at = at.index(text.len());
        prop_assume!(text[at..=at] != to);
        text.replace_range(at..=at, &to);
        prop_assert!(Permit::open(&text, &our_key(), ISSUED_AT).is_err());
    }

    #[test]
    fn a_permit_with_a_character_more_or_less_does_not_open(at: prop::sample::Index, more in "\\PC") {
        let text = permit().seal(&our_key());
        let at = at.index(text.len());
        let (mut longer, mut shorter) = (text.clone(), text);
        longer.insert_str(at, &more);
        shorter.remove(at);
        prop_assert!(Permit::open(&longer, &our_key(), ISSUED_AT).is_err());
        prop_assert!(Permit::open(&shorter, &our_key(), ISSUED_AT).is_err());
    }

    #[test]
    fn opening_never_panics(text in "\\PC{0,200}", structured in "v1\\.[A-Za-z0-9_-]{0,80}\\.[A-Za-z0-9_-]{0,50}", now: u64) {
        prop_assert!(Permit::open(&text, &our_key(), UnixSeconds(now)).is_err());
        prop_assert!(Permit::open(&structured, &our_key(), UnixSeconds(now)).is_err());
    }
}
