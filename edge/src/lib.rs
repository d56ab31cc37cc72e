//! The worker: passwordless sign-in at the edge.
//!
//! HTTP in, Cognito out. It signs its calls to Amazon Cognito and verifies Cognito's access tokens itself. What it decides
//! is decided by pure functions, tested natively; [`runtime`] is the thin shell of platform calls around them. It knows
//! nothing of the triggers: what both must agree on is in the crate `challenge`.

#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::todo,
    clippy::unimplemented,
    clippy::unreachable,
    clippy::unwrap_used
)]
#![cfg_attr(not(test), deny(clippy::string_slice))]

mod access_log;
mod cache;
mod cognito;
mod dialogue;
mod endpoints;
mod funnel;
mod gateway;
mod guard;
mod http;
mod human_check;
mod revocation;
mod runtime;
mod session;
mod settings;
mod token;

use std::{rc::Rc, time::Duration};

use endpoints::{
    Call, Refused, admin_guard::admin_guard, health, refresh_token::refresh_token, secured_call::secured_call,
    secured_origin::secured_origin, sign_in::sign_in, sign_out::sign_out, sign_up::sign_up,
};
use http::{
    answer::Answer,
    cors::{self, AllowedOrigins},
    problem::Problem,
    request::Inbound,
    route::{Offered, Route},
};
use runtime::{clock::Deadline, random, task::apart};
use settings::Settings;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use worker::{Context, Env, worker_sys};

/// By when a client has its answer, whatever Cognito does.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// One request in, one answer out, or a promise of one. The entry module's handler; not `worker`'s `event` macro, which
/// makes a promise for every answer.
///
/// # Errors
/// The platform did not take the answer.
#[wasm_bindgen]
pub fn fetch(request: web_sys::Request, env: Env, context: worker_sys::Context) -> Result<JsValue, JsValue> {
    runtime::task::run(handle(Inbound::new(request), env, Context::new(context)))
}

async fn handle(request: Inbound, env: Env, context: Context) -> Result<web_sys::Response, JsValue> {
    let request_id = random::uuid();
    let settings = runtime::settings::load(&env);

    let answer = answer(&request, settings.clone(), &env, &context, &request_id).await;

    let origins = settings
        .as_ref()
        .map_or(&AllowedOrigins::Any, |settings| &settings.allowed_origins);
    let mut headers = origins.headers(request.header("origin").as_deref());
    headers.push(("x-request-id", request_id));
    answer.into_response(request.method() == "HEAD", headers)
}

/// Finds the endpoint, lets it answer, and writes the request's line in the log.
async fn answer(
    request: &Inbound,
    settings: Option<Rc<Settings>>,
    env: &Env,
    context: &Context,
    request_id: &str,
) -> Answer {
    let offered = settings
        .as_ref()
        .map_or_else(Offered::default, |settings| settings.offered());
    let log_every_answer = settings.as_ref().is_some_and(|settings| settings.log_every_answer);
    let (route, outcome) = match Route::find(request.method(), request.path(), offered) {
        Ok(route) => {
            // Some routes answer without settings; for all others their lack is our fault.
            let call = settings.map(|settings| Call {
                settings,
                env,
                context,
                request_id,
                deadline: Deadline::after(ANSWER_WITHIN),
            });
            (Some(route), dispatch(route, request, call.as_ref()).await)
        }
        Err(problem) => (None, Err(problem.into())),
    };
    access_log::conclude(route, outcome, request_id, log_every_answer)
}

async fn dispatch(route: Route, request: &Inbound, call: Option<&Call<'_>>) -> Result<Answer, Refused> {
    let call = || call.ok_or(Problem::Internal);
    Ok(match route {
        Route::Preflight(allow) => cors::preflight(allow, request.header("access-control-request-headers")).into(),
        Route::Health if !health::is_deep(request.query()) => health::shallow().into(),
        Route::Health => apart(health::deep(call()?)).await?.into(),
        Route::SignUp => apart(sign_up(request, call()?)).await?.no_store().into(),
        Route::SignIn => apart(sign_in(request, call()?)).await?.no_store().into(),
        Route::RefreshToken => apart(refresh_token(request, call()?)).await?.no_store().into(),
        Route::SignOut => apart(sign_out(request, call()?)).await?.no_store().into(),
        Route::AdminGuard => apart(admin_guard(request, call()?)).await?.no_store().into(),
        Route::SecuredCall => apart(secured_call(request, call()?)).await?,
        Route::SecuredOrigin => apart(secured_origin(request, call()?)).await?,
    })
}
