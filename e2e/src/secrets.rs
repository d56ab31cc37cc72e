//! Finding secrets in text: what the ledger and the system's own settings hold, in whatever part a log might show of it.

use std::collections::{HashMap, HashSet};

use base64::{
    Engine,
    prelude::{BASE64_STANDARD_NO_PAD as STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD},
};

use crate::ledger::Kind;

/// Length of the beginning by which long secrets are looked up, in bytes. None is shorter.
const INDEXED: usize = 8;

/// A part of a token or session that is at least this long tells enough to be looked for by itself.
const TELLING: usize = 16;

/// Secrets to look for, found in one pass over a text however many they are.
#[derive(Default)]
pub struct Secrets {
    /// Looked for as whole words: anywhere else six digits are as likely part of another number.
    codes: HashSet<String>,
    /// By their first bytes.
    others: HashMap<[u8; INDEXED], Vec<(String, &'static str)>>,
}

impl Secrets {
    /// Adds a line of the ledger.
    pub fn add(&mut self, kind: Kind, secret: &str) {
        match kind {
            Kind::Code => {
                self.codes.insert(secret.to_owned());
            }
            // Without the plus sign, which may be escaped.
            Kind::Phone => self.add_text(secret.trim_start_matches('+'), "a phone number"),
            // The first part of a token is the same for all of a key's; each of the others tells enough.
            Kind::Token => self.add_parts(secret.split('.').skip(1), secret, "a token"),
            // Before the MAC stand the expiry and names by which logs may tell a number and its challenges from others.
            Kind::Session => {
                let names = if secret.starts_with("v2.") { 5 } else { 0 };
                self.add_parts(secret.split('.').skip(names), secret, "a session");
            }
            Kind::Permit => self.add_parts(secret.split('.'), secret, "a permit"),
        }
    }

    /// Adds any other secret; `name` is what it is called when it is found.
    pub fn add_text(&mut self, secret: &str, name: &'static str) {
        if let Some(begin) = secret.as_bytes().first_chunk::<INDEXED>() {
            let same_begin = self.others.entry(*begin).or_default();
            if !same_begin.iter().any(|(known, _)| known == secret) {
                same_begin.push((secret.to_owned(), name));
            }
        }
    }

    fn add_parts<'a>(&mut self, parts: impl Iterator<Item = &'a str>, whole: &'a str, name: &'static str) {
        let telling: Vec<&str> = parts.filter(|part| part.len() >= TELLING).collect();
        if telling.is_empty() && whole.len() >= TELLING {
            self.add_text(whole, name);
        }
        for part in telling {
            self.add_text(part, name);
        }
    }

    /// What is found in a line, by name; also in what the line holds in base64, as debug logs show bodies.
    pub fn found_in(&self, line: &str) -> Vec<&'static str> {
        let mut found = self.found_plainly_in(line);
        let is_base64 = |letter: char| letter.is_ascii_alphanumeric() || "+/-_".contains(letter);
        for word in line.split(|letter| !is_base64(letter)) {
            let decoded = [STANDARD_NO_PAD.decode(word), URL_SAFE_NO_PAD.decode(word)]
                .into_iter()
                .flatten()
                .find_map(|bytes| String::from_utf8(bytes).ok());
            if let Some(text) = decoded.filter(|text| text.len() >= TELLING) {
                found.extend(self.found_plainly_in(&text));
            }
        }
        found
    }

    fn found_plainly_in(&self, line: &str) -> Vec<&'static str> {
        let mut found = Vec::new();
        let bytes = line.as_bytes();
        for (at, window) in bytes.windows(INDEXED).enumerate() {
            let candidates = <[u8; INDEXED]>::try_from(window)
                .ok()
                .and_then(|begin| self.others.get(&begin));
            for (secret, name) in candidates.into_iter().flatten() {
                if bytes[at..].starts_with(secret.as_bytes()) {
                    found.push(*name);
                }
            }
        }
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let without_times = without_times(line);
        if without_times
            .split(|letter| !is_word(letter))
            .any(|word| self.codes.contains(word))
        {
            found.push("a code");
        }
        found
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty() || self.others.is_empty()
    }
}

/// The line without its RFC 3339 times: their fractions of a second have six digits too.
fn without_times(line: &str) -> String {
    let mut rest = line;
    let mut kept = String::with_capacity(line.len());
    while let Some(first) = rest.chars().next() {
        let length = time_at(rest).unwrap_or_else(|| {
            kept.push(first);
            first.len_utf8()
        });
        rest = &rest[length..];
    }
    kept
}

/// Length of the time that the text begins with, if it does: `2026-11-22T08:26:26.123456Z`, or with a blank for the `T`, a
/// comma for the point, and without an offset, as many loggers write it.
fn time_at(text: &str) -> Option<usize> {
    const FORM: &[u8] = b"dddd-dd-ddTdd:dd:dd";
    let bytes = text.as_bytes();
    let begin = bytes.get(..FORM.len())?;
    let fits = begin.iter().zip(FORM).all(|(found, wanted)| match wanted {
        b'd' => found.is_ascii_digit(),
        b'T' => matches!(found, b'T' | b't' | b' '),
        _ => found == wanted,
    });
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    fits.then(|| match bytes.get(FORM.len()) {
        Some(b'.' | b',') => FORM.len() + 1 + digits(FORM.len() + 1),
        _ => FORM.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        let mut secrets = Secrets::default();
        secrets.add(Kind::Code, "123456");
        secrets.add(Kind::Phone, "+14155550123");
        secrets.add(
            Kind::Token,
            "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhYmNkZWYifQ.c2lnbmF0dXJlLW9mLWEtdG9rZW4",
        );
        secrets.add(
            Kind::Session,
            "v2.1700000000.0123456789abcdef0123456789abcdef.c0ffee.0.bWFjLW9mLWEtc2Vzc2lvbg.short",
        );
        secrets
    }

    #[test]
    fn secrets_are_found_whole_and_in_part() {
        let found = |line| secrets().found_in(line);
        assert_eq!(found("sms: 123456 is your code"), ["a code"]);
        assert_eq!(found(r#"{"code":"123456"}"#), ["a code"]);
        assert_eq!(found("to=%2B14155550123&x"), ["a phone number"]);
        assert_eq!(found("x eyJzdWIiOiJhYmNkZWYifQ y"), ["a token"]);
        assert_eq!(found("...c2lnbmF0dXJlLW9mLWEtdG9rZW4"), ["a token"]);
        assert_eq!(found("session v2.1.x.y.0.bWFjLW9mLWEtc2Vzc2lvbg"), ["a session"]);
    }

    #[test]
    fn secrets_are_found_in_base64() {
        let body = STANDARD_NO_PAD.encode(r#"{"Message":"123456 is your code"}"#);
        assert_eq!(secrets().found_in(&format!("body: '{body}=='")), ["a code"]);
    }

    #[test]
    fn what_only_looks_alike_is_not_found() {
        for line in [
            "",
            "2026-11-22T08:26:26.123456Z INFO",
            "2026-11-22 08:26:26,123456 INFO",
            "0123456 1234567 a123456 123456_",
            "+1••••••0123",
            "eyJhbGciOiJSUzI1NiJ9",
            "v2.1700000000.short",
            "guard 0123456789abcdef0123456789abcdef",
            r#"{"request_id":"12345600-1234-4123-8123-123456123456"}"#,
        ] {
            assert!(secrets().found_in(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn a_code_beside_a_request_id_is_found() {
        let line = r#"{"request_id":"12345600-1234-4123-8123-123456123456","reason":"123456"}"#;
        assert_eq!(secrets().found_in(line), ["a code"]);
    }

    #[test]
    fn a_code_after_a_time_is_found() {
        assert_eq!(secrets().found_in("2026-11-22T08:26:26.654321Z 123456"), ["a code"]);
    }
}
