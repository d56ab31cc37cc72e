use std::collections::HashMap;

use super::*;

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
    Settings::read(|name| settings.get(name).cloned(), |_| false)
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
fn every_missing_and_malformed_setting_is_named_and_no_value_is() {
    let error = Settings::read(|name| (name == "PERMIT_KEY").then(|| "hunter2".to_owned()), |_| false)
        .err()
        .unwrap();
    assert_eq!(error.missing.len(), 6);
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
            |name| service && name == ORIGIN_SERVICE,
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
