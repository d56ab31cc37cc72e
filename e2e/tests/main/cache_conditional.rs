//! Conditional requests (RFC 9110 §13), which the edge answers itself where the cache may.

use std::{sync::LazyLock, time::Duration};

use e2e::{Answer, Phone, Tokens, origin::origin, system, waiting::until};

static USER: LazyLock<Tokens> = LazyLock::new(|| system().main().signed_in(&Phone::new()));

const MODIFIED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const LATER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";
const EARLIER: &str = "Sun, 06 Nov 1994 08:49:36 GMT";

#[track_caller]
fn ask(method: &str, path: &str, conditions: &[(&str, &str)]) -> Answer {
    let worker = system().main();
    let request = worker
        .request(method, path)
        .header("authorization", format!("Bearer {}", USER.access));
    let request = conditions
        .iter()
        .fold(request, |request, (name, value)| request.header(*name, *value));
    worker.send(&request.body(()).unwrap())
}

fn is_hit(answer: &Answer) -> bool {
    answer
        .header("cache-status")
        .is_some_and(|status| status.contains("; hit"))
}

#[track_caller]
fn until_kept(path: &str) {
    until("an answer from the cache", Duration::from_secs(5), || {
        is_hit(&ask("GET", path, &[])).then_some(())
    });
}

/// Conditions and whether they mean that the client has it.
const CASES: [(&[(&str, &str)], bool); 10] = [
    (&[("if-none-match", "\"a\"")], true),
    (&[("if-none-match", "W/\"a\"")], true),
    (&[("if-none-match", "\"x\", \"a\"")], true),
    (&[("if-none-match", "*")], true),
    (&[("if-none-match", "\"b\"")], false),
    (&[("if-modified-since", MODIFIED)], true),
    (&[("if-modified-since", LATER)], true),
    (&[("if-modified-since", EARLIER)], false),
    // The tag decides, whatever the date says.
    (&[("if-none-match", "\"b\""), ("if-modified-since", LATER)], false),
    (&[("if-none-match", "\"a\""), ("if-modified-since", EARLIER)], true),
];

fn serve(path: &str, cache_control: &'static str) {
    origin().on(path, move |exchange| {
        let headers = [
            ("etag", "\"a\""),
            ("last-modified", MODIFIED),
            ("cache-control", cache_control),
            ("content-type", "text/plain"),
        ];
        exchange.answer("200 OK", &headers, b"whole")
    });
}

#[track_caller]
fn expect_304(answer: &Answer, of: &str) {
    assert_eq!(answer.status, 304, "{of}");
    assert!(answer.body.is_empty(), "{of}");
    assert_eq!(answer.header("etag"), Some("\"a\""), "{of}");
    assert_eq!(answer.header("vary"), Some("Authorization"), "{of}");
    assert!(
        answer
            .header("cache-control")
            .is_some_and(|value| value.contains("private")),
        "{of}"
    );
    assert!(answer.header("cache-status").is_some(), "{of}");
    for name in ["content-type", "content-encoding"] {
        assert!(answer.header(name).is_none(), "{of}: {name}");
    }
}

#[test]
fn a_kept_answer_is_compared_at_the_edge() {
    let path = "/secured/conditional/kept";
    serve(path, "max-age=60");
    ask("GET", path, &[]);
    until_kept(path);
    let asked = origin().received(path).len();
    for (conditions, is_met) in CASES {
        for method in ["GET", "HEAD"] {
            let answer = ask(method, path, conditions);
            assert!(is_hit(&answer), "{conditions:?}");
            assert!(answer.header("age").is_some(), "{conditions:?}");
            if is_met {
                expect_304(&answer, &format!("{conditions:?}"));
            } else {
                assert_eq!(answer.status, 200, "{conditions:?}");
                assert_eq!(answer.body.is_empty(), method == "HEAD");
            }
        }
    }
    assert_eq!(origin().received(path).len(), asked, "the origin was asked");
}

#[test]
fn the_origin_is_asked_for_the_whole_and_the_client_gets_what_it_lacks() {
    for (number, (conditions, is_met)) in CASES.into_iter().enumerate() {
        let path = format!("/secured/conditional/first/{number}");
        serve(&path, "max-age=60");
        let answer = ask("GET", &path, conditions);
        assert!(
            answer
                .header("cache-status")
                .unwrap()
                .ends_with("fwd=miss; fwd-status=200; stored; ttl=60")
        );
        if is_met {
            expect_304(&answer, &format!("{conditions:?}"));
        } else {
            assert_eq!(answer.expect_status(200).body, b"whole", "{conditions:?}");
        }
        let received = origin().last(&path);
        for name in ["if-none-match", "if-modified-since"] {
            assert!(received.header(name).is_none(), "{name} reached the origin");
        }
        // Whoever asks next gets the whole, from the cache.
        until_kept(&path);
        assert_eq!(ask("GET", &path, &[]).expect_status(200).body, b"whole");
    }
}

#[test]
fn what_may_not_be_kept_is_compared_all_the_same() {
    let path = "/secured/conditional/not-kept";
    serve(path, "no-store");
    let answer = ask("GET", path, &[("if-none-match", "\"a\"")]);
    assert_eq!((answer.status, answer.header("cache-control")), (304, Some("no-store")));
    assert_eq!(
        ask("GET", path, &[("if-none-match", "\"b\"")]).expect_status(200).body,
        b"whole"
    );
}

#[test]
fn an_error_is_never_what_the_client_has() {
    let path = "/secured/conditional/error";
    origin().answer(
        path,
        "404 Not Found",
        &[("etag", "\"a\""), ("cache-control", "max-age=60")],
        b"gone",
    );
    for _ in 0..2 {
        assert_eq!(
            ask("GET", path, &[("if-none-match", "\"a\"")]).expect_status(404).body,
            b"gone"
        );
    }
}

#[test]
fn the_worker_tags_its_own_answers() {
    let path = "/secured/call?tagged";
    let first = ask("GET", path, &[]);
    let tag = first.expect_status(200).header("etag").expect("an ETag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
    let answer = ask("GET", path, &[("if-none-match", &tag)]);
    assert_eq!((answer.status, answer.header("etag")), (304, Some(tag.as_str())));
    assert!(answer.body.is_empty());
    let other = ask("GET", "/secured/call?tagged=2", &[("if-none-match", &tag)]);
    assert_ne!(other.expect_status(200).header("etag"), Some(tag.as_str()));
}
