//! The worker's settings, read and checked once per isolate. The README lists them with their defaults.

mod forms;

use std::fmt;

use challenge::PermitKey;

use crate::{http::cors::AllowedOrigins, session::SessionSeal};
use forms::{are_origins, are_scopes, is_client_id, is_region, is_service_url, is_token, is_user_pool_id};

/// Seconds for which the edge cache may keep a secured answer, unless `SECURED_CACHE_SECONDS` says otherwise.
const DEFAULT_CACHE_SECONDS: u64 = 60;

/// Least duration of a sign-up in milliseconds, unless `SIGN_UP_FLOOR_MS` says otherwise; see [`crate::endpoints::sign_up`].
const DEFAULT_SIGN_UP_FLOOR_MS: u64 = 1_500;

/// A day: longer than a token lives, so never the effective limit.
const MAX_CACHE_SECONDS: u64 = 86_400;

/// Must leave room below the deadline of five seconds.
const MAX_SIGN_UP_FLOOR_MS: u64 = 4_000;

/// Everything that is configurable. Holds secrets, hence no `Debug`.
pub(crate) struct Settings {
    pub(crate) region: String,
    pub(crate) user_pool_id: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
    pub(crate) permit_key: PermitKey,
    /// Derived from the permit key.
    pub(crate) session_seal: SessionSeal,
    /// Where Cognito's API is, with a trailing slash.
    pub(crate) cognito_endpoint: String,
    pub(crate) jwks_url: String,
    /// The only `iss` that is accepted, wherever the key set is fetched from.
    pub(crate) issuer: String,
    pub(crate) allowed_origins: AllowedOrigins,
    /// Scopes that a token must have for `/secured/call`; none by default.
    pub(crate) required_scopes: Vec<String>,
    /// 0 switches the cache off.
    pub(crate) cache_seconds: u64,
    pub(crate) sign_up_floor_ms: u64,
}

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

/// Reads settings by name and remembers what was wrong, so that one report names all of it.
struct Reader<L> {
    lookup: L,
    invalid: InvalidSettings,
}

impl<L: Fn(&str) -> Option<String>> Reader<L> {
    fn present(&self, name: &'static str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.is_empty())
    }

    /// A value that must be there and pass `check`. The empty string stands in until the report.
    fn required(&mut self, name: &'static str, check: fn(&str) -> bool) -> String {
        match self.present(name) {
            None => {
                self.invalid.missing.push(name);
                String::new()
            }
            Some(value) => self.checked(name, value, check),
        }
    }

    fn or_else(&mut self, name: &'static str, check: fn(&str) -> bool, default: String) -> String {
        match self.present(name) {
            None => default,
            Some(value) => self.checked(name, value, check),
        }
    }

    fn number(&mut self, name: &'static str, max: u64, default: u64) -> u64 {
        match self.present(name).map(|value| value.parse::<u64>()) {
            None => default,
            Some(Ok(number)) if number <= max => number,
            Some(_) => {
                self.invalid.malformed.push(name);
                default
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

impl Settings {
    /// Reads all settings through `lookup` (name → value, empty counts as absent).
    pub(crate) fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidSettings> {
        let mut reader = Reader {
            lookup,
            invalid: InvalidSettings::default(),
        };
        let region = reader.required("AWS_REGION", is_region);
        let user_pool_id = reader.required("USER_POOL_ID", is_user_pool_id);
        let client_id = reader.required("CLIENT_ID", is_client_id);
        let access_key_id = reader.required("AWS_ACCESS_KEY_ID", is_token);
        let secret_access_key = reader.required("AWS_SECRET_ACCESS_KEY", is_token);
        let client_secret = reader.required("CLIENT_SECRET", is_token);
        let permit_key = reader.required("PERMIT_KEY", |value| PermitKey::from_base64url(value).is_ok());
        let session_token = reader.or_else("AWS_SESSION_TOKEN", is_token, String::new());
        let session_token = Some(session_token).filter(|token| !token.is_empty());
        // The issuer never follows COGNITO_ENDPOINT or JWKS_URL: a token names the real pool, wherever it is checked.
        let service = format!("https://cognito-idp.{region}.amazonaws.com");
        let issuer = format!("{service}/{user_pool_id}");
        let mut cognito_endpoint = reader.or_else("COGNITO_ENDPOINT", is_service_url, format!("{service}/"));
        if !cognito_endpoint.ends_with('/') {
            cognito_endpoint.push('/');
        }
        let jwks_url = reader.or_else("JWKS_URL", is_service_url, format!("{issuer}/.well-known/jwks.json"));
        let origins = reader.or_else("ALLOWED_ORIGINS", are_origins, "*".to_owned());
        let allowed_origins = match origins.as_str() {
            "*" => AllowedOrigins::Any,
            listed => AllowedOrigins::Listed(listed.split(',').map(|origin| origin.trim().to_owned()).collect()),
        };
        let required_scopes = reader.or_else("REQUIRED_SCOPES", are_scopes, String::new());
        let required_scopes = required_scopes
            .split(' ')
            .filter(|scope| !scope.is_empty())
            .map(str::to_owned)
            .collect();
        let cache_seconds = reader.number("SECURED_CACHE_SECONDS", MAX_CACHE_SECONDS, DEFAULT_CACHE_SECONDS);
        let sign_up_floor_ms = reader.number("SIGN_UP_FLOOR_MS", MAX_SIGN_UP_FLOOR_MS, DEFAULT_SIGN_UP_FLOOR_MS);

        // A PERMIT_KEY that is absent or malformed is already in the report; there is no key to go on with.
        let permit_key = PermitKey::from_base64url(&permit_key).ok();
        match permit_key.and_then(|key| Some((SessionSeal::new(&key)?, key))) {
            Some((session_seal, permit_key)) if reader.invalid == InvalidSettings::default() => Ok(Self {
                region,
                user_pool_id,
                client_id,
                client_secret,
                access_key_id,
                secret_access_key,
                session_token,
                permit_key,
                session_seal,
                cognito_endpoint,
                jwks_url,
                issuer,
                allowed_origins,
                required_scopes,
                cache_seconds,
                sign_up_floor_ms,
            }),
            _ => Err(reader.invalid),
        }
    }
}

#[cfg(test)]
mod tests {
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
        Settings::read(|name| settings.get(name).cloned())
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
            settings.issuer,
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12"
        );
        assert_eq!(settings.jwks_url, format!("{}/.well-known/jwks.json", settings.issuer));
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
            settings.issuer,
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12"
        );
    }

    #[test]
    fn every_missing_and_malformed_setting_is_named_and_no_value_is() {
        let error = Settings::read(|name| (name == "PERMIT_KEY").then(|| "hunter2".to_owned()))
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
        assert_eq!(
            with("REQUIRED_SCOPES", "a  b/c").ok().unwrap().required_scopes,
            ["a", "b/c"]
        );
    }
}
