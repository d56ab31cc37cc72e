//! Runs a request's future for the platform.

use std::{
    cell::RefCell,
    collections::HashMap,
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Wake, Waker},
};

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;
use web_sys::Response;

/// A request on its way to its response.
struct Task {
    future: Pin<Box<dyn Future<Output = Result<Response, JsValue>>>>,
    relay: Arc<Relay>,
}

/// The one waker that a task has in all its polls, whoever polls it. Futures may keep that of their first poll for good, as
/// `worker::Delay` does.
#[derive(Default)]
struct Relay(Mutex<Option<Waker>>);

impl Wake for Relay {
    fn wake(self: Arc<Self>) {
        // Without anybody to wake, the next poll comes by itself.
        let waker = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Task {
    /// `by`: whom to wake when it can go on.
    fn poll(&mut self, by: Option<&Waker>) -> Poll<Result<Response, JsValue>> {
        if let Some(by) = by {
            *self.relay.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(by.clone());
        }
        let waker = Waker::from(Arc::clone(&self.relay));
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }
}

thread_local! {
    /// What the future that is being polled waits for, if it said so: the ticket of its resumption, and the promise.
    static AWAITED: RefCell<Option<(u32, Promise)>> = const { RefCell::new(None) };
    /// Futures that wait for their resumption, by ticket.
    static PARKED: RefCell<HashMap<u32, Task>> = RefCell::default();
}

/// Keeps the code of a future out of the function that it is awaited in.
///
/// Without it the compiler makes one function of all endpoints, of a hundred kilobytes, which every request runs through and
/// V8 takes seconds to optimize (docs/performance.md).
pub(crate) fn apart<'a, T>(future: impl Future<Output = T> + 'a) -> Pin<Box<dyn Future<Output = T> + 'a>> {
    Box::pin(future)
}

/// The response, if the future has it without waiting, else a promise of it.
///
/// Most requests wait for nothing: a remembered token, a refusal, a health check. A promise with its closures costs them more
/// than all their own work (docs/performance.md), and the platform takes either.
pub(crate) fn run(future: impl Future<Output = Result<Response, JsValue>> + 'static) -> Result<JsValue, JsValue> {
    go_on(Task {
        future: Box::pin(future),
        relay: Arc::default(),
    })
}

fn go_on(mut task: Task) -> Result<JsValue, JsValue> {
    AWAITED.take();
    // Nobody is woken by this poll: if it is not the last one, the next comes by itself, from `resume` or the promise.
    match task.poll(None) {
        Poll::Ready(response) => response.map(JsValue::from),
        Poll::Pending => Ok(if let Some((ticket, promise)) = AWAITED.take() {
            PARKED.with_borrow_mut(|parked| parked.insert(ticket, task));
            promise.into()
        } else {
            let rest = poll_fn(move |context| task.poll(Some(context.waker())));
            future_to_promise(async { rest.await.map(JsValue::from) }).into()
        }),
    }
}

/// To be said by a future while it is polled: what it waits for is `promise`, which ends by calling [`resume`] with `ticket`
/// and takes over what that returns. It then needs no promise of its own. Only for what settles soon in any case: a request
/// that is cut off meanwhile leaves its future behind until then.
pub(super) fn awaits(ticket: u32, promise: Promise) {
    AWAITED.set(Some((ticket, promise)));
}

/// Goes on with the future that waits under `ticket`. `None` if none does: then it is run by other means.
pub(super) fn resume(ticket: u32) -> Option<Result<JsValue, JsValue>> {
    let task = PARKED.with_borrow_mut(|parked| parked.remove(&ticket))?;
    Some(go_on(task))
}
