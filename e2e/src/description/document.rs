//! The description as a whole: which part of it an answer belongs to, and whether it is as that says.

use std::collections::BTreeSet;

use anyhow::{Result, anyhow};
use serde_json::Value;

use super::{
    disagreement::Disagreement,
    node::Node,
    outcome::Outcome,
    path::{Operation, Path},
    response::{Response, media_type},
    schema::Compiler,
};
use crate::Answer;

/// The media type of problems (RFC 9457 §6.1).
const PROBLEM_JSON: &str = "application/problem+json";

/// With what the type of every problem of the worker's own begins. What the API behind the gateway answers has none.
const OWN_PROBLEMS: &str = "urn:passwordless-edge:problem:";

/// An OpenAPI document, ready to check answers.
pub struct Document {
    /// Those without parameters first.
    paths: Vec<Path>,
    /// What is answered at every path that is not described.
    not_found: Response,
}

impl Document {
    /// Reads a document in YAML.
    pub fn parse(yaml: &str) -> Result<Self> {
        // `no` is a word and no boolean (YAML 1.2.2 §10.3.2).
        let options = serde_saphyr::options! { strict_booleans: true };
        let document: Value = serde_saphyr::from_str_with_options(yaml, options).map_err(|error| anyhow!("{error}"))?;
        let (root, compiler) = (Node::root(&document), Compiler::new(&document)?);
        let mut paths = Vec::new();
        for (template, path) in root.expect("paths")?.members()? {
            paths.push(Path::read(template, &path, &compiler)?);
        }
        paths.sort_by_key(Path::is_templated);
        let not_found = root.expect("components")?.expect("responses")?.expect("NotFound")?;
        Ok(Self {
            paths,
            not_found: Response::read(&not_found, &compiler)?,
        })
    }

    /// Every way in which an operation can end.
    pub fn outcomes(&self) -> BTreeSet<Outcome> {
        let operations = self.paths.iter().flat_map(|path| path.operations.values());
        operations.flat_map(Operation::outcomes).collect()
    }

    /// Checks an answer to a request, and says as which outcomes of which operations it was described. A path that is not
    /// described is answered with 404. `path` is without query.
    pub fn check(&self, method: &str, path: &str, answer: &Answer) -> Result<Vec<Outcome>, Disagreement> {
        let Some(described) = self.path(path) else {
            return self.check_nowhere(method, answer).map(|()| Vec::new());
        };
        match described.operations.get(method) {
            Some(operation) if described.is_templated() && !is_own_problem(method, answer) => {
                check_relayed(operation, answer).map(|outcome| vec![outcome])
            }
            Some(operation) => check_own(operation, method, answer).map(|outcome| vec![outcome]),
            None => check_refused(described, method, answer),
        }
    }

    /// What to call a request in a message: without anything that the path may hold.
    pub fn operation(&self, method: &str, path: &str) -> String {
        let template = self.path(path).map_or("elsewhere", |path| &path.template);
        format!("{method} {template}")
    }

    fn path(&self, path: &str) -> Option<&Path> {
        self.paths.iter().find(|described| described.is_of(path))
    }

    fn check_nowhere(&self, method: &str, answer: &Answer) -> Result<(), Disagreement> {
        if answer.status != 404 {
            return Err(Disagreement::Path);
        }
        check_with(&self.not_found, method, answer).map(drop)
    }
}

/// An answer of the worker's own.
fn check_own(operation: &Operation, method: &str, answer: &Answer) -> Result<Outcome, Disagreement> {
    let (status, response) = operation.response(answer.status).ok_or(Disagreement::Status)?;
    let code = check_with(response, method, answer)?;
    Ok(operation.outcome(status, code))
}

fn check_with(response: &Response, method: &str, answer: &Answer) -> Result<Option<String>, Disagreement> {
    if method == "HEAD" {
        response.check_head(answer).map(|()| None)
    } else {
        response.check(answer)
    }
}

/// An answer of the API behind the gateway.
fn check_relayed(operation: &Operation, answer: &Answer) -> Result<Outcome, Disagreement> {
    let response = operation.response_or_default(answer.status);
    let (status, response) = response.ok_or(Disagreement::Status)?;
    response.check_relayed(answer)?;
    Ok(operation.outcome(status, None))
}

/// The answer to a method that the path does not take. What it is is described with those that the path takes.
fn check_refused(path: &Path, method: &str, answer: &Answer) -> Result<Vec<Outcome>, Disagreement> {
    let allow = answer.headers.get("allow").and_then(|allow| allow.to_str().ok());
    let allowed: BTreeSet<_> = allow.into_iter().flat_map(|allow| allow.split(", ")).collect();
    match answer.status {
        405 if !allowed.iter().copied().eq(path.operations.keys()) => return Err(Disagreement::Allow),
        // Where the path is not there at all.
        405 | 404 => {}
        _ => return Err(Disagreement::Method),
    }
    let operations = path.operations.values();
    let mut outcomes = operations
        .filter(|operation| operation.response(answer.status).is_some())
        .map(|operation| check_own(operation, method, answer))
        .collect::<Result<Vec<_>, _>>()?;
    if outcomes.is_empty() {
        return Err(Disagreement::Status);
    }
    if answer.status == 404 {
        // None of those operations was asked for.
        outcomes.clear();
    }
    Ok(outcomes)
}

/// Whether the worker itself refuses. Without a body, the media type has to do.
fn is_own_problem(method: &str, answer: &Answer) -> bool {
    let has_own_type = || {
        let document = answer.json();
        let kind = document["type"].as_str().unwrap_or_default();
        kind.starts_with(OWN_PROBLEMS)
    };
    media_type(answer).as_deref() == Some(PROBLEM_JSON) && (method == "HEAD" || has_own_type())
}
