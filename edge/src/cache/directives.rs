//! `Cache-Control`, of a request or of an answer (RFC 9111 §5.2).

/// The directives of a field, in their order.
pub(super) struct Directives(Vec<Directive>);

struct Directive {
    /// In lower case: names of directives have no case.
    name: String,
    /// Without quotation marks: a recipient ought to take both forms (RFC 9111 §5.2).
    argument: Option<String>,
    /// As it was sent.
    text: String,
}

/// A directive that should give seconds gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotSeconds;

impl Directives {
    /// An absent field has no directives.
    pub(super) fn parse(field: Option<&str>) -> Self {
        let parts = split_at_commas(field.unwrap_or_default());
        Self(parts.into_iter().filter_map(Directive::parse).collect())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|directive| directive.name == name)
    }

    /// The seconds that a directive gives, if it is there. Where it is repeated, the shortest time counts (RFC 9111 §4.2.1
    /// leaves the choice).
    pub(super) fn seconds(&self, name: &str) -> Option<Result<u64, NotSeconds>> {
        let found = self.0.iter().filter(|directive| directive.name == name);
        let seconds = found.map(|directive| {
            let argument = directive.argument.as_deref();
            argument.and_then(delta_seconds).ok_or(NotSeconds)
        });
        seconds.reduce(|left, right| Ok(left?.min(right?)))
    }

    /// The directives that `keep` says yes to, as they were sent.
    pub(super) fn texts(&self, keep: impl Fn(&str) -> bool) -> Vec<&str> {
        let kept = self.0.iter().filter(|directive| keep(&directive.name));
        kept.map(|directive| directive.text.as_str()).collect()
    }
}

impl Directive {
    /// `None` for an empty member of the list.
    fn parse(text: &str) -> Option<Self> {
        let (name, argument) = match text.split_once('=') {
            Some((name, argument)) => (name, Some(argument.trim())),
            None => (text, None),
        };
        let name = name.trim().to_ascii_lowercase();
        let unquoted = |text: &str| {
            let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            inner.unwrap_or(text).to_owned()
        };
        (!name.is_empty()).then(|| Self {
            name,
            argument: argument.map(unquoted),
            text: text.to_owned(),
        })
    }
}

/// RFC 9111 §1.2.2: a whole number, however large.
pub(super) fn delta_seconds(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

/// The members of a list. Those in quotation marks may contain commas (RFC 9110 §5.6.4).
fn split_at_commas(list: &str) -> Vec<&str> {
    let (mut in_quotes, mut is_escaped) = (false, false);
    list.split(|letter| {
        if is_escaped {
            is_escaped = false;
            return false;
        }
        match letter {
            '"' => in_quotes = !in_quotes,
            '\\' if in_quotes => is_escaped = true,
            _ => {}
        }
        letter == ',' && !in_quotes
    })
    .map(str::trim)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(field: &str) -> Directives {
        Directives::parse(Some(field))
    }

    #[test]
    fn names_have_no_case_and_must_match_whole() {
        assert!(parse("max-age=0, No-Cache").has("no-cache"));
        assert!(!parse("xno-cache, no-cachex").has("no-cache"));
        assert!(!parse("").has(""));
        assert!(!Directives::parse(None).has("no-store"));
    }

    #[test]
    fn seconds_are_whole_numbers() {
        for (field, seconds) in [
            ("max-age=60", Some(Ok(60))),
            ("max-age=\"60\"", Some(Ok(60))),
            ("MAX-AGE = 60", Some(Ok(60))),
            ("max-age=99999999999999999999999", Some(Ok(u64::MAX))),
            ("max-age=60, max-age=5", Some(Ok(5))),
            ("max-age=60, max-age=x", Some(Err(NotSeconds))),
            ("max-age", Some(Err(NotSeconds))),
            ("max-age=", Some(Err(NotSeconds))),
            ("max-age=-1", Some(Err(NotSeconds))),
            ("max-age=+1", Some(Err(NotSeconds))),
            ("max-age=1.5", Some(Err(NotSeconds))),
            ("s-maxage=1", None),
        ] {
            assert_eq!(parse(field).seconds("max-age"), seconds, "{field}");
        }
    }

    #[test]
    fn a_comma_in_quotation_marks_ends_nothing() {
        let directives = parse(r#"private="set-cookie, x-\"no-store", max-age=1"#);
        assert!(!directives.has("x-\"no-store"));
        assert_eq!(
            directives.texts(|_| true),
            [r#"private="set-cookie, x-\"no-store""#, "max-age=1"]
        );
        // Never closed: whatever follows is part of it, and nothing panics.
        assert_eq!(parse("private=\"x, no-store").texts(|_| true).len(), 1);
    }
}
