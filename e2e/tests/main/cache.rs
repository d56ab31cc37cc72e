//! The edge cache of `/secured/call`: an own one for each caller. That of the origin's answers is in [`crate::cache_origin`].

use std::{thread, time::Duration};

use e2e::{Answer, Phone, Tokens, keys, system, waiting::until};
use serde_json::json;

/// Storing happens after the answer.
const STORED_WITHIN: Duration = Duration::from_secs(5);

fn user() -> Tokens {
    system().main().signed_in(&Phone::new())
}

/// RFC 9211 §2.1, §2.2: whether the answer came from the cache.
#[track_caller]
fn is_hit(answer: &Answer) -> bool {
    answer.expect_status(200);
    let status = answer.header("cache-status").expect("Cache-Status");
    let parameters: Vec<&str> = status.split(';').map(str::trim).skip(1).collect();
    let hit = parameters.contains(&"hit");
    let forwarded = parameters.iter().any(|parameter| parameter.starts_with("fwd="));
    assert!(hit != forwarded, "either hit or forwarded: {status}");
    hit
}

fn get(path: &str, tokens: &Tokens) -> Answer {
    system().main().get_with(path, &tokens.access)
}

/// GETs until it comes from the cache.
#[track_caller]
fn hit(path: &str, tokens: &Tokens) -> Answer {
    until("an answer from the cache", STORED_WITHIN, || {
        Some(get(path, tokens)).filter(is_hit)
    })
}

#[test]
fn the_first_get_is_a_miss_and_the_next_a_hit_with_its_age() {
    let user = user();
    let miss = get("/secured/call?x=1", &user);
    assert!(!is_hit(&miss));
    assert!(miss.header("age").is_none());
    let hit = hit("/secured/call?x=1", &user);
    assert!(hit.header("age").unwrap().parse::<u64>().unwrap() < 60);
    assert_eq!(hit.body, miss.body);
    assert_eq!(hit.header("content-type"), miss.header("content-type"));
    for answer in [&miss, &hit] {
        // Between here and the client nobody else may keep it.
        let control = answer.header("cache-control").unwrap_or_default();
        assert!(control.contains("private") || control.contains("no-store"), "{control}");
    }
}

#[test]
fn head_is_served_from_what_get_stored() {
    let user = user();
    get("/secured/call?head", &user);
    hit("/secured/call?head", &user);
    let worker = system().main();
    let request = worker
        .request("HEAD", "/secured/call?head")
        .header("authorization", format!("Bearer {}", user.access))
        .body(())
        .unwrap();
    let answer = worker.send(&request);
    assert!(is_hit(&answer) && answer.body.is_empty());
}

#[test]
fn another_query_is_another_entry() {
    let user = user();
    get("/secured/call?x=1", &user);
    hit("/secured/call?x=1", &user);
    for path in [
        "/secured/call",
        "/secured/call?x=2",
        "/secured/call?x=1&x=1",
        "/secured/call?X=1",
    ] {
        assert!(!is_hit(&get(path, &user)), "{path}");
    }
}

#[test]
fn a_client_can_ask_for_a_fresh_answer() {
    let user = user();
    get("/secured/call?fresh", &user);
    hit("/secured/call?fresh", &user);
    let worker = system().main();
    for directive in ["no-cache", "no-store", "max-age=0, no-cache"] {
        let request = worker
            .request("GET", "/secured/call?fresh")
            .header("authorization", format!("Bearer {}", user.access))
            .header("cache-control", directive)
            .body(())
            .unwrap();
        assert!(!is_hit(&worker.send(&request)), "{directive}");
    }
}

#[test]
fn other_methods_are_never_cached() {
    let user = user();
    get("/secured/call?post", &user);
    hit("/secured/call?post", &user);
    let worker = system().main();
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        for body in ["first", "second"] {
            let request = worker
                .request(method, "/secured/call?post")
                .header("authorization", format!("Bearer {}", user.access))
                .header("content-type", "text/plain")
                .body(body)
                .unwrap();
            let answer = worker.send(&request);
            assert!(!is_hit(&answer), "{method}");
            assert_eq!(answer.json()["body"], body, "{method}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{method}");
        }
    }
}

#[test]
fn a_method_that_http_does_not_define_never_passes_for_get() {
    let user = user();
    get("/secured/call?propfind", &user);
    hit("/secured/call?propfind", &user);
    let worker = system().main();
    let request = worker
        .request("PROPFIND", "/secured/call?propfind")
        .header("authorization", format!("Bearer {}", user.access))
        .body(())
        .unwrap();
    let answer = worker.send(&request);
    assert!(answer.status == 405 || !is_hit(&answer));
}

#[test]
fn nobody_is_served_anothers_answer() {
    let (one, other) = (user(), user());
    let path = "/secured/call?shared=1";
    get(path, &one);
    hit(path, &one);
    let answer = get(path, &other);
    assert!(!is_hit(&answer), "the entry of another caller");
    assert_eq!(answer.json()["caller"]["sub"], keys::claims(&other.access)["sub"]);
}

#[test]
fn without_a_token_nothing_comes_from_the_cache() {
    let user = user();
    let path = "/secured/call?locked=1";
    get(path, &user);
    hit(path, &user);
    let worker = system().main();
    for answer in [
        worker.get(path),
        worker.get_with(path, "x"),
        worker.get_with(path, &user.id),
    ] {
        answer.expect_problem(401, "INVALID_TOKEN");
        assert!(answer.header("age").is_none());
    }
}

#[test]
fn an_error_is_not_cached() {
    let path = "/secured/call?error=1";
    for _ in 0..3 {
        let answer = system().main().get_with(path, "x");
        answer.expect_problem(401, "INVALID_TOKEN");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    assert!(!is_hit(&get(path, &user())));
}

#[test]
fn callers_stay_apart_when_they_call_at_once() {
    let users = [user(), user()];
    let worker = system().main();
    let hits: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                let (worker, users) = (&worker, &users);
                scope.spawn(move || {
                    (0..30)
                        .filter(|round| {
                            let user = &users[(thread + round) % users.len()];
                            // Few queries, so that both callers meet on the same ones all the time.
                            let path = format!("/secured/call?q={}", round % 5);
                            let answer = worker.get_with(&path, &user.access);
                            let body = answer.expect_status(200).json();
                            assert_eq!(body["caller"]["sub"], keys::claims(&user.access)["sub"]);
                            assert_eq!(body["query"], json!({ "q": (round % 5).to_string() }));
                            is_hit(&answer)
                        })
                        .count()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("every caller is itself"))
            .sum()
    });
    assert!(hits > 0, "the cache was not used, so this proved nothing");
}
