//! `POST /sign_up`: creates the user where there is none, and sends a one-time code either way.

use std::time::Duration;

use challenge::PhoneNumber;
use guard::UnixMillis;
use serde_json::json;

use super::{CLIENT_ADDRESS, Call, Refused, limits};
use crate::{
    cognito::custom_auth::CUSTOM_CHALLENGE,
    funnel::{self, Event, NO_COUNTRY, Outcome},
    guard::{
        NoAnswer,
        names::Client,
        protocol::{Answer, Question, SendCode},
    },
    http::{body, fields::Fields, problem::Problem, reply::Reply, request::Inbound},
    human_check,
    runtime::{
        clock::{self, Deadline},
        log,
    },
};

/// Room for any E.164 number with its plus sign, and for obvious mistakes to be called invalid and not too long.
const MAX_PHONE_NUMBER: usize = 32;

/// Longest device key that is taken, in characters; those of Cognito have 55 at most.
pub(super) const MAX_DEVICE_KEY: usize = 128;

/// What a client asks.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Demand {
    phone: PhoneNumber,
    turnstile_token: Option<String>,
}

impl Demand {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::parse(body)?;
        let phone_number = fields.required("phone_number", MAX_PHONE_NUMBER);
        // Checked and not handed on: with a device that it remembers, Cognito would ask for DEVICE_SRP_AUTH instead of our
        // challenge. Clients of the 2020 stack send it, and /refresh_token has a use for it.
        fields.optional("device_key", MAX_DEVICE_KEY);
        let turnstile_token = fields.optional("turnstile_token", human_check::MAX_TOKEN);
        fields.finish()?;
        let phone = PhoneNumber::parse(&phone_number).map_err(|_| Problem::InvalidPhoneNumber)?;
        Ok(Self { phone, turnstile_token })
    }
}

/// What was found out about whoever asks for a code, before the number's own Guard is asked.
#[derive(Default)]
struct Admitted {
    /// By which the code is counted; none for a test number.
    country: Option<String>,
    is_human: bool,
    network: Option<String>,
    counted: Option<Counted>,
}

/// A code that the client's address is counted for.
struct Counted {
    /// The Guard of the address.
    guard: String,
    at: UnixMillis,
}

/// Once Cognito was asked, answers no sooner than the configured floor after the request began: a new user costs Cognito up to
/// three calls more, and that must not tell strangers which numbers are known. A text takes longer to arrive than the floor
/// lasts. What the limits refuse is refused at once: they know numbers, not users.
pub(crate) async fn sign_up(request: &Inbound, call: &Call<'_>) -> Result<Reply, Refused> {
    let floor = Deadline::after(Duration::from_millis(call.settings.sign_up_floor_ms));
    let demand = Demand::read(&body::read_json(request).await?)?;
    let protection = &call.settings.protection;
    let number = protection.guard_names.number(&demand.phone);
    let is_test = protection.test_numbers.code_of(&demand.phone).is_some();
    let country = if is_test {
        funnel::TEST
    } else {
        demand.phone.country().unwrap_or(NO_COUNTRY)
    };
    call.step(Event::Code, country, Outcome::Asked, "");
    let admitted = if is_test {
        // Nothing is sent to it: it costs nobody anything, wherever it is and whoever asks.
        Admitted::default()
    } else {
        let admitted = admit(&demand, request, call).await;
        admitted.inspect_err(|refused| {
            let (outcome, reason) = ended(refused);
            call.step(Event::Code, country, outcome, reason);
        })?
    };
    let question = Question::SendCode(SendCode {
        phone: demand.phone,
        country: admitted.country,
        is_human: admitted.is_human,
        network: admitted.network,
        asked: call.asked(),
    });
    let limit = call.deadline.remaining();
    let answer = call.guards().ask_number(&number, &question, limit).await;
    if let Some(counted) = admitted.counted
        && !may_have_sent(answer.as_ref())
    {
        take_back(counted, call);
    }
    let answer = answer.inspect_err(|no_answer| {
        // Besides this there may be what the Guard has written before it failed, or still writes: see `crate::funnel`.
        call.step(Event::Code, country, Outcome::Failed, no_answer.name());
    })?;
    match answer {
        Answer::Challenge { session, parameters } => {
            hold_until(floor, call).await;
            Ok(sent(&session, &parameters))
        }
        Answer::Refused(refusal) => Err(limits::refused_code(refusal)),
        Answer::Failed { fault, .. } => {
            hold_until(floor, call).await;
            Err(Problem::from(fault).into())
        }
        _ => Err(Problem::Internal.into()),
    }
}

/// Everything that is asked before the number's own Guard, from cheap to expensive.
async fn admit(demand: &Demand, request: &Inbound, call: &Call<'_>) -> Result<Admitted, Refused> {
    let protection = &call.settings.protection;
    let country = demand.phone.country();
    if !protection.countries.allow(country) {
        return Err(Refused {
            problem: Problem::DestinationNotAllowed,
            reason: Some("country"),
        });
    }
    let country = country.unwrap_or(NO_COUNTRY).to_owned();
    let address = request.header(CLIENT_ADDRESS);
    let token = demand.turnstile_token.as_deref();
    let check = protection.human_check.as_ref();
    // Without a check nobody is asked for one.
    let is_human = check.map_or(Ok(true), |check| check.is_claimed(token))?;
    let client = Client::read(address.as_deref());
    let counted = match protection.guard_names.of_client(&client) {
        None => None,
        Some(guard) => Some(count(guard, country.clone(), is_human, call).await?),
    };
    // Last, since it asks somebody else and uses the token up: not for an address that may not go on.
    if let (Some(check), Some(token)) = (check, token) {
        let checked = check
            .check(token, address.as_deref(), call.request_id, call.deadline)
            .await;
        if let Err(problem) = checked {
            if let Some(counted) = counted {
                take_back(counted, call);
            }
            return Err(problem.into());
        }
    }
    Ok(Admitted {
        country: Some(country),
        is_human,
        network: protection.guard_names.network(&client),
        counted,
    })
}

/// What the funnel calls a request that ended before the number's own Guard was asked.
fn ended(refused: &Refused) -> (Outcome, &'static str) {
    // Only the human check has no name for its reasons.
    let reason = refused.reason.unwrap_or("human_check");
    match refused.problem {
        Problem::Internal => (Outcome::Failed, "internal"),
        Problem::UpstreamUnavailable => (Outcome::Failed, reason),
        _ => (Outcome::Denied, reason),
    }
}

/// Counts the code for the client's address.
async fn count(guard: String, country: String, is_human: bool, call: &Call<'_>) -> Result<Counted, Refused> {
    let question = Question::CountAddress { country, is_human };
    let limit = call.deadline.remaining();
    match call.guards().ask_address(&guard, &question, limit).await? {
        Answer::Counted(at) => Ok(Counted { guard, at }),
        Answer::Refused(refusal) => Err(limits::refused_code(refusal)),
        _ => Err(Problem::Internal.into()),
    }
}

/// Whether a text may be on its way, so that it counts.
fn may_have_sent(answer: Result<&Answer, &NoAnswer>) -> bool {
    match answer {
        // While Guards fail, who tries again and again should not find the address locked when they are back. Should a text
        // have been sent all the same, the number's Guard has counted it.
        Ok(Answer::Refused(_)) | Err(NoAnswer::Failed) => false,
        Ok(Answer::Failed { maybe_sent, .. }) => *maybe_sent,
        Ok(_) | Err(NoAnswer::TimedOut) => true,
    }
}

/// The address is not to pay for what was not sent. After the client was answered; if it fails, that is logged and the address
/// has one code less.
fn take_back(counted: Counted, call: &Call<'_>) {
    let (settings, env) = (call.settings.clone(), call.env.clone());
    let request_id = call.request_id.to_owned();
    call.context.wait_until(async move {
        let guards = settings.guards(&env, &request_id);
        let question = Question::TakeBackAddress { at: counted.at };
        let _ = guards.ask_address(&counted.guard, &question, super::AFTERWARDS).await;
    });
}

async fn hold_until(floor: Deadline, call: &Call<'_>) {
    let remaining = floor.remaining();
    if remaining.is_zero() && call.settings.sign_up_floor_ms > 0 {
        log::warning(
            "sign_up_slower_than_its_floor",
            json!({ "request_id": call.request_id }),
        );
    }
    clock::sleep(remaining).await;
}

pub(crate) fn sent(session: &str, parameters: &serde_json::Map<String, serde_json::Value>) -> Reply {
    Reply::json(
        201,
        &json!({
            "ChallengeName": CUSTOM_CHALLENGE,
            "Session": session,
            "ChallengeParameters": parameters,
            "code": "CHALLENGE_SENT",
            "message": "A one-time code was sent. Answer with it at /sign_in before it expires.",
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_funnel_tells_what_was_not_let_through_from_what_could_not_be_asked() {
        let address = Refused {
            problem: Problem::TooManyRequests {
                retry_after: 1,
                retry_at: 2,
            },
            reason: Some("address_sends"),
        };
        assert_eq!(ended(&address), (Outcome::Denied, "address_sends"));
        let country = Refused {
            problem: Problem::DestinationNotAllowed,
            reason: Some("country"),
        };
        assert_eq!(ended(&country), (Outcome::Denied, "country"));
        assert_eq!(
            ended(&Problem::HumanCheckRequired.into()),
            (Outcome::Denied, "human_check")
        );
        assert_eq!(
            ended(&Problem::UpstreamUnavailable.into()),
            (Outcome::Failed, "human_check")
        );
        assert_eq!(ended(&NoAnswer::TimedOut.into()), (Outcome::Failed, "guard_timed_out"));
        assert_eq!(ended(&Problem::Internal.into()), (Outcome::Failed, "internal"));
    }

    #[test]
    fn the_number_is_read_beside_fields_that_do_not_matter() {
        let demand = Demand::read(br#"{"phone_number":"+15005550006","device_key":"d","x":1}"#).unwrap();
        assert_eq!((demand.phone.as_str(), demand.turnstile_token), ("+15005550006", None));
    }

    #[test]
    fn an_impossible_number_is_told_apart_from_a_malformed_request() {
        for number in ["15005550006", "+1", "+1 500 555 0006", "nobody", "+15005550006x"] {
            let body = json!({ "phone_number": number }).to_string();
            assert_eq!(
                Demand::read(body.as_bytes()).unwrap_err(),
                Problem::InvalidPhoneNumber,
                "{number}"
            );
        }
        for body in ["{}", r#"{"phone_number":15005550006}"#, r#"{"phone_number":""}"#, "[]"] {
            assert!(
                matches!(Demand::read(body.as_bytes()), Err(Problem::InvalidRequest(_))),
                "{body}"
            );
        }
    }

    #[test]
    fn a_device_key_is_at_most_128_characters_and_a_turnstile_token_2048() {
        for (name, longest) in [("device_key", 128), ("turnstile_token", 2_048)] {
            let body = |length| json!({"phone_number": "+15005550006", name: "k".repeat(length)}).to_string();
            assert!(Demand::read(body(longest).as_bytes()).is_ok());
            let too_long = Demand::read(body(longest + 1).as_bytes());
            assert!(matches!(too_long, Err(Problem::InvalidRequest(_))), "{name}");
        }
    }
}
