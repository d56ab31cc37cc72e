//! Whether both sides do the same job: what does not cannot be compared.

use std::fmt;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::machine;
use crate::triggers::aws::Aws;
use crate::triggers::events::{Trigger, cases};
use crate::triggers::function::{Function, Side};
use crate::triggers::plan::Plan;
use crate::triggers::runtime_api::Outcome;

/// An error unless both sides give the same answers to all cases, and call the same services with the same words.
pub(crate) fn must_agree(plan: &Plan, aws: &Aws, trigger: Trigger) -> Result<()> {
    // The same events for both: what is issued now is not what is issued in a second.
    let cases = cases(trigger, machine::now())?;
    let mut told = Vec::new();
    for side in Side::BOTH {
        let mut function: Option<Function> = None;
        aws.calls();
        let mut answers = Vec::new();
        for case in &cases {
            let event = serde_json::to_vec(&case.event)?;
            let function = match &mut function {
                Some(function) => {
                    function.offer(&event);
                    function
                }
                None => function.insert(Function::start(plan, aws, side, trigger, &event)?),
            };
            let answer = meaning(&function.outcome()?).with_context(|| format!("{}: {}", side.name(), case.name))?;
            answers.push(Told {
                case: case.name,
                answer,
                calls: aws.calls(),
            });
        }
        told.push(answers);
    }
    let [ours, peer] = told.as_slice() else {
        bail!("there are two sides");
    };
    for (ours, peer) in ours.iter().zip(peer) {
        ensure!(
            ours == peer,
            "the two sides differ in {}, {}:\nours:   {ours}\nPython: {peer}",
            trigger.name(),
            ours.case
        );
    }
    Ok(())
}

/// What one side made of a case.
#[derive(Debug, PartialEq)]
struct Told {
    case: &'static str,
    answer: Value,
    calls: Vec<String>,
}

impl fmt::Display for Told {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} after calling {:?}", self.answer, self.calls)
    }
}

/// What Cognito reads of an answer, whatever its wording: members without a value may be left out. Of an error the parts that both
/// runtimes report.
pub(crate) fn meaning(outcome: &Outcome) -> Result<Value> {
    let parse = |text: &[u8]| -> Result<Value> {
        serde_json::from_slice(text).with_context(|| format!("not JSON: {}", String::from_utf8_lossy(text)))
    };
    Ok(match &outcome.body {
        Ok(body) => without_empty(parse(body)?).unwrap_or_default(),
        Err(error) => {
            let error = parse(error.as_bytes())?;
            json!({"error": [error["errorType"], error["errorMessage"]]})
        }
    })
}

fn without_empty(value: Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Object(members) => {
            let kept: serde_json::Map<_, _> = members
                .into_iter()
                .filter_map(|(name, value)| Some((name, without_empty(value)?)))
                .collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn outcome(body: Result<&str, &str>) -> Outcome {
        let now = Instant::now();
        Outcome {
            handed_out: now,
            received: now,
            body: body.map(|text| text.as_bytes().to_vec()).map_err(str::to_owned),
        }
    }

    #[test]
    fn what_is_empty_may_be_missing_and_nothing_else() {
        let meant = |text| meaning(&outcome(Ok(text))).unwrap();
        let answer = meant(r#"{"response":{"answerCorrect":true},"request":{"session":[]}}"#);
        assert_eq!(
            answer,
            meant(r#"{"request":{"session":[],"clientMetadata":{},"x":null},"response":{"answerCorrect":true}}"#)
        );
        assert_ne!(
            answer,
            meant(r#"{"response":{"answerCorrect":false},"request":{"session":[]}}"#)
        );
        assert_ne!(answer, meant(r#"{"response":{"answerCorrect":true}}"#));
        assert!(meaning(&outcome(Ok("right"))).is_err());
    }

    #[test]
    fn an_error_is_no_answer_that_says_the_same() {
        let error = r#"{"errorType":"Refused","errorMessage":"no","stackTrace":[]}"#;
        let shorter = r#"{"errorMessage":"no","errorType":"Refused"}"#;
        let meant = |body| meaning(&outcome(body)).unwrap();
        assert_eq!(meant(Err(error)), meant(Err(shorter)));
        assert_ne!(meant(Err(error)), meant(Ok(error)));
    }
}
