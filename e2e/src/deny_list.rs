//! Lets the deny list of the workers `fault`, `lenient` and `short` fail.

use std::{
    net::TcpStream,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{
    port::{HttpRequest, Port, respond},
    system::system,
};

/// How it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Every read and every write is an error.
    Error,
    /// None ends.
    Silence,
}

/// The deny list of a worker, in the hands of one test: others that want one wait until this is dropped. A test holds it also
/// while the deny list works, or another would let it fail under it. To be taken after a key server, whoever needs both.
pub struct DenyList {
    worker: String,
    _alone: MutexGuard<'static, ()>,
}

impl DenyList {
    /// Waits for the turn.
    pub fn of(worker: &str) -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        Self {
            worker: worker.to_owned(),
            _alone: TURN.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Lets it fail from here on.
    pub fn broken(&self, fault: Fault) -> BrokenDenyList<'_> {
        BrokenDenyList::new(self, fault)
    }
}

/// A worker's deny list fails while a test holds this.
pub struct BrokenDenyList<'a> {
    uses: Arc<AtomicUsize>,
    over: Arc<(Mutex<bool>, Condvar)>,
    port: Option<Port>,
    /// So that there is one at a time, on the one port.
    _deny_list: &'a DenyList,
}

impl<'a> BrokenDenyList<'a> {
    fn new(deny_list: &'a DenyList, fault: Fault) -> Self {
        let worker = &deny_list.worker;
        let uses = Arc::new(AtomicUsize::new(0));
        let over = Arc::new((Mutex::new(false), Condvar::new()));
        let port = Port::open(system().description.fault.deny_list_port, {
            let (uses, over) = (Arc::clone(&uses), Arc::clone(&over));
            let concerned = format!("GET /{worker} ");
            move |mut stream: TcpStream| {
                let request = HttpRequest::read(&mut stream)?;
                if !request.head.starts_with(&concerned) {
                    return respond(&mut stream, 200, "text/plain", "work");
                }
                uses.fetch_add(1, Ordering::SeqCst);
                match fault {
                    Fault::Error => respond(&mut stream, 500, "text/plain", "fail"),
                    Fault::Silence => {
                        let (is_over, changed) = &*over;
                        let is_over = is_over.lock().unwrap_or_else(PoisonError::into_inner);
                        drop(changed.wait_while(is_over, |is_over| !*is_over));
                        Ok(())
                    }
                }
            }
        });
        Self {
            uses,
            over,
            port: Some(port),
            _deny_list: deny_list,
        }
    }

    /// How often it was used.
    pub fn uses(&self) -> usize {
        self.uses.load(Ordering::SeqCst)
    }
}

impl Drop for BrokenDenyList<'_> {
    fn drop(&mut self) {
        // Refused from here on, which means that it is well.
        self.port = None;
        let (is_over, changed) = &*self.over;
        *is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
    }
}
