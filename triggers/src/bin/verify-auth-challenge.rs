//! Lambda function: verify auth challenge response. See `triggers::settings::VerifySettings` for its environment.

#![deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::time::Instant;

use aws_lambda_events::event::cognito::CognitoEventUserPoolsVerifyAuthChallenge as Event;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use triggers::{aws, clock, log, secret, settings::VerifySettings, verify::Verify};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init();
    let begun = Instant::now();
    let trigger = init().await.inspect_err(log::start_failed)?;
    trigger.started(begun.elapsed(), clock::now());
    run(service_fn(async |event: LambdaEvent<Event>| {
        Ok::<_, Error>(trigger.handle(event.payload, clock::now()))
    }))
    .await
}

async fn init() -> Result<Verify, Error> {
    let settings = VerifySettings::read(|name| std::env::var(name).ok())?;
    let secrets = secret::read(&aws::configuration().await, &settings.secret_arn).await?;
    Ok(Verify::new(&settings, &secrets))
}
