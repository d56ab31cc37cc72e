//! The description in itself: whole, and without loose ends.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{DESCRIPTION, assert_valid, at, members, operations, reference, resolved};

/// Calls `visit` with every value of the description and the pointer to it.
fn walk(value: &'static Value, pointer: &str, visit: &mut impl FnMut(&'static Value, &str)) {
    visit(value, pointer);
    let step = |name: &str| format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| walk(value, &step(name), visit)),
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                walk(value, &step(&at.to_string()), visit);
            }
        }
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_used() {
    let mut used = BTreeSet::new();
    walk(&DESCRIPTION, "", &mut |value, pointer| {
        if let Some(target) = value.get("$ref").and(reference(value)) {
            assert!(
                DESCRIPTION.pointer(target).is_some(),
                "{pointer} leads nowhere: {target}"
            );
            used.insert(target.to_owned());
        }
    });
    for (kind, components) in members(at("/components")) {
        for name in members(components).keys().filter(|_| kind != "securitySchemes") {
            let pointer = format!("/components/{kind}/{name}");
            assert!(used.contains(&pointer), "nothing refers to {pointer}");
        }
    }
}

#[test]
fn every_example_is_valid_by_its_schema() {
    let mut count = 0;
    walk(&DESCRIPTION, "", &mut |value, pointer| {
        // Where examples are, there is a schema beside them; schemas have a list of their own.
        let Some(schema) = value.get("schema") else { return };
        let mut check = |example: &Value| {
            assert_valid(schema, example, pointer);
            count += 1;
        };
        if let Some(example) = value.get("example") {
            check(example);
        }
        if let Some(examples) = value.get("examples") {
            for example in members(examples).values() {
                check(&resolved(example)["value"]);
            }
        }
    });
    walk(at("/components/schemas"), "", &mut |schema, pointer| {
        if let Some(Value::Array(examples)) = schema.get("examples") {
            for example in examples {
                assert_valid(schema, example, pointer);
                count += 1;
            }
        }
    });
    assert!(count > 50, "only {count} examples were seen");
}

#[test]
fn every_operation_has_a_name_of_its_own_in_camel_case() {
    let mut names = BTreeSet::new();
    for operation in operations() {
        let name = operation.value["operationId"].as_str().unwrap_or_default();
        assert!(
            name.starts_with(|first: char| first.is_ascii_lowercase())
                && name.chars().all(|letter| letter.is_ascii_alphanumeric()),
            "{}: {name}",
            operation.name()
        );
        assert!(names.insert(name), "{name} twice");
    }
}

#[test]
fn version_and_licence_are_those_of_the_crate() {
    assert_eq!(at("/info/version"), env!("CARGO_PKG_VERSION"));
    assert_eq!(at("/info/license/identifier"), env!("CARGO_PKG_LICENSE"));
}

#[test]
fn links_lead_to_operations_and_hand_on_what_those_take() {
    walk(at("/components/responses"), "", &mut |value, pointer| {
        let Some(links) = value.get("links") else { return };
        for (name, link) in members(links) {
            let target = operations().find(|operation| operation.value["operationId"] == link["operationId"]);
            let target = target.unwrap_or_else(|| panic!("{pointer}: {name} leads nowhere"));
            let body = resolved(&target.value["requestBody"]);
            let taken = members(&resolved(&body["content"]["application/json"]["schema"])["properties"]);
            for member in members(&link["requestBody"]).keys() {
                assert!(taken.contains_key(member), "{pointer}: {name} hands on {member}");
            }
        }
    });
}
