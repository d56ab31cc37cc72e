//! What settings must look like. Each form is a yes or no: the value itself is never repeated to anyone.

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
    let Ok(url) = url::Url::parse(value) else {
        return false;
    };
    match url.scheme() {
        "https" => url.host_str().is_some(),
        "http" => matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]")),
        _ => false,
    }
}

/// `*` alone, or a comma-separated list of origins as browsers send them.
pub(super) fn are_origins(value: &str) -> bool {
    value == "*"
        || value
            .split(',')
            .map(str::trim)
            .all(|origin| url::Url::parse(origin).is_ok_and(|url| url.origin().ascii_serialization() == origin))
}

/// RFC 6749 §3.3: scope tokens separated by single spaces, none with quotation mark or backslash.
pub(super) fn are_scopes(value: &str) -> bool {
    value
        .bytes()
        .all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\')
}
