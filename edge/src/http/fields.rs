//! The fields of a JSON request body, each read once, with every mistake collected: a client author learns all of them
//! from one answer.

#[cfg(test)]
pub(super) mod asked;

use serde_json::{Map, Value};

use super::problem::{FieldError, Problem};

/// The members of a JSON object, and what was wrong with those read so far. Unknown members are ignored.
pub(crate) struct Fields {
    members: Map<String, Value>,
    errors: Vec<FieldError>,
}

impl Fields {
    /// Reads a request body. [`Problem::InvalidRequest`] unless it is UTF-8 and one JSON object.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Problem> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(Self {
                members,
                errors: Vec::new(),
            }),
            Ok(_) => Err(Problem::invalid_field("body", "must be a JSON object")),
            Err(_) => Err(Problem::invalid_field("body", "must be JSON in UTF-8")),
        }
    }

    /// A string of 1 to `max` characters that must be there. The empty string stands in for a wrong one until
    /// [`Self::finish`] reports it.
    pub(crate) fn required(&mut self, name: &'static str, max: usize) -> String {
        #[cfg(test)]
        asked::note(name, asked::Kind::Required { max });
        match self.members.remove(name) {
            None | Some(Value::Null) => {
                self.errors.push(FieldError::new(name, "is required"));
                String::new()
            }
            Some(value) => self.string(name, value, max).unwrap_or_default(),
        }
    }

    /// A string of at most `max` characters that may be left out, null or empty, which all mean the same.
    pub(crate) fn optional(&mut self, name: &'static str, max: usize) -> Option<String> {
        #[cfg(test)]
        asked::note(name, asked::Kind::Optional { max });
        match self.members.remove(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(value) => self.string(name, value, max),
        }
    }

    /// `true` or `false`; false when it is left out or null.
    pub(crate) fn switch(&mut self, name: &'static str) -> bool {
        #[cfg(test)]
        asked::note(name, asked::Kind::Switch);
        match self.members.remove(name) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(value)) => value,
            Some(_) => {
                self.errors.push(FieldError::new(name, "must be true or false"));
                false
            }
        }
    }

    /// Ends the reading: [`Problem::InvalidRequest`] with all mistakes, if there was one.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::InvalidRequest(self.errors))
        }
    }

    fn string(&mut self, name: &'static str, value: Value, max: usize) -> Option<String> {
        let Value::String(text) = value else {
            self.errors.push(FieldError::new(name, "must be a string"));
            return None;
        };
        let detail = if text.is_empty() {
            "must not be empty"
        } else if text.chars().nth(max).is_some() {
            "is too long"
        } else if text.chars().any(char::is_control) {
            "must consist of printable characters"
        } else {
            return Some(text);
        };
        self.errors.push(FieldError::new(name, detail));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(body: &str) -> Vec<FieldError> {
        let mut fields = Fields::parse(body.as_bytes()).unwrap();
        fields.required("username", 5);
        fields.required("answer", 3);
        fields.optional("device_key", 4);
        match fields.finish() {
            Ok(()) => Vec::new(),
            Err(Problem::InvalidRequest(errors)) => errors,
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn good_fields_are_read_and_unknown_ones_ignored() {
        let mut fields = Fields::parse(br#"{"a":"x","b":null,"d":"","zzz":[1]}"#).unwrap();
        assert_eq!(fields.required("a", 1), "x");
        assert_eq!(fields.optional("b", 1), None);
        assert_eq!(fields.optional("c", 1), None);
        assert_eq!(fields.optional("d", 1), None);
        assert_eq!(fields.finish(), Ok(()));
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        assert_eq!(
            errors(r#"{"username":1,"device_key":"12345"}"#),
            [
                FieldError::new("username", "must be a string"),
                FieldError::new("answer", "is required"),
                FieldError::new("device_key", "is too long"),
            ]
        );
    }

    #[test]
    fn lengths_count_characters_and_both_ends_are_exact() {
        assert_eq!(errors(r#"{"username":"äöüßé","answer":"123"}"#), []);
        assert_eq!(errors(r#"{"username":"","answer":"1234"}"#).len(), 2);
    }

    #[test]
    fn a_switch_is_true_or_false_and_nothing_like_it() {
        let read = |body: &str| {
            let mut fields = Fields::parse(body.as_bytes()).unwrap();
            let value = fields.switch("all");
            fields.finish().map(|()| value)
        };
        assert_eq!(read(r#"{"all":true}"#), Ok(true));
        for body in [r#"{"all":false}"#, r#"{"all":null}"#, "{}"] {
            assert_eq!(read(body), Ok(false), "{body}");
        }
        for value in ["1", "\"true\"", "[]", "{}"] {
            assert_eq!(
                read(&format!(r#"{{"all":{value}}}"#)),
                Err(Problem::invalid_field("all", "must be true or false")),
                "{value}"
            );
        }
    }

    #[test]
    fn control_characters_are_refused() {
        assert_eq!(
            errors("{\"username\":\"a\\u0000\",\"answer\":\"1\\n\"}"),
            [
                FieldError::new("username", "must consist of printable characters"),
                FieldError::new("answer", "must consist of printable characters"),
            ]
        );
    }

    #[test]
    fn a_body_that_is_no_json_object_is_refused() {
        for body in [&b""[..], b"{", b"[]", b"\"text\"", b"null", b"\xff\xfe", b"{} trailing"] {
            assert!(
                matches!(Fields::parse(body), Err(Problem::InvalidRequest(_))),
                "{body:?}"
            );
        }
    }
}
