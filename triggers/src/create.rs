//! Create auth challenge: asks for the permit, sends the code, and keeps it through wrong answers. A test number's code is
//! in the permit and is not sent.

use std::{collections::HashMap, time::Duration};

use aws_lambda_events::event::cognito::{
    CognitoEventUserPoolsCreateAuthChallenge as Event, CognitoEventUserPoolsCreateAuthChallengeResponse as Response,
};
use challenge::{
    CODE_LENGTH, ChallengeState, Channel, Code, CodeHashKey, CodeKey, MAX_ATTEMPTS, PERMIT_METADATA, Permit,
    PermitError, PermitKey, PhoneNumber, RequestId, Secret, USER_NOT_FOUND, UnixSeconds,
};
use lambda_runtime::Diagnostic;
use thiserror::Error;
use tracing::{info, warn};

use crate::{
    PHONE_NUMBER_ATTRIBUTE, STATE_PARAMETER, clock,
    metrics::{Counted, Metrics},
    request_id,
    settings::CreateSettings,
    sms::{SendError, SendSms},
    versions::Versions,
};

#[cfg(test)]
mod counts;
#[cfg(test)]
mod test_numbers;
#[cfg(test)]
mod tests;

/// The trigger, ready to be invoked.
pub struct Create<S> {
    settings: CreateSettings,
    keys: Versions<Keys>,
    metrics: Metrics,
    sms: S,
}

/// What one challenge is made with: all of it follows from one version of the secret, that of the worker's permit.
struct Keys {
    permit: PermitKey,
    code: CodeKey,
    code_hash: CodeHashKey,
}

impl Keys {
    fn derive(secret: &Secret) -> Self {
        Self {
            permit: PermitKey::derive(secret),
            code: CodeKey::derive(secret),
            code_hash: CodeHashKey::derive(secret),
        }
    }
}

/// Why there is no challenge. Cognito hands the text to whoever called it, so that it is fixed: no number,
/// no code, nothing that SNS said. The log has the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CreateError {
    /// Missing, forged, expired, for another phone, or with a code for a number that is not one for tests.
    #[error("the permit was refused")]
    PermitRefused,
    /// Cognito's session holds no state that these triggers wrote.
    #[error("the challenge has no state")]
    NoState,
    /// The code could not be sent.
    #[error("the code was not sent")]
    NotSent,
}

impl From<CreateError> for Diagnostic {
    fn from(error: CreateError) -> Self {
        Self {
            error_type: "ChallengeNotCreated".to_owned(),
            error_message: error.to_string(),
        }
    }
}

impl<S: SendSms> Create<S> {
    /// Derives the keys.
    pub fn new(settings: CreateSettings, secrets: &Versions<Secret>, sms: S) -> Self {
        Self {
            metrics: Metrics::to_stdout(settings.stack_name.clone()),
            settings,
            keys: secrets.map(Keys::derive),
            sms,
        }
    }

    /// Counts how long the start took.
    pub fn started(&self, took: Duration, now: UnixSeconds) {
        self.metrics.started("create", took, now);
    }

    /// Writes the challenge into the event, which is the answer to Cognito. The same event gives the same
    /// challenge again: Cognito repeats a trigger that took over 5 s.
    pub async fn handle(&self, mut event: Event, now: UnixSeconds) -> Result<Event, CreateError> {
        event.response = match event.request.session.len() {
            0 => ask_for_permit(event.request.user_not_found),
            1 => self.challenge(&event, now).await?,
            rounds => self.ask_again(&event, rounds)?,
        };
        Ok(event)
    }

    /// Challenge 1: the permit came as the metadata of the answer to challenge 0. The
    /// answer looks the same whether the code was sent or, to an unknown user or a test number, was not.
    async fn challenge(&self, event: &Event, now: UnixSeconds) -> Result<Response, CreateError> {
        let request_id = request_id::in_metadata(&event.request.client_metadata);
        let (permit, keys) = self.open_permit(event, now).map_err(|reason| {
            let request_id = request_id.as_ref().map(RequestId::as_str);
            warn!(trigger = "create", outcome = "permit_refused", request_id, %reason);
            self.metrics.count(Counted::PermitRefused, None, now);
            CreateError::PermitRefused
        })?;
        // Rather what the worker signed than what came beside it.
        let request_id = permit.request_id.as_ref().or(request_id.as_ref());
        let request_id = request_id.map(RequestId::as_str);
        let destination = permit.phone.masked();
        let country = permit.phone.country();
        let pool_id = event
            .cognito_event_user_pools_header
            .user_pool_id
            .as_deref()
            .unwrap_or_default();
        let derive = || Code::derive(&keys.code, &permit.nonce, &permit.phone, pool_id);
        // Only that of a number for which `open_permit` lets the worker say what the code is.
        let code = permit.test_code.clone().unwrap_or_else(derive);
        let state = ChallengeState::new(&keys.code_hash, permit.nonce, permit.issued_at, &code);

        let outcome = if event.request.user_not_found {
            // Cognito simulates a sign-in, and the phone need not be anyone's: all the same, but for the message.
            "unknown_user"
        } else if permit.test_code.is_some() {
            // Whoever signs in with a test number was told its code beforehand, and there may be no phone.
            self.metrics.count(Counted::TestNumber, country, now);
            "test_number"
        } else {
            let (sent, took) = clock::timed(self.send(&permit, &code)).await;
            sent.map_err(|error| {
                warn!(trigger = "create", outcome = "send_failed", request_id, destination, country, reason = %error);
                self.metrics.count(Counted::SendFailed(took), country, now);
                CreateError::NotSent
            })?;
            self.metrics.count(Counted::Sent(took), country, now);
            "sent"
        };
        info!(
            trigger = "create",
            outcome,
            request_id,
            attempts_left = MAX_ATTEMPTS,
            destination,
            country
        );
        Ok(self.ask_for_code(&state, destination, MAX_ATTEMPTS))
    }

    async fn send(&self, permit: &Permit, code: &Code) -> Result<(), SendError> {
        let settings = &self.settings;
        let text = settings
            .template
            .render(code, &settings.app_name, settings.origin_domain.as_deref());
        match permit.channel {
            Channel::Sms => self.sms.send(&permit.phone, &text).await,
        }
    }

    /// Every later challenge: the code is that of the first, only the attempts get fewer.
    fn ask_again(&self, event: &Event, rounds: usize) -> Result<Response, CreateError> {
        let request_id = request_id::in_metadata(&event.request.client_metadata);
        let request_id = request_id.as_ref().map(RequestId::as_str);
        let last = event.request.session.last().and_then(Option::as_ref);
        let state = last
            .and_then(|round| round.challenge_metadata.as_deref())
            .and_then(|text| ChallengeState::decode(text).ok())
            .ok_or_else(|| {
                warn!(trigger = "create", outcome = "no_state", request_id);
                CreateError::NoState
            })?;
        let answers = u32::try_from(rounds - 1).unwrap_or(u32::MAX);
        let attempts_left = MAX_ATTEMPTS.saturating_sub(answers);
        let phone = phone(event);
        let destination = phone.as_ref().map_or_else(|| "••••••".to_owned(), PhoneNumber::masked);
        let country = phone.as_ref().and_then(PhoneNumber::country);
        info!(
            trigger = "create",
            outcome = "asked_again",
            request_id,
            attempts_left,
            destination,
            country
        );
        Ok(self.ask_for_code(&state, destination, attempts_left))
    }

    /// The permit, and the keys of the version of the secret that it was signed under.
    fn open_permit(&self, event: &Event, now: UnixSeconds) -> Result<(Permit, &Keys), PermitRefusal> {
        let request = &event.request;
        let text = request
            .client_metadata
            .get(PERMIT_METADATA)
            .ok_or(PermitRefusal::Missing)?;
        let (permit, keys) = self.open_under_any_key(text, now)?;
        let phone = request.user_attributes.get(PHONE_NUMBER_ATTRIBUTE).map(String::as_str);
        // A user whom Cognito only simulates has no attributes to compare with.
        if !request.user_not_found && phone != Some(permit.phone.as_str()) {
            return Err(PermitRefusal::OtherPhone);
        }
        // Why the worker's signature is not enough: see `Permit::test_code`.
        if permit.test_code.is_some() && !self.settings.test_numbers.contains(&permit.phone) {
            return Err(PermitRefusal::NoTestNumber);
        }
        Ok((permit, keys))
    }

    fn open_under_any_key(&self, text: &str, now: UnixSeconds) -> Result<(Permit, &Keys), PermitError> {
        let mut opened = self.keys.iter().map(|keys| {
            let permit = Permit::open(text, &keys.permit, now)?;
            Ok((permit, keys))
        });
        // Only who did not sign it says nothing about it: a permit that is expired under one key is so for good.
        opened
            .find(|result| !matches!(result, Err(PermitError::Forged)))
            .unwrap_or(Err(PermitError::Forged))
    }

    /// The challenge as the client sees it, every value a string as Cognito wants them, and the state beside it.
    fn ask_for_code(&self, state: &ChallengeState, destination: String, attempts_left: u32) -> Response {
        let expires_at = state.issued_at.plus(self.settings.code_ttl_seconds);
        let encoded = state.encode();
        let mut response = Response::default();
        response.public_challenge_parameters = HashMap::from([
            ("channel".to_owned(), Channel::Sms.as_str().to_owned()),
            ("destination".to_owned(), destination),
            ("code_length".to_owned(), CODE_LENGTH.to_string()),
            ("issued_at".to_owned(), state.issued_at.to_string()),
            ("expires_at".to_owned(), expires_at.to_string()),
            ("attempts_left".to_owned(), attempts_left.to_string()),
        ]);
        response.private_challenge_parameters = HashMap::from([(STATE_PARAMETER.to_owned(), encoded.clone())]);
        response.challenge_metadata = Some(encoded);
        response
    }
}

/// Challenge 0. Cognito passes no metadata of the call that starts a sign-in to the triggers, only that of an
/// answer: so there is first a challenge whose answer is the permit.
fn ask_for_permit(user_not_found: bool) -> Response {
    info!(trigger = "create", outcome = "asked_for_permit");
    let mut response = Response::default();
    // With PreventUserExistenceErrors, Cognito documents no error for an unknown user of CUSTOM_AUTH: it asks the
    // triggers for a challenge, with userNotFound set. The worker must know, to create the user.
    if user_not_found {
        response
            .public_challenge_parameters
            .insert(USER_NOT_FOUND.to_owned(), "true".to_owned());
    }
    response.challenge_metadata = Some(PERMIT_METADATA.to_owned());
    response
}

/// Where the code went. A user whom Cognito only simulates has a name but no attributes.
fn phone(event: &Event) -> Option<PhoneNumber> {
    let attribute = event.request.user_attributes.get(PHONE_NUMBER_ATTRIBUTE);
    let text = attribute.or(event.cognito_event_user_pools_header.user_name.as_ref())?;
    PhoneNumber::parse(text).ok()
}

/// Why a permit is refused: for the log, not for the caller.
#[derive(Debug, Error)]
enum PermitRefusal {
    #[error("no permit")]
    Missing,
    #[error(transparent)]
    Invalid(#[from] PermitError),
    #[error("permit for another phone")]
    OtherPhone,
    #[error("test code for a number that is no test number")]
    NoTestNumber,
}
