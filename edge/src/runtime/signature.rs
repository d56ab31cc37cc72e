//! RS256 by Web Cryptography. Measured: pure Rust RSA in wasm verifies 460 tokens a second, this about 3,500.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    future::poll_fn,
    task::{Context, Poll, Waker},
};

use js_sys::{Array, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto, WorkerGlobalScope};

use super::{border, task};

/// RFC 7518 §3.3, as Web Cryptography names it.
const ALGORITHM: &str = "RSASSA-PKCS1-v1_5";

/// The platform's cryptography failed: a key that it does not take, say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CryptoError;

impl From<JsValue> for CryptoError {
    fn from(_: JsValue) -> Self {
        Self
    }
}

fn subtle() -> Result<SubtleCrypto, CryptoError> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    Ok(scope.crypto()?.subtle())
}

fn object(members: &[(&str, &JsValue)]) -> Result<Object, CryptoError> {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &JsValue::from_str(name), value)?;
    }
    Ok(object)
}

/// Imports a public key for RS256 from `n` and `e` of its JWK; not extractable, for verification only.
pub(crate) async fn import(modulus: &str, exponent: &str) -> Result<CryptoKey, CryptoError> {
    let jwk = object(&[("kty", &"RSA".into()), ("n", &modulus.into()), ("e", &exponent.into())])?;
    let algorithm = object(&[("name", &ALGORITHM.into()), ("hash", &"SHA-256".into())])?;
    let usages = Array::of1(&JsString::from("verify"));
    let imported = subtle()?.import_key_with_object("jwk", &jwk, &algorithm, false, &usages)?;
    Ok(JsFuture::from(imported).await?.unchecked_into())
}

/// Whether `signature` is `key`'s over `signed`.
///
/// Not a `JsFuture`, which makes two closures for each promise and has a finalizer watch them: right for what may take long
/// or never come, since a request that is cut off must leave nothing behind. A signature is verified before the platform does
/// anything else, so one closure serves all of them, a table says who waits, and the request itself needs no other promise.
pub(crate) async fn verify(key: &CryptoKey, signature: &[u8], signed: &[u8]) -> bool {
    let ticket = Ticket::draw();
    match SETTLE.with(|settle| border::verify(ALGORITHM, key, signature, signed, ticket.0, settle)) {
        Ok(promise) => task::awaits(ticket.0, promise),
        Err(_) => give(ticket.0, false),
    }
    poll_fn(|context| ticket.poll(context)).await
}

/// Whether a signature is right, or who waits to know.
enum Verdict {
    Waiting(Option<Waker>),
    Given(bool),
}

thread_local! {
    static VERDICTS: RefCell<HashMap<u32, Verdict>> = RefCell::default();
    static NEXT: Cell<u32> = const { Cell::new(0) };
    static SETTLE: Closure<dyn Fn(u32, bool) -> Result<JsValue, JsValue>> = Closure::new(settle);
}

/// A place in the table, given up when nobody waits any more.
struct Ticket(u32);

impl Ticket {
    fn draw() -> Self {
        let ticket = NEXT.replace(NEXT.get().wrapping_add(1));
        VERDICTS.with_borrow_mut(|verdicts| verdicts.insert(ticket, Verdict::Waiting(None)));
        Self(ticket)
    }

    fn poll(&self, context: &Context<'_>) -> Poll<bool> {
        VERDICTS.with_borrow_mut(|verdicts| match verdicts.get_mut(&self.0) {
            Some(Verdict::Given(right)) => Poll::Ready(*right),
            Some(Verdict::Waiting(waker)) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
            // Cannot be: the ticket is still held.
            None => Poll::Ready(false),
        })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        VERDICTS.with_borrow_mut(|verdicts| verdicts.remove(&self.0));
    }
}

/// Gives the verdict, and goes on with the request that waits for it. What comes of that is the request's answer.
fn settle(ticket: u32, right: bool) -> Result<JsValue, JsValue> {
    give(ticket, right);
    task::resume(ticket).unwrap_or(Ok(JsValue::UNDEFINED))
}

fn give(ticket: u32, right: bool) {
    let before = VERDICTS.with_borrow_mut(|verdicts| {
        let verdict = verdicts.get_mut(&ticket)?;
        Some(std::mem::replace(verdict, Verdict::Given(right)))
    });
    if let Some(Verdict::Waiting(Some(waker))) = before {
        waker.wake();
    }
}
