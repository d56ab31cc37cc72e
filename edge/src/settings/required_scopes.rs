//! `REQUIRED_SCOPES`: which scopes a token needs, for all secured paths and for those below a prefix.
//!
//! Words separated by blanks. A word that begins with `/secured` names a prefix, to which the scopes after it belong; scopes
//! before the first prefix are needed everywhere. `orders/read /secured/admin admin/all` wants `orders/read` for every
//! secured path, and `admin/all` too below `/secured/admin`.

use crate::http::path;

/// Every prefix that a path lies below counts, so that a wider rule is never undone by a narrower one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RequiredScopes(Vec<Rule>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    /// Segments of the path, comparable; none for all secured paths.
    prefix: Vec<String>,
    scopes: Vec<String>,
}

impl RequiredScopes {
    /// Reads the setting; `None` if a scope has a character that RFC 6749 §3.3 does not allow, if a prefix cannot be a
    /// path, or if a prefix has no scope (which would look like an open door and be none).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut rules = vec![Rule {
            prefix: Vec::new(),
            scopes: Vec::new(),
        }];
        for word in text.split_ascii_whitespace() {
            if word == "/secured" || word.starts_with("/secured/") {
                rules.push(Rule {
                    prefix: path::comparable_segments(word)?,
                    scopes: Vec::new(),
                });
            } else if is_scope(word) {
                rules.last_mut()?.scopes.push(word.to_owned());
            } else {
                return None;
            }
        }
        if rules
            .iter()
            .any(|rule| rule.scopes.is_empty() && !rule.prefix.is_empty())
        {
            return None;
        }
        rules.retain(|rule| !rule.scopes.is_empty());
        Some(Self(rules))
    }

    /// The scopes that `path` needs; `None` if servers may disagree about which path that is.
    pub(crate) fn of<'a>(&'a self, path: &str) -> Option<Vec<&'a str>> {
        // By far the most common setting: no scopes, and no work.
        if self.0.is_empty() {
            return Some(Vec::new());
        }
        let segments = path::comparable_segments(path)?;
        let below = |rule: &&Rule| segments.starts_with(&rule.prefix);
        let scopes = self.0.iter().filter(below).flat_map(|rule| &rule.scopes);
        Some(scopes.map(String::as_str).collect())
    }
}

/// RFC 6749 §3.3: visible ASCII without quotation mark and backslash.
fn is_scope(word: &str) -> bool {
    word.bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(setting: &str, path: &str) -> Option<Vec<String>> {
        let required = RequiredScopes::parse(setting).unwrap();
        required
            .of(path)
            .map(|scopes| scopes.into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn scopes_without_a_prefix_are_needed_everywhere() {
        assert_eq!(of("a  b/c", "/secured/call").unwrap(), ["a", "b/c"]);
        assert!(of("", "/secured/call").unwrap().is_empty());
    }

    #[test]
    fn all_prefixes_that_match_count_together() {
        let setting = "a /secured/x b /secured/x/y c d";
        assert_eq!(of(setting, "/secured/call").unwrap(), ["a"]);
        assert_eq!(of(setting, "/secured/x").unwrap(), ["a", "b"]);
        assert_eq!(of(setting, "/secured/x/z").unwrap(), ["a", "b"]);
        assert_eq!(of(setting, "/secured/x/y/z").unwrap(), ["a", "b", "c", "d"]);
        assert_eq!(of(setting, "/secured/xy").unwrap(), ["a"]);
    }

    #[test]
    fn a_path_written_otherwise_is_the_same_path() {
        for path in [
            "/secured/admin",
            "/secured/admin/",
            "/secured//admin",
            "/secured/%61dmin",
            "/Secured/ADMIN/users",
            "/secured/admin;v=1/users",
            "/secured/admin%3Bv=1",
        ] {
            assert_eq!(of("/secured/admin s", path).unwrap(), ["s"], "{path}");
        }
    }

    #[test]
    fn a_path_that_servers_read_differently_has_no_scopes_that_could_be_named() {
        for path in [
            "/secured/x%2F..%2Fadmin",
            "/secured/x/..%5cadmin",
            "/secured/a%00b",
            "/secured/%ff",
        ] {
            assert_eq!(of("/secured/admin s", path), None, "{path}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for setting in [
            "a\"b",
            "/secured/admin",
            "/secured/admin /secured/x a",
            "/secured/%ff a",
            "ä",
        ] {
            assert_eq!(RequiredScopes::parse(setting), None, "{setting}");
        }
    }
}
