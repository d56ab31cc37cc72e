//! The endpoints, one file each. An endpoint reads the request, asks Cognito or the verifier, and words the answer.

mod authentication;
pub(crate) mod challenge_answer;
pub(crate) mod health;
pub(crate) mod refresh_token;
pub(crate) mod secured_call;
pub(crate) mod secured_origin;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod sign_up;

use std::rc::Rc;

use worker::{Context, Env};

use crate::{
    cognito::Cognito,
    http::problem::Problem,
    runtime::{clock::Deadline, random},
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

impl Call<'_> {
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

/// Fresh random bytes; [`Problem::Internal`] if the platform has none.
fn random_bytes<const N: usize>() -> Result<[u8; N], Problem> {
    random::bytes().map_err(|_| Problem::Internal)
}
