//! "When a token is accepted", the claims: what is right to the letter and to the second is accepted, all else refused alike.

use std::time::Duration;

use e2e::{
    keys::PUBLISHED,
    system,
    waiting::{now, until_clock_shows},
};
use serde_json::{Value, json};

use crate::issuer::{
    claims, claims_text, claims_with, expect_accepted, expect_all_refused, open, signed_text, with_claim, with_header,
};

#[test]
fn good_tokens_are_accepted() {
    let _keys = open();
    let answer = expect_accepted("good", &PUBLISHED.plain_token(&claims()));
    let caller = &answer.json()["caller"];
    assert_eq!(caller["sub"], claims()["sub"]);
    assert_eq!(caller["scope"], json!(["aws.cognito.signin.user.admin"]));

    expect_accepted("30 s ahead", &with_claim("iat", json!(now() + 30)));
    expect_accepted("valid from now", &with_claim("nbf", json!(now())));
    for absent in ["iat", "scope"] {
        expect_accepted(absent, &with_claim(absent, Value::Null));
    }
    expect_accepted("further claims", &with_claim("cognito:groups", json!(["a"])));
    let answer = expect_accepted("two scopes", &with_claim("scope", json!("a b/c")));
    assert_eq!(answer.json()["caller"]["scope"], json!(["a", "b/c"]));
    expect_accepted("no typ", &with_header("typ", Value::Null));
    // RFC 7519 §2: a NumericDate may have a fraction.
    let fraction = claims_text("exp", &format!("{}.5", now() + 100));
    expect_accepted("a fraction of a second", &signed_text(&fraction));
}

#[test]
fn time_claims_are_kept_to_the_second() {
    let _keys = open();
    expect_all_refused([
        ("expired by a second", with_claim("exp", json!(now() - 1))),
        // RFC 7519 §4.1.4: on or after. The clock only goes on, so this cannot turn good.
        ("expires now", with_claim("exp", json!(now()))),
        ("expired long ago", with_claim("exp", json!(0))),
        ("expires before 1970", with_claim("exp", json!(-1))),
        ("no exp", with_claim("exp", Value::Null)),
        ("exp a string", with_claim("exp", json!((now() + 100).to_string()))),
        ("exp true", with_claim("exp", json!(true))),
        ("exp a list", with_claim("exp", json!([now() + 100]))),
        ("valid later", with_claim("nbf", json!(now() + 5))),
        ("nbf a string", with_claim("nbf", json!("0"))),
        // 31 would race with the second hand: by the time that it is looked at it may be 30.
        ("issued later", with_claim("iat", json!(now() + 33))),
        ("iat a string", with_claim("iat", json!("0"))),
    ]);
    expect_all_refused(["1e999", "null", "-1e3", "NaN"].map(|exp| (exp, signed_text(&claims_text("exp", exp)))));
}

#[test]
fn a_cached_answer_ends_with_its_token() {
    let _keys = open();
    let expires_at = now() + 3;
    let token = with_claim("exp", json!(expires_at));
    let worker = system().fault();
    worker.get_with("/secured/call?ends", &token).expect_status(200);
    e2e::waiting::until("an answer from the cache", Duration::from_secs(2), || {
        let answer = worker.get_with("/secured/call?ends", &token);
        answer.header("age").is_some().then_some(())
    });
    until_clock_shows(expires_at);
    worker
        .get_with("/secured/call?ends", &token)
        .expect_problem(401, "INVALID_TOKEN");
}

#[test]
fn issuer_client_use_and_subject_must_be_exactly_right() {
    let _keys = open();
    let issuer = claims()["iss"].as_str().unwrap().to_owned();
    let stack = system().main_stack();
    let local = format!("{}/{}", system().description.aws_endpoint, stack.user_pool_id);
    let changes = [
        ("iss", Value::Null),
        ("iss", json!(5)),
        ("iss", json!("")),
        ("iss", json!(format!("{issuer}/"))),
        ("iss", json!(issuer.replace("https", "http"))),
        ("iss", json!(issuer.to_uppercase())),
        (
            "iss",
            json!(issuer.replace(&stack.user_pool_id, &system().short_stack().user_pool_id)),
        ),
        ("iss", json!(local)),
        ("iss", json!([issuer])),
        ("client_id", Value::Null),
        ("client_id", json!("")),
        ("client_id", json!("another")),
        ("client_id", json!([stack.client_id])),
        ("client_id", json!(system().short_stack().client_id)),
        ("token_use", Value::Null),
        ("token_use", json!("id")),
        ("token_use", json!("refresh")),
        ("token_use", json!("ACCESS")),
        ("sub", Value::Null),
        ("sub", json!("")),
        ("sub", json!(5)),
        ("sub", json!(["x"])),
        ("scope", json!(["aws.cognito.signin.user.admin"])),
        ("scope", json!(1)),
    ];
    expect_all_refused(changes.map(|(name, value)| (format!("{name} {value}"), with_claim(name, value))));

    // An id token names the client in `aud`.
    let mut id = claims_with("client_id", Value::Null);
    id["aud"] = json!(stack.client_id);
    expect_all_refused([("aud for client_id", PUBLISHED.plain_token(&id))]);
}
