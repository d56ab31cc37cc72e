//! The two steps of `CUSTOM_AUTH`, as every endpoint takes them: start a sign-in, answer its challenge.

use std::collections::BTreeMap;

use challenge::REQUEST_ID_METADATA;

use super::{
    Cognito, Failure,
    operation::{AdminInitiateAuth, AdminRespondToAuthChallenge, AuthAnswer},
};

/// The one challenge of the `CUSTOM_AUTH` flow.
pub(crate) const CUSTOM_CHALLENGE: &str = "CUSTOM_CHALLENGE";

impl Cognito<'_> {
    /// Starts a sign-in of `username`, which may be the phone number. Sends nothing: it ends at challenge 0.
    pub(crate) async fn start_sign_in(&self, username: &str) -> Result<AuthAnswer, Failure> {
        self.call(&AdminInitiateAuth {
            user_pool_id: &self.settings.user_pool_id,
            client_id: &self.settings.client_id,
            auth_flow: "CUSTOM_AUTH",
            auth_parameters: BTreeMap::from([
                ("USERNAME", username.to_owned()),
                ("SECRET_HASH", self.secret_hash(username)?),
            ]),
        })
        .await
    }

    /// Answers the challenge of Cognito's `session`, which is used up by it. `username` is the one that Cognito gave with
    /// the challenge; the triggers are given `client_metadata`, and the id of the request for their logs.
    pub(crate) async fn answer_challenge(
        &self,
        username: &str,
        session: &str,
        answer: &str,
        mut client_metadata: BTreeMap<&'static str, String>,
    ) -> Result<AuthAnswer, Failure> {
        client_metadata.insert(REQUEST_ID_METADATA, self.request_id.to_owned());
        self.call(&AdminRespondToAuthChallenge {
            user_pool_id: &self.settings.user_pool_id,
            client_id: &self.settings.client_id,
            challenge_name: CUSTOM_CHALLENGE,
            session,
            challenge_responses: BTreeMap::from([
                ("USERNAME", username.to_owned()),
                ("ANSWER", answer.to_owned()),
                ("SECRET_HASH", self.secret_hash(username)?),
            ]),
            client_metadata,
        })
        .await
    }
}
