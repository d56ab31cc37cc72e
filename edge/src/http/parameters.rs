//! Query strings and forms as JSON: `a=1&b=2&b=3` is `{"a":"1","b":["2","3"]}`.

use serde_json::{Map, Value};
use url::form_urlencoded;

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

/// The query of an absolute URL, without the question mark; empty if there is none.
pub(crate) fn query_of(url: &str) -> &str {
    let without_fragment = url.split_once('#').map_or(url, |(before, _)| before);
    without_fragment.split_once('?').map_or("", |(_, query)| query)
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

    #[test]
    fn the_query_ends_at_the_fragment() {
        assert_eq!(query_of("https://h/p?a=1?b#c?d"), "a=1?b");
        assert_eq!(query_of("https://h/p#c?d"), "");
        assert_eq!(query_of("https://h/p"), "");
    }
}
