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
    ) -> Result<Answer, Problem> {
        self.ask(&names::of_number(number), self.location, question, limit)
            .await
    }

    /// Asks the Guard of a country.
    pub(super) async fn ask_country(
        &self,
        country: &str,
        question: &Question,
        limit: Duration,
    ) -> Result<Answer, Problem> {
        self.ask(&names::of_country(country), self.location, question, limit)
            .await
    }

    /// Asks the Guard of a client address, which is wherever it was first asked: near the client.
    pub(crate) async fn ask_address(
        &self,
        name: &str,
        question: &Question,
        limit: Duration,
    ) -> Result<Answer, Problem> {
        self.ask(name, None, question, limit).await
    }

    /// [`Problem::UpstreamUnavailable`] if there is no answer in time: out of reach, overloaded, or broken. Never asked twice,
    /// since nobody knows what it did.
    async fn ask(
        &self,
        name: &str,
        location: Option<&str>,
        question: &Question,
        limit: Duration,
    ) -> Result<Answer, Problem> {
        let text = serde_json::to_string(question).map_err(|_| Problem::Internal)?;
        let asking = durable_object::ask(self.env, GUARD, name, location, &text);
        let failure = match clock::within(limit, asking).await {
            Some(Ok(answer)) => match serde_json::from_str(&answer) {
                Ok(answer) => return Ok(answer),
                Err(_) => "unreadable",
            },
            Some(Err(_)) => "failed",
            None => "timed_out",
        };
        let kind = name.split('/').next();
        log::warning(
            "guard_failed",
            json!({ "request_id": self.request_id, "guard": kind, "failure": failure }),
        );
        Err(Problem::UpstreamUnavailable)
    }
}
