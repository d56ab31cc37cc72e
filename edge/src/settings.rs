//! The worker's settings, read and checked once per isolate. The README lists them with their defaults.

mod destinations;
mod forms;
mod protection;
mod reader;
mod required_scopes;

use challenge::PermitKey;
use worker::Env;

use crate::{
    guard::Guards,
    http::{cors::AllowedOrigins, route::Offered},
    session::SessionSeal,
    token::Expected,
};
use forms::{
    are_client_ids, are_header_names, are_origins, is_base_url, is_client_id, is_region, is_service_url,
    is_signing_key, is_token, is_user_pool_id,
};
pub(crate) use protection::Protection;
pub(crate) use reader::InvalidSettings;
use reader::Reader;
pub(crate) use required_scopes::RequiredScopes;

/// Seconds for which the edge cache may keep a secured answer, unless `SECURED_CACHE_SECONDS` says otherwise.
const DEFAULT_CACHE_SECONDS: u64 = 60;

/// Least duration of a sign-up in milliseconds, unless `SIGN_UP_FLOOR_MS` says otherwise; see [`crate::endpoints::sign_up`].
const DEFAULT_SIGN_UP_FLOOR_MS: u64 = 1_500;

/// A day: longer than a token lives, so never the effective limit.
const MAX_CACHE_SECONDS: u64 = 86_400;

/// Must leave room below the deadline of five seconds.
const MAX_SIGN_UP_FLOOR_MS: u64 = 4_000;

/// Longest `CLOCK_TOLERANCE_SECONDS`.
const MAX_CLOCK_TOLERANCE: u64 = 60;

/// Verified tokens that an isolate remembers, unless `TOKEN_MEMO_ENTRIES` says otherwise; about a megabyte.
const DEFAULT_MEMO_ENTRIES: u64 = 4_096;
const MAX_MEMO_ENTRIES: u64 = 65_536;

/// Request headers that an origin may choose a representation by, unless `SECURED_CACHE_HEADERS` says otherwise.
const DEFAULT_CACHE_HEADERS: &str = "Accept, Accept-Language";

/// How long an origin may take until its answer begins, unless `ORIGIN_TIMEOUT_MS` says otherwise.
const DEFAULT_ORIGIN_TIMEOUT_MS: u64 = 10_000;
const MAX_ORIGIN_TIMEOUT_MS: u64 = 100_000;

/// The binding of a service that stands behind `/secured/`, in place of `ORIGIN_URL` or with it.
pub(crate) const ORIGIN_SERVICE: &str = "ORIGIN";

/// The binding of the Workers KV namespace with what was signed out.
pub(crate) const DENY_LIST: &str = "DENY_LIST";

/// The binding of the Guards, Durable Objects.
pub(crate) const GUARD: &str = "GUARD";

/// The binding of the dataset that decisions about codes are written to, if there is one.
pub(crate) const ANALYTICS: &str = "ANALYTICS";

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
    /// Derived from the permit key, and from the secondary one if there is one.
    pub(crate) session_seal: SessionSeal,
    /// Where Cognito's API is, with a trailing slash.
    pub(crate) cognito_endpoint: String,
    pub(crate) jwks_url: String,
    pub(crate) allowed_origins: AllowedOrigins,
    /// Whose access tokens are accepted.
    pub(crate) expected: Expected,
    pub(crate) required_scopes: RequiredScopes,
    /// How many verified tokens an isolate remembers; 0 switches that off.
    pub(crate) memo_entries: usize,
    /// 0 switches the cache off.
    pub(crate) cache_seconds: u64,
    /// Request headers that are part of the cache's key, in lower case, sorted.
    pub(crate) cache_headers: Vec<String>,
    /// What stands behind `/secured/`, if anything does.
    pub(crate) origin: Option<Origin>,
    /// Whether [`DENY_LIST`] is bound.
    pub(crate) has_deny_list: bool,
    /// Whether a token is refused while the deny list cannot be read.
    pub(crate) deny_list_fail_closed: bool,
    pub(crate) sign_up_floor_ms: u64,
    /// What keeps attackers from sending texts and guessing codes.
    pub(crate) protection: Protection,
    /// Whether good answers of routes that are called all the time have a line in the log too.
    pub(crate) log_every_answer: bool,
}

/// An API of the user's own, behind the worker.
pub(crate) struct Origin {
    /// Its address, without a slash at the end; a path is put before that of each request. Not set for a service that takes
    /// requests at the worker's own address.
    pub(crate) url: Option<String>,
    /// Through [`ORIGIN_SERVICE`] and not over the network.
    pub(crate) is_service: bool,
    /// Signs what the worker tells it of the caller.
    pub(crate) signing_key: String,
    /// By when its answer must have begun.
    pub(crate) timeout_ms: u64,
}

impl Settings {
    /// Reads all settings through `lookup` (name → value, empty counts as absent). `is_bound` says whether a binding that is
    /// not text has that name.
    pub(crate) fn read(
        lookup: impl Fn(&str) -> Option<String>,
        is_bound: impl Fn(&str) -> bool,
    ) -> Result<Self, InvalidSettings> {
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
        let secondary = reader.optional("PERMIT_KEY_SECONDARY", |value| PermitKey::from_base64url(value).is_ok());
        let session_token = reader.optional("AWS_SESSION_TOKEN", is_token);
        // The issuer never follows COGNITO_ENDPOINT or JWKS_URL: a token names the real pool, wherever it is checked.
        let service = format!("https://cognito-idp.{region}.amazonaws.com");
        let issuer = format!("{service}/{user_pool_id}");
        let mut cognito_endpoint = reader.or_else("COGNITO_ENDPOINT", is_service_url, &format!("{service}/"));
        if !cognito_endpoint.ends_with('/') {
            cognito_endpoint.push('/');
        }
        let jwks_url = reader.or_else("JWKS_URL", is_service_url, &format!("{issuer}/.well-known/jwks.json"));
        let origins = reader.or_else("ALLOWED_ORIGINS", are_origins, "*");
        let allowed_origins = match origins.as_str() {
            "*" => AllowedOrigins::Any,
            listed => AllowedOrigins::Listed(listed.split(',').map(|origin| origin.trim().to_owned()).collect()),
        };
        let other_clients = reader.or_else("CLIENT_IDS", are_client_ids, "");
        let expected = Expected {
            issuer,
            client_ids: [client_id.clone()].into_iter().chain(list(&other_clients)).collect(),
            clock_tolerance: reader.number("CLOCK_TOLERANCE_SECONDS", MAX_CLOCK_TOLERANCE, 0),
        };
        let required_scopes = reader
            .parsed("REQUIRED_SCOPES", RequiredScopes::parse)
            .unwrap_or_default();
        let memo_entries = reader.number("TOKEN_MEMO_ENTRIES", MAX_MEMO_ENTRIES, DEFAULT_MEMO_ENTRIES);
        let cache_seconds = reader.number("SECURED_CACHE_SECONDS", MAX_CACHE_SECONDS, DEFAULT_CACHE_SECONDS);
        let cache_headers = reader.or_else("SECURED_CACHE_HEADERS", are_header_names, DEFAULT_CACHE_HEADERS);
        let mut cache_headers: Vec<_> = list(&cache_headers.to_ascii_lowercase()).collect();
        cache_headers.sort_unstable();
        cache_headers.dedup();
        let origin = Self::read_origin(&mut reader, is_bound(ORIGIN_SERVICE));
        let has_deny_list = is_bound(DENY_LIST);
        let deny_list_fail_closed = reader.switch("DENY_LIST_FAIL_CLOSED");
        let sign_up_floor_ms = reader.number("SIGN_UP_FLOOR_MS", MAX_SIGN_UP_FLOOR_MS, DEFAULT_SIGN_UP_FLOOR_MS);

        let log_every_answer = reader.switch("LOG_EVERY_ANSWER");

        // A PERMIT_KEY that is absent or malformed is already in the report; there is no key to go on with.
        let permit_key = PermitKey::from_base64url(&permit_key).ok();
        let protection = Protection::read(&mut reader, permit_key.as_ref());
        if !is_bound(GUARD) {
            // Without it nothing would count anything.
            reader.invalid.missing.push(GUARD);
        }
        // One that is malformed is in the report too.
        let secondary = secondary.and_then(|key| PermitKey::from_base64url(&key).ok());
        let keys = permit_key.and_then(|key| Some((SessionSeal::new(&key, secondary.as_ref())?, key)));
        match keys.zip(protection) {
            Some(((session_seal, permit_key), protection)) if reader.invalid == InvalidSettings::default() => {
                Ok(Self {
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
                    allowed_origins,
                    expected,
                    required_scopes,
                    memo_entries: usize::try_from(memo_entries).unwrap_or(usize::MAX),
                    cache_seconds,
                    cache_headers,
                    origin,
                    has_deny_list,
                    deny_list_fail_closed,
                    sign_up_floor_ms,
                    protection,
                    log_every_answer,
                })
            }
            _ => Err(reader.invalid),
        }
    }

    /// The routes that are there with these settings.
    pub(crate) fn offered(&self) -> Offered {
        Offered {
            origin: self.origin.is_some(),
            admin: self.protection.admin_token.is_some(),
        }
    }

    /// All Guards, for one request.
    pub(crate) fn guards<'a>(&'a self, env: &'a Env, request_id: &'a str) -> Guards<'a> {
        Guards {
            env,
            location: self.protection.guard_location.as_deref(),
            request_id,
        }
    }

    fn read_origin<L: Fn(&str) -> Option<String>>(reader: &mut Reader<L>, is_service: bool) -> Option<Origin> {
        let url = reader.optional("ORIGIN_URL", is_base_url);
        let timeout_ms = reader.number("ORIGIN_TIMEOUT_MS", MAX_ORIGIN_TIMEOUT_MS, DEFAULT_ORIGIN_TIMEOUT_MS);
        (is_service || url.is_some()).then(|| Origin {
            url: url.map(|url| url.trim_end_matches('/').to_owned()),
            is_service,
            // Without it an origin would have to believe whoever reaches it.
            signing_key: reader.required("ORIGIN_SIGNING_KEY", is_signing_key),
            timeout_ms,
        })
    }
}

/// The parts of a comma-separated list.
fn list(text: &str) -> impl Iterator<Item = String> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests;
