//! Sending the code: the one thing a trigger does that costs money and cannot be undone.

use std::{collections::HashMap, future::Future, time::Duration};

use aws_config::{SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_sns::{Client, config::Builder, error::BuildError, types::MessageAttributeValue};
use challenge::PhoneNumber;
use thiserror::Error;

/// Sends text messages.
pub trait SendSms {
    /// Hands `text` over for delivery to `to`.
    fn send(&self, to: &PhoneNumber, text: &str) -> impl Future<Output = Result<(), SendError>> + Send;
}

/// The message was not taken. Holds what kind of failure it was and nothing of the message.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct SendError(pub String);

/// Amazon SNS, publishing straight to a phone number.
pub struct Sns {
    client: Client,
    attributes: HashMap<String, MessageAttributeValue>,
}

impl Sns {
    /// Within the 5 s that Cognito gives a trigger, with time left to say that it failed.
    const TIMEOUT: Duration = Duration::from_secs(3);

    /// The first try and one more. A message that arrives twice says the same code.
    const ATTEMPTS: u32 = 2;

    /// Prepares the client. `sender_id` is shown as the sender in countries that support it.
    pub fn new(aws: &SdkConfig, sender_id: Option<&str>) -> Result<Self, BuildError> {
        let config = Builder::from(aws)
            .timeout_config(TimeoutConfig::builder().operation_timeout(Self::TIMEOUT).build())
            .retry_config(RetryConfig::standard().with_max_attempts(Self::ATTEMPTS))
            .build();
        // Transactional: delivered with priority, and not stopped by an opt-out of advertising.
        let mut attributes = HashMap::from([("AWS.SNS.SMS.SMSType".to_owned(), text_attribute("Transactional")?)]);
        if let Some(sender_id) = sender_id {
            attributes.insert("AWS.SNS.SMS.SenderID".to_owned(), text_attribute(sender_id)?);
        }
        Ok(Self {
            client: Client::from_conf(config),
            attributes,
        })
    }
}

impl SendSms for Sns {
    async fn send(&self, to: &PhoneNumber, text: &str) -> Result<(), SendError> {
        self.client
            .publish()
            .phone_number(to.as_str())
            .message(text)
            .set_message_attributes(Some(self.attributes.clone()))
            .send()
            .await
            .map_err(|error| SendError(crate::aws::failure(&error)))?;
        Ok(())
    }
}

fn text_attribute(value: &str) -> Result<MessageAttributeValue, BuildError> {
    MessageAttributeValue::builder()
        .data_type("String")
        .string_value(value)
        .build()
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpListener,
        sync::mpsc::{Receiver, channel},
        thread,
        time::Instant,
    };

    use aws_sdk_sns::config::{Credentials, Region};

    use super::*;

    const PUBLISHED: &str = "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult>\
        <MessageId>1</MessageId></PublishResult></PublishResponse>";

    /// A service that gives every request the same answer, or none, and hands the requests over.
    fn service(answer: Option<(u16, String)>) -> (String, Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let (sender, requests) = channel();
        thread::spawn(move || {
            let mut silent = Vec::new();
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let Some((status, body)) = &answer else {
                    silent.push(connection);
                    continue;
                };
                let mut request = String::new();
                while !is_whole(&request) {
                    let mut bytes = [0; 4096];
                    let length = connection.read(&mut bytes).unwrap();
                    request.push_str(std::str::from_utf8(&bytes[..length]).unwrap());
                }
                // Before the answer: whoever has that finds the request here.
                if sender.send(request).is_err() {
                    break;
                }
                let length = body.len();
                let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
                connection.write_all(format!("{head}{body}").as_bytes()).unwrap();
            }
        });
        (endpoint, requests)
    }

    fn is_whole(request: &str) -> bool {
        let Some((head, body)) = request.split_once("\r\n\r\n") else {
            return false;
        };
        let length = head
            .lines()
            .find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        body.len() >= length.unwrap_or(0)
    }

    fn failure(code: &str) -> String {
        format!(
            "<ErrorResponse><Error><Code>{code}</Code><Message>+15005550006: 123456</Message></Error></ErrorResponse>"
        )
    }

    async fn send(endpoint: &str, sender_id: Option<&str>) -> Result<(), SendError> {
        let credentials = Credentials::new("key", "secret", None, None, "test");
        let region = Region::from_static("us-east-1");
        let aws = crate::aws::loader()
            .endpoint_url(endpoint)
            .region(region)
            .credentials_provider(credentials)
            .load()
            .await;
        let to = PhoneNumber::parse("+15005550006").unwrap();
        Sns::new(&aws, sender_id)
            .unwrap()
            .send(&to, "123456 is your code")
            .await
    }

    #[tokio::test]
    async fn a_message_is_published_as_transactional() {
        let (endpoint, requests) = service(Some((200, PUBLISHED.to_owned())));
        assert_eq!(send(&endpoint, None).await, Ok(()));
        let request = requests.recv().unwrap();
        for part in [
            "Action=Publish",
            "PhoneNumber=%2B15005550006",
            "Message=123456%20is%20your%20code",
            "entry.1.Name=AWS.SNS.SMS.SMSType",
            "entry.1.Value.StringValue=Transactional",
        ] {
            assert!(request.contains(part), "{part} in {request}");
        }
        assert!(!request.contains("SenderID"));
    }

    #[tokio::test]
    async fn the_sender_id_is_sent_if_there_is_one() {
        let (endpoint, requests) = service(Some((200, PUBLISHED.to_owned())));
        assert_eq!(send(&endpoint, Some("Example")).await, Ok(()));
        let request = requests.recv().unwrap();
        assert!(request.contains("Name=AWS.SNS.SMS.SenderID"), "{request}");
        assert!(request.contains("StringValue=Example"), "{request}");
    }

    #[tokio::test]
    async fn a_failure_of_the_service_is_tried_twice_and_named() {
        let (endpoint, requests) = service(Some((500, failure("InternalError"))));
        assert_eq!(send(&endpoint, None).await, Err(SendError("InternalError".to_owned())));
        assert_eq!(requests.try_iter().count(), 2);
    }

    #[tokio::test]
    async fn a_message_that_is_refused_is_not_tried_again() {
        let (endpoint, requests) = service(Some((400, failure("InvalidParameter"))));
        assert_eq!(
            send(&endpoint, None).await,
            Err(SendError("InvalidParameter".to_owned()))
        );
        assert_eq!(requests.try_iter().count(), 1);
    }

    #[tokio::test]
    async fn a_service_that_cannot_be_reached_is_a_dispatch_failure() {
        let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert_eq!(
            send(&format!("http://{unused}"), None).await,
            Err(SendError("DispatchFailure".to_owned()))
        );
    }

    #[tokio::test]
    async fn a_silent_service_is_given_up_after_three_seconds() {
        let (endpoint, _requests) = service(None);
        let started = Instant::now();
        assert_eq!(send(&endpoint, None).await, Err(SendError("Timeout".to_owned())));
        assert!(
            (3.0..4.0).contains(&started.elapsed().as_secs_f64()),
            "{:?}",
            started.elapsed()
        );
    }
}
