//! What settings must look like. Each form is a yes or no: the value itself is never repeated to anyone.

use ::http::Uri;

/// Such as `eu-west-1` or `us-gov-east-1`.
pub(super) fn is_region(value: &str) -> bool {
    value.split('-').count() >= 3
        && value
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// `UserPoolId` of Cognito's API: region, underscore, letters and digits; at most 55 characters.
pub(super) fn is_user_pool_id(value: &str) -> bool {
    value.len() <= 55
        && value.split_once('_').is_some_and(|(region, id)| {
            is_region(region) && !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// `ClientId` of Cognito's API: at most 128 word characters or plus signs.
pub(super) fn is_client_id(value: &str) -> bool {
    value.len() <= 128
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+'))
}

/// Visible ASCII without spaces: what every AWS key and secret is. Catches a pasted newline or quotation mark.
pub(super) fn is_token(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"')
}

/// TLS always, but for the machine itself, where the local AWS answers.
pub(super) fn is_service_url(value: &str) -> bool {
    let Ok(uri) = value.parse::<Uri>() else {
        return false;
    };
    match (uri.scheme_str(), uri.host()) {
        (Some("https"), Some(host)) => !host.is_empty(),
        (Some("http"), Some(host)) => ["127.0.0.1", "localhost", "[::1]"].contains(&host),
        _ => false,
    }
}

/// A service's address that paths can be put behind: without query, fragment and credentials.
pub(super) fn is_base_url(value: &str) -> bool {
    is_service_url(value) && !value.contains(['?', '#', '@'])
}

/// `*` alone, or a comma-separated list of origins as browsers send them.
pub(super) fn are_origins(value: &str) -> bool {
    value == "*" || value.split(',').map(str::trim).all(is_origin)
}

/// RFC 6454 §6.2: scheme, host in lower case, and a port unless it is the scheme's own.
fn is_origin(value: &str) -> bool {
    let Ok(uri) = value.parse::<Uri>() else {
        return false;
    };
    let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host()) else {
        return false;
    };
    let port = match (scheme, uri.port_u16()) {
        ("https", Some(443)) | ("http", Some(80)) => return false,
        ("https" | "http", None) => String::new(),
        ("https" | "http", Some(port)) => format!(":{port}"),
        _ => return false,
    };
    !host.is_empty() && value == format!("{scheme}://{}{port}", host.to_ascii_lowercase())
}

/// Client ids, separated by commas.
pub(super) fn are_client_ids(value: &str) -> bool {
    value
        .split(',')
        .map(str::trim)
        .all(|id| !id.is_empty() && is_client_id(id))
}

/// Names of header fields, separated by commas. Those that carry credentials or the caller are no representation headers:
/// the caller is in the cache's key by itself.
pub(super) fn are_header_names(value: &str) -> bool {
    value.split(',').map(str::trim).all(|name| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !["authorization", "cookie"].contains(&name.to_ascii_lowercase().as_str())
    })
}

/// 32 to 512 visible characters: at least as long as the hash of HMAC-SHA-256 (RFC 2104 §3).
pub(super) fn is_signing_key(value: &str) -> bool {
    (32..=512).contains(&value.len()) && is_token(value)
}

/// A name in lower case, such as that of an environment.
pub(super) fn is_word(value: &str) -> bool {
    value
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// A host without port, as in a URL.
pub(super) fn is_host_name(value: &str) -> bool {
    value.split('.').all(|label| !label.is_empty() && is_word(label))
}

/// Source: "Data location", Cloudflare Durable Objects' documentation, "Provide a location hint".
pub(super) fn is_location_hint(value: &str) -> bool {
    ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"].contains(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_reached_by_tls_or_on_this_machine() {
        for good in [
            "https://a.example",
            "https://a.example:8443/x?y=1",
            "http://127.0.0.1:4566/",
            "http://[::1]:1",
        ] {
            assert!(is_service_url(good), "{good}");
        }
        for bad in [
            "http://a.example/",
            "https://",
            "a.example",
            "/x",
            "ftp://a.example",
            "https://a b",
            "http://127.0.0.1.evil.example",
        ] {
            assert!(!is_service_url(bad), "{bad}");
        }
    }

    #[test]
    fn origins_are_as_browsers_send_them() {
        for good in [
            "*",
            "https://a.example",
            "http://localhost:3000, https://b.example:8443",
        ] {
            assert!(are_origins(good), "{good}");
        }
        for bad in [
            "",
            "https://a.example/",
            "https://A.example",
            "https://a.example:443",
            "null",
            "https://u@a.example",
            "a.example",
        ] {
            assert!(!are_origins(bad), "{bad}");
        }
    }
}
