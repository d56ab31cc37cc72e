//! AWS Signature Version 4 over a call to Cognito, by aws-sigv4.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};

/// Who signs, and for where.
pub(crate) struct Signer<'a> {
    pub(crate) access_key_id: &'a str,
    pub(crate) secret_access_key: &'a str,
    pub(crate) session_token: Option<&'a str>,
    pub(crate) region: &'a str,
}

impl Signer<'_> {
    /// The headers to add to a POST of `body` to `url` with `headers`. `None` if aws-sigv4 refuses the request, as it would
    /// an address that is none.
    ///
    /// `now_ms` is in milliseconds since the Unix epoch: aws-sigv4 must not ask for the time itself, `SystemTime::now()`
    /// panics on wasm. `Host` is signed by aws-sigv4 from the address and must not be among `headers`.
    pub(crate) fn sign(
        &self,
        url: &str,
        headers: &[(&'static str, &str)],
        body: &str,
        now_ms: u64,
    ) -> Option<Vec<(String, String)>> {
        let session_token = self.session_token.map(str::to_owned);
        let identity = Credentials::new(
            self.access_key_id,
            self.secret_access_key,
            session_token,
            None,
            "worker settings",
        )
        .into();
        let time: SystemTime = UNIX_EPOCH.checked_add(Duration::from_millis(now_ms))?;
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name("cognito-idp")
            .time(time)
            .settings(SigningSettings::default())
            .build()
            .ok()?
            .into();
        let request = SignableRequest::new(
            "POST",
            url,
            headers.iter().copied(),
            SignableBody::Bytes(body.as_bytes()),
        )
        .ok()?;
        let (instructions, _signature) = sign(request, &parameters).ok()?.into_parts();
        Some(
            instructions
                .headers()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNER: Signer<'_> = Signer {
        access_key_id: "AKIDEXAMPLE",
        secret_access_key: "wJalr",
        session_token: None,
        region: "eu-west-1",
    };
    const HEADERS: [(&str, &str); 2] = [
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", "AWSCognitoIdentityProviderService.X"),
    ];

    fn header(signed: &[(String, String)], name: &str) -> Option<String> {
        signed
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    }

    #[test]
    fn the_scope_names_day_region_and_service_and_the_target_is_signed() {
        let signed = SIGNER
            .sign("https://c.example/", &HEADERS, "{}", 1_800_000_000_000)
            .unwrap();
        assert_eq!(header(&signed, "x-amz-date").as_deref(), Some("20270115T080000Z"));
        let authorization = header(&signed, "authorization").unwrap();
        assert!(
            authorization.starts_with(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20270115/eu-west-1/cognito-idp/aws4_request, \
                 SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="
            ),
            "{authorization}"
        );
        assert!(!authorization.contains("wJalr"));
    }

    #[test]
    fn body_target_and_time_all_change_the_signature() {
        let sign = |headers: &[(&'static str, &str)], body, time| {
            header(
                &SIGNER.sign("https://c.example/", headers, body, time).unwrap(),
                "authorization",
            )
            .unwrap()
        };
        let first = sign(&HEADERS, "{}", 1_800_000_000_000);
        assert_eq!(first, sign(&HEADERS, "{}", 1_800_000_000_000));
        assert_ne!(first, sign(&HEADERS, "{ }", 1_800_000_000_000));
        assert_ne!(first, sign(&HEADERS, "{}", 1_800_000_001_000));
        assert_ne!(
            first,
            sign(&[HEADERS[0], ("x-amz-target", "Y")], "{}", 1_800_000_000_000)
        );
    }

    #[test]
    fn a_session_token_goes_along_signed() {
        let temporary = Signer {
            session_token: Some("token"),
            ..SIGNER
        };
        let signed = temporary
            .sign("https://c.example/", &HEADERS, "{}", 1_800_000_000_000)
            .unwrap();
        assert_eq!(header(&signed, "x-amz-security-token").as_deref(), Some("token"));
        assert!(
            header(&signed, "authorization")
                .unwrap()
                .contains("x-amz-security-token")
        );
    }
}
