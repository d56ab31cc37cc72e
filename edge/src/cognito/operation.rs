//! The operations of Amazon Cognito that the worker calls, as its API reference names them: requests and the parts of the
//! answers that are read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// How an operation may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeatable {
    /// Twice does what once does: repeat after any failure of the service.
    Always,
    /// It uses something up (a session): repeat only what was refused before it was looked at, which is throttling.
    OnlyIfThrottled,
}

/// A call of Cognito's JSON 1.1 protocol.
pub(crate) trait Operation: Serialize {
    /// The name after `AWSCognitoIdentityProviderService.` in `X-Amz-Target`.
    const NAME: &'static str;
    /// Whether IAM decides on it. Operations for users authenticate by what is in them.
    const SIGNED: bool = true;
    const REPEATABLE: Repeatable;
    type Answer: DeserializeOwned;
}

/// The answer of operations that say nothing.
#[derive(Debug, Deserialize)]
pub(crate) struct Nothing {}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminInitiateAuth<'a> {
    pub(crate) user_pool_id: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) auth_flow: &'static str,
    pub(crate) auth_parameters: BTreeMap<&'static str, String>,
}

impl Operation for AdminInitiateAuth<'_> {
    const NAME: &'static str = "AdminInitiateAuth";
    // It ends at challenge 0, which sends nothing.
    const REPEATABLE: Repeatable = Repeatable::Always;
    type Answer = AuthAnswer;
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminRespondToAuthChallenge<'a> {
    pub(crate) user_pool_id: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) challenge_name: &'static str,
    pub(crate) session: &'a str,
    pub(crate) challenge_responses: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) client_metadata: BTreeMap<&'static str, String>,
}

impl Operation for AdminRespondToAuthChallenge<'_> {
    const NAME: &'static str = "AdminRespondToAuthChallenge";
    // A session is good for one answer; a second one would take a try, or send a second text.
    const REPEATABLE: Repeatable = Repeatable::OnlyIfThrottled;
    type Answer = AuthAnswer;
}

/// Tokens, or the next challenge.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AuthAnswer {
    pub(crate) authentication_result: Option<AuthenticationResult>,
    pub(crate) challenge_name: Option<String>,
    pub(crate) session: Option<String>,
    #[serde(default)]
    pub(crate) challenge_parameters: BTreeMap<String, String>,
}

/// Tokens as Cognito names them; handed on to the client.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AuthenticationResult {
    pub(crate) access_token: String,
    pub(crate) id_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_token: Option<String>,
    /// Seconds.
    pub(crate) expires_in: u64,
    pub(crate) token_type: String,
}

impl std::fmt::Debug for AuthenticationResult {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("AuthenticationResult")
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Attribute<'a> {
    pub(crate) name: &'static str,
    pub(crate) value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminCreateUser<'a> {
    pub(crate) user_pool_id: &'a str,
    pub(crate) username: &'a str,
    /// `SUPPRESS`: Cognito itself sends no invitation.
    pub(crate) message_action: &'static str,
    /// Cognito may insist on one; it is replaced at once.
    pub(crate) temporary_password: &'a str,
    pub(crate) user_attributes: Vec<Attribute<'a>>,
}

impl Operation for AdminCreateUser<'_> {
    const NAME: &'static str = "AdminCreateUser";
    // The second time it says UsernameExistsException, which the caller takes as done.
    const REPEATABLE: Repeatable = Repeatable::Always;
    type Answer = Nothing;
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminSetUserPassword<'a> {
    pub(crate) user_pool_id: &'a str,
    pub(crate) username: &'a str,
    pub(crate) password: &'a str,
    pub(crate) permanent: bool,
}

impl Operation for AdminSetUserPassword<'_> {
    const NAME: &'static str = "AdminSetUserPassword";
    const REPEATABLE: Repeatable = Repeatable::Always;
    type Answer = Nothing;
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminUpdateUserAttributes<'a> {
    pub(crate) user_pool_id: &'a str,
    pub(crate) username: &'a str,
    pub(crate) user_attributes: Vec<Attribute<'a>>,
}

impl Operation for AdminUpdateUserAttributes<'_> {
    const NAME: &'static str = "AdminUpdateUserAttributes";
    const REPEATABLE: Repeatable = Repeatable::Always;
    type Answer = Nothing;
}

/// The only operation that rotates refresh tokens. It takes the client secret itself instead of a `SECRET_HASH`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetTokensFromRefreshToken<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: &'a str,
    pub(crate) refresh_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) device_key: Option<&'a str>,
}

impl Operation for GetTokensFromRefreshToken<'_> {
    const NAME: &'static str = "GetTokensFromRefreshToken";
    // IAM is not asked: "Amazon Cognito doesn't evaluate IAM policies in requests for this API operation".
    const SIGNED: bool = false;
    // The old refresh token stays good for the client's RetryGracePeriodSeconds, made for just this.
    const REPEATABLE: Repeatable = Repeatable::Always;
    type Answer = RefreshAnswer;
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RefreshAnswer {
    pub(crate) authentication_result: AuthenticationResult,
}

/// Ends all of a user's sign-ins: no refresh token from before is good any more.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdminUserGlobalSignOut<'a> {
    pub(crate) user_pool_id: &'a str,
    pub(crate) username: &'a str,
}

impl Operation for AdminUserGlobalSignOut<'_> {
    const NAME: &'static str = "AdminUserGlobalSignOut";
    const REPEATABLE: Repeatable = Repeatable::Always;
    type Answer = Nothing;
}

/// Ends one sign-in: its refresh token, and those that followed it. Like the refresh, it takes the client secret itself.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RevokeToken<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: &'a str,
    /// The refresh token.
    pub(crate) token: &'a str,
}

impl Operation for RevokeToken<'_> {
    const NAME: &'static str = "RevokeToken";
    // As for GetTokensFromRefreshToken: "Amazon Cognito doesn't evaluate IAM policies in requests for this API operation".
    const SIGNED: bool = false;
    const REPEATABLE: Repeatable = Repeatable::Always;
    type Answer = Nothing;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn requests_carry_the_names_of_the_api() {
        let respond = AdminRespondToAuthChallenge {
            user_pool_id: "p",
            client_id: "c",
            challenge_name: "CUSTOM_CHALLENGE",
            session: "s",
            challenge_responses: BTreeMap::from([("ANSWER", "1".to_owned())]),
            client_metadata: BTreeMap::new(),
        };
        assert_eq!(
            serde_json::to_value(respond).unwrap(),
            json!({
                "UserPoolId": "p", "ClientId": "c", "ChallengeName": "CUSTOM_CHALLENGE", "Session": "s",
                "ChallengeResponses": {"ANSWER": "1"},
            })
        );
    }

    #[test]
    fn sign_outs_carry_the_names_of_the_api_and_only_the_admin_one_is_signed() {
        let everywhere = AdminUserGlobalSignOut {
            user_pool_id: "p",
            username: "u",
        };
        assert_eq!(
            serde_json::to_value(everywhere).unwrap(),
            json!({ "UserPoolId": "p", "Username": "u" })
        );
        let here = RevokeToken {
            client_id: "c",
            client_secret: "s",
            token: "t",
        };
        assert_eq!(
            serde_json::to_value(here).unwrap(),
            json!({ "ClientId": "c", "ClientSecret": "s", "Token": "t" })
        );
        const { assert!(AdminUserGlobalSignOut::SIGNED && !RevokeToken::SIGNED) };
    }

    #[test]
    fn an_answer_is_read_with_and_without_tokens() {
        let challenge: AuthAnswer =
            serde_json::from_value(json!({"ChallengeName": "CUSTOM_CHALLENGE", "Session": "s", "Other": 1})).unwrap();
        assert!(challenge.authentication_result.is_none() && challenge.challenge_parameters.is_empty());
        let tokens: AuthAnswer = serde_json::from_value(json!({
            "AuthenticationResult": {"AccessToken": "a", "IdToken": "i", "ExpiresIn": 3600, "TokenType": "Bearer"},
            "ChallengeParameters": {},
        }))
        .unwrap();
        let tokens = tokens.authentication_result.unwrap();
        assert_eq!(tokens.expires_in, 3600);
        assert!(
            !format!("{tokens:?}").contains("\"a\""),
            "tokens must not be printable by accident"
        );
        assert!(!serde_json::to_string(&tokens).unwrap().contains("RefreshToken"));
    }
}
