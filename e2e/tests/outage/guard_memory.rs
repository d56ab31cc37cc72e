//! What Guards remember outlives them: Cloudflare ends and restarts objects at will, so a limit that was kept in memory alone
//! would be none. Seen at the worker `lenient`, which can be loaded anew, and which has the pauses as they are by default.

use std::thread;

use e2e::{
    Answer, Phone, Worker, client_address::fresh_address, key_server::KeyServer, keys::of_this_run, lenient::load_anew,
    phone::other_than, relay::Relay, turnstile::Turnstile, waiting::now, worker::Challenge,
};
use serde_json::Value;

use crate::{human_check_always::sign_up_with, issuer, sign_out::expect_unavailable};

/// `SENDS_PER_ADDRESS` an hour, by default.
const SENDS_PER_ADDRESS: usize = 5;
/// The first of `SEND_PAUSES_SECONDS`, by default.
const PAUSE: u64 = 60;

/// The worker, all for one test, with all that it needs for sending codes.
struct Lenient {
    // In the order in which all tests here take them.
    keys: KeyServer,
    relay: Relay,
    turnstile: Turnstile,
    worker: Worker,
}

impl Lenient {
    fn open() -> Self {
        let keys = KeyServer::for_lenient(&issuer::published());
        let relay = Relay::open();
        let turnstile = Turnstile::shared();
        let worker = load_anew(&keys, &of_this_run("guard-memory"));
        Self {
            keys,
            relay,
            turnstile,
            worker,
        }
    }

    /// Ends all objects; the worker goes on with new ones.
    fn load_anew(&mut self) {
        self.worker = load_anew(&self.keys, &of_this_run("guard-memory"));
    }

    #[track_caller]
    fn try_sign_up(&self, phone: &Phone) -> Answer {
        self.try_sign_up_at(&self.worker, phone)
    }

    #[track_caller]
    fn try_sign_up_at(&self, worker: &Worker, phone: &Phone) -> Answer {
        sign_up_with(worker, phone, &self.turnstile.good_token())
    }

    /// Checks that no code is sent to the number now, and returns from when on it would be.
    #[track_caller]
    fn expect_paused(&self, phone: &Phone) -> u64 {
        let retry_at: Value = self.try_sign_up(phone).expect_problem(429, "TOO_MANY_REQUESTS")["retry_at"].clone();
        retry_at.as_u64().expect("Unix seconds")
    }
}

#[test]
fn a_number_stays_paused_and_its_challenge_open_when_its_guard_restarts() {
    let mut lenient = Lenient::open();
    let phone = Phone::new();
    let challenge = Challenge::read(lenient.try_sign_up(&phone).expect_status(201));
    let code = phone.code();
    let paused_until = lenient.expect_paused(&phone);
    assert!(paused_until > now() && paused_until <= now() + PAUSE + 1);
    let wrong = lenient.worker.sign_in(&challenge, &other_than(&code, 1));
    let next = Challenge::read(wrong.expect_status(401));

    lenient.load_anew();
    assert_eq!(lenient.expect_paused(&phone), paused_until, "to the very second");
    // The turn that was taken stays taken, and the next one can be.
    lenient.relay.restore();
    let again = lenient.worker.sign_in(&challenge, &code);
    again.expect_problem(403, "NOT_AUTHORIZED");
    assert_eq!(
        lenient.relay.count("AdminRespondToAuthChallenge"),
        0,
        "the Guard says so"
    );
    lenient.worker.sign_in(&next, &code).expect_status(200);

    lenient.load_anew();
    lenient
        .worker
        .sign_in(&next, &code)
        .expect_problem(403, "NOT_AUTHORIZED");
    // A right answer does not end the shortest pause.
    assert_eq!(lenient.expect_paused(&phone), paused_until);
    assert_eq!(phone.texts().len(), 1);
}

#[test]
fn an_address_stays_at_its_limit_when_its_guard_restarts() {
    let mut lenient = Lenient::open();
    let address = fresh_address();
    let elsewhere = lenient.worker.clone().asked_from(&address);
    let (lenient_now, at) = (&lenient, &elsewhere);
    thread::scope(|scope| {
        for _ in 0..SENDS_PER_ADDRESS {
            scope.spawn(move || lenient_now.try_sign_up_at(at, &Phone::new()).expect_status(201).status);
        }
    });
    lenient.load_anew();
    let phone = Phone::new();
    let elsewhere = lenient.worker.clone().asked_from(&address);
    let answer = lenient.try_sign_up_at(&elsewhere, &phone);
    answer.expect_problem(429, "TOO_MANY_REQUESTS");
    // Nor is it the number's fault.
    lenient.try_sign_up(&phone).expect_status(201);
}

/// Here and not where answers get lost otherwise, because `fault` has no pauses.
#[test]
fn a_number_is_paused_after_a_text_whose_confirmation_was_lost_and_not_after_one_that_was_not_sent() {
    let mut lenient = Lenient::open();
    let phone = Phone::new();
    lenient.relay.lose_answers_to("AdminInitiateAuth");
    expect_unavailable(&lenient.try_sign_up(&phone));
    lenient.relay.lose_answer_to("AdminRespondToAuthChallenge", 1);
    expect_unavailable(&lenient.try_sign_up(&phone));
    phone.code();
    let paused_until = lenient.expect_paused(&phone);

    lenient.load_anew();
    assert_eq!(lenient.expect_paused(&phone), paused_until);
    assert_eq!(phone.texts().len(), 1);
}
