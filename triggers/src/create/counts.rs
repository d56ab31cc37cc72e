//! What create counts.

use super::*;
use crate::testing::{
    FakeSms, ISSUED_AT, Lines, create_event, create_event_of_unknown_user, create_settings_with, listed, permit_for,
    round, sealed, secrets, test_permit_for,
};

/// A number of a country, and one of none.
const GERMAN: &str = "+4915112345678";
const SATELLITE: &str = "+881612345678";

/// Counts and messages of one challenge for the number that the permit is for.
async fn challenged(permit: &Permit, sms: &FakeSms) -> Vec<(String, Option<String>)> {
    let session = [round("permit", false)];
    let mut event = create_event(&session, Some(&sealed(permit)));
    let phone = permit.phone.as_str().to_owned();
    let attributes = &mut event.request.user_attributes;
    attributes.insert(PHONE_NUMBER_ATTRIBUTE.to_owned(), phone);
    counted(event, sms).await
}

async fn counted(event: Event, sms: &FakeSms) -> Vec<(String, Option<String>)> {
    let lines = Lines::default();
    let mut create = Create::new(create_settings_with(listed(&[GERMAN])), &secrets(), sms);
    create.metrics = lines.metrics();
    // Whether it came to a challenge is not the matter here.
    let _ = create.handle(event, ISSUED_AT).await;
    lines.counts()
}

fn count(name: &str, country: Option<&str>) -> Vec<(String, Option<String>)> {
    vec![(name.to_owned(), country.map(str::to_owned))]
}

#[tokio::test]
async fn a_code_that_was_sent_is_counted_by_country() {
    let sms = FakeSms::default();
    assert_eq!(
        challenged(&permit_for(GERMAN), &sms).await,
        count("CodesSent", Some("DE"))
    );
    assert_eq!(sms.sent().len(), 1);
    assert_eq!(challenged(&permit_for(SATELLITE), &sms).await, count("CodesSent", None));
}

#[tokio::test]
async fn a_code_that_was_not_sent_is_a_failed_send_alone() {
    let counts = challenged(&permit_for(GERMAN), &FakeSms::failing()).await;
    assert_eq!(counts, count("SendsFailed", Some("DE")));
}

#[tokio::test]
async fn a_test_number_is_no_code_that_was_sent() {
    let sms = FakeSms::default();
    let counts = challenged(&test_permit_for(GERMAN), &sms).await;
    assert_eq!(counts, count("TestNumbersUsed", Some("DE")));
    assert!(sms.sent().is_empty());
}

#[tokio::test]
async fn a_refused_permit_is_counted_without_a_country() {
    // Nothing but the permit says which it would be.
    let sms = FakeSms::default();
    let event = create_event(&[round("permit", false)], Some("forged"));
    assert_eq!(counted(event, &sms).await, count("PermitsRefused", None));
}

#[tokio::test]
async fn what_sends_nothing_is_not_counted() {
    let sms = FakeSms::default();
    assert!(counted(create_event(&[], None), &sms).await.is_empty());
    let unknown = create_event_of_unknown_user(&[round("permit", false)], Some(&sealed(&permit_for(GERMAN))));
    assert!(counted(unknown, &sms).await.is_empty());
    let again = [round("permit", false), round("v1.", false)];
    assert!(counted(create_event(&again, None), &sms).await.is_empty());
}
