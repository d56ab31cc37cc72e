//! How long an answer takes does not tell whether a number, or a username, has an account.

use std::{
    fs,
    io::{self, Write},
    process,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use e2e::{Answer, Phone, Worker, system, worker::Challenge};
use serde_json::{Value, json};

use crate::{
    known::{call, known_phone},
    statistics::{Sample, mann_whitney, sign_test},
};

/// Pairs of requests, one for somebody known and one for nobody.
const PAIRS: usize = 200;

/// Pairs of sign-ups at a time: few enough that two busy cores do their work within the floor, which hides how much it was.
const AT_A_TIME: u32 = 8;

/// The least duration of a sign-up.
const FLOOR: Duration = Duration::from_millis(1_500);

/// What decides which of a pair comes first. Fixed, so that a run that fails can be repeated.
const SEED: u64 = 0x5eed_0f0d_d5a1_7a51;

/// The medians may differ by so much of the smaller one.
const SHARE: f64 = 0.1;

/// One test at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// What was seen of one request.
struct Seen {
    took: Duration,
    answer: Answer,
}

struct Pair {
    known: Seen,
    unknown: Seen,
}

/// Does `request` and says how long the worker took.
fn timed(request: impl FnOnce() -> Answer) -> Seen {
    let answer = request();
    let took = answer.took;
    Seen { took, answer }
}

/// Whether the known one of a pair comes first: a fair coin, the same in each run. Source: `SplitMix64`, by Vigna.
fn known_first(pair: usize) -> bool {
    let mut z = SEED.wrapping_add((pair as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) & 1 == 1
}

/// Makes both requests of a pair, one after the other.
fn in_any_order(pair: usize, known: impl FnOnce() -> Answer, unknown: impl FnOnce() -> Answer) -> Pair {
    if known_first(pair) {
        let known = timed(known);
        let unknown = timed(unknown);
        Pair { known, unknown }
    } else {
        let unknown = timed(unknown);
        let known = timed(known);
        Pair { known, unknown }
    }
}

/// Does `make` for the numbers below `count`, so many at a time, and gives the results in any order.
fn side_by_side<T: Send>(count: usize, at_a_time: u32, make: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..at_a_time {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    let result = make(number);
                    results.lock().unwrap_or_else(PoisonError::into_inner).push(result);
                }
            });
        }
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Prints past the test harness, which shows the output of failed tests alone: these numbers are worth seeing each time.
fn print(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Prints how the durations compare, and checks that the medians are within the share of each other, or within `slack_ms`.
#[track_caller]
fn expect_as_long(what: &str, pairs: &[Pair], slack_ms: f64) {
    let sample = |seen: fn(&Pair) -> &Seen| Sample::new(&pairs.iter().map(|pair| seen(pair).took).collect::<Vec<_>>());
    let (known, unknown) = (sample(|pair| &pair.known), sample(|pair| &pair.unknown));
    let longer = pairs.iter().filter(|pair| pair.known.took > pair.unknown.took).count();
    let (one, other) = (known.median(), unknown.median());
    print(&format!(
        "{what}, known:   {}\n{what}, unknown: {}\n{what}: medians differ by {:.3} ms ({:.3} %); Mann-Whitney p={:.3}; known longer \
         in {longer} of {} pairs, sign test p={:.3}",
        known.describe(),
        unknown.describe(),
        one - other,
        (one - other).abs() / one.min(other) * 100.0,
        mann_whitney(&known, &unknown),
        pairs.len(),
        sign_test(longer, pairs.len()),
    ));
    let allowed = slack_ms.max(SHARE * one.min(other));
    assert!((one - other).abs() <= allowed, "{what}: {one:.3} and {other:.3} ms");
}

/// Whether the worker `main` logged that a request took longer than its floor, for each of them.
fn log_of_slow_ones() -> impl Fn(&Seen) -> bool {
    let logs = &system().description.logs;
    let log = logs.iter().find(|log| log.ends_with("worker-main.log"));
    let bytes = fs::read(log.expect("every worker has a log")).expect("the log can be read");
    let text = String::from_utf8_lossy(&bytes);
    let is_slow = |line: &&str| line.contains("sign_up_slower_than_its_floor");
    let slow: Vec<String> = text.lines().filter(is_slow).map(str::to_owned).collect();
    move |seen| {
        let request_id = seen.answer.header("x-request-id").expect("a request id");
        slow.iter().any(|line| line.contains(request_id))
    }
}

/// Takes the users away again. The local AWS searches a pool's users one by one for a phone number, so each that stays makes
/// every later sign-up slower.
#[track_caller]
fn forget_users(pairs: &[Pair]) {
    let answers = pairs.iter().flat_map(|pair| [&pair.known.answer, &pair.unknown.answer]);
    for answer in answers.filter(|answer| answer.status == 201) {
        let username = Challenge::read(answer).username;
        let user = json!({ "UserPoolId": system().main_stack().user_pool_id, "Username": username });
        call("AdminDeleteUser", &user).expect_status(200);
    }
}

/// What a client can see of a sent code beside what belongs to this one: header names, the names of all members, and how long
/// each of the parameters and the session is.
fn form(answer: &Answer) -> (Vec<String>, Vec<(String, usize)>) {
    let body = answer.expect_status(201).json();
    let lengths = |object: &Value| {
        let members = object.as_object().cloned().unwrap_or_default();
        let length = |value: &Value| value.as_str().map_or(0, str::len);
        members
            .iter()
            .map(|(name, value)| (name.clone(), length(value)))
            .collect::<Vec<_>>()
    };
    let all = [lengths(&body), lengths(&body["ChallengeParameters"])].concat();
    (answer.header_names(), all)
}

#[test]
fn sign_ups_of_known_and_unknown_numbers_look_alike_and_take_as_long() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let worker = system().main();
    let begun = Instant::now();
    let phones: Vec<_> = (0..PAIRS).map(|_| (known_phone(), Phone::new())).collect();
    let (prepared, begun) = (begun.elapsed(), Instant::now());
    let mut pairs = side_by_side(PAIRS, AT_A_TIME, |number| {
        if let Ok(place @ 1..AT_A_TIME) = u32::try_from(number) {
            // The first ones begin one after the other, spread over the floor: all would else go on in step, with all of their
            // work at the same moments. This is not waiting for something.
            thread::sleep(FLOOR * place / AT_A_TIME);
        }
        let (known, unknown) = &phones[number];
        in_any_order(number, || worker.try_sign_up(known), || worker.try_sign_up(unknown))
    });
    let took = begun.elapsed();
    let is_slow = log_of_slow_ones();
    print(&format!(
        "sign-up: {PAIRS} pairs, {AT_A_TIME} at a time, in {:.0} s and {:.0} s for preparing them; slower than the floor: {} \
         known, {} unknown",
        took.as_secs_f64(),
        prepared.as_secs_f64(),
        pairs.iter().filter(|pair| is_slow(&pair.known)).count(),
        pairs.iter().filter(|pair| is_slow(&pair.unknown)).count(),
    ));
    forget_users(&pairs);
    let first = form(&pairs[0].known.answer);
    for pair in &pairs {
        assert_eq!(form(&pair.known.answer), first);
        assert_eq!(form(&pair.unknown.answer), first);
    }
    // What the floor is for: without it the work for an unknown number would show. It does show where that takes longer than
    // the floor, which a median hides as long as it is rare.
    let is_within = |pair: &&Pair| !is_slow(&pair.known) && !is_slow(&pair.unknown);
    let within = pairs.iter().filter(is_within).count();
    assert!(
        within >= PAIRS / 2,
        "only {within} pairs took no longer than the floor: the machine is too busy for {AT_A_TIME} at a time, or the local AWS \
         has too many users by now, among which it searches one by one"
    );
    expect_as_long("sign-up", &pairs, 0.0);
    pairs.retain(|pair| is_within(&pair));
    expect_as_long("sign-up within the floor", &pairs, 0.0);
}

/// Answers for a known and an unknown username with a session that nobody was given.
fn expect_sign_ins_alike(what: &str, worker: &Worker) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let known = worker.sign_up(&Phone::new());
    // In the form of a real one, so that it is looked at as closely: what anybody has who signed up with a number of their own,
    // and one letter that is not of it.
    let invented = format!("{}x", worker.sign_up(&Phone::new()).session);
    let pairs = side_by_side(PAIRS, 1, |number| {
        let as_user = |username: String| Challenge {
            username,
            session: invented.clone(),
            ..known.clone()
        };
        let user = as_user(known.username.clone());
        let nobody = as_user(format!("{:08x}-0000-4000-8000-{number:012x}", process::id()));
        let answer = |challenge: &Challenge| worker.sign_in(challenge, "123456");
        in_any_order(number, || answer(&user), || answer(&nobody))
    });
    let refused = pairs[0].known.answer.distinguishable();
    for pair in &pairs {
        pair.known.answer.expect_problem(403, "NOT_AUTHORIZED");
        for seen in [&pair.known, &pair.unknown] {
            assert_eq!(seen.answer.distinguishable(), refused);
        }
    }
    expect_as_long(what, &pairs, 1.0);
}

#[test]
fn sign_ins_with_an_invented_session_take_as_long_for_users_as_for_nobody() {
    expect_sign_ins_alike("sign-in at main", &system().main());
}

#[test]
fn sign_ins_with_an_invented_session_take_as_long_where_codes_are_short_lived() {
    // Sessions are over after three seconds: 410 for whoever holds a real one, and never for an invented one.
    expect_sign_ins_alike("sign-in at short", &system().short());
}
