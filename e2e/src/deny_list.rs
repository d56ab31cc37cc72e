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

/// A worker's deny list fails while a test holds this. One at a time; and as other calls of that worker would feel it, the
/// test has to have the worker for itself.
pub struct BrokenDenyList {
    uses: Arc<AtomicUsize>,
    over: Arc<(Mutex<bool>, Condvar)>,
    port: Option<Port>,
    /// Last, so that the port is free by the time that the next test may have it: fields are dropped in this order.
    _only_one: MutexGuard<'static, ()>,
}

impl BrokenDenyList {
    /// Lets the deny list of `worker` fail from here on.
    pub fn of(worker: &str, fault: Fault) -> Self {
        static ONLY_ONE: Mutex<()> = Mutex::new(());
        let only_one = ONLY_ONE.lock().unwrap_or_else(PoisonError::into_inner);
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
            _only_one: only_one,
        }
    }

    /// How often it was used.
    pub fn uses(&self) -> usize {
        self.uses.load(Ordering::SeqCst)
    }
}

impl Drop for BrokenDenyList {
    fn drop(&mut self) {
        // Refused from here on, which means that it is well.
        self.port = None;
        let (is_over, changed) = &*self.over;
        *is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
    }
}
