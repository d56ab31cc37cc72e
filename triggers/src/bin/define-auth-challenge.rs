//! Lambda function: define auth challenge. Needs nothing from its environment.

#![deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use aws_lambda_events::event::cognito::CognitoEventUserPoolsDefineAuthChallenge as Event;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use triggers::{define, log};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init();
    run(service_fn(async |event: LambdaEvent<Event>| {
        Ok::<_, Error>(define::handle(event.payload))
    }))
    .await
}
