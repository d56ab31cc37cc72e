//! Query strings and forms as JSON: `a=1&b=2&b=3` is `{"a":"1","b":["2","3"]}`.

use serde_json::{Map, Value};

/// Name and value pairs as a JSON object; a name that is repeated becomes an array, in the order sent.
pub(crate) fn to_json(pairs: impl IntoIterator<Item = (String, String)>) -> Value {
    let mut members = Map::new();
    for (name, value) in pairs {
        let value = Value::String(value);
        match members.get_mut(&name) {
            None => {
                members.insert(name, value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    Value::Object(members)
}

/// Decodes `application/x-www-form-urlencoded` text, which is also the form of a query (URL standard §5.1).
pub(crate) fn decode(encoded: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(encoded.as_bytes()).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn repeated_names_become_arrays_in_order() {
        assert_eq!(
            to_json(decode("a=1&b=2&b=3&b=1&c")),
            json!({"a": "1", "b": ["2", "3", "1"], "c": ""})
        );
        assert_eq!(to_json(decode("")), json!({}));
    }

    #[test]
    fn percent_and_plus_are_decoded() {
        assert_eq!(
            to_json(decode("q=a+b%26c&%C3%A9=%F0%9F%98%80")),
            json!({"q": "a b&c", "é": "😀"})
        );
    }
}
