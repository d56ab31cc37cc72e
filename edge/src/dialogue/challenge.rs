//! A challenge as Cognito hands it out, checked.

use std::collections::BTreeMap;

use challenge::UnixSeconds;
use serde_json::{Map, Value};

use crate::cognito::{custom_auth::CUSTOM_CHALLENGE, operation::AuthAnswer};

/// A code challenge of our triggers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CodeChallenge {
    /// Who signs in: what goes with the session.
    pub(crate) username: String,
    /// Cognito's.
    pub(crate) session: String,
    pub(crate) expires_at: UnixSeconds,
    parameters: BTreeMap<String, String>,
}

impl CodeChallenge {
    /// Reads Cognito's answer; `None` if it is no code challenge of our triggers.
    pub(super) fn read(answer: AuthAnswer, username: &str) -> Option<Self> {
        if answer.challenge_name.as_deref() != Some(CUSTOM_CHALLENGE) {
            return None;
        }
        Some(Self {
            username: username.to_owned(),
            session: answer.session?,
            expires_at: UnixSeconds(answer.challenge_parameters.get("expires_at")?.parse().ok()?),
            parameters: answer.challenge_parameters,
        })
    }

    /// What the client gets: `USERNAME`, and what the create trigger publishes.
    pub(crate) fn parameters(&self) -> Map<String, Value> {
        let published = self.parameters.iter().map(|(name, value)| (name.as_str(), value));
        published
            .chain([("USERNAME", &self.username)])
            .map(|(name, value)| (name.to_owned(), Value::String(value.clone())))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(answer: &Value) -> Option<CodeChallenge> {
        CodeChallenge::read(serde_json::from_value(answer.clone()).unwrap(), "user-1")
    }

    #[test]
    fn a_code_challenge_has_its_expiry_and_names_its_user() {
        let challenge = read(&json!({
            "ChallengeName": "CUSTOM_CHALLENGE", "Session": "cognito",
            "ChallengeParameters": {"expires_at": "1800000060", "attempts_left": "3", "USERNAME": "other"},
        }))
        .unwrap();
        assert_eq!(
            (challenge.session.as_str(), challenge.expires_at),
            ("cognito", UnixSeconds(1_800_000_060))
        );
        let parameters = challenge.parameters();
        assert_eq!(
            (&parameters["USERNAME"], &parameters["attempts_left"]),
            (&json!("user-1"), &json!("3"))
        );
    }

    #[test]
    fn anything_else_is_not_taken_for_one() {
        for other in [
            json!({"ChallengeName": "SMS_MFA", "Session": "s", "ChallengeParameters": {"expires_at": "1"}}),
            json!({"ChallengeName": "CUSTOM_CHALLENGE", "ChallengeParameters": {"expires_at": "1"}}),
            json!({"ChallengeName": "CUSTOM_CHALLENGE", "Session": "s", "ChallengeParameters": {}}),
            json!({"ChallengeName": "CUSTOM_CHALLENGE", "Session": "s", "ChallengeParameters": {"expires_at": "x"}}),
            json!({"Session": "s"}),
        ] {
            assert_eq!(read(&other), None, "{other}");
        }
    }
}
