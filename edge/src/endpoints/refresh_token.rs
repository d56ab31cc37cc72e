//! `POST /refresh_token`: new tokens for a refresh token, which is rotated.

use serde_json::json;

use super::{Call, sign_up::MAX_DEVICE_KEY};
use crate::{
    cognito::operation::{AuthenticationResult, GetTokensFromRefreshToken},
    http::{body, fields::Fields, problem::Problem, reply::Reply, request::Inbound},
};

/// Longest refresh token that is looked at, in characters. Cognito's are below 2,048.
pub(super) const MAX_REFRESH_TOKEN: usize = 8_192;

/// What a client asks.
pub(crate) struct Demand {
    refresh_token: String,
    device_key: Option<String>,
}

impl Demand {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::parse(body)?;
        let demand = Self {
            refresh_token: fields.required("refresh_token", MAX_REFRESH_TOKEN),
            device_key: fields.optional("device_key", MAX_DEVICE_KEY),
        };
        fields.finish()?;
        Ok(demand)
    }
}

pub(crate) async fn refresh_token(request: &Inbound, call: &Call<'_>) -> Result<Reply, Problem> {
    let demand = Demand::read(&body::read_json(request).await?)?;
    let refreshed = call
        .cognito()
        .call(&GetTokensFromRefreshToken {
            client_id: &call.settings.client_id,
            client_secret: &call.settings.client_secret,
            refresh_token: &demand.refresh_token,
            device_key: demand.device_key.as_deref().filter(|key| is_device_key(key)),
        })
        .await?;
    Ok(renewed(&refreshed.authentication_result))
}

pub(crate) fn renewed(tokens: &AuthenticationResult) -> Reply {
    Reply::json(
        200,
        &json!({
            "AuthenticationResult": tokens,
            "code": "REFRESH_TOKEN_SUCCEEDED",
            "message": "Tokens renewed. If there is a `RefreshToken`, it replaces the one that was sent.",
        }),
    )
}

/// Whether Cognito would take it: region, underscore, UUID; at most 55 characters. Clients of the 2020 stack send device
/// keys of other forms, which were never used for anything: Cognito would refuse the whole call for them.
fn is_device_key(key: &str) -> bool {
    key.len() <= 55
        && key.rsplit_once('_').is_some_and(|(region, id)| {
            !region.is_empty()
                && region
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
                && !id.is_empty()
                && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'))
        })
}

#[cfg(test)]
mod tests {
    use super::is_device_key;

    #[test]
    fn only_device_keys_of_cognito_are_handed_on() {
        assert!(is_device_key(
            "us-west-2_a1b2c3d4-5678-90ab-cdef-example"
                .replace("example", "e1")
                .as_str()
        ));
        for other in [
            "",
            "iphone",
            "_abc",
            "us-west-2_",
            "us-west-2_xyz",
            &format!("us-west-2_{}", "a".repeat(60)),
        ] {
            assert!(!is_device_key(other), "{other}");
        }
    }
}
