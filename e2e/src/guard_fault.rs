//! Lets the Guards of the workers `fault`, `guarded`, `lenient` and `short` fail, or be far away, as their worker sees them.

use std::{
    collections::BTreeMap,
    net::TcpStream,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    port::{HttpRequest, Port, respond},
    system::system,
};

/// What is the matter with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: their uses are counted.
    None,
    /// They cannot be reached, or fail.
    Error,
    /// They are asked and never answer.
    Silence,
    /// The way there and the way back take that long each.
    FarAway(Duration),
}

/// What a Guard is for, as the worker asks it. Those of countries are asked by other Guards alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guarded {
    Number,
    Address,
}

impl Guarded {
    const ALL: [Self; 2] = [Self::Number, Self::Address];

    const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Address => "address",
        }
    }
}

/// The Guards of a worker are meddled with while a test holds this. One at a time; and as other calls of that worker would feel
/// it, the test has to have the worker for itself: of `fault` and `lenient` by holding the [`crate::relay::Relay`], without
/// which nobody signs up or in there.
pub struct MeddledGuards {
    /// By kind.
    uses: Arc<Mutex<BTreeMap<&'static str, usize>>>,
    over: Arc<(Mutex<bool>, Condvar)>,
    port: Option<Port>,
    /// Last, so that the port is free by the time that the next test may have it: fields are dropped in this order.
    _only_one: MutexGuard<'static, ()>,
}

impl MeddledGuards {
    /// From here on this is the matter with all Guards of `worker`.
    pub fn of(worker: &str, fault: Fault) -> Self {
        Self::open(worker, &Guarded::ALL, fault)
    }

    /// Likewise, with those of one kind alone.
    pub fn of_kind(worker: &str, kind: Guarded, fault: Fault) -> Self {
        Self::open(worker, &[kind], fault)
    }

    fn open(worker: &str, kinds: &[Guarded], fault: Fault) -> Self {
        static ONLY_ONE: Mutex<()> = Mutex::new(());
        let only_one = ONLY_ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let uses = Arc::new(Mutex::new(BTreeMap::new()));
        let over = Arc::new((Mutex::new(false), Condvar::new()));
        let port = Port::open(system().description.fault.guard_port, {
            let (uses, over) = (Arc::clone(&uses), Arc::clone(&over));
            let (worker, concerned) = (worker.to_owned(), kinds.to_vec());
            move |mut stream: TcpStream| {
                let request = HttpRequest::read(&mut stream)?;
                let is_asked = |kind: &Guarded| {
                    request
                        .head
                        .starts_with(&format!("GET /{worker}?guard={} ", kind.name()))
                };
                let Some(kind) = Guarded::ALL.into_iter().find(is_asked) else {
                    return respond(&mut stream, 200, "text/plain", "another worker's: works");
                };
                *lock(&uses).entry(kind.name()).or_default() += 1;
                match fault {
                    _ if !concerned.contains(&kind) => respond(&mut stream, 200, "text/plain", "works"),
                    Fault::None => respond(&mut stream, 200, "text/plain", "works"),
                    Fault::Error => respond(&mut stream, 500, "text/plain", "fails"),
                    Fault::FarAway(way) => {
                        let delay = format!(r#"{{"delay":{}}}"#, way.as_millis());
                        respond(&mut stream, 200, "application/json", &delay)
                    }
                    Fault::Silence => {
                        let (is_over, changed) = &*over;
                        drop(changed.wait_while(lock(is_over), |is_over| !*is_over));
                        // Whoever still waits shall not get through by the end of the silence.
                        respond(&mut stream, 500, "text/plain", "never answered")
                    }
                }
            }
        });
        Self {
            uses,
            over,
            port: Some(port),
            _only_one: only_one,
        }
    }

    /// How often the worker used a Guard of that kind, whether or not that failed.
    pub fn uses(&self, kind: Guarded) -> usize {
        lock(&self.uses).get(kind.name()).copied().unwrap_or_default()
    }

    /// How often the worker used any Guard.
    pub fn all_uses(&self) -> usize {
        lock(&self.uses).values().sum()
    }
}

impl Drop for MeddledGuards {
    fn drop(&mut self) {
        // Refused from here on, which means that they are well.
        self.port = None;
        let (is_over, changed) = &*self.over;
        *lock(is_over) = true;
        changed.notify_all();
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
