//! The text that carries the code.

use thiserror::Error;

use crate::Code;

/// The operator's wording, with `{code}` where the code goes and, if wanted, `{app}` for the name of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageTemplate(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Code,
    App,
}

impl MessageTemplate {
    /// Reads a template. A placeholder that is not known is an error here rather than a riddle on someone's phone.
    pub fn parse(template: &str) -> Result<Self, InvalidTemplate> {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some((text, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or(InvalidTemplate::UnknownPlaceholder)?;
            parts.push(Part::Text(text.to_owned()));
            parts.push(match name {
                "code" => Part::Code,
                "app" => Part::App,
                _ => return Err(InvalidTemplate::UnknownPlaceholder),
            });
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        if !parts.contains(&Part::Code) {
            return Err(InvalidTemplate::NoCode);
        }
        Ok(Self(parts))
    }

    /// The text to send. With a domain its last line is `@domain #code`, the form by which phones offer the
    /// code to that site and to no other (WICG, "Origin-bound one-time codes delivered via SMS").
    pub fn render(&self, code: &Code, app: &str, domain: Option<&str>) -> String {
        let mut text = String::new();
        for part in &self.0 {
            text.push_str(match part {
                Part::Text(text) => text,
                Part::Code => code.expose(),
                Part::App => app,
            });
        }
        if let Some(domain) = domain {
            text.push_str("\n\n@");
            text.push_str(domain);
            text.push_str(" #");
            text.push_str(code.expose());
        }
        text
    }
}

/// Why a text is not a message template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidTemplate {
    /// Without it the message would say nothing.
    #[error("the message template has no {{code}}")]
    NoCode,
    /// A brace that opens neither `{code}` nor `{app}`.
    #[error("the message template has a placeholder that is neither {{code}} nor {{app}}")]
    UnknownPlaceholder,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{CodeKey, Nonce, PhoneNumber, Secret};

    fn code() -> Code {
        let key = CodeKey::derive(&Secret::new("correct horse battery staple, 32+ characters").unwrap());
        Code::derive(
            &key,
            &Nonce::new([7; 16]),
            &PhoneNumber::parse("+15005550006").unwrap(),
            "pool",
        )
    }

    fn render(template: &str, app: &str, domain: Option<&str>) -> String {
        MessageTemplate::parse(template).unwrap().render(&code(), app, domain)
    }

    #[test]
    fn code_and_app_are_filled_in() {
        let digits = code().expose().to_owned();
        assert_eq!(
            render("{code} is your code for {app}. Do not share it.", "Example", None),
            format!("{digits} is your code for Example. Do not share it.")
        );
        assert_eq!(
            render("{app}{code}{app}{code}", "x", None),
            format!("x{digits}x{digits}")
        );
    }

    #[test]
    fn the_origin_bound_line_comes_last() {
        let digits = code().expose().to_owned();
        let text = render("{code} is your code.\n", "", Some("example.com"));
        assert_eq!(text.lines().last(), Some(format!("@example.com #{digits}").as_str()));
        assert!(!text.ends_with('\n'));
    }

    #[test]
    fn the_name_of_the_app_is_not_read_as_a_template() {
        assert_eq!(
            render("{app}: {code}", "{code}{app}", None),
            format!("{{code}}{{app}}: {}", code().expose())
        );
    }

    #[test]
    fn a_template_without_code_or_with_other_braces_is_refused() {
        assert_eq!(MessageTemplate::parse(""), Err(InvalidTemplate::NoCode));
        assert_eq!(MessageTemplate::parse("Hello {app}"), Err(InvalidTemplate::NoCode));
        for bad in [
            "{code} {cdoe}",
            "{code} {",
            "{code",
            "{ code }",
            "{}{code}",
            "{{code}}",
            "{CODE}",
        ] {
            assert_eq!(
                MessageTemplate::parse(bad),
                Err(InvalidTemplate::UnknownPlaceholder),
                "{bad}"
            );
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_what_parses_carries_the_code(template in "(\\{code\\}|\\{app\\}|[{}a-z \\n]|\\PC){0,20}") {
            if let Ok(template) = MessageTemplate::parse(&template) {
                let text = template.render(&code(), "app", Some("example.com"));
                prop_assert!(text.matches(code().expose()).count() >= 2);
            }
        }
    }
}
