//! Which requests share an entry of the edge cache, and when one is gone: one caller, one address, one representation.

use std::thread;

use e2e::{Phone, Tokens, keys, origin::origin, system, waiting::until};
use serde_json::json;

use crate::cache_origin::{KEPT_WITHIN, cache_status, get, hit, is_hit, request, send, user};

#[test]
fn a_change_takes_the_entry_with_it_unless_it_failed() {
    let path = "/secured/cached/changed";
    origin().on(path, |exchange| {
        exchange.read_body()?;
        let status = if exchange.request.body == b"wrong" {
            "409 Conflict"
        } else {
            "200 OK"
        };
        exchange.answer(status, &[("cache-control", "max-age=60")], b"")
    });
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        get(path);
        hit(path);
        let change = |body: &str| {
            let request = request(method, path).body(body.to_owned()).unwrap();
            system().main().send(&request)
        };
        assert_eq!(
            cache_status(change("wrong").expect_status(409)),
            "fwd=method; fwd-status=409"
        );
        assert!(is_hit(&get(path)), "{method} failed, so nothing changed");
        change("right").expect_status(200);
        assert!(!is_hit(&get(path)), "{method} changed it");
    }
}

#[test]
fn each_representation_is_an_entry_of_its_own() {
    let path = "/secured/cached/languages";
    origin().on(path, |exchange| {
        let language = exchange.request.header("accept-language").unwrap_or("none").to_owned();
        let vary = [("cache-control", "max-age=60"), ("vary", "Accept-Language")];
        exchange.answer("200 OK", &vary, language.as_bytes())
    });
    let ask = |language: &str| send(request("GET", path).header("accept-language", language));
    for language in ["de", "en", "de, en;q=0.5"] {
        assert_eq!(
            cache_status(&ask(language)),
            "fwd=miss; fwd-status=200; stored; ttl=60",
            "{language}"
        );
        let kept = until("its own language from the cache", KEPT_WITHIN, || {
            Some(ask(language)).filter(is_hit)
        });
        assert_eq!(kept.body, language.as_bytes());
    }
    assert_eq!(get(path).body, b"none");
}

#[test]
fn the_order_of_names_in_a_query_does_not_matter_and_the_rest_does() {
    let path = "/secured/cached/query";
    origin().answer(path, "200 OK", &[("cache-control", "max-age=60")], b"");
    get(&format!("{path}?a=1&b=2&a=3"));
    hit(&format!("{path}?a=1&b=2&a=3"));
    assert!(is_hit(&get(&format!("{path}?b=2&a=1&a=3"))));
    for query in ["a=3&b=2&a=1", "a=1&b=2", "A=1&b=2&a=3", "a=1&b=2&a=%33", "a=1&b=2&a=3&"] {
        assert!(!is_hit(&get(&format!("{path}?{query}"))), "{query}");
    }
}

#[test]
fn whoever_signs_in_again_finds_nothing_of_before() {
    let path = "/secured/cached/sign-ins";
    origin().answer(path, "200 OK", &[("cache-control", "max-age=60")], b"");
    let worker = system().main();
    let phone = Phone::new();
    let first = worker.signed_in(&phone);
    worker.get_with(path, &first.access);
    until("an answer from the cache", KEPT_WITHIN, || {
        Some(worker.get_with(path, &first.access)).filter(is_hit)
    });
    // A refreshed token is of the same sign-in, and has the same entries.
    let refreshed = Tokens::read(worker.refresh(&first.refresh).expect_status(200));
    assert_ne!(refreshed.access, first.access);
    assert!(is_hit(&worker.get_with(path, &refreshed.access)));
    let challenge = worker.sign_up_again(&phone);
    let second = Tokens::read(worker.sign_in(&challenge, &phone.code_of_text(2)).expect_status(200));
    assert_eq!(keys::claims(&second.access)["sub"], keys::claims(&first.access)["sub"]);
    assert!(!is_hit(&worker.get_with(path, &second.access)));
}

#[test]
fn callers_stay_apart_at_the_origin_too_when_they_call_at_once() {
    let paths = ["/secured/cached/busy/1", "/secured/cached/busy/2"];
    for path in paths {
        origin().on(path, |exchange| {
            let sub = exchange.request.header("x-caller-sub").unwrap_or_default().to_owned();
            let target = exchange.request.head.split(' ').nth(1).unwrap_or_default().to_owned();
            let body = json!({ "sub": sub, "target": target }).to_string();
            exchange.answer("200 OK", &[("cache-control", "max-age=60")], body.as_bytes())
        });
    }
    let users = [user(), user()];
    let worker = system().main();
    let hits: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                let (worker, users) = (&worker, &users);
                scope.spawn(move || {
                    let mine = (0..40).filter(|round| {
                        let user = &users[(thread + round) % users.len()];
                        // Few addresses, so that both callers meet on the same ones all the time.
                        let path = format!("{}?q={}", paths[round % paths.len()], round % 3);
                        let answer = worker.get_with(&path, &user.access);
                        let body = answer.expect_status(200).json();
                        assert_eq!(
                            body["sub"],
                            keys::claims(&user.access)["sub"],
                            "another caller's answer"
                        );
                        assert_eq!(body["target"], format!("/api{path}"), "another address's answer");
                        is_hit(&answer)
                    });
                    mine.count()
                })
            })
            .collect();
        let counts = threads
            .into_iter()
            .map(|thread| thread.join().expect("every caller is itself"));
        counts.sum()
    });
    assert!(
        hits > 40,
        "the cache was hardly used, so this proved little: {hits} hits"
    );
}
