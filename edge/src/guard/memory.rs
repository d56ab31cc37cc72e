//! What an object remembers: one document in its `SQLite` database, and an alarm for when it can be forgotten.

use std::cell::Cell;

use guard::{Memory, Policy};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use wasm_bindgen::JsValue;

use crate::runtime::{clock, log, object_state::ObjectState};

/// How often what is old is dropped, in milliseconds: a day. Nothing counts by being there, only by its time, so this is about
/// storage alone.
const FORGET_EVERY_MS: u64 = 24 * 60 * 60 * 1_000;

const CREATE: &str = "CREATE TABLE IF NOT EXISTS memory \
    (id INTEGER PRIMARY KEY CHECK (id = 0), kind TEXT NOT NULL, document TEXT NOT NULL)";
const READ: &str = "SELECT kind, document FROM memory";
const WRITE: &str = "INSERT INTO memory VALUES (0, ?, ?) ON CONFLICT DO UPDATE SET document = excluded.document";

/// What one kind of object remembers.
pub(super) trait Kept: Memory + Serialize + DeserializeOwned {
    /// Its name in the database.
    const KIND: &'static str;
}

/// The storage did not do it. The request ends here, unanswered, which is a refusal to whoever asked.
#[derive(Debug)]
pub(super) struct StorageError;

impl From<JsValue> for StorageError {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// An object's storage.
pub(super) struct Store {
    state: ObjectState,
    /// When the alarm goes off, as far as this instance knows: milliseconds since the Unix epoch.
    alarm_at: Cell<Option<u64>>,
}

impl Store {
    pub(super) fn new(state: ObjectState) -> Self {
        Self {
            state,
            alarm_at: Cell::new(None),
        }
    }

    /// Kind and document.
    fn row(&self) -> Result<Option<[String; 2]>, StorageError> {
        self.state.sql_row(CREATE, &[], [])?;
        Ok(self.state.sql_row(READ, &[], ["kind", "document"])?)
    }

    /// Which kind of object it is, if it remembers anything.
    pub(super) fn kind(&self) -> Result<Option<String>, StorageError> {
        Ok(self.row()?.map(|[kind, _]| kind))
    }

    /// What was written last; nothing yet is the default. An error, and so a refusal, if it cannot be read: to begin anew
    /// would forget every limit.
    pub(super) fn read<M: Kept + Default>(&self) -> Result<M, StorageError> {
        let Some([kind, document]) = self.row()? else {
            return Ok(M::default());
        };
        match serde_json::from_str(&document) {
            Ok(memory) if kind == M::KIND => Ok(memory),
            _ => {
                log::error("guard_memory_unreadable", json!({ "kind": M::KIND }));
                Err(StorageError)
            }
        }
    }

    /// Writes at once: what is asked next, of this object or of Cognito, finds it written. The platform holds back whatever
    /// leaves the object until it is on disk ("output gates").
    pub(super) fn write<M: Kept>(&self, memory: &M) -> Result<(), StorageError> {
        let document = serde_json::to_string(memory).map_err(|_| StorageError)?;
        self.state.sql_row(CREATE, &[], [])?;
        self.state.sql_row(WRITE, &[M::KIND, &document], [])?;
        Ok(())
    }

    /// Sees to it that this is forgotten one day.
    pub(super) async fn remind(&self) -> Result<(), StorageError> {
        self.remind_in(FORGET_EVERY_MS).await
    }

    /// Has the alarm go off in so many milliseconds, unless it does so earlier anyway.
    async fn remind_in(&self, milliseconds: u64) -> Result<(), StorageError> {
        let at = clock::now_ms().saturating_add(milliseconds);
        if self.alarm_at.get().is_none() {
            self.alarm_at.set(self.state.alarm_at().await?);
        }
        if self.alarm_at.get().is_none_or(|set| set > at) {
            self.state.set_alarm(at).await?;
            self.alarm_at.set(Some(at));
        }
        Ok(())
    }

    /// What the alarm is for: drops what is too old to matter, and everything once nothing is left.
    pub(super) async fn forget<M: Kept + Default>(&self, policy: &Policy) -> Result<(), StorageError> {
        let mut memory: M = self.read()?;
        let now = clock::now_millis();
        memory.forget(policy, now);
        self.alarm_at.set(None);
        if memory.is_empty() {
            return self.clear().await;
        }
        self.write(&memory)?;
        match memory.fades_in(now) {
            Some(milliseconds) => self.remind_in(milliseconds).await,
            None => Ok(()),
        }
    }

    /// Drops everything.
    pub(super) async fn clear(&self) -> Result<(), StorageError> {
        Ok(self.state.delete_all().await?)
    }
}
