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

mod cache;
mod cognito;
mod endpoints;
mod http;
mod runtime;
mod session;
mod settings;
mod token;

use std::{rc::Rc, time::Duration};

use endpoints::{
    Call, health, refresh_token::refresh_token, secured_call::secured_call, sign_in::sign_in, sign_up::sign_up,
};
use http::{
    cors::{self, AllowedOrigins},
    header::header,
    problem::Problem,
    reply::Reply,
    route::Route,
};
use runtime::{clock::Deadline, log, random};
use worker::{Context, Env, Headers, Request, Response, ResponseBody, event};

/// By when a client has its answer, whatever Cognito does.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// One request in, one answer out.
#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> worker::Result<Response> {
    let request_id = random::uuid();
    let is_head = request.inner().method() == "HEAD";
    let origin = header(&request, "origin");
    let settings = runtime::settings::load(&env);

    let reply = answer(request, settings.clone(), &context, &request_id).await;

    let reply = if is_head { reply.without_body() } else { reply };
    let origins = settings
        .as_ref()
        .map_or(&AllowedOrigins::Any, |settings| &settings.allowed_origins);
    into_response(
        origins
            .apply(reply, origin.as_deref())
            .with_header("x-request-id", request_id),
    )
}

/// Finds the endpoint, lets it answer, and writes the request's line in the log.
async fn answer(
    request: Request,
    settings: Option<Rc<settings::Settings>>,
    context: &Context,
    request_id: &str,
) -> Reply {
    let (route, outcome) = match Route::find(&request.inner().method(), &request.path()) {
        Ok(route) => (
            route.name(),
            dispatch(route, request, settings, context, request_id).await,
        ),
        Err(problem) => ("none", Err(problem.into())),
    };
    match outcome {
        Ok(reply) => {
            log::answered(request_id, route, reply.status, "OK", None);
            reply
        }
        Err(endpoints::Refused { problem, reason }) => {
            let code = problem.code();
            let reply = problem.into_reply();
            log::answered(request_id, route, reply.status, code, reason);
            reply
        }
    }
}

async fn dispatch(
    route: Route,
    request: Request,
    settings: Option<Rc<settings::Settings>>,
    context: &Context,
    request_id: &str,
) -> Result<Reply, endpoints::Refused> {
    // Some routes answer without settings; for all others their lack is our fault.
    let call = || {
        settings.ok_or(Problem::Internal).map(|settings| Call {
            settings,
            request_id,
            deadline: Deadline::after(ANSWER_WITHIN),
        })
    };
    match route {
        Route::Preflight(allow) => Ok(cors::preflight(
            allow,
            header(&request, "access-control-request-headers"),
        )),
        Route::Health if !health::is_deep(&request.inner().url()) => Ok(health::shallow()),
        Route::Health => Ok(health::deep(&call()?).await?),
        Route::SignUp => Ok(sign_up(request, &call()?).await?.no_store()),
        Route::SignIn => Ok(sign_in(request, &call()?, context).await?.no_store()),
        Route::RefreshToken => Ok(refresh_token(request, &call()?).await?.no_store()),
        Route::SecuredCall => secured_call(request, &call()?, context).await,
    }
}

fn into_response(reply: Reply) -> worker::Result<Response> {
    let headers = Headers::new();
    for (name, value) in reply.headers {
        headers.append(name, &value)?;
    }
    let body = reply
        .body
        .map_or(ResponseBody::Empty, |body| ResponseBody::Body(body.into_bytes()));
    Ok(Response::from_body(body)?
        .with_status(reply.status)
        .with_headers(headers))
}
