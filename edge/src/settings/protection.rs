//! The settings that keep attackers from sending texts and guessing codes. Their defaults are the crate `guard`'s; the README
//! lists them under "Limits".

use std::{ops::RangeInclusive, str::FromStr};

use challenge::PermitKey;
use guard::{Limits, OnBudget, Policy};

use super::{
    destinations::{AllowedCountries, TestNumbers},
    forms::{is_host_name, is_location_hint, is_service_url, is_signing_key, is_token, is_word},
    list,
    reader::Reader,
};
use crate::{
    guard::names::GuardNames,
    human_check::{Asked, HumanCheck},
};

/// Cloudflare's own service. Source: "Validate the token", Turnstile's documentation.
const TURNSTILE_URL: &str = "https://challenges.cloudflare.com/turnstile/v0/siteverify";

/// What an environment is called that must not have what is for tests only; also what one without a name is.
const PRODUCTION: &str = "production";

/// How to tell people from attackers, and what either may do. Holds secrets, hence no `Debug`.
pub(crate) struct Protection {
    pub(crate) policy: Policy,
    test_policy: Policy,
    pub(crate) countries: AllowedCountries,
    pub(crate) human_check: Option<HumanCheck>,
    pub(crate) test_numbers: TestNumbers,
    is_production: bool,
    pub(crate) guard_names: GuardNames,
    /// A location hint of the platform's; near the first who asks if there is none.
    pub(crate) guard_location: Option<String>,
    /// Opens `/admin/guard`, which is not there without it.
    pub(crate) admin_token: Option<String>,
}

impl Protection {
    /// The limits of ordinary numbers, or of test numbers.
    pub(crate) fn policy(&self, is_test: bool) -> &Policy {
        if is_test { &self.test_policy } else { &self.policy }
    }

    /// What an operator should know, as event and detail.
    pub(crate) fn warnings(&self) -> Vec<(&'static str, &'static str)> {
        let mut warnings = Vec::new();
        if self.countries == AllowedCountries::Every {
            warnings.push((
                "every_country_allowed",
                "ALLOWED_COUNTRIES is *: texts go to every country",
            ));
        }
        if self.is_production && !self.test_numbers.is_empty() {
            warnings.push(("test_numbers_in_production", "TEST_NUMBERS sign in with fixed codes"));
        }
        warnings
    }

    /// `None` only with a setting that is in the reader's report, or if there is no `permit_key` to name Guards with.
    pub(super) fn read<L: Fn(&str) -> Option<String>>(
        reader: &mut Reader<L>,
        permit_key: Option<&PermitKey>,
    ) -> Option<Self> {
        let human_check = read_human_check(reader);
        let is_soft = human_check
            .as_ref()
            .is_some_and(|check| check.asked == Asked::AboveSoftLimits);
        let policy = read_policy(reader, is_soft);
        let countries = reader.parsed("ALLOWED_COUNTRIES", AllowedCountries::parse);
        let environment = reader.or_else("ENVIRONMENT", is_word, PRODUCTION);
        let test_numbers = reader.parsed("TEST_NUMBERS", TestNumbers::parse);
        let may_test = reader.switch("TEST_NUMBERS_IN_PRODUCTION") || environment != PRODUCTION;
        if !may_test && test_numbers.as_ref().is_some_and(|numbers| !numbers.is_empty()) {
            // The list is well-formed: what is missing is the word that it is meant.
            reader.invalid.missing.push("TEST_NUMBERS_IN_PRODUCTION");
        }
        let guard_key = reader.optional("GUARD_KEY", is_signing_key);
        let guard_location = reader.optional("GUARD_LOCATION", is_location_hint);
        let admin_token = reader.optional("ADMIN_TOKEN", is_signing_key);
        Some(Self {
            policy,
            test_policy: Policy::for_test_numbers(),
            countries: countries?,
            human_check,
            test_numbers: test_numbers?,
            is_production: environment == PRODUCTION,
            guard_names: GuardNames::new(guard_key.as_deref(), permit_key?)?,
            guard_location,
            admin_token,
        })
    }
}

fn read_policy<L: Fn(&str) -> Option<String>>(reader: &mut Reader<L>, is_soft: bool) -> Policy {
    let mut policy = Policy::default();
    if let Some(pauses) = reader.present("SEND_PAUSES_SECONDS") {
        match parse_pauses(&pauses) {
            Some(pauses) => policy.sending.pauses_ms = pauses,
            None => reader.invalid.malformed.push("SEND_PAUSES_SECONDS"),
        }
    }
    read_limits(reader, "SENDS_PER_NUMBER", &mut policy.sending.limits);
    read_limits(reader, "SENDS_PER_ADDRESS", &mut policy.address.limits);
    read_limits(reader, "ATTEMPTS_PER_ADDRESS", &mut policy.address.attempts);
    read_limits(reader, "ANSWERS_PER_NUMBER", &mut policy.guessing.limits);
    if is_soft {
        let (mut number, mut address) = (DEFAULT_SOFT.0.parse().ok(), DEFAULT_SOFT.1.parse().ok());
        read_soft_limits(reader, "SOFT_SENDS_PER_NUMBER", &mut number);
        read_soft_limits(reader, "SOFT_SENDS_PER_ADDRESS", &mut address);
        policy.sending.soft_limits = number;
        policy.address.soft_limits = address;
    }
    policy.reserve_percent = number(reader, "RESERVE_PERCENT", 0..=50, policy.reserve_percent);
    let address = &mut policy.address;
    address.countries = number(reader, "COUNTRIES_PER_ADDRESS", 1..=100, address.countries);
    let guessing = &mut policy.guessing;
    guessing.lock_after = number(reader, "LOCK_AFTER_WRONG", 1..=100, guessing.lock_after);
    let conversion = &mut policy.conversion;
    conversion.floor = number(reader, "CONVERSION_FLOOR", 1..=1_000_000, conversion.floor);
    conversion.percent = number(reader, "CONVERSION_PERCENT", 0..=100, conversion.percent);
    let on_budget = reader.parsed("CONVERSION_BUDGET", |value| match value {
        "" | "record" => Some(OnBudget::Record),
        "deny" => Some(OnBudget::Deny),
        _ => None,
    });
    policy.conversion.on_budget = on_budget.unwrap_or(OnBudget::Record);
    policy
}

/// Settings that mean nothing without a secret.
const OF_HUMAN_CHECK: [&str; 5] = [
    "HUMAN_CHECK",
    "TURNSTILE_HOSTNAMES",
    "TURNSTILE_ACTION",
    "SOFT_SENDS_PER_NUMBER",
    "SOFT_SENDS_PER_ADDRESS",
];

/// What everyone may do before a human check is asked for, in the mode that asks only above that.
const DEFAULT_SOFT: (&str, &str) = ("2/hour 4/day", "2/hour 8/day");

fn number<L: Fn(&str) -> Option<String>, N: FromStr + PartialOrd>(
    reader: &mut Reader<L>,
    name: &'static str,
    range: RangeInclusive<N>,
    default: N,
) -> N {
    let Some(text) = reader.present(name) else {
        return default;
    };
    text.parse()
        .ok()
        .filter(|number| range.contains(number))
        .unwrap_or_else(|| {
            reader.invalid.malformed.push(name);
            default
        })
}

fn read_limits<L: Fn(&str) -> Option<String>>(reader: &mut Reader<L>, name: &'static str, limits: &mut Limits) {
    if let Some(text) = reader.present(name) {
        match text.parse() {
            Ok(read) => *limits = read,
            Err(_) => reader.invalid.malformed.push(name),
        }
    }
}

fn read_soft_limits<L: Fn(&str) -> Option<String>>(
    reader: &mut Reader<L>,
    name: &'static str,
    limits: &mut Option<Limits>,
) {
    if let Some(limits) = limits {
        read_limits(reader, name, limits);
    }
}

/// Seconds separated by blanks, at most ten of them and none above an hour, after which a run of codes is over.
fn parse_pauses(text: &str) -> Option<Vec<u64>> {
    let seconds: Option<Vec<u64>> = text
        .split_ascii_whitespace()
        .map(|word| word.parse().ok().filter(|seconds| *seconds <= 3_600))
        .collect();
    let seconds = seconds.filter(|seconds| (1..=10).contains(&seconds.len()))?;
    Some(seconds.into_iter().map(|seconds| seconds * 1_000).collect())
}

fn read_human_check<L: Fn(&str) -> Option<String>>(reader: &mut Reader<L>) -> Option<HumanCheck> {
    let Some(secret) = reader.optional("TURNSTILE_SECRET", is_token) else {
        // Somebody wants a human check: without the secret there would be none, and nobody would notice.
        if OF_HUMAN_CHECK.iter().any(|name| reader.present(name).is_some()) {
            reader.invalid.missing.push("TURNSTILE_SECRET");
        }
        return None;
    };
    let hostnames = reader.required("TURNSTILE_HOSTNAMES", |value| {
        list(value).next().is_some() && list(value).all(|name| is_host_name(&name))
    });
    let asked = reader.parsed("HUMAN_CHECK", |value| match value {
        "" | "always" => Some(Asked::Always),
        "soft" => Some(Asked::AboveSoftLimits),
        _ => None,
    });
    Some(HumanCheck {
        secret,
        url: reader.or_else("TURNSTILE_URL", is_service_url, TURNSTILE_URL),
        hostnames: list(&hostnames).collect(),
        action: reader.or_else("TURNSTILE_ACTION", is_action, "sign_up"),
        asked: asked.unwrap_or(Asked::Always),
    })
}

/// What Turnstile takes for an action: "up to 32 characters", letters, digits, underscores and hyphens.
fn is_action(value: &str) -> bool {
    value.len() <= 32
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_whole_seconds_of_at_most_an_hour() {
        assert_eq!(parse_pauses("60 120 300"), Some(vec![60_000, 120_000, 300_000]));
        assert_eq!(parse_pauses("0"), Some(vec![0]));
        for mistake in ["", "x", "3601", "1.5", "-1", "1 2 3 4 5 6 7 8 9 10 11"] {
            assert_eq!(parse_pauses(mistake), None, "{mistake}");
        }
    }
}
