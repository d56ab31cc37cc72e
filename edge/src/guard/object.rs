//! The Durable Object itself: a question in, an answer out.

use std::rc::Rc;

use guard::{Address, Country, Memory, Number, Policy, Refusal, UnixMillis};
use js_sys::Promise;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;
use worker::Env;

use super::{
    memory::{Kept, StorageError, Store},
    protocol::{Answer, Fault, Question},
};
use crate::{
    funnel::{self, Event, Outcome, Step},
    runtime::{self, clock, object_state::ObjectState, task::apart},
    settings::Settings,
};

/// One Guard, as the entry module has it (`xtask/src/build/worker_entry.js`).
#[wasm_bindgen]
pub struct Guard(Rc<Object>);

/// What a Guard works with.
pub(super) struct Object {
    pub(super) state: ObjectState,
    pub(super) env: Env,
    pub(super) store: Store,
}

/// What the Guard of a number remembers.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct NumberRecord {
    pub(super) number: Number,
    /// The country that its codes are counted for; none for a test number.
    pub(super) country: Option<String>,
    /// Whether the last code was for a test number, which has limits of its own.
    pub(super) is_test: bool,
}

impl NumberRecord {
    /// The limits that hold for it.
    pub(super) fn policy<'a>(&self, settings: &'a Settings) -> &'a Policy {
        settings.protection.policy(self.is_test)
    }

    /// What the funnel calls its country. One that was never sent a code has none.
    pub(super) fn country_in_funnel(&self) -> &str {
        match &self.country {
            _ if self.is_test => funnel::TEST,
            Some(country) => country,
            None => funnel::UNKNOWN,
        }
    }
}

impl Memory for NumberRecord {
    fn forget(&mut self, policy: &Policy, now: UnixMillis) {
        self.number.forget(policy, now);
    }

    fn is_empty(&self) -> bool {
        self.number.is_empty()
    }

    fn fades_in(&self, now: UnixMillis) -> Option<u64> {
        self.number.fades_in(now)
    }
}

impl Kept for NumberRecord {
    const KIND: &'static str = "number";
}

impl Kept for Address {
    const KIND: &'static str = "address";
}

impl Kept for Country {
    const KIND: &'static str = "country";
}

#[wasm_bindgen]
impl Guard {
    #[wasm_bindgen(constructor)]
    pub fn new(state: ObjectState, env: Env) -> Self {
        let store = Store::new(state.clone());
        Self(Rc::new(Object { state, env, store }))
    }

    /// The answer to a question, both as JSON. Rejects if the storage fails.
    pub fn ask(&self, question: String) -> Promise {
        let object = Rc::clone(&self.0);
        let answer = async move {
            let answer = apart(object.answer_text(&question)).await;
            answer.map(JsValue::from).map_err(|StorageError| failed())
        };
        future_to_promise(answer)
    }

    /// Time to forget.
    pub fn alarm(&self) -> Promise {
        let object = Rc::clone(&self.0);
        let forgotten = async move {
            let forgotten = apart(object.forget()).await;
            forgotten.map(|()| JsValue::UNDEFINED).map_err(|StorageError| failed())
        };
        future_to_promise(forgotten)
    }
}

/// Nobody waits for the answer any more, and nothing was done.
pub(super) fn too_late() -> Answer {
    Answer::Failed {
        fault: Fault::UpstreamUnavailable,
        maybe_sent: false,
    }
}

fn failed() -> JsValue {
    js_sys::Error::new("the Guard's storage failed, or its settings are not complete").into()
}

impl Object {
    fn settings(&self) -> Result<Rc<Settings>, StorageError> {
        runtime::settings::load(&self.env).ok_or(StorageError)
    }

    async fn answer_text(&self, question: &str) -> Result<String, StorageError> {
        let question = serde_json::from_str(question).map_err(|_| StorageError)?;
        let answer = self.answer(question, self.settings()?).await?;
        serde_json::to_string(&answer).map_err(|_| StorageError)
    }

    async fn forget(&self) -> Result<(), StorageError> {
        let settings = self.settings()?;
        let policy = &settings.protection.policy;
        match self.store.kind()?.as_deref() {
            Some(NumberRecord::KIND) => self.store.forget::<NumberRecord>(policy).await,
            Some(Address::KIND) => self.store.forget::<Address>(policy).await,
            Some(Country::KIND) => self.store.forget::<Country>(policy).await,
            _ => self.store.clear().await,
        }
    }

    async fn answer(&self, question: Question, settings: Rc<Settings>) -> Result<Answer, StorageError> {
        let policy = &settings.protection.policy;
        let now = clock::now_millis();
        match question {
            Question::SendCode(ask) => apart(self.send_code(ask, &settings)).await,
            Question::AnswerCode(ask) => apart(self.answer_code(ask, &settings)).await,
            Question::Show => {
                let record: NumberRecord = self.store.read()?;
                Ok(Answer::Summary(record.number.summary(record.policy(&settings), now)))
            }
            Question::CarryOut { order, operator } => {
                let mut record: NumberRecord = self.store.read()?;
                record.number.carry_out(order, operator, now);
                self.store.write(&record)?;
                Ok(Answer::Summary(record.number.summary(record.policy(&settings), now)))
            }
            Question::CountAddress { country, is_human } => {
                let mut address: Address = self.store.read()?;
                address.forget(policy, now);
                let counted = address.begin_send(policy, &country, now, is_human);
                self.keep_counted(&address, counted).await
            }
            Question::TakeBackAddress { at } => self.change(|address: &mut Address| address.take_back_send(at)).await,
            Question::CountCountry { country, request_id } => {
                let mut memory: Country = self.store.read()?;
                memory.forget(policy, now);
                let budget = memory.begin_send(policy, now);
                let outcome = match (budget.decision, budget.is_exceeded()) {
                    (Err(_), _) => Outcome::Denied,
                    (Ok(_), true) => Outcome::Recorded,
                    (Ok(_), false) => Outcome::Sent,
                };
                let step = Step {
                    request_id: &request_id,
                    event: Event::CountryBudget,
                    country: &country,
                    outcome,
                    reason: if budget.is_exceeded() { "country_budget" } else { "" },
                };
                step.write_budget(&self.env, &budget);
                self.keep_counted(&memory, budget.decision).await
            }
            Question::TakeBackCountry { at } => self.change(|country: &mut Country| country.take_back_send(at)).await,
            Question::Verified { at } => self.change(|country: &mut Country| country.verified(at)).await,
        }
    }

    /// Writes down what was counted. A refusal changes nothing, so a flood of them writes nothing.
    async fn keep_counted<M: Kept>(
        &self,
        memory: &M,
        counted: Result<UnixMillis, Refusal>,
    ) -> Result<Answer, StorageError> {
        match counted {
            Ok(at) => {
                self.store.write(memory)?;
                self.store.remind().await?;
                Ok(Answer::Counted(at))
            }
            Err(refusal) => Ok(Answer::Refused(refusal)),
        }
    }

    async fn change<M: Kept + Default>(&self, change: impl FnOnce(&mut M)) -> Result<Answer, StorageError> {
        let mut memory: M = self.store.read()?;
        change(&mut memory);
        self.store.write(&memory)?;
        self.store.remind().await?;
        Ok(Answer::Done)
    }
}
