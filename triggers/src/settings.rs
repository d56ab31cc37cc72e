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
    /// `STACK_NAME`: what metrics are kept by. Optional: without it there are none.
    pub stack_name: Option<String>,
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

    /// Whether this number is named as one for tests. Where any may be one, none is.
    pub fn names(&self, phone: &PhoneNumber) -> bool {
        matches!(self, Self::Listed(numbers) if numbers.contains(phone))
    }
}

/// What the verify trigger is told. Its values must be those of the create trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifySettings {
    /// `CHALLENGE_SECRET_ARN`: where the secret is.
    pub secret_arn: String,
    /// `CODE_TTL_SECONDS`: for how long a code is good, counted from the permit's time of issue.
    pub code_ttl_seconds: u64,
    /// `TEST_NUMBERS`: the numbers whose answers are not counted, as nothing is sent to them. Optional.
    pub test_numbers: TestNumbers,
    /// `STACK_NAME`: what metrics are kept by. Optional: without it there are none.
    pub stack_name: Option<String>,
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
            stack_name: stack_name(&variable)?,
        })
    }
}

impl VerifySettings {
    /// Reads the settings; `variable` gives the value of an environment variable.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidSetting> {
        Ok(Self {
            secret_arn: secret_arn(&variable)?,
            code_ttl_seconds: code_ttl_seconds(&variable)?,
            test_numbers: test_numbers(&variable)?,
            stack_name: stack_name(&variable)?,
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

fn stack_name(variable: &impl Fn(&str) -> Option<String>) -> Result<Option<String>, InvalidSetting> {
    let rule = "must be 1 to 128 letters, digits or hyphens, a letter first";
    optional(variable, "STACK_NAME", is_stack_name, rule)
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

/// AWS CloudFormation, `CreateStack`: `[a-zA-Z][-a-zA-Z0-9]*`, 128 characters at most.
fn is_stack_name(text: &str) -> bool {
    text.len() <= 128
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests;
