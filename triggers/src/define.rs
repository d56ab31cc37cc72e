//! Define auth challenge: what comes next, decided from how the rounds so far went.

use aws_lambda_events::event::cognito::{
    CognitoEventUserPoolsChallengeResult as Round, CognitoEventUserPoolsDefineAuthChallenge as Event,
};
use challenge::{MAX_ATTEMPTS, RequestId};
use tracing::info;

use crate::{CUSTOM_CHALLENGE, request_id};

/// What Cognito shall do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Present the custom challenge: the permit's or the code's, create knows which.
    Challenge,
    /// Sign the user in.
    IssueTokens,
    /// End the sign-in.
    Fail,
}

impl Decision {
    const fn label(self) -> &'static str {
        match self {
            Self::Challenge => "challenge",
            Self::IssueTokens => "tokens",
            Self::Fail => "fail",
        }
    }
}

/// Decides from the rounds so far, oldest first. The first round is challenge 0, which only brings the permit:
/// its result says nothing. Each later one is an answer to the code, and the first right one ends the sign-in.
pub fn decide(session: &[Option<Round>], user_not_found: bool) -> Decision {
    // A round of another kind means that the app client allows a flow that it must not, such as SRP.
    let mut results = Vec::with_capacity(session.len());
    for round in session {
        match round {
            Some(round) if round.challenge_name.as_deref() == Some(CUSTOM_CHALLENGE) => {
                results.push(round.challenge_result);
            }
            _ => return Decision::Fail,
        }
    }
    let Some((_permit, answers)) = results.split_first() else {
        return Decision::Challenge;
    };
    let Some((&last, earlier)) = answers.split_last() else {
        return Decision::Challenge;
    };
    let attempts_left = (MAX_ATTEMPTS as usize).checked_sub(answers.len());
    match (last, attempts_left) {
        // More answers than attempts, or one after the right one: not a course that these triggers took.
        (_, None) => Decision::Fail,
        _ if earlier.contains(&true) => Decision::Fail,
        (true, Some(_)) if user_not_found => Decision::Fail,
        (true, Some(_)) => Decision::IssueTokens,
        (false, Some(0)) => Decision::Fail,
        (false, Some(_)) => Decision::Challenge,
    }
}

/// Writes the decision into the event, which is the answer to Cognito.
pub fn handle(mut event: Event) -> Event {
    let request = &event.request;
    let decision = decide(&request.session, request.user_not_found);
    let request_id = request_id::in_metadata(&request.client_metadata);
    info!(
        trigger = "define",
        outcome = decision.label(),
        request_id = request_id.as_ref().map(RequestId::as_str),
        attempts = request.session.len().saturating_sub(1),
        user_not_found = request.user_not_found,
    );
    event.response.challenge_name = (decision == Decision::Challenge).then(|| CUSTOM_CHALLENGE.to_owned());
    event.response.issue_tokens = decision == Decision::IssueTokens;
    event.response.fail_authentication = decision == Decision::Fail;
    event
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Every kind of entry that a session can hold, each with a letter: `r` and `w` are rounds of ours, right and
    /// wrong, all other letters are rounds that our pool never makes.
    const KINDS: &[(char, Option<&str>, bool)] = &[
        ('r', Some("CUSTOM_CHALLENGE"), true),
        ('w', Some("CUSTOM_CHALLENGE"), false),
        ('S', Some("SRP_A"), true),
        ('s', Some("SRP_A"), false),
        ('P', Some("PASSWORD_VERIFIER"), true),
        ('p', Some("PASSWORD_VERIFIER"), false),
        ('N', None, true),
        ('0', None, false),
    ];

    fn entry(kind: char) -> Option<Round> {
        let &(_, name, right) = KINDS.iter().find(|(letter, ..)| *letter == kind).unwrap();
        // An entry that is null, as the event's type allows.
        if kind == '0' {
            return None;
        }
        let mut round = Round::default();
        round.challenge_name = name.map(str::to_owned);
        round.challenge_result = right;
        Some(round)
    }

    /// The specification as lists of all courses that are not a failure: the first letter is challenge 0.
    const NEXT_CHALLENGE: &[&str] = &["", "r", "w", "rw", "ww", "rww", "www"];
    const TOKENS: &[&str] = &["rr", "wr", "rwr", "wwr", "rwwr", "wwwr"];

    #[test]
    fn every_session_of_up_to_five_rounds_is_decided_as_specified() {
        let mut sessions = vec![String::new()];
        let mut checked = 0;
        for length in 0..=5 {
            for session in &sessions {
                assert_eq!(session.len(), length);
                let rounds: Vec<_> = session.chars().map(entry).collect();
                for user_not_found in [false, true] {
                    let expected = if NEXT_CHALLENGE.contains(&session.as_str()) {
                        Decision::Challenge
                    } else if TOKENS.contains(&session.as_str()) && !user_not_found {
                        Decision::IssueTokens
                    } else {
                        Decision::Fail
                    };
                    assert_eq!(
                        decide(&rounds, user_not_found),
                        expected,
                        "{session:?}, unknown: {user_not_found}"
                    );
                    checked += 1;
                }
            }
            let longer = |session: &String| KINDS.iter().map(move |(kind, ..)| format!("{session}{kind}")).collect();
            sessions = sessions
                .iter()
                .flat_map(|session: &String| -> Vec<_> { longer(session) })
                .collect();
        }
        assert_eq!(checked, 2 * (1 + 8 + 64 + 512 + 4096 + 32768));
    }

    fn answer(session: &Value) -> Value {
        let event = json!({
            "version": "1", "region": "us-east-1", "userPoolId": "us-east-1_AbCdEfGhI", "userName": "name",
            "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "client"},
            "triggerSource": "DefineAuthChallenge_Authentication",
            "request": {"userAttributes": {"sub": "name"}, "session": session, "aNewField": [1]},
            "response": {"challengeName": null, "issueTokens": null, "failAuthentication": null},
            "anotherNewField": true,
        });
        serde_json::to_value(handle(serde_json::from_value(event).unwrap())).unwrap()
    }

    #[test]
    fn the_answer_has_the_shape_that_cognito_documents() {
        let response = |session| answer(&session)["response"].clone();
        let round = |right| json!({"challengeName": "CUSTOM_CHALLENGE", "challengeResult": right});
        assert_eq!(
            response(json!([])),
            json!({"challengeName": "CUSTOM_CHALLENGE", "issueTokens": false, "failAuthentication": false})
        );
        // Null is what Cognito itself puts into the event before it asks.
        assert_eq!(
            response(json!([round(false), round(true)])),
            json!({"challengeName": null, "issueTokens": true, "failAuthentication": false})
        );
        assert_eq!(
            response(json!([{"challengeName": "SRP_A", "challengeResult": true}])),
            json!({"challengeName": null, "issueTokens": false, "failAuthentication": true})
        );
    }

    #[test]
    fn fields_that_are_missing_or_new_do_not_break_it() {
        let answer = answer(&json!([]));
        assert_eq!(answer["request"]["aNewField"], json!([1]));
        assert_eq!(answer["anotherNewField"], json!(true));
        assert_eq!(answer["triggerSource"], "DefineAuthChallenge_Authentication");
        assert_eq!(answer["request"]["userNotFound"], json!(false));
    }
}
