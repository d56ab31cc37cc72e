//! Header fields of a request or an answer that somebody else made, as plain data (RFC 9110 §5).

/// Names are in lower case. The platform has joined the lines of one name by commas (RFC 9110 §5.3), but for `set-cookie`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Headers(Vec<(String, String)>);

/// What must happen to one set of headers to make it another.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Names, a line each.
    pub(crate) removed: String,
    /// Names and values in turn, a line each.
    pub(crate) added: String,
}

impl Headers {
    pub(crate) fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// Reads names and values in turn, a line each. No header contains a line break.
    pub(crate) fn from_lines(lines: &str) -> Self {
        let mut lines = lines.split('\n');
        let mut pairs = Vec::new();
        while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
            pairs.push((name.to_owned(), value.to_owned()));
        }
        Self(pairs)
    }

    /// Names and values in turn, a line each.
    pub(crate) fn to_lines(&self) -> String {
        lines(self.0.iter())
    }

    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The value, if the header is there.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The members of a header that is a list of words (RFC 9110 §5.6.1); none if it is not there.
    pub(crate) fn members(&self, name: &str) -> impl Iterator<Item = &str> {
        let values = self.0.iter().filter(move |(found, _)| found == name);
        values
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|member| !member.is_empty())
    }

    /// Keeps the headers whose names `keep` says yes to.
    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.0.retain(|(name, _)| keep(name));
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.retain(|found| found != name);
    }

    /// The header has this value and no other.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.0.push((name.to_owned(), value.into()));
    }

    /// Puts `member` at the end of a list, unless it is in it already.
    pub(crate) fn add_member(&mut self, name: &str, member: &str) {
        if self.members(name).any(|found| found.eq_ignore_ascii_case(member)) {
            return;
        }
        let value = match self.get(name).map(str::trim) {
            None | Some("") => member.to_owned(),
            Some(list) => format!("{list}, {member}"),
        };
        self.set(name, value);
    }

    /// What makes `before` into this. Headers that are the same are left alone: a value in no encoding that the platform
    /// knows keeps its bytes so.
    pub(crate) fn changes_from(&self, before: &Self) -> Changes {
        let is_same = |name: &str| self.values(name).eq(before.values(name));
        let mut removed: Vec<&str> = before.0.iter().map(|(name, _)| name.as_str()).collect();
        removed.retain(|name| !is_same(name));
        removed.dedup();
        Changes {
            removed: removed.join("\n"),
            added: lines(self.0.iter().filter(|(name, _)| !is_same(name))),
        }
    }

    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let values = self.0.iter().filter(move |(found, _)| found == name);
        values.map(|(_, value)| value.as_str())
    }
}

fn lines<'a>(pairs: impl Iterator<Item = &'a (String, String)>) -> String {
    let mut lines = String::new();
    for (name, value) in pairs {
        // A line break in a value would begin another header. None has one; if ever, it goes without.
        if !value.contains(['\n', '\r']) {
            lines.push_str(name);
            lines.push('\n');
            lines.push_str(value);
            lines.push('\n');
        }
    }
    lines
}

/// An answer without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(crate) headers: Headers,
}

#[cfg(test)]
impl Head {
    /// For tests: pairs of name and value.
    pub(crate) fn with(status: u16, pairs: &[(&str, &str)]) -> Self {
        Self {
            status,
            headers: Headers::with(pairs),
        }
    }
}

#[cfg(test)]
impl Headers {
    /// For tests: pairs of name and value.
    pub(crate) fn with(pairs: &[(&str, &str)]) -> Self {
        Self(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_and_written() {
        let headers = Headers::from_lines("a\n1\nset-cookie\nx=1\nset-cookie\ny=2\nempty\n\n");
        let expected = [("a", "1"), ("set-cookie", "x=1"), ("set-cookie", "y=2"), ("empty", "")];
        assert_eq!(headers, Headers::with(&expected));
        assert_eq!(Headers::from_lines(&headers.to_lines()), headers);
        assert_eq!(Headers::from_lines(""), Headers::default());
    }

    #[test]
    fn a_value_cannot_begin_another_header() {
        assert_eq!(Headers::with(&[("a", "1\nb\n2"), ("c", "3")]).to_lines(), "c\n3\n");
    }

    #[test]
    fn lists_are_read_and_grow() {
        let mut headers = Headers::with(&[("vary", "Accept,, Origin ,")]);
        assert_eq!(headers.members("vary").collect::<Vec<_>>(), ["Accept", "Origin"]);
        headers.add_member("vary", "origin");
        headers.add_member("vary", "Authorization");
        assert_eq!(headers.get("vary"), Some("Accept,, Origin ,, Authorization"));
        headers.add_member("x", "y");
        assert_eq!(headers.get("x"), Some("y"));
    }

    #[test]
    fn only_what_differs_is_changed() {
        let before = Headers::with(&[("a", "1"), ("b", "2"), ("set-cookie", "x"), ("set-cookie", "y")]);
        let mut after = before.clone();
        after.remove("a");
        after.set("b", "3");
        after.set("c", "4");
        let changes = after.changes_from(&before);
        assert_eq!(changes.removed, "a\nb");
        assert_eq!(changes.added, "b\n3\nc\n4\n");
        assert_eq!(before.changes_from(&before).removed, "");
    }
}
