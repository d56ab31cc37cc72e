//! Proof that `openapi.yaml`, the description of this API, says what the worker does, and all of it: each file here holds one
//! part of the description against the code behind it. What only a running worker can show, the end-to-end tests do.

mod answers;
mod document;
mod operations;
mod problems;
mod requests;

use std::{fs, sync::LazyLock};

use jsonschema::{Draft, Registry, RegistryBuilder, Validator};
use serde_json::{Map, Value};

/// Read when the tests run and not compiled in: a changed description is no reason to compile anything.
static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.yaml");
    let text = fs::read_to_string(path).expect("openapi.yaml is there");
    // `no` is a word and no boolean (YAML 1.2.2 §10.3.2).
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(&text, options).expect("openapi.yaml is YAML")
});

/// What stands at a JSON pointer (RFC 6901) of the description.
fn at(pointer: &str) -> &'static Value {
    DESCRIPTION
        .pointer(pointer)
        .unwrap_or_else(|| panic!("nothing at {pointer}"))
}

fn members(value: &'static Value) -> &'static Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("no object: {value}"))
}

/// The object itself, or the one that its `$ref` names.
fn resolved(value: &'static Value) -> &'static Value {
    match reference(value) {
        None => value,
        Some(pointer) => resolved(at(pointer)),
    }
}

/// The pointer in a `$ref`.
fn reference(value: &Value) -> Option<&str> {
    value["$ref"]
        .as_str()
        .map(|reference| reference.strip_prefix('#').expect("all of it is in one file"))
}

/// The last part of a `$ref`: the component's name.
fn name_of(value: &Value) -> Option<&str> {
    reference(value).and_then(|pointer| pointer.rsplit('/').next())
}

/// What the description is called inside validators. Nothing is fetched from there.
const NAME: &str = "json-schema:///openapi";

static REGISTRY: LazyLock<Registry<'static>> = LazyLock::new(|| {
    let registry = Registry::new().draft(Draft::Draft202012).add(NAME, &*DESCRIPTION);
    registry
        .and_then(RegistryBuilder::prepare)
        .expect("the description has no references to elsewhere")
});

/// A validator for a schema of the description.
fn validator(schema: &Value) -> Validator {
    let with_absolute_references = schema
        .to_string()
        .replace(r##""$ref":"#"##, &format!(r#""$ref":"{NAME}#"#));
    let schema = serde_json::from_str(&with_absolute_references).unwrap();
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .with_registry(&REGISTRY)
        .should_validate_formats(true)
        .build(&schema)
        .unwrap_or_else(|error| panic!("no schema: {error}"))
}

fn assert_valid(schema: &Value, instance: &Value, what: &str) {
    if let Err(error) = validator(schema).validate(instance) {
        panic!("{what}: {error} at {}\n{instance}", error.instance_path());
    }
}

/// An operation of the description.
struct Operation {
    /// As described, with its template.
    path: &'static str,
    /// Upper case.
    method: String,
    value: &'static Value,
}

impl Operation {
    /// Status, or `default`, and the response.
    fn responses(&self) -> impl Iterator<Item = (&'static str, &'static Value)> {
        let responses = members(&self.value["responses"]).iter();
        responses.map(|(status, response)| (status.as_str(), resolved(response)))
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

fn operations() -> impl Iterator<Item = Operation> {
    members(at("/paths")).iter().flat_map(|(path, item)| {
        let described = METHODS.iter().filter_map(|method| Some((method, item.get(method)?)));
        described.map(move |(method, value)| Operation {
            path,
            method: method.to_uppercase(),
            value,
        })
    })
}
