//! Good answers: what the endpoints word is what the examples show and the schemas take.

use std::collections::BTreeSet;

use challenge::UnixSeconds;
use guard::{Cause, Order, Refusal, Summary, UnixMillis};
use serde_json::{Value, json};

use super::{assert_valid, at, members, operations, problems::assert_headers, resolved, validator};
use crate::{
    cache::{self, Forwarded},
    endpoints::{health, refresh_token, secured_call, sign_in, sign_up},
    http::{
        cors::{self, AllowedOrigins},
        parameters,
        problem::samples::one_of_each,
        reply::{JSON, Reply},
        route::{Offered, Route},
    },
    token::Caller,
};

fn example(name: &str) -> &'static Value {
    at(&format!("/components/examples/{name}/value"))
}

/// The described response of an operation.
fn response(operation_id: &str, status: u16) -> &'static Value {
    let operation = operations().find(|operation| operation.value["operationId"] == operation_id);
    resolved(&operation.unwrap().value["responses"][status.to_string()])
}

/// Status, headers, media type and body of `reply` are those of an operation, and its body is that of an example.
fn assert_described(operation_id: &str, reply: &Reply, example_name: &str) {
    let response = response(operation_id, reply.status);
    let content = &response["content"][JSON];
    let body: Value = serde_json::from_str(reply.body.as_deref().unwrap()).unwrap();
    assert_eq!(&body, example(example_name), "{operation_id}");
    let shown = members(&content["examples"])
        .values()
        .any(|example| super::name_of(example) == Some(example_name));
    assert!(shown, "{operation_id} does not show {example_name}");
    assert_eq!(reply.headers[0], ("content-type", JSON.to_owned()));
    assert_valid(&content["schema"], &body, operation_id);
    assert_headers(reply, response, operation_id);
}

#[test]
fn a_challenge_is_as_described() {
    let example = example("Challenge");
    let parameters = example["ChallengeParameters"].as_object().unwrap();
    let reply = sign_up::sent(example["Session"].as_str().unwrap(), parameters).no_store();
    assert_described("signUp", &reply, "Challenge");
}

#[test]
fn tokens_are_as_described() {
    let tokens = |name| serde_json::from_value(example(name)["AuthenticationResult"].clone()).unwrap();
    assert_described("signIn", &sign_in::success(&tokens("SignedIn")).no_store(), "SignedIn");
    assert_described(
        "refreshToken",
        &refresh_token::renewed(&tokens("Refreshed")).no_store(),
        "Refreshed",
    );
    // RefreshToken is there only where rotation is on.
    let mut without = example("Refreshed").clone();
    without["AuthenticationResult"]
        .as_object_mut()
        .unwrap()
        .remove("RefreshToken");
    assert_valid(at("/components/schemas/Refreshed"), &without, "without rotation");
}

#[test]
fn health_is_as_described() {
    assert_described("health", &health::shallow(), "Health");
    assert_described("health", &health::deeply_good(), "DeepHealth");
}

#[test]
fn a_sign_out_is_as_described() {
    let response = response("signOut", 204);
    assert!(response.get("content").is_none());
    assert_headers(&Reply::empty(204).no_store(), response, "signOut");
}

#[test]
fn an_echo_is_as_described() {
    let example = example("Echo");
    let caller = &example["caller"];
    let text = |name: &str| caller[name].as_str().unwrap().to_owned();
    let caller = Caller {
        sub: text("sub"),
        username: text("username"),
        scope: vec![caller["scope"][0].as_str().unwrap().to_owned()],
        expires_at: UnixSeconds(caller["expires_at"].as_u64().unwrap()),
        ..Caller::unverified("")
    };
    let query = parameters::decode("color=red&color=blue&size=3");
    let status = |reason| cache::forwarded(reason, None, None);
    let kept = secured_call::private(secured_call::tagged(
        secured_call::echo(query, &Value::Null, &caller),
        60,
    ));
    let kept = kept
        .with_header("cache-status", status(Forwarded::Miss))
        .with_header("age", "0");
    assert_described("securedCall", &kept, "Echo");

    let sent = secured_call::echo(Vec::new(), &json!({ "size": 3 }), &caller).no_store();
    let sent = sent.with_header("cache-status", status(Forwarded::Method));
    for operation in [
        "securedCallPost",
        "securedCallPut",
        "securedCallPatch",
        "securedCallDelete",
    ] {
        assert_described(operation, &sent, "EchoWithBody");
    }
}

#[test]
fn every_cache_status_is_as_described() {
    let described = validator(&at("/components/headers/Cache-Status")["schema"]);
    for reason in [
        Forwarded::Miss,
        Forwarded::Request,
        Forwarded::Method,
        Forwarded::Bypass,
    ] {
        for (status, kept_for) in [(None, None), (None, Some(60)), (Some(200), None), (Some(404), Some(7))] {
            let text = cache::forwarded(reason, status, kept_for);
            assert!(described.is_valid(&json!(text)), "{text}");
        }
    }
}

#[test]
fn what_a_guard_remembers_is_as_described() {
    let summary: Summary = serde_json::from_value(example("GuardSummary").clone()).unwrap();
    assert_described("adminGuard", &Reply::json(200, &summary).no_store(), "GuardSummary");
}

/// An `enum` of the description.
fn choices(pointer: &str) -> BTreeSet<&'static str> {
    let choices = at(pointer).as_array().unwrap();
    choices.iter().map(|choice| choice.as_str().unwrap()).collect()
}

#[test]
fn why_no_code_would_be_sent_is_as_described() {
    const REFUSAL: &str = "/components/schemas/Refusal";
    let causes = one_of_each!(Cause {
        Cause::Pause => Cause::Pause,
        Cause::NumberSends => Cause::NumberSends,
        Cause::Guesses => Cause::Guesses,
        Cause::AddressSends => Cause::AddressSends,
        Cause::AddressAttempts => Cause::AddressAttempts,
        Cause::AddressCountries => Cause::AddressCountries,
        Cause::CountryBudget => Cause::CountryBudget,
    });
    let wait = |cause| Refusal::Wait {
        until: UnixMillis(7),
        cause,
    };
    let refusals = one_of_each!(Refusal {
        Refusal::Wait { .. } => wait(Cause::Pause),
        Refusal::HumanCheck => Refusal::HumanCheck,
        Refusal::Blocked => Refusal::Blocked,
        Refusal::Locked => Refusal::Locked,
        Refusal::NoChallenge => Refusal::NoChallenge,
        Refusal::Expired => Refusal::Expired,
    });
    let written = causes
        .map(wait)
        .into_iter()
        .chain(refusals)
        .map(|refusal| json!(refusal));
    let (waits, others): (Vec<Value>, Vec<Value>) = written.partition(Value::is_object);
    for refusal in waits.iter().chain(&others) {
        assert_valid(at(REFUSAL), refusal, "next_code");
    }
    let others: BTreeSet<&str> = others.iter().filter_map(Value::as_str).collect();
    assert_eq!(others, choices(&format!("{REFUSAL}/oneOf/0/enum")));
    let causes: BTreeSet<&str> = waits.iter().filter_map(|wait| wait["wait"]["cause"].as_str()).collect();
    assert_eq!(
        causes,
        choices(&format!("{REFUSAL}/oneOf/1/properties/wait/properties/cause/enum"))
    );
}

#[test]
fn the_orders_that_are_remembered_are_as_described() {
    let orders = one_of_each!(Order {
        Order::Unlock => Order::Unlock,
        Order::Block => Order::Block,
        Order::Allow => Order::Allow,
    })
    .map(|order| json!(order));
    let orders: BTreeSet<&str> = orders.iter().filter_map(Value::as_str).collect();
    assert_eq!(
        orders,
        choices("/components/schemas/CarriedOrder/properties/order/enum")
    );
}

#[test]
fn a_preflight_is_as_described() {
    for operation in operations().filter(|operation| operation.method == "OPTIONS") {
        let path = operation.path.replace("{path}", "orders");
        let offered = Offered {
            origin: true,
            admin: true,
        };
        let Ok(Route::Preflight(allow)) = Route::find("OPTIONS", &path, offered) else {
            panic!("{path}")
        };
        let response = response(operation.value["operationId"].as_str().unwrap(), 204);
        for requested in [None, Some("x-trace".to_owned())] {
            assert_headers(&cors::preflight(allow, requested), response, &operation.name());
        }
    }
}

#[test]
fn every_answer_can_be_read_by_pages_of_other_origins_and_says_so() {
    let page = "https://app.example.com";
    let listed = AllowedOrigins::Listed(vec![page.to_owned()]);
    for operation in operations() {
        for (status, response) in operation.responses() {
            let what = format!("{} {status}", operation.name());
            let headers = members(&response["headers"]);
            assert_eq!(resolved(&headers["X-Request-Id"])["required"], true, "{what}");
            for (name, value) in AllowedOrigins::Any
                .headers(Some(page))
                .into_iter()
                .chain(listed.headers(Some(page)))
            {
                let described = headers
                    .iter()
                    .find(|(described, _)| described.eq_ignore_ascii_case(name));
                let (_, header) = described.unwrap_or_else(|| panic!("{what}: {name}"));
                let schema = &resolved(header)["schema"];
                // Beside what the answer varies by already.
                let joined = json!(format!("Authorization, {value}"));
                let is_valid = |value: &Value| validator(schema).is_valid(value);
                assert!(
                    is_valid(&json!(value)) || name == "vary" && is_valid(&joined),
                    "{what}: {name}: {value}"
                );
            }
        }
    }
}
