//! Reads settings by name and remembers what was wrong, so that one report names all of it.

use std::fmt;

/// Which settings are missing or malformed. Names only: a value could be a secret.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct InvalidSettings {
    pub(crate) missing: Vec<&'static str>,
    pub(crate) malformed: Vec<&'static str>,
}

impl fmt::Display for InvalidSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing = self.missing.iter().map(|name| format!("{name} is missing"));
        let malformed = self.malformed.iter().map(|name| format!("{name} is malformed"));
        formatter.write_str(&missing.chain(malformed).collect::<Vec<_>>().join("; "))
    }
}

pub(super) struct Reader<L> {
    pub(super) lookup: L,
    pub(super) invalid: InvalidSettings,
}

impl<L: Fn(&str) -> Option<String>> Reader<L> {
    pub(super) fn present(&self, name: &'static str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.is_empty())
    }

    /// A value that must be there and pass `check`. The empty string stands in until the report.
    pub(super) fn required(&mut self, name: &'static str, check: fn(&str) -> bool) -> String {
        match self.present(name) {
            None => {
                self.invalid.missing.push(name);
                String::new()
            }
            Some(value) => self.checked(name, value, check),
        }
    }

    pub(super) fn or_else(&mut self, name: &'static str, check: fn(&str) -> bool, default: &str) -> String {
        match self.present(name) {
            None => default.to_owned(),
            Some(value) => self.checked(name, value, check),
        }
    }

    pub(super) fn optional(&mut self, name: &'static str, check: fn(&str) -> bool) -> Option<String> {
        let value = self.present(name)?;
        Some(self.checked(name, value, check))
    }

    /// A value that `parse` understands; `parse` is given the empty string for one that is absent.
    pub(super) fn parsed<T>(&mut self, name: &'static str, parse: fn(&str) -> Option<T>) -> Option<T> {
        let parsed = parse(&self.present(name).unwrap_or_default());
        if parsed.is_none() {
            self.invalid.malformed.push(name);
        }
        parsed
    }

    pub(super) fn number(&mut self, name: &'static str, max: u64, default: u64) -> u64 {
        match self.present(name).map(|value| value.parse::<u64>()) {
            None => default,
            Some(Ok(number)) if number <= max => number,
            Some(_) => {
                self.invalid.malformed.push(name);
                default
            }
        }
    }

    /// `true` or `false`; `false` when absent.
    pub(super) fn switch(&mut self, name: &'static str) -> bool {
        match self.present(name).as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                self.invalid.malformed.push(name);
                false
            }
        }
    }

    fn checked(&mut self, name: &'static str, value: String, check: fn(&str) -> bool) -> String {
        if !check(&value) {
            self.invalid.malformed.push(name);
        }
        value
    }
}
