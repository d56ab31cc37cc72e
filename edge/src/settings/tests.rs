use std::collections::HashMap;

use super::*;
use crate::human_check::Asked;

fn complete() -> HashMap<&'static str, String> {
    HashMap::from([
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("USER_POOL_ID", "eu-west-1_Ab12".to_owned()),
        ("CLIENT_ID", "client".to_owned()),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secret/+key".to_owned()),
        ("CLIENT_SECRET", "clientsecret".to_owned()),
        ("PERMIT_KEY", "A".repeat(43)),
    ])
}

fn read(settings: &HashMap<&'static str, String>) -> Result<Settings, InvalidSettings> {
    Settings::read(|name| settings.get(name).cloned(), |name| name == GUARD)
}

fn with(name: &'static str, value: &str) -> Result<Settings, InvalidSettings> {
    let mut settings = complete();
    settings.insert(name, value.to_owned());
    read(&settings)
}

#[test]
fn addresses_follow_region_and_pool_by_default() {
    let settings = read(&complete()).ok().unwrap();
    assert_eq!(
        settings.cognito_endpoint,
        "https://cognito-idp.eu-west-1.amazonaws.com/"
    );
    assert_eq!(
        settings.expected.issuer,
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12"
    );
    assert_eq!(
        settings.jwks_url,
        format!("{}/.well-known/jwks.json", settings.expected.issuer)
    );
    assert_eq!(settings.allowed_origins, AllowedOrigins::Any);
    assert_eq!((settings.cache_seconds, settings.sign_up_floor_ms), (60, 1_500));
}

#[test]
fn the_issuer_stays_the_real_one_whatever_the_endpoints() {
    let mut local = complete();
    local.insert("COGNITO_ENDPOINT", "http://127.0.0.1:4566".to_owned());
    local.insert("JWKS_URL", "http://localhost:4566/keys".to_owned());
    let settings = read(&local).ok().unwrap();
    assert_eq!(settings.cognito_endpoint, "http://127.0.0.1:4566/");
    assert_eq!(
        settings.expected.issuer,
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12"
    );
}

#[test]
fn a_secondary_key_opens_sessions_and_names_no_guard() {
    let session = crate::session::Session {
        expires_at: challenge::UnixSeconds(1_800_000_060),
        number: "number",
        challenge: "challenge",
        turn: 0,
        cognito: "cognito",
    };
    // The old key ends in A, the new one in E.
    let (alone, new) = (read(&complete()).ok().unwrap(), format!("{}E", "A".repeat(42)));
    let with_secondary = with("PERMIT_KEY_SECONDARY", &new).ok().unwrap();
    let exchanged = with("PERMIT_KEY", &new).ok().unwrap();

    let of_new = exchanged.session_seal.seal("user", &session);
    assert_eq!(with_secondary.session_seal.open("user", &of_new), Some(session));
    assert_eq!(alone.session_seal.open("user", &of_new), None);
    assert_eq!(
        with_secondary.session_seal.seal("user", &session),
        alone.session_seal.seal("user", &session)
    );
    let guard = |settings: &Settings| {
        let phone = challenge::PhoneNumber::parse("+15005550006").unwrap();
        settings.protection.guard_names.number(&phone)
    };
    assert_eq!(guard(&with_secondary), guard(&alone));
}

#[test]
fn every_missing_and_malformed_setting_is_named_and_no_value_is() {
    let error = Settings::read(|name| (name == "PERMIT_KEY").then(|| "hunter2".to_owned()), |_| false)
        .err()
        .unwrap();
    assert_eq!(error.missing.len(), 7);
    assert_eq!(error.malformed, ["PERMIT_KEY"]);
    let report = error.to_string();
    assert!(
        report.contains("CLIENT_SECRET is missing") && report.contains("PERMIT_KEY is malformed"),
        "{report}"
    );
    assert!(!report.contains("hunter2"));
}

#[test]
fn each_malformed_setting_is_refused_by_name() {
    for (name, value) in [
        ("AWS_REGION", "Ireland"),
        ("USER_POOL_ID", "Ab12"),
        ("USER_POOL_ID", "eu-west-1_../x"),
        ("CLIENT_ID", "a b"),
        ("AWS_SECRET_ACCESS_KEY", "key\n"),
        ("CLIENT_SECRET", "\"quoted\""),
        ("AWS_SESSION_TOKEN", "token\n"),
        ("PERMIT_KEY", "short"),
        ("PERMIT_KEY_SECONDARY", "short"),
        ("COGNITO_ENDPOINT", "http://cognito.example.com/"),
        ("JWKS_URL", "not a url"),
        ("ALLOWED_ORIGINS", "https://a.example, b.example"),
        ("ALLOWED_ORIGINS", "https://a.example/"),
        ("REQUIRED_SCOPES", "a\"b"),
        ("SECURED_CACHE_SECONDS", "-1"),
        ("SECURED_CACHE_SECONDS", "86401"),
        ("SIGN_UP_FLOOR_MS", "1s"),
        ("CLIENT_IDS", "a,,b"),
        ("CLIENT_IDS", "a b"),
        ("CLOCK_TOLERANCE_SECONDS", "61"),
        ("TOKEN_MEMO_ENTRIES", "many"),
        ("SECURED_CACHE_HEADERS", "Accept, Authorization"),
        ("SECURED_CACHE_HEADERS", "Accept:"),
        ("ORIGIN_TIMEOUT_MS", "100001"),
        ("DENY_LIST_FAIL_CLOSED", "yes"),
        ("LOG_EVERY_ANSWER", "1"),
        ("ALLOWED_COUNTRIES", "US,UK"),
        ("SEND_PAUSES_SECONDS", "1m"),
        ("SENDS_PER_NUMBER", "5"),
        ("SENDS_PER_ADDRESS", "0/hour"),
        ("ATTEMPTS_PER_ADDRESS", "60"),
        ("ANSWERS_PER_NUMBER", "9/week"),
        ("COUNTRIES_PER_ADDRESS", "-1"),
        ("COUNTRIES_PER_ADDRESS", "0"),
        ("LOCK_AFTER_WRONG", "never"),
        ("LOCK_AFTER_WRONG", "101"),
        ("CONVERSION_FLOOR", "0"),
        ("RESERVE_PERCENT", "51"),
        ("CONVERSION_BUDGET", "off"),
        ("CONVERSION_FLOOR", "20.5"),
        ("CONVERSION_PERCENT", "30%"),
        ("GUARD_LOCATION", "eu-west-1"),
        ("GUARD_KEY", "short"),
        ("ADMIN_TOKEN", "short"),
        ("ENVIRONMENT", "Production"),
        ("TEST_NUMBERS", "+15005550001"),
        ("TEST_NUMBERS_IN_PRODUCTION", "yes"),
    ] {
        let error = with(name, value)
            .err()
            .unwrap_or_else(|| panic!("{name}={value:?} was accepted"));
        assert_eq!(error.malformed, [name], "{value:?}");
    }
}

#[test]
fn lists_are_split() {
    let origins = with("ALLOWED_ORIGINS", "https://a.example, http://localhost:3000")
        .ok()
        .unwrap()
        .allowed_origins;
    assert_eq!(
        origins,
        AllowedOrigins::Listed(vec!["https://a.example".to_owned(), "http://localhost:3000".to_owned()])
    );
    let clients = with("CLIENT_IDS", "second, third").ok().unwrap().expected.client_ids;
    assert_eq!(clients, ["client", "second", "third"]);
    let headers = with("SECURED_CACHE_HEADERS", "X-Tenant,Accept,accept")
        .ok()
        .unwrap()
        .cache_headers;
    assert_eq!(headers, ["accept", "x-tenant"]);
}

#[test]
fn an_origin_needs_an_address_that_can_be_a_base_and_a_key() {
    let origin = |url: &str, key: &str, service: bool| {
        let mut settings = complete();
        settings.insert("ORIGIN_URL", url.to_owned());
        settings.insert("ORIGIN_SIGNING_KEY", key.to_owned());
        Settings::read(
            |name| settings.get(name).cloned(),
            |name| name == GUARD || (service && name == ORIGIN_SERVICE),
        )
    };
    let key = "k".repeat(32);
    let url = origin("https://api.example.com/v1/", &key, false)
        .ok()
        .unwrap()
        .origin
        .unwrap();
    assert_eq!(
        (url.url.as_deref(), url.is_service),
        (Some("https://api.example.com/v1"), false)
    );
    let service = origin("", &key, true).ok().unwrap().origin.unwrap();
    assert_eq!((service.url, service.is_service), (None, true));
    assert!(origin("", "", false).ok().unwrap().origin.is_none());
    for url in [
        "http://api.example.com",
        "https://u:p@api.example.com",
        "https://api.example.com/?x=1",
    ] {
        assert_eq!(
            origin(url, &key, false).err().unwrap().malformed,
            ["ORIGIN_URL"],
            "{url}"
        );
    }
    assert_eq!(
        origin("https://a.example", "", false).err().unwrap().missing,
        ["ORIGIN_SIGNING_KEY"]
    );
    assert_eq!(
        origin("", "short", true).err().unwrap().malformed,
        ["ORIGIN_SIGNING_KEY"]
    );
}

#[test]
fn test_numbers_need_a_second_word_in_production_which_is_the_default() {
    let read_with = |extra: &[(&'static str, &str)]| {
        let mut settings = complete();
        settings.extend(extra.iter().map(|(name, value)| (*name, (*value).to_owned())));
        read(&settings)
    };
    let numbers = ("TEST_NUMBERS", "+15005550001=123456");
    for environment in ["", "production"] {
        let refused = read_with(&[numbers, ("ENVIRONMENT", environment)]).err().unwrap();
        assert_eq!(refused.missing, ["TEST_NUMBERS_IN_PRODUCTION"], "{environment}");
    }
    let events = |settings: Settings| -> Vec<&'static str> {
        let warnings = settings.protection.warnings();
        warnings.into_iter().map(|(event, _)| event).collect()
    };
    let allowed = read_with(&[numbers, ("TEST_NUMBERS_IN_PRODUCTION", "true")])
        .ok()
        .unwrap();
    assert_eq!(events(allowed), ["test_numbers_in_production"]);
    let staging = read_with(&[numbers, ("ENVIRONMENT", "staging")]).ok().unwrap();
    assert!(events(staging).is_empty());
}

#[test]
fn limits_are_the_documented_ones_unless_settings_say_otherwise() {
    let settings = read(&complete()).ok().unwrap();
    assert_eq!(settings.protection.policy, guard::Policy::default());
    assert!(!settings.protection.countries.allow(Some("US")));
    let mut changed = complete();
    for (name, value) in [
        ("SEND_PAUSES_SECONDS", "1 2"),
        ("SENDS_PER_NUMBER", "50/day"),
        ("ANSWERS_PER_NUMBER", "7/30m"),
        ("CONVERSION_BUDGET", "deny"),
        ("ALLOWED_COUNTRIES", "*"),
    ] {
        changed.insert(name, value.to_owned());
    }
    let protection = read(&changed).ok().unwrap().protection;
    assert_eq!(protection.policy.sending.pauses_ms, [1_000, 2_000]);
    assert_eq!(Ok(protection.policy.sending.limits.clone()), "50/day".parse());
    assert_eq!(Ok(protection.policy.guessing.limits.clone()), "7/30m".parse());
    assert_eq!(protection.policy.conversion.on_budget, guard::OnBudget::Deny);
    assert_eq!(protection.warnings().len(), 1);
}

#[test]
fn a_human_check_needs_to_know_its_sites_and_soft_limits_belong_to_it() {
    for name in ["HUMAN_CHECK", "TURNSTILE_HOSTNAMES", "SOFT_SENDS_PER_NUMBER"] {
        let forgotten = with(name, "soft").err().unwrap();
        assert_eq!(forgotten.missing, ["TURNSTILE_SECRET"], "{name}");
    }
    let without = with("TURNSTILE_SECRET", "0x4AAAAAAA").err().unwrap();
    assert_eq!(without.missing, ["TURNSTILE_HOSTNAMES"]);
    let mut settings = complete();
    settings.insert("TURNSTILE_SECRET", "0x4AAAAAAA".to_owned());
    settings.insert("TURNSTILE_HOSTNAMES", "app.example.com, www.example.com".to_owned());
    let always = read(&settings).ok().unwrap().protection;
    let check = always.human_check.unwrap();
    assert_eq!(check.hostnames, ["app.example.com", "www.example.com"]);
    assert_eq!((check.asked, check.action.as_str()), (Asked::Always, "sign_up"));
    assert_eq!(always.policy.sending.soft_limits, None);
    settings.insert("HUMAN_CHECK", "soft".to_owned());
    settings.insert("SOFT_SENDS_PER_NUMBER", "1/hour".to_owned());
    let soft = read(&settings).ok().unwrap().protection.policy;
    assert_eq!(soft.sending.soft_limits, "1/hour".parse().ok());
    assert!(soft.address.soft_limits.is_some());
    for (name, value) in [
        ("HUMAN_CHECK", "sometimes"),
        ("TURNSTILE_HOSTNAMES", "https://app.example.com"),
        ("TURNSTILE_HOSTNAMES", ","),
        ("TURNSTILE_ACTION", "sign up"),
        ("TURNSTILE_URL", "http://challenges.example.com/"),
        ("SOFT_SENDS_PER_ADDRESS", "many"),
    ] {
        let mut wrong = settings.clone();
        wrong.insert(name, value.to_owned());
        assert_eq!(read(&wrong).err().unwrap().malformed, [name], "{value}");
    }
}
