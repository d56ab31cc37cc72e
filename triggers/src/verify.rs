//! Verify auth challenge response: whether the answer is the code, and in time.

use aws_lambda_events::event::cognito::CognitoEventUserPoolsVerifyAuthChallenge as Event;
use challenge::{ChallengeState, CodeHashKey, PhoneNumber, Secret, UnixSeconds};
use tracing::info;

use crate::{PHONE_NUMBER_ATTRIBUTE, STATE_PARAMETER, settings::VerifySettings};

/// The trigger, ready to be invoked.
pub struct Verify {
    code_hash_key: CodeHashKey,
    code_ttl_seconds: u64,
}

/// What became of an answer. Cognito is told only whether it was [`Outcome::Right`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The code, in time, from a user who exists.
    Right,
    /// Not the code.
    Wrong,
    /// Too late, whether it is the code or not.
    Expired,
    /// The answer to challenge 0, which has no code, or a state that these triggers did not write.
    NoState,
    /// A sign-in that Cognito only simulates.
    UnknownUser,
}

impl Outcome {
    const fn label(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Expired => "expired",
            Self::NoState => "no_state",
            Self::UnknownUser => "unknown_user",
        }
    }
}

impl Verify {
    /// Derives the key.
    pub fn new(settings: &VerifySettings, secret: &Secret) -> Self {
        Self {
            code_hash_key: CodeHashKey::derive(secret),
            code_ttl_seconds: settings.code_ttl_seconds,
        }
    }

    /// Writes into the event whether the answer is right; the event is the answer to Cognito.
    pub fn handle(&self, mut event: Event, now: UnixSeconds) -> Event {
        let outcome = self.judge(&event, now);
        let phone = event.request.user_attributes.get(PHONE_NUMBER_ATTRIBUTE);
        let destination = phone
            .and_then(|text| PhoneNumber::parse(text).ok())
            .map(|phone| phone.masked());
        info!(trigger = "verify", outcome = outcome.label(), destination);
        event.response.answer_correct = outcome == Outcome::Right;
        event
    }

    fn judge(&self, event: &Event, now: UnixSeconds) -> Outcome {
        let request = &event.request;
        let state = request.private_challenge_parameters.get(STATE_PARAMETER);
        let Some(state) = state.and_then(|text| ChallengeState::decode(text).ok()) else {
            return Outcome::NoState;
        };
        let answer = request
            .challenge_answer
            .as_ref()
            .and_then(|answer| answer.as_str())
            .unwrap_or_default();
        // Compared first, whatever follows: a late answer and an unknown user take the same steps.
        let matches = state.matches(&self.code_hash_key, answer);
        if request.user_not_found {
            Outcome::UnknownUser
        } else if now > state.issued_at.plus(self.code_ttl_seconds) {
            Outcome::Expired
        } else if matches {
            Outcome::Right
        } else {
            Outcome::Wrong
        }
    }
}

#[cfg(test)]
mod tests {
    use challenge::{Code, CodeKey, Nonce};
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::{ISSUED_AT, POOL, TTL, permit_for, secret, verify_event, verify_settings};

    fn code() -> Code {
        let permit = permit_for("+15005550006");
        Code::derive(&CodeKey::derive(&secret()), &permit.nonce, &permit.phone, POOL)
    }

    fn state() -> String {
        state_under(&secret())
    }

    fn state_under(secret: &Secret) -> String {
        ChallengeState::new(
            &CodeHashKey::derive(secret),
            permit_for("+15005550006").nonce,
            ISSUED_AT,
            &code(),
        )
        .encode()
    }

    fn outcome(event: &Event, now: UnixSeconds) -> Outcome {
        let verify = Verify::new(&verify_settings(), &secret());
        let outcome = verify.judge(event, now);
        // What Cognito is told is "right" and nothing else.
        assert_eq!(
            verify.handle(event.clone(), now).response.answer_correct,
            outcome == Outcome::Right
        );
        outcome
    }

    fn outcome_of(answer: &Value) -> Outcome {
        outcome(&verify_event(Some(&state()), answer), ISSUED_AT)
    }

    #[test]
    fn the_code_is_right() {
        assert_eq!(outcome_of(&json!(code().expose())), Outcome::Right);
    }

    #[test]
    fn anything_else_is_wrong() {
        let digits = code().expose().to_owned();
        let full_width: String = digits
            .bytes()
            .map(|digit| char::from_u32(0xFF10 + u32::from(digit - b'0')).unwrap())
            .collect();
        for wrong in [
            "",
            " ",
            "-",
            "000000",
            &digits[..5],
            &format!("{digits}0"),
            &format!(" {digits}"),
            &format!("{digits}\n"),
            &format!("+{}", &digits[1..]),
            &full_width,
            &digits.repeat(100_000),
        ] {
            assert_eq!(outcome_of(&json!(wrong)), Outcome::Wrong);
        }
        // Not text at all: Cognito sends none such, but the event's type allows it.
        let number: u32 = digits.parse().unwrap();
        for wrong in [
            json!(number),
            json!([digits]),
            json!({"code": digits}),
            json!(true),
            Value::Null,
        ] {
            assert_eq!(outcome_of(&wrong), Outcome::Wrong, "{wrong}");
        }
    }

    #[test]
    fn the_code_is_right_until_its_last_second() {
        let event = verify_event(Some(&state()), &json!(code().expose()));
        assert_eq!(outcome(&event, ISSUED_AT.plus(TTL)), Outcome::Right);
        assert_eq!(outcome(&event, ISSUED_AT.plus(TTL + 1)), Outcome::Expired);
        assert_eq!(outcome(&event, UnixSeconds(u64::MAX)), Outcome::Expired);
        let event = verify_event(Some(&state()), &json!("000000"));
        assert_eq!(outcome(&event, ISSUED_AT.plus(TTL + 1)), Outcome::Expired);
    }

    #[test]
    fn an_unknown_user_is_never_right() {
        let mut event = verify_event(Some(&state()), &json!(code().expose()));
        event.request.user_not_found = true;
        assert_eq!(outcome(&event, ISSUED_AT), Outcome::UnknownUser);
    }

    #[test]
    fn the_answer_to_challenge_0_is_never_right() {
        for answer in ["-", code().expose()] {
            assert_eq!(
                outcome(&verify_event(None, &json!(answer)), ISSUED_AT),
                Outcome::NoState
            );
        }
    }

    #[test]
    fn a_foreign_state_is_never_right() {
        let other_secret = Secret::new("another secret that is also thirty-two or more").unwrap();
        let other_nonce = ChallengeState::decode(&state()).unwrap();
        let other_nonce = ChallengeState {
            nonce: Nonce::new([8; 16]),
            ..other_nonce
        }
        .encode();
        for (state, expected) in [
            ("", Outcome::NoState),
            ("permit", Outcome::NoState),
            ("v2.AAAA", Outcome::NoState),
            (state_under(&other_secret).as_str(), Outcome::Wrong),
            (&other_nonce, Outcome::Wrong),
        ] {
            assert_eq!(
                outcome(&verify_event(Some(state), &json!(code().expose())), ISSUED_AT),
                expected,
                "{state}"
            );
        }
    }

    #[test]
    fn the_answer_has_the_shape_that_cognito_documents() {
        let verify = Verify::new(&verify_settings(), &secret());
        let event = verify.handle(verify_event(Some(&state()), &json!(code().expose())), ISSUED_AT);
        assert_eq!(
            serde_json::to_value(event.response).unwrap(),
            json!({"answerCorrect": true})
        );
    }

    #[test]
    fn an_event_with_the_least_there_can_be_is_answered() {
        let event = json!({"callerContext": {}, "request": {}, "response": {}});
        let event: Event = serde_json::from_value(event).unwrap();
        assert_eq!(outcome(&event, ISSUED_AT), Outcome::NoState);
    }
}
