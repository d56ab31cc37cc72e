//! People who sign up and in at a stage's worker, each with a number of their own.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use ureq::{Agent, http::Request};

use super::{account, rollout, stage::Stage};
use crate::{answer::Answer, phone::code_in, waiting};

/// The worker itself answers within five seconds.
const TIMEOUT: Duration = Duration::from_secs(15);

/// A text arrives before the answer to the request that caused it; this is for a machine under load.
const ARRIVES_WITHIN: Duration = Duration::from_secs(10);

/// A person who has not signed up yet.
pub struct Visitor {
    stage: Stage,
    number: String,
    agent: Agent,
}

/// A sign-up that waits for its code.
pub struct Waiting {
    username: String,
    session: String,
    code: String,
}

/// What an endpoint answered instead of success: its name, the status and the problem's code.
pub type Failure = String;

impl Visitor {
    /// A new one. Numbers of the exchange 562 of +1 500, which no other test uses.
    pub fn new(stage: Stage) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let line = NEXT.fetch_add(1, Ordering::Relaxed);
        assert!(line < 10_000, "no number is left");
        let agent = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .proxy(None)
            .max_idle_connections(0)
            .build();
        Self {
            stage,
            number: format!("+1500562{line:04}"),
            agent: agent.into(),
        }
    }

    /// Asks for a code at one of the versions, and waits for it.
    ///
    /// # Errors
    /// The worker answered otherwise than it should, or no text came.
    pub fn sign_up(&self) -> Result<Waiting, Failure> {
        let answer = self.post("sign_up", &json!({ "phone_number": self.number }), 201)?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let code = waiting::within(ARRIVES_WITHIN, || self.code()).ok_or("no text came")?;
        Ok(Waiting {
            username: text(&answer["ChallengeParameters"]["USERNAME"]),
            session: text(&answer["Session"]),
            code,
        })
    }

    /// Answers with the code at one of the versions; returns the access token.
    ///
    /// # Errors
    /// The worker answered otherwise than it should.
    pub fn sign_in(&self, waiting: &Waiting) -> Result<String, Failure> {
        let body = json!({ "username": waiting.username, "session": waiting.session, "answer": waiting.code });
        let answer = self.post("sign_in", &body, 200)?;
        let token = answer["AuthenticationResult"]["AccessToken"].as_str();
        token.map(str::to_owned).ok_or_else(|| "no token".to_owned())
    }

    /// Uses the access token at one of the versions.
    ///
    /// # Errors
    /// The worker answered otherwise than it should.
    pub fn call(&self, token: &str) -> Result<(), Failure> {
        let request = Request::get(format!("{}/secured/call", rollout::url(self.stage)))
            .header("authorization", format!("Bearer {token}"))
            .body(())
            .expect("a request");
        let begun = Instant::now();
        let answer = self
            .agent
            .run(request)
            .and_then(|response| Answer::read(response, begun));
        match answer {
            Ok(answer) if answer.status == 200 => Ok(()),
            Ok(answer) => Err(format!("secured/call {} {}", answer.status, answer.code())),
            Err(error) => Err(format!("secured/call: {error}")),
        }
    }

    /// The whole way.
    ///
    /// # Errors
    /// The worker answered otherwise than it should, or no text came.
    pub fn signs_in(&self) -> Result<(), Failure> {
        let waiting = self.sign_up()?;
        let token = self.sign_in(&waiting)?;
        self.call(&token)
    }

    fn post(&self, endpoint: &str, body: &Value, expected: u16) -> Result<Value, Failure> {
        let request = Request::post(format!("{}/{endpoint}", rollout::url(self.stage)))
            .header("content-type", "application/json")
            .body(body.to_string())
            .expect("a request");
        let begun = Instant::now();
        let answer = self
            .agent
            .run(request)
            .and_then(|response| Answer::read(response, begun));
        match answer {
            Ok(answer) if answer.status == expected => Ok(answer.json()),
            Ok(answer) => Err(format!("{endpoint} {} {}", answer.status, answer.code())),
            Err(error) => Err(format!("{endpoint}: {error}")),
        }
    }

    /// The code of the last text, if one has come.
    fn code(&self) -> Option<String> {
        let inbox = format!(
            "{}/_ministack/sns/sms-messages?phoneNumber=%2B{}",
            account().aws_endpoint,
            self.number.trim_start_matches('+')
        );
        let text = self.agent.get(&inbox).call().ok()?.into_body().read_to_string().ok()?;
        let inbox: Value = serde_json::from_str(&text).ok()?;
        let texts = inbox["sms_messages"][&self.number].as_array()?;
        code_in(texts.last()?["Message"].as_str()?)
    }
}
