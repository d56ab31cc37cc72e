//! Bodies of requests: what the endpoints read is what is described, member by member, and so is what they refuse.

use std::collections::BTreeMap;

use challenge::PhoneNumber;
use serde_json::{Value, json};

use super::{assert_valid, at, members, resolved, validator};
use crate::{
    endpoints::{admin_guard, refresh_token, sign_in, sign_out, sign_up},
    http::{
        fields::asked::{self, Kind},
        problem::Problem,
    },
};

/// How an endpoint reads a body.
type Read = fn(&[u8]) -> Result<(), Problem>;

/// The schemas of bodies, each with its reader.
const BODIES: [(&str, Read); 5] = [
    ("SignUp", |body| sign_up::Demand::read(body).map(drop)),
    ("SignIn", |body| sign_in::Answer::read(body).map(drop)),
    ("Refresh", |body| refresh_token::Demand::read(body).map(drop)),
    ("SignOut", |body| sign_out::Demand::read(body).map(drop)),
    ("GuardOrder", |body| admin_guard::Demand::read(body).map(drop)),
];

fn schema(name: &str) -> &'static Value {
    at(&format!("/components/schemas/{name}"))
}

/// The example of the request body that has this schema.
fn example(name: &str) -> &'static Value {
    let media_types = members(at("/components/requestBodies")).values();
    let content = media_types
        .map(|body| &body["content"]["application/json"])
        .find(|content| content["schema"]["$ref"] == format!("#/components/schemas/{name}"))
        .unwrap_or_else(|| panic!("{name} is no request body"));
    let named = || {
        members(&content["examples"])
            .values()
            .next()
            .map(|example| &example["value"])
    };
    content.get("example").or_else(named).unwrap()
}

#[test]
fn every_json_body_that_is_described_has_a_reader() {
    let bodies = members(at("/components/requestBodies")).values();
    let own = bodies.filter_map(|body| super::name_of(&body["content"]["application/json"]["schema"]));
    assert_eq!(own.count(), BODIES.len());
    for (name, _) in BODIES {
        example(name);
    }
}

#[test]
fn the_members_that_are_read_are_those_described() {
    for (name, read) in BODIES {
        let asked = asked::during(|| drop(read(b"{}")));
        let described: BTreeMap<&str, Kind> = members(&schema(name)["properties"])
            .iter()
            .map(|(member, value)| (member.as_str(), kind(name, member, resolved(value))))
            .collect();
        // What has a form of its own is shorter than what is read of it.
        let without_form = |fields: BTreeMap<&'static str, Kind>| -> BTreeMap<&'static str, Kind> {
            let has_form = |member: &str| resolved(&schema(name)["properties"][member]).get("maxLength").is_none();
            let any = |kind| {
                if matches!(kind, Kind::Required { .. }) {
                    Kind::Required { max: 0 }
                } else {
                    kind
                }
            };
            fields
                .into_iter()
                .map(|(member, kind)| (member, if has_form(member) { any(kind) } else { kind }))
                .collect()
        };
        assert_eq!(without_form(asked), described, "{name}");
    }
}

/// How the description says that a member is read.
fn kind(schema_name: &str, member: &str, described: &Value) -> Kind {
    let required = schema(schema_name)["required"].as_array();
    let is_required = required.is_some_and(|required| required.contains(&json!(member)));
    let max = || usize::try_from(described["maxLength"].as_u64().unwrap_or_default()).unwrap();
    match (&described["type"], is_required) {
        (Value::String(kind), true) if kind == "string" => Kind::Required { max: max() },
        (Value::Array(kinds), false) if kinds == &[json!("string"), json!("null")] => Kind::Optional { max: max() },
        (Value::Array(kinds), false) if kinds == &[json!("boolean"), json!("null")] => Kind::Switch,
        (other, _) => panic!("{schema_name}.{member} is {other}, required: {is_required}"),
    }
}

/// What a member is tried with, given the longest text that it may have.
fn values(longest: usize) -> Vec<Value> {
    let texts = [
        "",
        " ",
        "-",
        " - ",
        "x",
        "123 456",
        "123\u{a0}456",
        "\u{85}",
        "\u{a0}",
        "\u{2003}-",
        "a\nb",
        "a\u{0}",
        "ä\u{7f}",
        "show",
        "delete",
        "ana@example.com",
        "a b",
        "+15005550006",
    ];
    let lengths = [longest.saturating_sub(1), longest, longest + 1].map(|length| json!("ä".repeat(length)));
    let others = [
        json!(null),
        json!(1),
        json!(true),
        json!(false),
        json!([]),
        json!({}),
        json!(["x"]),
    ];
    texts
        .into_iter()
        .map(Value::from)
        .chain(lengths)
        .chain(others)
        .collect()
}

#[test]
fn what_is_refused_is_what_the_schema_refuses() {
    for (name, read) in BODIES {
        let validator = validator(schema(name));
        let agree = |body: &Value| {
            let outcome = read(body.to_string().as_bytes());
            assert_eq!(outcome.is_ok(), validator.is_valid(body), "{name} {body}: {outcome:?}");
        };
        let example = example(name);
        assert_valid(schema(name), example, name);
        agree(example);
        for body in [json!({}), json!([]), json!(null), json!("text"), json!(1)] {
            agree(&body);
        }
        for (member, described) in members(&schema(name)["properties"]) {
            let mut body = example.clone();
            body["unknown"] = json!({ "member": [1] });
            agree(&body);
            body.as_object_mut().unwrap().remove(member);
            agree(&body);
            let longest = resolved(described)["maxLength"].as_u64().unwrap_or(32);
            let choices = described["enum"].as_array().into_iter().flatten().cloned();
            for value in values(usize::try_from(longest).unwrap()).into_iter().chain(choices) {
                body[member] = value;
                agree(&body);
            }
        }
    }
}

#[test]
fn the_phone_number_pattern_takes_the_numbers_that_the_worker_takes() {
    let pattern = validator(schema("PhoneNumber"));
    let agree = |text: &str| {
        let is_possible = PhoneNumber::parse(text).is_ok();
        assert_eq!(pattern.is_valid(&json!(text)), is_possible, "{text}");
    };
    // Every beginning of three digits, of every length up to one too many.
    for beginning in 0..1_000 {
        for length in 3..=17 {
            agree(&format!("+{beginning:03}{}", "5".repeat(length - 3)));
        }
    }
    for text in [
        "",
        "+",
        "15005550006",
        "+1500555000６",
        "+1 500 555 0006",
        "+15005550006\n",
        "\n+15005550006",
        "++15005550006",
    ] {
        agree(text);
    }
}
