//! Which values the member `code` of an answer may have, as the description says it: by its schema, and by its examples.

use std::collections::BTreeSet;

use anyhow::Result;

use super::node::Node;

/// A set of codes; none if the description leaves it open.
type Codes = Option<BTreeSet<String>>;

/// The codes of a body (a Media Type Object). A schema may be shared by answers that have fewer codes each: where there are
/// examples, there is one for every code.
pub(super) fn of_body(body: &Node<'_>) -> Result<Codes> {
    let schema = body.member("schema")?;
    let by_schema = schema.map_or(Ok(None), |schema| of_schema(&schema))?;
    let by_examples = of_examples(body)?;
    Ok(both(by_schema, (!by_examples.is_empty()).then_some(by_examples)))
}

fn of_examples(body: &Node<'_>) -> Result<BTreeSet<String>> {
    let mut examples = Vec::from_iter(body.member("example")?);
    if let Some(named) = body.member("examples")? {
        for (_, example) in named.members()? {
            examples.extend(example.member("value")?);
        }
    }
    Ok(examples
        .iter()
        .filter_map(|example| example.text("code"))
        .map(str::to_owned)
        .collect())
}

fn of_schema(schema: &Node<'_>) -> Result<Codes> {
    let mut codes = None;
    if let Some(properties) = schema.member("properties")?
        && let Some(code) = properties.member("code")?
    {
        codes = both(values(&code)?, codes);
    }
    if let Some(all) = schema.member("allOf")? {
        for part in all.items()? {
            codes = both(of_schema(&part)?, codes);
        }
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(choices) = schema.member(keyword)? {
            let choices = choices.items()?.iter().map(of_schema).collect::<Result<Vec<_>>>()?;
            codes = both(any(choices), codes);
        }
    }
    Ok(codes)
}

/// The values that a schema lists.
fn values(schema: &Node<'_>) -> Result<Codes> {
    let mut listed = None;
    if let Some(value) = schema.text("const") {
        listed = Some(BTreeSet::from([value.to_owned()]));
    }
    if let Some(all) = schema.value.get("enum").and_then(|all| all.as_array()) {
        let all = all.iter().filter_map(|value| value.as_str()).map(str::to_owned);
        listed = both(Some(all.collect()), listed);
    }
    if let Some(all) = schema.member("allOf")? {
        for part in all.items()? {
            listed = both(values(&part)?, listed);
        }
    }
    Ok(listed)
}

/// What two rules leave together.
fn both(one: Codes, other: Codes) -> Codes {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.intersection(&other).cloned().collect()),
        (one, other) => one.or(other),
    }
}

/// What one of the choices allows, all of them being closed.
fn any(choices: Vec<Codes>) -> Codes {
    let choices: Option<Vec<_>> = choices.into_iter().collect();
    choices.map(|choices| choices.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn codes(body: &Value) -> Option<Vec<String>> {
        let codes = of_body(&Node::root(body)).unwrap();
        codes.map(|codes| codes.into_iter().collect())
    }

    fn code(rule: &Value) -> Value {
        json!({ "properties": { "code": rule } })
    }

    #[test]
    fn a_schema_lists_them() {
        let two = || Some(vec!["A".to_owned(), "B".to_owned()]);
        let (a, b, listed) = (
            json!({ "const": "A" }),
            json!({ "const": "B" }),
            json!({ "enum": ["A", "B"] }),
        );
        assert_eq!(codes(&json!({ "schema": code(&listed) })), two());
        assert_eq!(codes(&json!({ "schema": { "oneOf": [code(&a), code(&b)] } })), two());
        let narrowed = json!({ "schema": { "allOf": [code(&listed), code(&a)] } });
        assert_eq!(codes(&narrowed), Some(vec!["A".to_owned()]));
        let open = json!({ "schema": { "anyOf": [code(&a), code(&json!({ "type": "string" }))] } });
        assert_eq!(codes(&open), None);
    }

    #[test]
    fn examples_narrow_what_a_shared_schema_lists() {
        let body = json!({
            "schema": code(&json!({ "enum": ["A", "B", "C"] })),
            "examples": {
                "a": { "value": { "code": "A" } }, "also": { "value": { "code": "A" } }, "b": { "value": { "code": "B" } },
            },
        });
        assert_eq!(codes(&body), Some(vec!["A".to_owned(), "B".to_owned()]));
        assert_eq!(
            codes(&json!({ "example": { "code": "A" } })),
            Some(vec!["A".to_owned()])
        );
        assert_eq!(codes(&json!({ "example": { "status": "ok" } })), None);
    }
}
