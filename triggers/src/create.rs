//! Create auth challenge: asks for the permit, sends the code, and keeps it through wrong answers. A test number's code is
//! in the permit and is not sent.

use std::collections::HashMap;

use aws_lambda_events::event::cognito::{
    CognitoEventUserPoolsCreateAuthChallenge as Event, CognitoEventUserPoolsCreateAuthChallengeResponse as Response,
};
use challenge::{
    CODE_LENGTH, ChallengeState, Channel, Code, CodeHashKey, CodeKey, MAX_ATTEMPTS, PERMIT_METADATA, Permit,
    PermitError, PermitKey, PhoneNumber, Secret, USER_NOT_FOUND, UnixSeconds,
};
use lambda_runtime::Diagnostic;
use thiserror::Error;
use tracing::{info, warn};

use crate::{
    PHONE_NUMBER_ATTRIBUTE, STATE_PARAMETER,
    settings::CreateSettings,
    sms::{SendError, SendSms},
};

#[cfg(test)]
mod test_numbers;
#[cfg(test)]
mod tests;

/// The trigger, ready to be invoked.
pub struct Create<S> {
    settings: CreateSettings,
    permit_key: PermitKey,
    code_key: CodeKey,
    code_hash_key: CodeHashKey,
    sms: S,
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
    pub fn new(settings: CreateSettings, secret: &Secret, sms: S) -> Self {
        Self {
            settings,
            permit_key: PermitKey::derive(secret),
            code_key: CodeKey::derive(secret),
            code_hash_key: CodeHashKey::derive(secret),
            sms,
        }
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
        let permit = self.open_permit(event, now).map_err(|reason| {
            warn!(trigger = "create", outcome = "permit_refused", %reason);
            CreateError::PermitRefused
        })?;
        let destination = permit.phone.masked();
        let pool_id = event
            .cognito_event_user_pools_header
            .user_pool_id
            .as_deref()
            .unwrap_or_default();
        let derive = || Code::derive(&self.code_key, &permit.nonce, &permit.phone, pool_id);
        // Only that of a number for which `open_permit` lets the worker say what the code is.
        let code = permit.test_code.clone().unwrap_or_else(derive);
        let state = ChallengeState::new(&self.code_hash_key, permit.nonce, permit.issued_at, &code);

        let outcome = if event.request.user_not_found {
            // Cognito simulates a sign-in, and the phone need not be anyone's: all the same, but for the message.
            "unknown_user"
        } else if permit.test_code.is_some() {
            // Whoever signs in with a test number was told its code beforehand, and there may be no phone.
            "test_number"
        } else {
            self.send(&permit, &code).await.map_err(|error| {
                warn!(trigger = "create", outcome = "send_failed", destination, reason = %error);
                CreateError::NotSent
            })?;
            "sent"
        };
        info!(trigger = "create", outcome, attempts_left = MAX_ATTEMPTS, destination);
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
        let last = event.request.session.last().and_then(Option::as_ref);
        let state = last
            .and_then(|round| round.challenge_metadata.as_deref())
            .and_then(|text| ChallengeState::decode(text).ok())
            .ok_or_else(|| {
                warn!(trigger = "create", outcome = "no_state");
                CreateError::NoState
            })?;
        let answers = u32::try_from(rounds - 1).unwrap_or(u32::MAX);
        let attempts_left = MAX_ATTEMPTS.saturating_sub(answers);
        let destination = destination(event);
        info!(trigger = "create", outcome = "asked_again", attempts_left, destination);
        Ok(self.ask_for_code(&state, destination, attempts_left))
    }

    fn open_permit(&self, event: &Event, now: UnixSeconds) -> Result<Permit, PermitRefusal> {
        let request = &event.request;
        let text = request
            .client_metadata
            .get(PERMIT_METADATA)
            .ok_or(PermitRefusal::Missing)?;
        let permit = Permit::open(text, &self.permit_key, now)?;
        let phone = request.user_attributes.get(PHONE_NUMBER_ATTRIBUTE).map(String::as_str);
        // A user whom Cognito only simulates has no attributes to compare with.
        if !request.user_not_found && phone != Some(permit.phone.as_str()) {
            return Err(PermitRefusal::OtherPhone);
        }
        // Why the worker's signature is not enough: see `Permit::test_code`.
        if permit.test_code.is_some() && !self.settings.test_numbers.contains(&permit.phone) {
            return Err(PermitRefusal::NoTestNumber);
        }
        Ok(permit)
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

/// Where the code went, masked. A user whom Cognito only simulates has a name but no attributes.
fn destination(event: &Event) -> String {
    let attribute = event.request.user_attributes.get(PHONE_NUMBER_ATTRIBUTE);
    attribute
        .or(event.cognito_event_user_pools_header.user_name.as_ref())
        .and_then(|text| PhoneNumber::parse(text).ok())
        .map_or_else(|| "••••••".to_owned(), |phone| phone.masked())
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
