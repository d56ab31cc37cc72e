//! Lambda function: create auth challenge. See `triggers::settings::CreateSettings` for its environment.

#![deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::time::Instant;

use aws_lambda_events::event::cognito::CognitoEventUserPoolsCreateAuthChallenge as Event;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use triggers::{aws, clock, create::Create, log, secret, settings::CreateSettings, sms::Sns};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init();
    let begun = Instant::now();
    let trigger = init().await.inspect_err(log::start_failed)?;
    trigger.started(begun.elapsed(), clock::now());
    run(service_fn(|event: LambdaEvent<Event>| {
        trigger.handle(event.payload, clock::now())
    }))
    .await
}

async fn init() -> Result<Create<Sns>, Error> {
    let settings = CreateSettings::read(|name| std::env::var(name).ok())?;
    let aws = aws::configuration().await;
    let secrets = secret::read(&aws, &settings.secret_arn).await?;
    let sms = Sns::new(&aws, settings.sender_id.as_deref())?;
    Ok(Create::new(settings, &secrets, sms))
}
