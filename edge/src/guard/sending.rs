//! The Guard of a number sends a code.

use std::{rc::Rc, time::Duration};

use challenge::{Channel, Nonce, Permit, RequestId, UnixSeconds};
use guard::{Asker, Challenge, Memory, UnixMillis};
use serde_json::json;

use super::{
    memory::StorageError,
    object::too_late,
    object::{NumberRecord, Object},
    protocol::{Answer, Fault, Question, SendCode},
};
use crate::{
    cognito::Cognito,
    dialogue::{self, CodeChallenge, NotSent},
    funnel::{self, Event, Outcome},
    http::problem::Problem,
    runtime::{
        clock::{self, Deadline},
        log, random,
    },
    session::Session,
    settings::Settings,
};

/// How long a country's Guard, which is beside this one, may take.
const COUNTRY_WITHIN: Duration = Duration::from_secs(2);

impl Object {
    /// Counts the code, then asks the country, then Cognito; takes back what was counted for nothing.
    pub(super) async fn send_code(&self, ask: SendCode, settings: &Rc<Settings>) -> Result<Answer, StorageError> {
        let write = |outcome, reason| {
            let country = ask.country.as_deref().unwrap_or(funnel::TEST);
            ask.asked.step(Event::Code, country, outcome, reason).write(&self.env);
        };
        let deadline = Deadline::at(ask.asked.until_ms);
        if deadline.remaining().is_zero() {
            write(Outcome::Failed, "too_late");
            return Ok(too_late());
        }

        let mut record: NumberRecord = self.store.read()?;
        record.is_test = settings.protection.test_numbers.code_of(&ask.phone).is_some();
        record.country.clone_from(&ask.country);
        let now = clock::now_millis();
        let policy = record.policy(settings);
        record.number.forget(policy, now);
        let asker = Asker {
            network: ask.network.as_deref(),
            is_human: ask.is_human,
        };
        let counted = match record.number.begin_send(policy, now, asker) {
            Ok(counted) => counted,
            Err(refusal) => {
                write(Outcome::Denied, refusal.name());
                return Ok(Answer::Refused(refusal));
            }
        };
        self.store.write(&record)?;
        self.store.remind().await?;

        let at_country = match self.count_country(&ask, settings, deadline).await {
            Ok(at) => at,
            Err(answer) => {
                let (outcome, reason) = match &answer {
                    Answer::Refused(refusal) => (Outcome::Denied, refusal.name()),
                    _ => (Outcome::Failed, "not_sent"),
                };
                write(outcome, reason);
                self.take_back(counted)?;
                return Ok(answer);
            }
        };

        match self.ask_cognito(&ask, settings, deadline).await {
            Ok(challenge) => {
                write(Outcome::Sent, "");
                self.open(&ask, &challenge, counted, at_country, settings)
            }
            Err(NotSent { problem, maybe_sent }) => {
                let reason = if maybe_sent { "maybe_sent" } else { "not_sent" };
                write(Outcome::Failed, reason);
                if maybe_sent {
                    let mut record: NumberRecord = self.store.read()?;
                    record.number.close_challenge(counted);
                    self.store.write(&record)?;
                } else {
                    self.take_back(counted)?;
                    self.tell_country(settings, &ask, at_country, |at| Question::TakeBackCountry { at });
                }
                Ok(Answer::Failed {
                    fault: problem.into(),
                    maybe_sent,
                })
            }
        }
    }

    async fn ask_cognito(
        &self,
        ask: &SendCode,
        settings: &Settings,
        deadline: Deadline,
    ) -> Result<CodeChallenge, NotSent> {
        let test_code = settings.protection.test_numbers.code_of(&ask.phone).cloned();
        if test_code.is_some() {
            log::warning("test_number_used", json!({ "request_id": ask.asked.request_id }));
        }
        let permit = Permit {
            nonce: Nonce::new(random::bytes().map_err(|_| Problem::Internal)?),
            phone: ask.phone.clone(),
            channel: Channel::Sms,
            issued_at: clock::now(),
            test_code,
            request_id: RequestId::parse(&ask.asked.request_id),
        };
        let cognito = Cognito {
            settings,
            request_id: &ask.asked.request_id,
            deadline,
        };
        dialogue::send_code(&permit, &cognito).await
    }

    /// From here on this challenge can be answered, and no older one.
    fn open(
        &self,
        ask: &SendCode,
        challenge: &CodeChallenge,
        counted: UnixMillis,
        at_country: Option<UnixMillis>,
        settings: &Settings,
    ) -> Result<Answer, StorageError> {
        let id = random::uuid();
        let UnixSeconds(expires_at) = challenge.expires_at;
        let mut record: NumberRecord = self.store.read()?;
        let open = Challenge {
            id: id.clone(),
            sent_at: at_country.unwrap_or(counted),
            // The whole of the last second.
            expires_at: UnixMillis(expires_at.saturating_mul(1_000).saturating_add(999)),
            answers: 0,
            is_unsure: false,
        };
        record.number.open_challenge(counted, open);
        self.store.write(&record)?;
        let session = Session {
            expires_at: challenge.expires_at,
            number: &settings.protection.guard_names.number(&ask.phone),
            challenge: &id,
            turn: 0,
            cognito: &challenge.session,
        };
        Ok(Answer::Challenge {
            session: settings.session_seal.seal(&challenge.username, &session),
            parameters: challenge.parameters(),
        })
    }

    fn take_back(&self, counted: UnixMillis) -> Result<(), StorageError> {
        let mut record: NumberRecord = self.store.read()?;
        record.number.take_back_send(counted);
        self.store.write(&record)
    }

    /// Counts the code for its country, if it has one. What to answer, if it may not be sent.
    async fn count_country(
        &self,
        ask: &SendCode,
        settings: &Settings,
        deadline: Deadline,
    ) -> Result<Option<UnixMillis>, Answer> {
        let Some(country) = &ask.country else {
            return Ok(None);
        };
        let question = Question::CountCountry {
            country: country.clone(),
            request_id: ask.asked.request_id.clone(),
        };
        let guards = settings.guards(&self.env, &ask.asked.request_id);
        let within = COUNTRY_WITHIN.min(deadline.remaining());
        let problem = match guards.ask_country(country, &question, within).await {
            Ok(Answer::Counted(at)) => return Ok(Some(at)),
            Ok(Answer::Refused(refusal)) => return Err(Answer::Refused(refusal)),
            Ok(_) => Problem::Internal,
            Err(no_answer) => no_answer.into(),
        };
        Err(Answer::Failed {
            fault: Fault::from(problem),
            maybe_sent: false,
        })
    }

    /// Tells the country's Guard, after the client has its answer.
    fn tell_country(
        &self,
        settings: &Rc<Settings>,
        ask: &SendCode,
        at: Option<UnixMillis>,
        question: impl FnOnce(UnixMillis) -> Question,
    ) {
        if let (Some(country), Some(at)) = (&ask.country, at) {
            self.tell(settings, country.clone(), ask.asked.request_id.clone(), question(at));
        }
    }

    pub(super) fn tell(&self, settings: &Rc<Settings>, country: String, request_id: String, question: Question) {
        let (settings, env) = (Rc::clone(settings), self.env.clone());
        self.state.wait_until(async move {
            let guards = settings.guards(&env, &request_id);
            // If it fails that is logged, and the country has one code more that counts as unverified.
            let _ = guards.ask_country(&country, &question, COUNTRY_WITHIN).await;
        });
    }
}
