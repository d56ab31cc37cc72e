//! The endpoints, one file each. An endpoint reads the request, asks Cognito or the verifier, and words the answer.

pub(crate) mod admin_guard;
mod authentication;
pub(crate) mod health;
mod limits;
pub(crate) mod refresh_token;
pub(crate) mod secured_call;
pub(crate) mod secured_origin;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod sign_up;

use std::{rc::Rc, time::Duration};

use worker::{Context, Env};

use crate::{
    cognito::Cognito,
    funnel::{Event, Outcome, Step},
    guard::{Guards, NoAnswer, protocol::Asked},
    http::problem::Problem,
    runtime::clock::Deadline,
    settings::Settings,
    token::TokenError,
};

/// What an endpoint works with beside the request itself.
pub(crate) struct Call<'a> {
    pub(crate) settings: Rc<Settings>,
    /// The platform's bindings: KV namespaces, services.
    pub(crate) env: &'a Env,
    /// For what is done after the client was answered.
    pub(crate) context: &'a Context,
    pub(crate) request_id: &'a str,
    pub(crate) deadline: Deadline,
}

/// The header in which Cloudflare says where a request comes from.
const CLIENT_ADDRESS: &str = "cf-connecting-ip";

/// Time for what is done after the client was answered.
const AFTERWARDS: Duration = Duration::from_secs(10);

/// What a Guard leaves of the time for its answer to come back, in milliseconds: the longest way round the world and some.
const WAY_BACK_MS: u64 = 300;

impl Call<'_> {
    pub(crate) fn guards(&self) -> Guards<'_> {
        self.settings.guards(self.env, self.request_id)
    }

    /// Writes a data point about this request, whose own line in the log says the rest.
    fn step(&self, event: Event, country: &str, outcome: Outcome, reason: &'static str) {
        let step = Step {
            request_id: self.request_id,
            event,
            country,
            outcome,
            reason,
        };
        step.write_point(self.env);
    }

    /// On whose behalf a Guard works, and until when it may.
    fn asked(&self) -> Asked {
        Asked {
            request_id: self.request_id.to_owned(),
            until_ms: self.deadline.at_ms().saturating_sub(WAY_BACK_MS),
        }
    }

    pub(crate) fn cognito(&self) -> Cognito<'_> {
        Cognito {
            settings: &self.settings,
            request_id: self.request_id,
            deadline: self.deadline,
        }
    }
}

/// A refusal, with the reason that goes to the log only.
pub(crate) struct Refused {
    pub(crate) problem: Problem,
    pub(crate) reason: Option<&'static str>,
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { problem, reason: None }
    }
}

impl From<NoAnswer> for Refused {
    fn from(no_answer: NoAnswer) -> Self {
        Self {
            problem: no_answer.into(),
            reason: Some(no_answer.name()),
        }
    }
}

impl From<TokenError> for Refused {
    fn from(error: TokenError) -> Self {
        let reason = match error {
            TokenError::Rejected(rejection) => rejection.name(),
            TokenError::KeysUnavailable => "keys_unavailable",
            TokenError::DenyListUnavailable => "deny_list_unavailable",
        };
        Self {
            problem: error.into(),
            reason: Some(reason),
        }
    }
}
