//! Verify auth challenge response: whether the answer is the code, and in time.

use std::time::Duration;

use aws_lambda_events::event::cognito::CognitoEventUserPoolsVerifyAuthChallenge as Event;
use challenge::{ChallengeState, CodeHashKey, PhoneNumber, RequestId, Secret, UnixSeconds};
use tracing::info;

use crate::{
    PHONE_NUMBER_ATTRIBUTE, STATE_PARAMETER,
    metrics::{Counted, Metrics},
    request_id,
    settings::{TestNumbers, VerifySettings},
    versions::Versions,
};

/// The trigger, ready to be invoked.
pub struct Verify {
    code_hash_keys: Versions<CodeHashKey>,
    code_ttl_seconds: u64,
    test_numbers: TestNumbers,
    metrics: Metrics,
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

    /// What it is to the funnel: only what answers a code that was made for somebody.
    const fn counted(self) -> Option<Counted> {
        match self {
            Self::Right => Some(Counted::Right),
            Self::Wrong => Some(Counted::Wrong),
            Self::Expired => Some(Counted::Expired),
            Self::NoState | Self::UnknownUser => None,
        }
    }
}

impl Verify {
    /// Derives the keys.
    pub fn new(settings: &VerifySettings, secrets: &Versions<Secret>) -> Self {
        Self {
            code_hash_keys: secrets.map(CodeHashKey::derive),
            code_ttl_seconds: settings.code_ttl_seconds,
            test_numbers: settings.test_numbers.clone(),
            metrics: Metrics::to_stdout(settings.stack_name.clone()),
        }
    }

    /// Counts how long the start took.
    pub fn started(&self, took: Duration, now: UnixSeconds) {
        self.metrics.started("verify", took, now);
    }

    /// Writes into the event whether the answer is right; the event is the answer to Cognito.
    pub fn handle(&self, mut event: Event, now: UnixSeconds) -> Event {
        let outcome = self.judge(&event, now);
        let phone = event.request.user_attributes.get(PHONE_NUMBER_ATTRIBUTE);
        let phone = phone.and_then(|text| PhoneNumber::parse(text).ok());
        let destination = phone.as_ref().map(PhoneNumber::masked);
        let country = phone.as_ref().and_then(PhoneNumber::country);
        let request_id = request_id::in_metadata(&event.request.client_metadata);
        let request_id = request_id.as_ref().map(RequestId::as_str);
        info!(
            trigger = "verify",
            outcome = outcome.label(),
            request_id,
            destination,
            country
        );
        // Create does not count the code of a test number as sent: its answer would make up for one that nobody gave. Which
        // number had such a code is not known here where any may, so that all count there.
        let is_test = phone.is_some_and(|phone| self.test_numbers.names(&phone));
        if let Some(counted) = outcome.counted()
            && !is_test
        {
            self.metrics.count(counted, country, now);
        }
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
        // Under every key, also after one that fits: the time tells neither whether nor under which.
        let matches = self
            .code_hash_keys
            .iter()
            .fold(false, |any, key| any | state.matches(key, answer));
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
    use crate::testing::{
        ISSUED_AT, Lines, PHONE, POOL, TTL, listed, permit_for, secret, secrets, verify_event, verify_settings,
    };

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
        let verify = Verify::new(&verify_settings(), &secrets());
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
    fn an_answer_to_a_code_is_counted_by_what_it_was() {
        let lines = Lines::default();
        let mut verify = Verify::new(&verify_settings(), &secrets());
        verify.metrics = lines.metrics();
        let (state, code) = (state(), json!(code().expose()));
        let answer = |answer| verify_event(Some(&state), answer);
        let mut unknown = answer(&code);
        unknown.request.user_not_found = true;
        for (event, now) in [
            (answer(&code), ISSUED_AT),
            (answer(&json!("000000")), ISSUED_AT),
            (answer(&code), ISSUED_AT.plus(TTL + 1)),
            (verify_event(None, &json!("-")), ISSUED_AT),
            (unknown, ISSUED_AT),
        ] {
            verify.handle(event, now);
        }
        assert_eq!(names(&lines), ["AnswersRight", "AnswersWrong", "AnswersExpired"]);
    }

    fn names(lines: &Lines) -> Vec<String> {
        lines.counts().into_iter().map(|(name, _)| name).collect()
    }

    /// Their codes are not counted as sent either.
    #[test]
    fn an_answer_of_a_test_number_is_not_counted() {
        for (test_numbers, is_counted) in [
            (listed(&[PHONE]), false),
            (listed(&["+15005550007", PHONE]), false),
            (listed(&["+15005550007"]), true),
            (TestNumbers::None, true),
            // Here nobody knows whether it was one.
            (TestNumbers::Any, true),
        ] {
            let lines = Lines::default();
            let settings = VerifySettings {
                test_numbers,
                ..verify_settings()
            };
            let mut verify = Verify::new(&settings, &secrets());
            verify.metrics = lines.metrics();
            let (state, code) = (state(), json!(code().expose()));
            for (answer, now, is_right) in [
                (&code, ISSUED_AT, true),
                (&json!("000000"), ISSUED_AT, false),
                (&code, ISSUED_AT.plus(TTL + 1), false),
            ] {
                let answered = verify.handle(verify_event(Some(&state), answer), now);
                assert_eq!(answered.response.answer_correct, is_right);
            }
            let all = ["AnswersRight", "AnswersWrong", "AnswersExpired"];
            let expected: &[&str] = if is_counted { &all } else { &[] };
            assert_eq!(names(&lines), expected, "{settings:?}");
        }
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
        let verify = Verify::new(&verify_settings(), &secrets());
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
