//! Signing out: which tokens end by it, where, and how soon.

use std::{thread, time::Duration};

use e2e::{Answer, Challenge, Phone, Tokens, Worker, keys, system, waiting::until};
use serde_json::{Value, json};

/// By when every location refuses: what the worker's README says.
const EVERYWHERE_WITHIN: Duration = Duration::from_mins(1);

/// Storing in the cache happens after the answer.
const STORED_WITHIN: Duration = Duration::from_secs(5);

/// No body, which is the plain sign-out of this device.
const HERE: Value = Value::Null;

pub(crate) fn everywhere() -> Value {
    json!({ "everywhere": true })
}

/// Checks the answer to a sign-out that succeeded.
#[track_caller]
pub(crate) fn expect_done(answer: &Answer) {
    answer.expect_status(204);
    assert!(answer.body.is_empty());
    assert_eq!(answer.header("content-type"), None);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

/// Checks that the token is refused, in the same words as any token that is not good.
#[track_caller]
pub(crate) fn expect_refused(worker: &Worker, token: &str) {
    let answer = worker.call_secured(token);
    answer.expect_problem(401, "INVALID_TOKEN");
    assert_eq!(
        answer.distinguishable(),
        worker.call_secured("no-token").distinguishable()
    );
}

/// Signs in once more: another device of the same user.
#[track_caller]
fn signed_in_again(phone: &Phone) -> Tokens {
    let worker = system().main();
    let texts = phone.texts().len();
    let challenge: Challenge = worker.sign_up_again(phone);
    let code = phone.code_of_text(texts + 1);
    Tokens::read(worker.sign_in(&challenge, &code).expect_status(200))
}

#[test]
fn a_token_that_was_in_use_is_refused_at_once() {
    let worker = system().main();
    let tokens = worker.signed_in(&Phone::new());
    // So that it is remembered as good.
    for _ in 0..3 {
        worker.call_secured(&tokens.access).expect_status(200);
    }
    expect_done(&worker.sign_out(&tokens.access, &HERE));
    for _ in 0..3 {
        expect_refused(&worker, &tokens.access);
    }
    for method in ["HEAD", "POST", "DELETE"] {
        let request = worker
            .request(method, "/secured/call")
            .header("authorization", format!("Bearer {}", tokens.access))
            .body(())
            .unwrap();
        assert_eq!(worker.send(&request).status, 401, "{method}");
    }
}

#[test]
fn what_was_cached_for_a_token_is_not_served_any_more() {
    let worker = system().main();
    let tokens = worker.signed_in(&Phone::new());
    let path = "/secured/call?cached=for-long";
    let get = || worker.get_with(path, &tokens.access);
    until("an answer from the cache", STORED_WITHIN, || {
        let answer = get();
        let status = answer.expect_status(200).header("cache-status").unwrap_or_default();
        status.contains("; hit").then_some(())
    });
    expect_done(&worker.sign_out(&tokens.access, &HERE));
    let answer = get();
    answer.expect_problem(401, "INVALID_TOKEN");
    assert_eq!(answer.header("age"), None);
}

#[test]
fn every_token_of_the_sign_in_is_refused_refreshed_ones_too() {
    let worker = system().main();
    let first = worker.signed_in(&Phone::new());
    let second = Tokens::read(worker.refresh(&first.refresh).expect_status(200));
    // The newer one was never used, nor is it the one that signs out.
    expect_done(&worker.sign_out(&first.access, &HERE));
    expect_refused(&worker, &second.access);
    expect_refused(&worker, &first.access);
}

#[test]
fn without_its_refresh_token_cognito_goes_on_and_the_edge_still_refuses() {
    let worker = system().main();
    let first = worker.signed_in(&Phone::new());
    expect_done(&worker.sign_out(&first.access, &HERE));
    // Cognito ends a single sign-in by its refresh token alone.
    let second = Tokens::read(worker.refresh(&first.refresh).expect_status(200));
    expect_refused(&worker, &second.access);
}

#[test]
fn with_its_refresh_token_the_sign_in_cannot_be_refreshed_any_more() {
    let worker = system().main();
    let first = worker.signed_in(&Phone::new());
    let second = Tokens::read(worker.refresh(&first.refresh).expect_status(200));
    expect_done(&worker.sign_out(&second.access, &json!({ "refresh_token": second.refresh })));
    for token in [&second.refresh, &first.refresh] {
        worker.refresh(token).expect_problem(403, "NOT_AUTHORIZED");
    }
    expect_refused(&worker, &second.access);
}

#[test]
fn another_device_goes_on_after_a_plain_sign_out() {
    let (worker, phone) = (system().main(), Phone::new());
    let device = worker.signed_in(&phone);
    let other = signed_in_again(&phone);
    assert_eq!(keys::claims(&device.access)["sub"], keys::claims(&other.access)["sub"]);
    expect_done(&worker.sign_out(&device.access, &json!({ "refresh_token": device.refresh })));
    expect_refused(&worker, &device.access);
    worker.call_secured(&other.access).expect_status(200);
    worker.refresh(&other.refresh).expect_status(200);
}

#[test]
fn everywhere_ends_all_devices_and_the_next_sign_in_begins_anew() {
    let (worker, phone) = (system().main(), Phone::new());
    let stranger = worker.signed_in(&Phone::new());
    let device = worker.signed_in(&phone);
    let other = signed_in_again(&phone);
    worker.call_secured(&other.access).expect_status(200);

    expect_done(&worker.sign_out(&device.access, &everywhere()));
    for tokens in [&device, &other] {
        expect_refused(&worker, &tokens.access);
        worker.refresh(&tokens.refresh).expect_problem(403, "NOT_AUTHORIZED");
    }

    let next = signed_in_again(&phone);
    worker.call_secured(&next.access).expect_status(200);
    let refreshed = Tokens::read(worker.refresh(&next.refresh).expect_status(200));
    worker.call_secured(&refreshed.access).expect_status(200);
    // Those from before stay out, and nobody else was.
    expect_refused(&worker, &other.access);
    worker.call_secured(&stranger.access).expect_status(200);
    worker.refresh(&stranger.refresh).expect_status(200);
}

#[test]
fn it_can_be_repeated_in_every_form() {
    let worker = system().main();
    let phone = Phone::new();
    let tokens = worker.signed_in(&phone);
    let with_token = json!({ "refresh_token": tokens.refresh });
    let both = json!({ "refresh_token": tokens.refresh, "everywhere": true });
    for body in [&HERE, &with_token, &everywhere(), &both] {
        for _ in 0..2 {
            expect_done(&worker.sign_out(&tokens.access, body));
        }
    }
    expect_refused(&worker, &tokens.access);
}

#[test]
fn sign_outs_of_one_user_at_the_same_time_do_not_undo_each_other() {
    let (worker, phone) = (system().main(), Phone::new());
    let devices = [
        worker.signed_in(&phone),
        signed_in_again(&phone),
        signed_in_again(&phone),
    ];
    thread::scope(|scope| {
        let (first, worker) = (&devices[0], &worker);
        scope.spawn(|| expect_done(&worker.sign_out(&first.access, &everywhere())));
        for device in &devices[..2] {
            scope.spawn(|| expect_done(&worker.sign_out(&device.access, &HERE)));
        }
    });
    for device in &devices {
        expect_refused(&worker, &device.access);
    }
}

#[test]
fn other_locations_refuse_within_a_minute() {
    let (here, elsewhere, phone) = (system().main(), system().strict(), Phone::new());
    let device = here.signed_in(&phone);
    let other = signed_in_again(&phone);
    // There the tokens lack a scope: 403 means that they are good.
    for tokens in [&device, &other] {
        elsewhere
            .call_secured(&tokens.access)
            .expect_problem(403, "INSUFFICIENT_SCOPE");
    }
    let refused = |tokens: &Tokens| {
        until("the other location to refuse", EVERYWHERE_WITHIN, || {
            let answer = elsewhere.call_secured(&tokens.access);
            if answer.status == 401 {
                answer.expect_problem(401, "INVALID_TOKEN");
                return Some(());
            }
            answer.expect_problem(403, "INSUFFICIENT_SCOPE");
            None
        });
    };
    expect_done(&here.sign_out(&device.access, &HERE));
    refused(&device);
    elsewhere
        .call_secured(&other.access)
        .expect_problem(403, "INSUFFICIENT_SCOPE");
    expect_done(&here.sign_out(&device.access, &everywhere()));
    refused(&other);
    // One that nobody had shown there before is refused at its first call.
    let late = signed_in_again(&phone);
    expect_done(&here.sign_out(&late.access, &HERE));
    elsewhere
        .call_secured(&late.access)
        .expect_problem(401, "INVALID_TOKEN");
}
