//! How many codes are sent: to one number, for one client address, to which countries.

use std::{
    process,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use e2e::{
    Answer, Phone, Worker,
    aws::error_name,
    client_address::{fresh_ipv4, fresh_network},
    system,
    waiting::{now, until},
    worker::Challenge,
};
use serde_json::json;

/// How long an answer takes at least for which Cognito was asked.
const FLOOR: Duration = Duration::from_millis(1_500);

const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;

/// Checks that this is a limit's refusal in the contract's form, and returns its `Retry-After`. `asked_at`: a moment (Unix
/// seconds) before the request.
#[track_caller]
pub(crate) fn expect_wait(answer: &Answer, asked_at: u64) -> u64 {
    let document = answer.expect_problem(429, "TOO_MANY_REQUESTS");
    let seconds = answer.header("retry-after").and_then(|text| text.parse().ok());
    let seconds: u64 = seconds.expect("a Retry-After in seconds");
    let at = document["retry_at"].as_u64().expect("a retry_at in Unix seconds");
    // Rounding up makes a second of difference. How long the answer took is not the worker's to know.
    let possible = asked_at + seconds..=now() + seconds + 1;
    assert!(possible.contains(&at), "{at} is not {seconds} s from now");
    seconds
}

/// Checks that the wait is one of `window` seconds that began within this test.
#[track_caller]
pub(crate) fn expect_wait_of(window: u64, answer: &Answer, asked_at: u64) {
    let seconds = expect_wait(answer, asked_at);
    assert!((window - MINUTE..=window).contains(&seconds), "{seconds} s");
}

/// Asks for a code to each of `phones` at once. In the order of `phones`, what was answered.
fn ask_at_once(phones: &[Phone], worker: &Worker) -> Vec<Answer> {
    thread::scope(|scope| {
        let asking: Vec<_> = phones
            .iter()
            .map(|phone| scope.spawn(|| worker.try_sign_up(phone)))
            .collect();
        asking.into_iter().map(|one| one.join().expect("an answer")).collect()
    })
}

/// Likewise; they all get it.
#[track_caller]
fn send_to(phones: &[Phone], worker: &Worker) {
    for answer in ask_at_once(phones, worker) {
        answer.expect_status(201);
    }
    for phone in phones {
        phone.code();
    }
}

fn phones<const COUNT: usize>() -> [Phone; COUNT] {
    [(); COUNT].map(|()| Phone::new())
}

#[test]
fn a_second_code_within_a_minute_is_429_that_says_when_to_come_back_and_sends_nothing() {
    let (worker, phone) = (system().main(), Phone::new());
    let challenge = worker.sign_up(&phone);
    let code = phone.code();

    let asked_at = now();
    let answer = worker.try_sign_up(&phone);
    let seconds = expect_wait(&answer, asked_at);
    assert!((1..=MINUTE).contains(&seconds), "{seconds} s");
    let retry_at = answer.json()["retry_at"].clone();

    // It counts down, towards the same moment: to ask in vain makes nobody wait longer.
    until("a shorter wait", Duration::from_secs(5), || {
        let asked_at = now();
        let answer = worker.try_sign_up(&phone);
        assert_eq!(answer.json()["retry_at"], retry_at);
        (expect_wait(&answer, asked_at) < seconds).then_some(())
    });
    assert_eq!(phone.texts().len(), 1, "a refusal sends no text");
    worker.sign_in(&challenge, &code).expect_status(200);
}

/// An answer that is held tells by that that Cognito was asked; one that is not costs nobody time.
#[test]
fn a_refusal_is_not_held_as_an_answer_is_that_asked_cognito() {
    let (worker, phone) = (system().main(), Phone::new());
    worker.sign_up(&phone);
    let quickest = (0..3).map(|_| {
        let begun = Instant::now();
        worker.try_sign_up(&phone).expect_status(429);
        begun.elapsed()
    });
    // One is enough: all of them would be held, and others use this machine too.
    let quickest = quickest.min().unwrap();
    assert!(quickest < FLOOR / 2, "{quickest:?}");
}

#[test]
fn the_pause_holds_wherever_the_next_code_is_asked_from() {
    let phone = Phone::new();
    system().main().asked_from(&fresh_ipv4()).sign_up(&phone);
    for address in [fresh_ipv4(), format!("{}::1", fresh_network())] {
        let asked_at = now();
        let answer = system().main().asked_from(&address).try_sign_up(&phone);
        assert!(expect_wait(&answer, asked_at) <= MINUTE);
    }
    assert_eq!(phone.texts().len(), 1);
}

/// Whoever counts first and asks whether that was too many later lets several through here.
#[test]
fn of_200_sign_ups_at_once_for_one_number_one_is_sent() {
    const CLIENTS: usize = 50;
    const EACH: usize = 4;
    let (worker, phone, start) = (system().main(), Phone::new(), Barrier::new(CLIENTS));
    let answers: Vec<Answer> = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    (0..EACH).map(|_| worker.try_sign_up(&phone)).collect::<Vec<_>>()
                })
            })
            .collect();
        clients
            .into_iter()
            .flat_map(|client| client.join().expect("answers"))
            .collect()
    });
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(201), count(429)), (1, CLIENTS * EACH - 1));
    assert_eq!(phone.texts().len(), 1);
    let sent = answers.iter().find(|answer| answer.status == 201).unwrap();
    worker.sign_in(&Challenge::read(sent), &phone.code()).expect_status(200);
}

/// Also at once, which is how somebody with a list of numbers asks.
#[test]
fn an_address_gets_five_codes_an_hour_and_another_address_goes_on() {
    let address = fresh_ipv4();
    let (worker, asked_at) = (system().main().asked_from(&address), now());
    let asked = phones::<20>();
    let answers = ask_at_once(&asked, &worker);
    let (sent, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    assert_eq!(sent.len(), 5);
    for answer in refused {
        expect_wait_of(HOUR, answer, asked_at);
    }
    assert_eq!(asked.iter().map(|phone| phone.texts().len()).sum::<usize>(), 5);

    // An IPv4 address is one client, however it is written.
    let another = Phone::new();
    for same in [address.clone(), format!("::ffff:{address}")] {
        let asked_at = now();
        let answer = system().main().asked_from(&same).try_sign_up(&another);
        expect_wait_of(HOUR, &answer, asked_at);
    }
    // The number itself is as good as any.
    system().main().asked_from(&fresh_ipv4()).sign_up(&another);
    assert_eq!(another.texts().len(), 1);
}

#[test]
fn the_ipv6_addresses_of_one_64_are_one_client_and_those_of_another_are_not() {
    let (network, neighbour) = (fresh_network(), fresh_network());
    let from = |address: String| system().main().asked_from(&address);
    for (host, phone) in phones::<5>().iter().enumerate() {
        // Spread over all of it: the last 64 bits are the client's to choose.
        from(format!("{network}:{host:x}00:0:ffff:{host:x}")).sign_up(phone);
    }
    let (sixth, asked_at) = (Phone::new(), now());
    let answer = from(format!("{network}:ffff:ffff:ffff:ffff")).try_sign_up(&sixth);
    expect_wait_of(HOUR, &answer, asked_at);
    from(format!("{neighbour}::1")).sign_up(&sixth);
}

#[test]
fn an_address_does_not_pay_for_codes_that_its_numbers_were_refused() {
    let worker = system().main().asked_from(&fresh_ipv4());
    let phone = Phone::new();
    worker.sign_up(&phone);
    // With the first they are the five of an hour, so that each reaches the number, whose pause it is.
    for _ in 0..4 {
        let asked_at = now();
        assert!(expect_wait(&worker.try_sign_up(&phone), asked_at) <= MINUTE);
    }
    for other in &phones::<4>() {
        // They are taken back after the client was answered.
        until("room for another code", Duration::from_secs(10), || {
            (worker.try_sign_up(other).status == 201).then_some(())
        });
    }
    // And the five that were sent do count.
    let asked_at = now();
    expect_wait_of(HOUR, &worker.try_sign_up(&Phone::new()), asked_at);
}

#[test]
fn an_address_gets_codes_for_three_countries_a_day() {
    let worker = system().main().asked_from(&fresh_ipv4());
    send_to(&["AT", "DE", "CH"].map(Phone::in_country), &worker);

    let (fourth, asked_at) = (Phone::in_country("FR"), now());
    expect_wait_of(DAY, &worker.try_sign_up(&fourth), asked_at);
    assert!(fourth.texts().is_empty());

    // More of the same three are no matter, and the fourth is none for others.
    worker.sign_up(&Phone::in_country("AT"));
    system().main().asked_from(&fresh_ipv4()).sign_up(&fourth);
}

/// Whether Cognito knows a user with this number.
fn is_known(phone: &Phone) -> bool {
    let user = json!({ "UserPoolId": system().main_stack().user_pool_id, "Username": phone.number() });
    // The local AWS fails now and then while others create users.
    until("an answer about a user", Duration::from_secs(10), || {
        let answer = system().root().cognito("AdminGetUser", &user);
        let is_unknown = error_name(&answer) == "UserNotFoundException";
        (is_unknown || answer.status == 200).then_some(!is_unknown)
    })
}

/// A fresh mobile number of the United Kingdom, which no worker has on its list.
fn british() -> Phone {
    let line = Phone::new().number()["+1212555".len()..].to_owned();
    Phone::with_number(&format!("+447700{:02}{line}", process::id() % 100))
}

#[test]
fn a_country_that_is_not_listed_gets_no_codes_and_cognito_is_not_asked() {
    let refused = [
        (system().strict(), Phone::new()),
        (system().strict(), Phone::in_country("DE")),
        (system().guarded(), british()),
    ];
    for (worker, phone) in &refused {
        let begun = Instant::now();
        let answer = worker.try_sign_up(phone);
        let took = begun.elapsed();
        answer.expect_problem(403, "DESTINATION_NOT_ALLOWED");
        assert!(took < FLOOR, "{took:?}");
        assert!(!is_known(phone), "who is refused becomes no user");
        assert!(phone.texts().is_empty());
    }
    // It is the list alone: where every country is allowed, the same numbers are good.
    let numbers = refused.map(|(_, phone)| phone);
    send_to(&numbers, &system().main());
    assert!(numbers.iter().all(is_known));
}
