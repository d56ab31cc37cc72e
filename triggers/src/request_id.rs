//! The request that a trigger runs for, as the worker and its client know it: for the log.

use std::collections::HashMap;

use challenge::{REQUEST_ID_METADATA, RequestId};

/// The id that the worker put beside an answer. None for a call without an answer, of which Cognito hands over no metadata, and
/// for what has not the form of an id.
pub(crate) fn in_metadata(metadata: &HashMap<String, String>) -> Option<RequestId> {
    RequestId::parse(metadata.get(REQUEST_ID_METADATA)?)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        create::Create,
        define,
        testing::{
            Captured, FakeSms, ISSUED_AT, PHONE, create_event, create_settings, permit_for, round, sealed, secrets,
            verify_event, verify_settings,
        },
        verify::Verify,
    };

    const OF_THE_SIGN_UP: &str = "0b1c2d3e-4f50-4a1b-8c2d-3e4f5a6b7c8d";
    const OF_THE_ANSWER: &str = "99999999-9999-4999-9999-999999999999";

    fn metadata(id: &str) -> HashMap<String, String> {
        HashMap::from([(REQUEST_ID_METADATA.to_owned(), id.to_owned())])
    }

    /// A code and two answers, as the worker has the triggers told of them: what the lines say, `trigger outcome id`.
    async fn sign_in(in_permit: Option<&str>, beside_permit: Option<&str>, beside_answer: &str) -> Vec<String> {
        let (captured, sms) = (Captured::default(), FakeSms::default());
        let mut permit = permit_for(PHONE);
        permit.request_id = in_permit.map(|id| RequestId::parse(id).unwrap());
        {
            let _guard = captured.start();
            let create = Create::new(create_settings(), &secrets(), &sms);
            let verify = Verify::new(&verify_settings(), &secrets());
            let mut event = create_event(&[round("permit", false)], Some(&sealed(&permit)));
            let beside = beside_permit.map(metadata).unwrap_or_default();
            event.request.client_metadata.extend(beside);
            let state = create
                .handle(event, ISSUED_AT)
                .await
                .unwrap()
                .response
                .challenge_metadata
                .unwrap();

            let mut event = verify_event(Some(&state), &json!("000000"));
            event.request.client_metadata = metadata(beside_answer);
            verify.handle(event, ISSUED_AT);
            let session = [round("permit", false), round(&state, false)];
            let define_event = json!({
                "callerContext": {}, "response": {},
                "request": {"session": session, "clientMetadata": metadata(beside_answer)},
            });
            define::handle(serde_json::from_value(define_event).unwrap());
            let mut event = create_event(&session, None);
            event.request.client_metadata = metadata(beside_answer);
            create.handle(event, ISSUED_AT).await.unwrap();
        }
        let text = |line: &Value, name: &str| {
            line.get(name)
                .map_or("-".to_owned(), |value| value.as_str().unwrap().to_owned())
        };
        let lines = captured.lines();
        lines
            .iter()
            .map(|line| {
                ["trigger", "outcome", "request_id"]
                    .map(|name| text(line, name))
                    .join(" ")
            })
            .collect()
    }

    fn expected(of_the_code: &str, of_the_answer: &str) -> [String; 4] {
        [
            format!("create sent {of_the_code}"),
            format!("verify wrong {of_the_answer}"),
            format!("define challenge {of_the_answer}"),
            format!("create asked_again {of_the_answer}"),
        ]
    }

    #[tokio::test]
    async fn every_line_names_the_request_that_it_is_about() {
        assert_eq!(
            sign_in(Some(OF_THE_SIGN_UP), Some(OF_THE_SIGN_UP), OF_THE_ANSWER).await,
            expected(OF_THE_SIGN_UP, OF_THE_ANSWER)
        );
    }

    #[tokio::test]
    async fn the_id_under_the_workers_signature_goes_before_the_one_beside_it() {
        let lines = sign_in(Some(OF_THE_SIGN_UP), Some(OF_THE_ANSWER), OF_THE_ANSWER).await;
        assert_eq!(lines, expected(OF_THE_SIGN_UP, OF_THE_ANSWER));
        let lines = sign_in(None, Some(OF_THE_SIGN_UP), OF_THE_ANSWER).await;
        assert_eq!(lines, expected(OF_THE_SIGN_UP, OF_THE_ANSWER));
    }

    #[tokio::test]
    async fn without_an_id_of_the_workers_form_none_is_logged() {
        for other in ["", "291378", "+15005550006", "0b1c2d3e", "\",\"x\":\""] {
            assert_eq!(sign_in(None, None, other).await, expected("-", "-"));
            assert_eq!(sign_in(None, Some(other), other).await, expected("-", "-"));
        }
    }

    #[tokio::test]
    async fn a_refused_permit_is_logged_with_the_id_beside_it() {
        let (captured, sms) = (Captured::default(), FakeSms::default());
        {
            let _guard = captured.start();
            let mut event = create_event(&[round("permit", false)], None);
            event.request.client_metadata = metadata(OF_THE_SIGN_UP);
            let create = Create::new(create_settings(), &secrets(), &sms);
            create.handle(event, ISSUED_AT).await.unwrap_err();
        }
        let lines = captured.lines();
        assert_eq!(lines[0]["outcome"], "permit_refused");
        assert_eq!(lines[0]["request_id"], OF_THE_SIGN_UP);
    }
}
