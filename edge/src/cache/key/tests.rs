use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

const URL: &str = "https://h/secured/orders";

fn caller() -> Caller {
    Caller {
        scope: vec!["a".to_owned(), "b".to_owned()],
        sign_in: Some("sign-in".to_owned()),
        signed_in_at: Some(UnixSeconds(5)),
        ..Caller::unverified("s")
    }
}

fn key(caller: &Caller, url: &str, headers: &[(&'static str, Option<&str>)], expires_at: Option<u64>) -> String {
    let headers = headers.iter().map(|(name, value)| (*name, value.map(str::to_owned)));
    let parts = KeyParts {
        caller,
        url,
        headers: headers.collect(),
        expires_at: expires_at.map(UnixSeconds),
    };
    CacheKey::new(&parts).0
}

fn of_caller(caller: &Caller) -> String {
    key(caller, URL, &[("accept", None)], None)
}

fn of_url(url: &str) -> String {
    key(&caller(), url, &[], None)
}

#[test]
fn whatever_the_answer_depends_on_changes_the_key() {
    let text = str::to_owned;
    let keys = [
        of_caller(&caller()),
        of_caller(&Caller {
            sub: text("t"),
            ..caller()
        }),
        of_caller(&Caller {
            username: text("t"),
            ..caller()
        }),
        of_caller(&Caller {
            client_id: text("t"),
            ..caller()
        }),
        of_caller(&Caller {
            scope: vec![text("a")],
            ..caller()
        }),
        of_caller(&Caller {
            scope: vec![text("a b")],
            ..caller()
        }),
        of_caller(&Caller {
            sign_in: Some(text("t")),
            ..caller()
        }),
        of_caller(&Caller {
            sign_in: Some(String::new()),
            ..caller()
        }),
        of_caller(&Caller {
            sign_in: None,
            ..caller()
        }),
        of_caller(&Caller {
            signed_in_at: Some(UnixSeconds(6)),
            ..caller()
        }),
        key(&caller(), URL, &[("accept", Some(""))], None),
        key(&caller(), URL, &[("accept", Some("text/plain"))], None),
        key(&caller(), URL, &[("accept", None), ("origin", None)], None),
        key(&caller(), URL, &[("accept", None)], Some(9)),
        key(&caller(), URL, &[("accept", None)], Some(10)),
        of_url("https://i/secured/orders"),
        of_url("http://h/secured/orders"),
        of_url("https://h/secured/Orders"),
        of_url("https://h/secured/orders/"),
        of_url("https://h/secured/orders?x=1"),
        of_url("https://h/secured/orders?x=2"),
        of_url("https://h/secured/orders?x=%ff"),
        of_url("https://h/secured/orders?x=%fe"),
        of_url("https://h/secured/orders?x=1&x=2"),
        of_url("https://h/secured/orders?x=2&x=1"),
    ];
    assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
}

#[test]
fn what_the_answer_does_not_depend_on_does_not_change_the_key() {
    let turned = Caller {
        scope: vec!["b".to_owned(), "a".to_owned()],
        expires_at: UnixSeconds(7),
        issued_at: Some(UnixSeconds(6)),
        ..caller()
    };
    assert_eq!(of_caller(&turned), of_caller(&caller()));
    assert_eq!(of_url(&format!("{URL}?b=2&a=1#f")), of_url(&format!("{URL}?a=1&b=2")));
}

#[test]
fn values_of_one_name_keep_their_order_however_it_is_written() {
    let of = |query: &str| of_url(&format!("{URL}?{query}"));
    assert_ne!(of("a=1&%61=2"), of("%61=2&a=1"));
    assert_eq!(of("a=1&%61=2&b"), of("b&a=1&%61=2"));
}

#[test]
fn the_key_is_below_the_resource_and_tells_nothing() {
    let key = of_url("https://h/secured/orders?x=secret");
    assert!(key.starts_with("https://h/secured/orders/.cache/"), "{key}");
    assert!(!key.contains("secret"));
}

prop_compose! {
    fn any_caller()(
        sub in "[ab ,]{1,3}", username in "[ab ,]{0,3}", client_id in "[ab]{1,2}",
        scope in proptest::collection::vec("[ab]{1,2}", 0..3), sign_in in proptest::option::of("[ab]{0,2}"),
        signed_in_at in proptest::option::of(0_u64..3),
    ) -> Caller {
        let signed_in_at = signed_in_at.map(UnixSeconds);
        Caller { sub, username, client_id, scope, sign_in, signed_in_at, ..Caller::unverified("") }
    }
}

/// Who it is: all but what the answer does not depend on.
fn identity(caller: &Caller) -> Caller {
    let mut scope = caller.scope.clone();
    scope.sort();
    Caller {
        scope,
        ..caller.clone()
    }
}

fn key_at(caller: &Caller, query: &str) -> String {
    key(caller, &format!("{URL}?{query}"), &[], None)
}

#[test]
fn letters_do_not_move_between_parts() {
    let of = |sub: &str, username: &str, scope: &[&str]| {
        of_caller(&Caller {
            username: username.to_owned(),
            scope: scope.iter().map(|scope| (*scope).to_owned()).collect(),
            ..Caller::unverified(sub)
        })
    };
    assert_ne!(of("ab", "c", &[]), of("a", "bc", &[]));
    assert_ne!(of("a", "b", &["c", "d"]), of("a", "b", &["cd"]));
    let by_id = Caller {
        sign_in: Some("5".to_owned()),
        ..Caller::unverified("a")
    };
    let by_time = Caller {
        signed_in_at: Some(UnixSeconds(5)),
        ..Caller::unverified("a")
    };
    assert_ne!(of_caller(&by_id), of_caller(&by_time));
}

proptest! {
    // Two callers that differ in one part, or in none.
    #[test]
    fn no_two_callers_share_a_key(
        left in any_caller(), other in any_caller(), part in 0..6, query in "[a-c=&]{0,8}",
    ) {
        let mut right = left.clone();
        match part {
            0 => right.sub = other.sub,
            1 => right.username = other.username,
            2 => right.client_id = other.client_id,
            3 => right.scope = other.scope,
            4 => right.sign_in = other.sign_in,
            _ => right.signed_in_at = other.signed_in_at,
        }
        prop_assert_eq!(key_at(&left, &query) == key_at(&right, &query), identity(&left) == identity(&right));
    }

    // Parts of few letters run into each other in every possible way.
    #[test]
    fn parts_do_not_run_into_each_other(left in any_caller(), right in any_caller()) {
        prop_assert_eq!(key_at(&left, "") == key_at(&right, ""), identity(&left) == identity(&right));
    }

    #[test]
    fn no_two_queries_share_a_key_but_for_the_order_of_names(left in "[ab=&%6]{0,8}", right in "[ab=&%6]{0,8}") {
        let same_key = of_url(&format!("{URL}?{left}")) == of_url(&format!("{URL}?{right}"));
        prop_assert_eq!(same_key, in_order_of_names(&left) == in_order_of_names(&right));
    }
}
