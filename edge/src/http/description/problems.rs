//! Problems: each is described, in its words, with its status and headers, at every operation that may answer with it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{assert_valid, at, members, name_of, operations, resolved, validator};
use crate::http::{
    problem::{PROBLEM_JSON, Problem, samples::every_problem},
    reply::Reply,
};

/// Example of a problem whose code another example has, too, and that problem.
const SECOND_EXAMPLE: &str = "AmbiguousPath";

/// What [`crate::lib`] adds to every answer: an X-Request-Id always, the others as CORS wants them.
const ADDED: [&str; 4] = [
    "x-request-id",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "vary",
];

/// Every problem by the name of its example, which is its own.
fn problems() -> BTreeMap<String, Problem> {
    let own = every_problem().map(|problem| (variant(&problem), problem));
    own.chain([(
        SECOND_EXAMPLE.to_owned(),
        Problem::invalid_field("path", "must not be ambiguous"),
    )])
    .collect()
}

fn variant(problem: &Problem) -> String {
    let text = format!("{problem:?}");
    text.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// The name of the schema for a code: `WRONG_CODE` is described by `WrongCode`.
fn schema_name(code: &str) -> String {
    let word = |word: &str| {
        format!(
            "{}{}",
            word.get(..1).unwrap(),
            word.get(1..).unwrap().to_ascii_lowercase()
        )
    };
    code.split('_').map(word).collect()
}

fn body(reply: &Reply) -> Value {
    serde_json::from_str(reply.body.as_deref().unwrap()).unwrap()
}

/// The problem's answer, with the members that vary as the example has them.
fn reply_like(problem: &Problem, example: &Value) -> Reply {
    let problem = match problem {
        Problem::WrongCode { .. } => Problem::WrongCode {
            session: example["Session"].as_str().unwrap().to_owned(),
            parameters: example["ChallengeParameters"].as_object().unwrap().clone(),
        },
        other => other.clone(),
    };
    problem.into_reply()
}

fn examples() -> impl Iterator<Item = (&'static str, &'static Value)> {
    let all = members(at("/components/examples")).iter();
    let of_problems = all.filter(|(_, example)| example["value"].get("detail").is_some());
    of_problems.map(|(name, example)| (name.as_str(), &example["value"]))
}

#[test]
fn every_problem_has_an_example_in_its_very_words_and_no_example_is_of_anything_else() {
    let problems = problems();
    let described: BTreeMap<_, _> = examples().collect();
    assert_eq!(
        problems.keys().map(String::as_str).collect::<Vec<_>>(),
        described.keys().copied().collect::<Vec<_>>()
    );
    for (name, problem) in &problems {
        assert_eq!(
            &body(&reply_like(problem, described[name.as_str()])),
            described[name.as_str()],
            "{name}"
        );
    }
}

#[test]
fn the_codes_are_those_of_the_problems() {
    let codes: BTreeSet<&str> = every_problem().map(|problem| problem.code()).collect();
    let described: Vec<&str> = at("/components/schemas/ProblemCode/enum")
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(codes.len(), described.len());
    assert_eq!(codes, described.into_iter().collect());
}

#[test]
fn each_code_has_a_schema_that_takes_its_problems_and_no_others() {
    let common = validator(&json!({ "$ref": "#/components/schemas/Problem" }));
    for problem in every_problem() {
        let schema = json!({ "$ref": format!("#/components/schemas/{}", schema_name(problem.code())) });
        let own = validator(&schema);
        for (name, example) in examples() {
            assert!(common.is_valid(example), "{name}");
            assert_eq!(
                own.is_valid(example),
                example["code"] == problem.code(),
                "{name} by {schema}"
            );
        }
    }
}

#[test]
fn members_that_only_some_problems_have_are_required_there() {
    for (name, example) in examples() {
        let schema =
            json!({ "$ref": format!("#/components/schemas/{}", schema_name(example["code"].as_str().unwrap())) });
        let validator = validator(&schema);
        for member in members(example).keys() {
            let mut without = example.clone();
            without.as_object_mut().unwrap().remove(member);
            assert!(!validator.is_valid(&without), "{name} without {member}");
        }
    }
}

/// The codes that a schema allows: one, or one of several.
fn codes_of(schema: &'static Value) -> BTreeSet<&'static str> {
    match schema.get("oneOf").and_then(Value::as_array) {
        Some(schemas) => schemas.iter().flat_map(codes_of).collect(),
        None => resolved(schema)["properties"]["code"]["const"]
            .as_str()
            .into_iter()
            .collect(),
    }
}

#[test]
fn operations_describe_problems_with_their_status_and_headers() {
    let problems = problems();
    let mut seen = BTreeSet::new();
    for operation in operations() {
        for (status, response) in operation.responses() {
            let Some(content) = response["content"].get(PROBLEM_JSON) else {
                assert!(
                    !status.starts_with(['4', '5']) || operation.method == "HEAD",
                    "{} {status}",
                    operation.name()
                );
                continue;
            };
            let mut codes = BTreeSet::new();
            for (key, example) in members(&content["examples"]) {
                let what = format!("{} {status} {key}", operation.name());
                let name = name_of(example).unwrap();
                let problem = problems.get(name).unwrap_or_else(|| panic!("{what}: {name}"));
                let reply = reply_like(problem, &resolved(example)["value"]);
                assert_eq!(reply.status.to_string(), status, "{what}");
                assert!(key.starts_with(problem.code()), "{what}");
                assert_headers(&reply, response, &what);
                codes.insert(problem.code());
                seen.insert(name);
            }
            assert_eq!(codes_of(&content["schema"]), codes, "{} {status}", operation.name());
        }
    }
    let all: BTreeSet<&str> = problems.keys().map(String::as_str).collect();
    assert_eq!(seen, all, "described at no operation, or no problem");
}

/// The answer's headers are those of the response, and their values as described.
pub(super) fn assert_headers(reply: &Reply, response: &'static Value, what: &str) {
    // Another API's answers come under the same status: what they have may be missing here.
    let is_shared = response["content"].get("*/*").is_some();
    let described: BTreeMap<String, &Value> = members(&response["headers"])
        .iter()
        .map(|(name, header)| (name.to_ascii_lowercase(), resolved(header)))
        .collect();
    for (name, value) in reply.headers.iter().filter(|(name, _)| *name != "content-type") {
        let header = described
            .get(*name)
            .unwrap_or_else(|| panic!("{what}: {name} is not described"));
        let value = match resolved(&header["schema"])["type"].as_str() {
            Some("integer") => json!(value.parse::<u64>().unwrap()),
            _ => json!(value),
        };
        assert_valid(&header["schema"], &value, &format!("{what}: {name}"));
    }
    for (name, header) in described {
        let is_there = reply.headers.iter().any(|(present, _)| *present == name);
        let may_be_missing = ADDED.contains(&name.as_str()) || is_shared && header["required"] != true;
        assert!(is_there || may_be_missing, "{what}: {name} is described and not there");
    }
}

#[test]
fn head_has_the_statuses_and_headers_of_get_and_no_body() {
    let names = |response: &'static Value| members(&response["headers"]).keys().collect::<BTreeSet<_>>();
    for head in operations().filter(|operation| operation.method == "HEAD") {
        let get = operations()
            .find(|operation| operation.method == "GET" && operation.path == head.path)
            .unwrap();
        let with_body: BTreeMap<_, _> = get.responses().collect();
        for (status, response) in head.responses() {
            assert!(response.get("content").is_none(), "{} {status}", head.name());
            // What the gateway's problems have more is described at GET alone.
            if with_body[status]["content"].get("*/*").is_none() && status != "default" {
                assert_eq!(names(response), names(with_body[status]), "{} {status}", head.name());
            }
        }
        // HEAD itself is a method that these paths take.
        let missing = with_body
            .keys()
            .filter(|status| head.responses().all(|(other, _)| other != **status));
        assert_eq!(missing.copied().collect::<Vec<_>>(), ["405"], "{}", head.name());
    }
}
