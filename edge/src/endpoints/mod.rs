//! The endpoints, one file each. An endpoint reads the request, asks Cognito or the verifier, and words the answer.

pub(crate) mod challenge_answer;
pub(crate) mod health;
pub(crate) mod refresh_token;
pub(crate) mod secured_call;
pub(crate) mod sign_in;
pub(crate) mod sign_up;

use std::rc::Rc;

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
