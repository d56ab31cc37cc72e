//! A challenge as Cognito hands it out, checked and turned into what the client gets.

use challenge::UnixSeconds;
use serde_json::{Map, Value};

use crate::{
    cognito::{custom_auth::CUSTOM_CHALLENGE, operation::AuthAnswer},
    session::SessionSeal,
};

/// A code challenge for the client.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CodeChallenge {
    /// Sealed; see [`crate::session`].
    pub(crate) session: String,
    /// `USERNAME` and what the create trigger publishes.
    pub(crate) parameters: Map<String, Value>,
    pub(crate) expires_at: UnixSeconds,
}

impl CodeChallenge {
    /// Reads Cognito's answer; `None` if it is no code challenge of our triggers. `username` is who signs in.
    pub(crate) fn read(answer: AuthAnswer, username: &str, seal: &SessionSeal) -> Option<Self> {
        if answer.challenge_name.as_deref() != Some(CUSTOM_CHALLENGE) {
            return None;
        }
        let expires_at = UnixSeconds(answer.challenge_parameters.get("expires_at")?.parse().ok()?);
        let session = seal.seal(username, expires_at, &answer.session?);
        let mut parameters: Map<String, Value> = answer
            .challenge_parameters
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)))
            .collect();
        parameters.insert("USERNAME".to_owned(), Value::String(username.to_owned()));
        Some(Self {
            session,
            parameters,
            expires_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use challenge::PermitKey;
    use serde_json::json;

    use super::*;

    fn answer(value: Value) -> AuthAnswer {
        serde_json::from_value(value).unwrap()
    }

    fn seal() -> SessionSeal {
        SessionSeal::new(&PermitKey::from_base64url(&"A".repeat(43)).unwrap()).unwrap()
    }

    #[test]
    fn a_code_challenge_is_sealed_with_its_expiry_and_names_its_user() {
        let challenge = CodeChallenge::read(
            answer(json!({
                "ChallengeName": "CUSTOM_CHALLENGE", "Session": "cognito",
                "ChallengeParameters": {"expires_at": "1800000060", "attempts_left": "3"},
            })),
            "user-1",
            &seal(),
        )
        .unwrap();
        let opened = seal();
        let opened = opened.open("user-1", &challenge.session).unwrap();
        assert_eq!(
            (opened.cognito, opened.expires_at),
            ("cognito", UnixSeconds(1_800_000_060))
        );
        assert_eq!(challenge.parameters["USERNAME"], "user-1");
        assert_eq!(challenge.parameters["attempts_left"], "3");
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
            assert_eq!(
                CodeChallenge::read(answer(other.clone()), "u", &seal()),
                None,
                "{other}"
            );
        }
    }
}
