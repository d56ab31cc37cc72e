//! What the system under development sends: every SMS and e-mail that the local AWS was asked to deliver.

use std::collections::HashSet;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::system::http;

/// Reads the local AWS's inbox and remembers what was read.
#[derive(Debug)]
pub(crate) struct Inbox {
    endpoint: String,
    seen: HashSet<String>,
}

impl Inbox {
    pub(crate) fn new(endpoint: String) -> Self {
        Self {
            endpoint,
            seen: HashSet::new(),
        }
    }

    /// What has come since the last call, as lines for the terminal.
    pub(crate) fn read(&mut self) -> Result<Vec<String>> {
        let sms = self.ask("/_ministack/sns/sms-messages")?;
        let emails = self.ask("/_ministack/ses/messages")?;
        Ok(self.fresh(sms_lines(&sms).chain(email_lines(&emails))))
    }

    fn ask(&self, path: &str) -> Result<Value> {
        let (status, body) = http::get(&format!("{}{path}", self.endpoint))?;
        anyhow::ensure!(status == 200, "{path} answers {status}");
        serde_json::from_str(&body).with_context(|| format!("{path} answers no JSON"))
    }

    /// Leaves out what was returned before. Messages are told apart by their id: the same text may be sent twice.
    fn fresh(&mut self, messages: impl Iterator<Item = (String, String)>) -> Vec<String> {
        messages
            .filter(|(id, _)| self.seen.insert(id.clone()))
            .map(|(_, line)| line)
            .collect()
    }
}

/// `{"sms_messages": {"+1…": [{"MessageId", "PhoneNumber", "Message"}]}}` as pairs of id and line.
fn sms_lines(answer: &Value) -> impl Iterator<Item = (String, String)> {
    lists(&answer["sms_messages"]).map(|message| {
        let line = format!(
            "sms {}: {}",
            text(&message["PhoneNumber"]),
            indented(text(&message["Message"]))
        );
        (text(&message["MessageId"]).to_owned(), line)
    })
}

/// `{"messages": {"<account>": [{"MessageId", "To": […], "Subject", "BodyText"}]}}` as pairs of id and line.
fn email_lines(answer: &Value) -> impl Iterator<Item = (String, String)> {
    lists(&answer["messages"]).map(|message| {
        let to: Vec<&str> = message["To"].as_array().into_iter().flatten().map(text).collect();
        let line = format!(
            "email {}: {}\n    {}",
            to.join(", "),
            text(&message["Subject"]),
            indented(text(&message["BodyText"]))
        );
        (text(&message["MessageId"]).to_owned(), line)
    })
}

/// All elements of all lists that are an object's values.
fn lists(object: &Value) -> impl Iterator<Item = &Value> {
    object
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(_, list)| list.as_array())
        .flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Further lines of a message are indented, so that a line that starts at the left is always a new message.
fn indented(message: &str) -> String {
    let mut lines = message.trim_end().lines();
    let mut text = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        text.push('\n');
        if !line.is_empty() {
            text.push_str("    ");
            text.push_str(line);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sms(messages: &[(&str, &str, &str)]) -> Value {
        let mut numbers = json!({});
        for (id, number, message) in messages {
            let entry = json!({"MessageId": id, "PhoneNumber": number, "Message": message});
            match numbers[number].as_array_mut() {
                Some(list) => list.push(entry),
                None => numbers[number] = json!([entry]),
            }
        }
        json!({ "sms_messages": numbers, "region": "us-east-1" })
    }

    #[test]
    fn each_message_is_shown_once_even_if_two_are_alike() {
        let mut inbox = Inbox::new(String::new());
        let first = sms(&[("1", "+15005550006", "same"), ("2", "+15005550006", "same")]);
        assert_eq!(inbox.fresh(sms_lines(&first)).len(), 2);
        assert!(inbox.fresh(sms_lines(&first)).is_empty());
        let more = sms(&[("2", "+15005550006", "same"), ("3", "+4915112345678", "new")]);
        assert_eq!(inbox.fresh(sms_lines(&more)), ["sms +4915112345678: new"]);
    }

    #[test]
    fn a_message_of_two_lines_stays_one_entry() {
        let answer = sms(&[("1", "+15005550006", "123456 is your code.\n\n@example.com #123456")]);
        let lines: Vec<_> = sms_lines(&answer).map(|(_, line)| line).collect();
        assert_eq!(
            lines,
            ["sms +15005550006: 123456 is your code.\n\n    @example.com #123456"]
        );
    }

    #[test]
    fn an_email_shows_recipients_subject_and_text() {
        let answer = json!({"messages": {"000000000000": [
            {"MessageId": "m", "To": ["a@example.com", "b@example.com"], "Subject": "Hello", "BodyText": "one\ntwo\n"}
        ]}});
        let lines: Vec<_> = email_lines(&answer).map(|(_, line)| line).collect();
        assert_eq!(lines, ["email a@example.com, b@example.com: Hello\n    one\n    two"]);
    }

    #[test]
    fn an_empty_inbox_has_no_lines() {
        assert_eq!(sms_lines(&json!({"sms_messages": {}})).count(), 0);
        assert_eq!(email_lines(&json!({})).count(), 0);
    }
}
