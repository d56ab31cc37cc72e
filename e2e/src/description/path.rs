//! A path of the description with its operations.

use std::collections::BTreeMap;

use anyhow::Result;

use super::{node::Node, outcome::Outcome, response::Response, schema::Compiler};

/// The methods that a Path Item Object can have (OpenAPI 3.1.1 §4.8.9.1).
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// What answers have whose status is not described by itself (OpenAPI 3.1.1 §4.8.16.1).
const DEFAULT: &str = "default";

/// A Path Item Object.
pub(super) struct Path {
    pub(super) template: String,
    /// By method, in upper case.
    pub(super) operations: BTreeMap<String, Operation>,
}

/// An Operation Object.
pub(super) struct Operation {
    /// Method and path template.
    pub(super) name: String,
    responses: BTreeMap<String, Response>,
}

impl Path {
    pub(super) fn read(template: &str, path: &Node<'_>, compiler: &Compiler<'_>) -> Result<Self> {
        let mut operations = BTreeMap::new();
        for method in METHODS {
            if let Some(operation) = path.member(method)? {
                let method = method.to_ascii_uppercase();
                let operation = Operation::read(format!("{method} {template}"), &operation, compiler)?;
                operations.insert(method, operation);
            }
        }
        Ok(Self {
            template: template.to_owned(),
            operations,
        })
    }

    /// Whether the template has a parameter. One without goes before one with (OpenAPI 3.1.1 §4.8.8.2).
    pub(super) fn is_templated(&self) -> bool {
        self.template.contains('{')
    }

    /// Whether it is the path of a request. A parameter at the end stands for all the rest: OpenAPI has none for more than one
    /// segment, and what is behind the gateway has any number.
    pub(super) fn is_of(&self, path: &str) -> bool {
        let mut segments = path.split('/');
        let mut parts = self.template.split('/').peekable();
        while let Some(part) = parts.next() {
            let is_parameter = part.starts_with('{') && part.ends_with('}');
            let Some(segment) = segments.next() else {
                return false;
            };
            if is_parameter && parts.peek().is_none() {
                return true;
            }
            if !is_parameter && segment != part {
                return false;
            }
        }
        segments.next().is_none()
    }
}

impl Operation {
    fn read(name: String, operation: &Node<'_>, compiler: &Compiler<'_>) -> Result<Self> {
        let responses = operation.expect("responses")?.members()?.into_iter();
        Ok(Self {
            name,
            responses: responses
                .map(|(status, response)| Ok((status.to_owned(), Response::read(&response, compiler)?)))
                .collect::<Result<_>>()?,
        })
    }

    /// What is described of a status, and under which name; not what is said of all others.
    pub(super) fn response(&self, status: u16) -> Option<(&str, &Response)> {
        let (status, response) = self.responses.get_key_value(&status.to_string())?;
        Some((status, response))
    }

    /// What is described of a status, be it together with all others.
    pub(super) fn response_or_default(&self, status: u16) -> Option<(&str, &Response)> {
        self.response(status)
            .or_else(|| Some((DEFAULT, self.responses.get(DEFAULT)?)))
    }

    /// It ends so.
    pub(super) fn outcome(&self, status: &str, code: Option<String>) -> Outcome {
        Outcome {
            operation: self.name.clone(),
            status: status.to_owned(),
            code,
        }
    }

    /// Every way in which it can end.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = Outcome> {
        self.responses.iter().flat_map(|(status, response)| {
            let codes = response.codes().into_iter();
            codes.map(|code| self.outcome(status, code))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_of(template: &str, path: &str) -> bool {
        let operations = BTreeMap::new();
        let template = template.to_owned();
        Path { template, operations }.is_of(path)
    }

    #[test]
    fn a_path_without_parameters_is_that_path_alone() {
        assert!(is_of("/sign_up", "/sign_up"));
        for other in ["/", "/sign_up/", "/Sign_up", "//sign_up", "/sign_up/x", "/sign_u", ""] {
            assert!(!is_of("/sign_up", other), "{other}");
        }
    }

    #[test]
    fn a_parameter_is_a_segment_and_at_the_end_all_that_follows() {
        for path in ["/secured/a", "/secured/a/b", "/secured/", "/secured/call/"] {
            assert!(is_of("/secured/{path}", path), "{path}");
        }
        assert!(!is_of("/secured/{path}", "/secured"));
        assert!(is_of("/a/{b}/c", "/a/x/c") && !is_of("/a/{b}/c", "/a/x/y/c"));
    }
}
