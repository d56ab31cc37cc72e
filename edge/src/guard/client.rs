//! How the worker, and a Guard, ask a Guard.

use std::time::Duration;

use serde_json::json;
use worker::Env;

use super::{
    names,
    protocol::{Answer, Question},
};
use crate::{
    http::problem::Problem,
    runtime::{clock, durable_object, log},
    settings::GUARD,
};

/// A Guard did not say anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// Out of reach, overloaded, or broken.
    Failed,
    /// It may still be at it.
    TimedOut,
}

impl NoAnswer {
    /// The name in logs.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Failed => "guard_failed",
            Self::TimedOut => "guard_timed_out",
        }
    }
}

impl From<NoAnswer> for Problem {
    fn from(_: NoAnswer) -> Self {
        Self::UpstreamUnavailable
    }
}

/// All Guards, for one request.
pub(crate) struct Guards<'a> {
    pub(crate) env: &'a Env,
    /// Where Guards are made that do not exist yet (`GUARD_LOCATION`).
    pub(crate) location: Option<&'a str>,
    pub(crate) request_id: &'a str,
}

impl Guards<'_> {
    /// Asks the Guard of a number, by the number's name.
    pub(crate) async fn ask_number(
        &self,
        number: &str,
        question: &Question,
        limit: Duration,
    ) -> Result<Answer, NoAnswer> {
        self.ask(&names::of_number(number), self.location, question, limit)
            .await
    }

    /// Asks the Guard of a country.
    pub(super) async fn ask_country(
        &self,
        country: &str,
        question: &Question,
        limit: Duration,
    ) -> Result<Answer, NoAnswer> {
        self.ask(&names::of_country(country), self.location, question, limit)
            .await
    }

    /// Asks the Guard of a client address, which is wherever it was first asked: near the client.
    pub(crate) async fn ask_address(
        &self,
        name: &str,
        question: &Question,
        limit: Duration,
    ) -> Result<Answer, NoAnswer> {
        self.ask(name, None, question, limit).await
    }

    /// Never asked twice, since nobody knows what it did.
    async fn ask(
        &self,
        name: &str,
        location: Option<&str>,
        question: &Question,
        limit: Duration,
    ) -> Result<Answer, NoAnswer> {
        let text = serde_json::to_string(question).map_err(|_| NoAnswer::Failed)?;
        let asking = durable_object::ask(self.env, GUARD, name, location, &text);
        let failure = match clock::within(limit, asking).await {
            Some(Ok(answer)) => match serde_json::from_str(&answer) {
                Ok(answer) => return Ok(answer),
                Err(_) => NoAnswer::Failed,
            },
            Some(Err(_)) => NoAnswer::Failed,
            None => NoAnswer::TimedOut,
        };
        let kind = name.split('/').next();
        log::warning(failure.name(), json!({ "request_id": self.request_id, "kind": kind }));
        Err(failure)
    }
}
