//! Requests that are not as they must be: what is said, and that nothing happens.

use e2e::{Answer, Phone, system};
use serde_json::{Value, json};

/// Largest body that is taken, in bytes (16 KiB).
const LIMIT: usize = 16 * 1024;

/// The required fields of each endpoint, with values of the right form.
fn well_formed() -> [(&'static str, Value); 3] {
    [
        ("/sign_up", json!({ "phone_number": "+14155550100" })),
        (
            "/sign_in",
            json!({ "username": "u", "session": "s", "answer": "123456" }),
        ),
        ("/refresh_token", json!({ "refresh_token": "t" })),
    ]
}

/// Checks that this is `INVALID_REQUEST` and names exactly these fields.
#[track_caller]
fn expect_fields(answer: &Answer, fields: &[&str]) {
    let document = answer.expect_problem(400, "INVALID_REQUEST");
    let errors = document["errors"].as_array().expect("errors");
    let named: Vec<&str> = errors.iter().filter_map(|error| error["field"].as_str()).collect();
    assert_eq!(named, fields);
    for error in errors {
        assert!(!error["detail"].as_str().unwrap_or_default().is_empty());
    }
}

#[test]
fn each_missing_field_is_named() {
    for (path, body) in well_formed() {
        for name in body.as_object().unwrap().keys() {
            for replacement in [None, Some(Value::Null)] {
                let mut body = body.clone();
                let members = body.as_object_mut().unwrap();
                members.remove(name);
                members.extend(replacement.map(|null| (name.clone(), null)));
                expect_fields(&system().main().post(path, &body), &[name]);
            }
        }
    }
}

#[test]
fn each_field_of_a_wrong_type_is_named() {
    for (path, body) in well_formed() {
        for name in body.as_object().unwrap().keys() {
            for wrong in [json!(1), json!(true), json!([]), json!({}), json!(["+14155550100"])] {
                let mut body = body.clone();
                body[name] = wrong;
                expect_fields(&system().main().post(path, &body), &[name]);
            }
        }
    }
}

#[test]
fn each_empty_unprintable_or_overlong_field_is_named() {
    for (path, body) in well_formed() {
        for name in body.as_object().unwrap().keys() {
            for wrong in [
                String::new(),
                "a\u{0}b".to_owned(),
                "1\n2".to_owned(),
                "9".repeat(8_193),
            ] {
                let mut body = body.clone();
                body[name] = wrong.into();
                expect_fields(&system().main().post(path, &body), &[name]);
            }
        }
    }
}

#[test]
fn all_mistakes_are_named_at_once() {
    let body = json!({ "username": 1, "session": "" });
    let answer = system().main().post("/sign_in", &body);
    expect_fields(&answer, &["username", "session", "answer"]);
}

#[test]
fn a_device_key_has_at_most_128_printable_characters() {
    let worker = system().main();
    for (path, body) in well_formed() {
        if path == "/sign_in" {
            continue;
        }
        for wrong in [json!("k".repeat(129)), json!(5), json!("a\tb")] {
            let mut body = body.clone();
            body["device_key"] = wrong;
            expect_fields(&worker.post(path, &body), &["device_key"]);
        }
    }
    let phone = Phone::new();
    // An unset variable of a collection is an empty string.
    for device_key in ["k".repeat(128), String::new()] {
        let body = json!({ "phone_number": phone.number(), "device_key": device_key });
        worker.order("allow", &phone).expect_status(200);
        worker.post("/sign_up", &body).expect_status(201);
    }
}

#[test]
fn what_is_no_json_object_is_refused() {
    let bodies: [&[u8]; 11] = [
        b"",
        b"no json",
        b"{",
        b"{\"phone_number\":\"+14155550100\"} more",
        b"[]",
        b"[{\"phone_number\":\"+14155550100\"}]",
        b"\"text\"",
        b"12",
        b"null",
        b"{\"phone_number\":\"\xff\xfe\"}",
        b"{\"phone_number\":\"\xed\xa0\x80\"}",
    ];
    for (path, _) in well_formed() {
        for body in bodies {
            expect_fields(&system().main().post_bytes(path, body), &["body"]);
        }
    }
}

#[test]
fn json_nested_without_end_is_refused() {
    let body = [vec![b'['; 8_000], vec![b']'; 8_000]].concat();
    expect_fields(&system().main().post_bytes("/sign_up", &body), &["body"]);
}

#[test]
fn unknown_fields_are_ignored() {
    let phone = Phone::new();
    let body = json!({
        "phone_number": phone.number(), "email": 5, "nested": { "a": [null] }, "PHONE_NUMBER": "x", "code": "000000",
    });
    system().main().post("/sign_up", &body).expect_status(201);
    assert_eq!(phone.texts().len(), 1);
}

#[test]
fn impossible_phone_numbers_are_refused() {
    let impossible = [
        "14155550100",
        "+",
        "+1",
        "+1415555010",
        "+141555501000",
        "+1 415 555 0100",
        "+1-415-555-0100",
        "0014155550100",
        "+999123456789",
        "+0123456789",
        "+1415555010a",
        "tel:+14155550100",
        "+1415555０100",
        " +14155550100",
        "+14155550100 ",
        "+12345678901234567890",
        "nobody@example.com",
    ];
    for number in impossible {
        let answer = system().main().post("/sign_up", &json!({ "phone_number": number }));
        let document = answer.expect_problem(400, "INVALID_PHONE_NUMBER");
        assert!(document.get("errors").is_none());
        assert!(
            !document.to_string().contains(number.trim()) || number.len() < 4,
            "repeats {number}"
        );
    }
}

#[test]
fn bodies_above_16_kib_are_refused_announced_or_not() {
    let worker = system().main();
    let of_size = |size: usize| {
        let frame = r#"{"refresh_token":"x","padding":""}"#.len();
        format!(r#"{{"refresh_token":"x","padding":"{}"}}"#, "p".repeat(size - frame))
    };
    for (path, _) in well_formed() {
        let body = of_size(LIMIT + 1);
        worker
            .post_bytes(path, body.as_bytes())
            .expect_problem(413, "BODY_TOO_LARGE");
        // Without Content-Length: in chunks.
        let request = worker
            .request("POST", path)
            .header("content-type", "application/json")
            .body(body)
            .unwrap();
        worker.send_chunked(&request).expect_problem(413, "BODY_TOO_LARGE");
    }
    // At the limit it is read: the token is what is wrong.
    worker
        .post_bytes("/refresh_token", of_size(LIMIT).as_bytes())
        .expect_problem(403, "NOT_AUTHORIZED");
}

#[test]
fn chunked_bodies_are_read_like_others() {
    let (worker, phone) = (system().main(), Phone::new());
    let request = worker
        .request("POST", "/sign_up")
        .header("content-type", "application/json")
        .body(json!({ "phone_number": phone.number() }).to_string())
        .unwrap();
    worker.send_chunked(&request).expect_status(201);
}

#[test]
fn other_media_types_are_refused() {
    let worker = system().main();
    let types = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "application/problem+json",
        "multipart/form-data; boundary=x",
        "json",
    ];
    for (path, body) in well_formed() {
        for media_type in types {
            let request = worker
                .request("POST", path)
                .header("content-type", media_type)
                .body(body.to_string())
                .unwrap();
            worker.send(&request).expect_problem(415, "UNSUPPORTED_MEDIA_TYPE");
        }
        let without = worker
            .request("POST", path)
            .body(body.to_string().into_bytes())
            .unwrap();
        worker.send(&without).expect_problem(415, "UNSUPPORTED_MEDIA_TYPE");
    }
}

#[test]
fn the_media_type_is_json_in_any_case_and_with_parameters() {
    let worker = system().main();
    for media_type in [
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/json;charset=UTF-8",
    ] {
        let request = worker
            .request("POST", "/refresh_token")
            .header("content-type", media_type)
            .body(json!({ "refresh_token": "t" }).to_string())
            .unwrap();
        worker.send(&request).expect_problem(403, "NOT_AUTHORIZED");
    }
}
