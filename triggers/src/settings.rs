//! The functions' environment variables, checked when they start: a mistake is named in the log and fails every challenge.

use std::num::NonZeroU64;

use challenge::{MessageTemplate, PhoneNumber};
use thiserror::Error;

/// What the create trigger is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateSettings {
    /// `CHALLENGE_SECRET_ARN`: where the secret is.
    pub secret_arn: String,
    /// `CODE_TTL_SECONDS`: for how long a code is good, counted from the permit's time of issue.
    pub code_ttl_seconds: u64,
    /// `MESSAGE_TEMPLATE`: the wording of the message.
    pub template: MessageTemplate,
    /// `APP_NAME`: what `{app}` stands for.
    pub app_name: String,
    /// `ORIGIN_DOMAIN`: the site that phones may offer the code to. Optional.
    pub origin_domain: Option<String>,
    /// `SENDER_ID`: shown as the sender where the country supports it. Optional.
    pub sender_id: Option<String>,
    /// `TEST_NUMBERS`: the numbers whose code the worker may set. Optional.
    pub test_numbers: TestNumbers,
}

/// The numbers for which a permit may carry a code ([`challenge::Permit::test_code`]). The operator names them in the stack,
/// out of reach of whoever got hold of the worker's secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TestNumbers {
    /// No number: every code is derived here.
    #[default]
    None,
    /// These and no other.
    Listed(Vec<PhoneNumber>),
    /// Every number, for a local stack: who has the permit key may sign in as anyone.
    Any,
}

impl TestNumbers {
    /// Reads numbers in E.164 form, comma-separated and without blanks, or `*`.
    fn parse(text: &str) -> Option<Self> {
        match text {
            "" => Some(Self::None),
            "*" => Some(Self::Any),
            list => list
                .split(',')
                .map(|number| PhoneNumber::parse(number).ok())
                .collect::<Option<_>>()
                .map(Self::Listed),
        }
    }

    /// Whether a permit for this number may carry a code.
    pub fn contains(&self, phone: &PhoneNumber) -> bool {
        match self {
            Self::None => false,
            Self::Listed(numbers) => numbers.contains(phone),
            Self::Any => true,
        }
    }
}

/// What the verify trigger is told. The two values must be those of the create trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifySettings {
    /// `CHALLENGE_SECRET_ARN`: where the secret is.
    pub secret_arn: String,
    /// `CODE_TTL_SECONDS`: for how long a code is good, counted from the permit's time of issue.
    pub code_ttl_seconds: u64,
}

/// A setting that is missing or cannot be used, by name. The value is not repeated.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidSetting {
    /// Neither set nor optional.
    #[error("setting {0} is missing")]
    Missing(&'static str),
    /// Set to something else than it must be.
    #[error("setting {0} {1}")]
    Malformed(&'static str, &'static str),
}

impl CreateSettings {
    /// Reads the settings; `variable` gives the value of an environment variable.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidSetting> {
        Ok(Self {
            secret_arn: secret_arn(&variable)?,
            code_ttl_seconds: code_ttl_seconds(&variable)?,
            template: MessageTemplate::parse(&required(&variable, "MESSAGE_TEMPLATE")?).map_err(|_| {
                InvalidSetting::Malformed(
                    "MESSAGE_TEMPLATE",
                    "must contain {code}, and of other braces only {app}",
                )
            })?,
            app_name: required(&variable, "APP_NAME")?,
            origin_domain: optional(
                &variable,
                "ORIGIN_DOMAIN",
                is_domain,
                "must be a host name such as example.com",
            )?,
            sender_id: optional(
                &variable,
                "SENDER_ID",
                is_sender_id,
                "must be 1 to 11 letters, digits or hyphens, with a letter",
            )?,
            test_numbers: test_numbers(&variable)?,
        })
    }
}

impl VerifySettings {
    /// Reads the settings; `variable` gives the value of an environment variable.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidSetting> {
        Ok(Self {
            secret_arn: secret_arn(&variable)?,
            code_ttl_seconds: code_ttl_seconds(&variable)?,
        })
    }
}

fn secret_arn(variable: &impl Fn(&str) -> Option<String>) -> Result<String, InvalidSetting> {
    required(variable, "CHALLENGE_SECRET_ARN")
}

/// A session of Cognito lives 15 minutes at most (`AuthSessionValidity`), so that no code can live longer.
fn code_ttl_seconds(variable: &impl Fn(&str) -> Option<String>) -> Result<u64, InvalidSetting> {
    const NAME: &str = "CODE_TTL_SECONDS";
    let seconds = required(variable, NAME)?.parse().map_or(0, NonZeroU64::get);
    if (1..=900).contains(&seconds) {
        Ok(seconds)
    } else {
        Err(InvalidSetting::Malformed(NAME, "must be a number from 1 to 900"))
    }
}

fn test_numbers(variable: &impl Fn(&str) -> Option<String>) -> Result<TestNumbers, InvalidSetting> {
    const NAME: &str = "TEST_NUMBERS";
    const RULE: &str = "must be phone numbers such as +15005550001 with a comma and no blank between them, or *";
    TestNumbers::parse(&variable(NAME).unwrap_or_default()).ok_or(InvalidSetting::Malformed(NAME, RULE))
}

/// A variable that is set to nothing counts as not set: CloudFormation has no other way to leave one out.
fn required(variable: &impl Fn(&str) -> Option<String>, name: &'static str) -> Result<String, InvalidSetting> {
    variable(name)
        .filter(|value| !value.is_empty())
        .ok_or(InvalidSetting::Missing(name))
}

fn optional(
    variable: &impl Fn(&str) -> Option<String>,
    name: &'static str,
    is_valid: fn(&str) -> bool,
    rule: &'static str,
) -> Result<Option<String>, InvalidSetting> {
    match variable(name).filter(|value| !value.is_empty()) {
        Some(value) if !is_valid(&value) => Err(InvalidSetting::Malformed(name, rule)),
        value => Ok(value),
    }
}

/// RFC 1123 §2.1, in lower or upper case, without a final dot.
fn is_domain(text: &str) -> bool {
    text.len() <= 253
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

/// Amazon SNS, "Sender IDs": up to 11 characters, at least one of them a letter.
fn is_sender_id(text: &str) -> bool {
    text.len() <= 11
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &[(&str, &str)] = &[
        (
            "CHALLENGE_SECRET_ARN",
            "arn:aws:secretsmanager:us-east-1:000000000000:secret:name",
        ),
        ("CODE_TTL_SECONDS", "60"),
        ("MESSAGE_TEMPLATE", "{code} is your code for {app}."),
        ("APP_NAME", "Example"),
        ("ORIGIN_DOMAIN", "example.com"),
        ("SENDER_ID", "Example"),
        ("TEST_NUMBERS", "+15005550001,+15005550002"),
    ];

    fn phone(number: &str) -> PhoneNumber {
        PhoneNumber::parse(number).unwrap()
    }

    /// The good settings, but for one.
    fn with(name: &str, value: Option<&str>) -> Result<CreateSettings, InvalidSetting> {
        CreateSettings::read(|asked| {
            let good = GOOD.iter().find(|(known, _)| *known == asked).map(|(_, value)| *value);
            if asked == name { value } else { good }.map(str::to_owned)
        })
    }

    #[test]
    fn good_settings_are_taken() {
        let settings = with("", None).unwrap();
        assert_eq!(settings.code_ttl_seconds, 60);
        assert_eq!(settings.app_name, "Example");
        assert_eq!(settings.origin_domain.as_deref(), Some("example.com"));
        assert_eq!(settings.sender_id.as_deref(), Some("Example"));
        let numbers = vec![phone("+15005550001"), phone("+15005550002")];
        assert_eq!(settings.test_numbers, TestNumbers::Listed(numbers));
    }

    #[test]
    fn a_required_setting_that_is_missing_or_empty_is_named() {
        for name in [
            "CHALLENGE_SECRET_ARN",
            "CODE_TTL_SECONDS",
            "MESSAGE_TEMPLATE",
            "APP_NAME",
        ] {
            for value in [None, Some("")] {
                assert_eq!(
                    with(name, value).unwrap_err().to_string(),
                    format!("setting {name} is missing")
                );
            }
        }
    }

    #[test]
    fn an_optional_setting_may_be_missing_or_empty() {
        for value in [None, Some("")] {
            assert_eq!(with("ORIGIN_DOMAIN", value).unwrap().origin_domain, None);
            assert_eq!(with("SENDER_ID", value).unwrap().sender_id, None);
            assert_eq!(with("TEST_NUMBERS", value).unwrap().test_numbers, TestNumbers::None);
        }
    }

    #[test]
    fn a_malformed_setting_is_named_and_not_repeated() {
        for (name, values) in [
            (
                "CODE_TTL_SECONDS",
                &["0", "-1", "901", "60.5", "1e2", " 60", "sixty", "18446744073709551616"][..],
            ),
            ("MESSAGE_TEMPLATE", &["no code", "{code} {cdoe}"]),
            (
                "ORIGIN_DOMAIN",
                &[
                    "https://example.com",
                    "example.com/x",
                    "a b",
                    "-a.com",
                    "a..b",
                    "example.com.",
                    "x\ny",
                    "é.com",
                ],
            ),
            ("SENDER_ID", &["123", "TwelveLetter", "a b", "é"]),
            (
                "TEST_NUMBERS",
                &[
                    " ",
                    ",",
                    "**",
                    " *",
                    "any",
                    "*,+15005550001",
                    "+15005550001,*",
                    "+1500*",
                    "15005550001",
                    "+1 500 555 0001",
                    "+15005550001,",
                    "+15005550001,,+15005550002",
                    "+15005550001, +15005550002",
                    "+15005550001;+15005550002",
                    "+15005550001,+150055500",
                    "+15005550001=424242",
                    "+0123456789",
                ],
            ),
        ] {
            for value in values {
                let error = with(name, Some(value)).unwrap_err();
                assert!(
                    matches!(error, InvalidSetting::Malformed(named, _) if named == name),
                    "{name}={value}: {error}"
                );
                assert!(
                    error.to_string().starts_with(&format!("setting {name} must be ")) || name == "MESSAGE_TEMPLATE"
                );
                // Shorter ones are in the rule by chance.
                assert!(value.len() < 12 || !error.to_string().contains(value), "{error}");
            }
        }
    }

    #[test]
    fn the_lifetime_of_a_code_may_be_1_second_to_15_minutes() {
        assert_eq!(with("CODE_TTL_SECONDS", Some("1")).unwrap().code_ttl_seconds, 1);
        assert_eq!(with("CODE_TTL_SECONDS", Some("900")).unwrap().code_ttl_seconds, 900);
    }

    #[test]
    fn test_numbers_are_the_listed_ones_or_any_or_none() {
        let contains = |setting, number| {
            let settings = with("TEST_NUMBERS", setting).unwrap();
            settings.test_numbers.contains(&phone(number))
        };
        for number in ["+15005550001", "+15005550002", "+442079460000"] {
            assert!(contains(Some("+15005550001,+442079460000,+15005550002"), number));
            assert!(contains(Some(number), number));
            assert!(contains(Some("*"), number));
            assert!(!contains(Some(""), number));
            assert!(!contains(None, number));
            assert!(!contains(Some("+15005550003"), number));
        }
        // A number that contains a listed one, or is in it, is another.
        assert!(contains(Some("+4915112345678"), "+4915112345678"));
        assert!(!contains(Some("+4915112345678"), "+491511234567"));
        assert!(!contains(Some("+491511234567"), "+4915112345678"));
    }

    #[test]
    fn verify_needs_the_secret_and_the_lifetime_only() {
        let settings = VerifySettings::read(|name| match name {
            "CHALLENGE_SECRET_ARN" => Some("arn".to_owned()),
            "CODE_TTL_SECONDS" => Some("3".to_owned()),
            _ => None,
        });
        assert_eq!(
            settings,
            Ok(VerifySettings {
                secret_arn: "arn".to_owned(),
                code_ttl_seconds: 3
            })
        );
        assert_eq!(
            VerifySettings::read(|_| None),
            Err(InvalidSetting::Missing("CHALLENGE_SECRET_ARN"))
        );
    }
}
