//! `/admin/guard`: an operator looks at what a worker remembers of a number, and gives orders.

use e2e::{Answer, Phone, Worker, system, waiting::now, worker_log};
use serde_json::{Value, json};

use crate::{
    answer_limits::spend_all,
    sending_limits::{expect_wait, expect_wait_of},
};

const HOUR: u64 = 3_600;

/// An order as an operator gives it.
fn demand(order: &str, phone: &Phone, operator: &str) -> Value {
    json!({ "order": order, "phone_number": phone.number(), "operator": operator })
}

#[track_caller]
fn send(worker: &Worker, token: Option<&str>, demand: &Value) -> Answer {
    let request = worker
        .request("POST", "/admin/guard")
        .header("content-type", "application/json");
    let request = match token {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    };
    worker.send(&request.body(demand.to_string()).expect("a request"))
}

/// Gives a demand to the worker `main` with its token.
#[track_caller]
fn demanded(demand: &Value) -> Answer {
    send(&system().main(), Some(&system().description.admin_token), demand)
}

/// Carries out an order, or only looks, and returns what is shown then.
#[track_caller]
fn ordered(order: &str, phone: &Phone) -> Value {
    system().main().order(order, phone).expect_status(200).json()
}

#[test]
fn without_the_admin_token_nothing_is_shown_and_nothing_done() {
    let (worker, phone) = (system().main(), Phone::new());
    let token = &system().description.admin_token;
    let user = worker.signed_in(&Phone::new());
    let others = [
        String::new(),
        "wrong".to_owned(),
        token[1..].to_owned(),
        format!("{token}x"),
        token.to_uppercase(),
        user.access,
    ];
    for order in ["show", "block"] {
        let demand = demand(order, &phone, "e2e");
        let answer = send(&worker, None, &demand);
        answer.expect_problem(401, "INVALID_TOKEN");
        let challenge = answer.header("www-authenticate").unwrap_or_default();
        assert!(challenge.starts_with("Bearer "), "{challenge}");
        for other in &others {
            let answer = send(&worker, Some(other), &demand);
            answer.expect_problem(401, "INVALID_TOKEN");
        }
    }
    // Whoever tries is in the log, without what they tried.
    let answer = send(&worker, Some("wrong"), &demand("show", &phone, "e2e"));
    assert_eq!(
        worker_log::line("main", "admin_refused", &answer)
            .as_object()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(ordered("show", &phone)["orders"], json!([]));
    worker.sign_up(&phone);
}

#[test]
fn an_order_that_is_none_is_400_and_names_what_is_wrong() {
    let phone = Phone::new();
    let changed = |name: &str, value: Value| {
        let mut demand = demand("block", &phone, "e2e");
        demand[name] = value;
        demand
    };
    for (field, value) in [
        ("order", json!("delete")),
        ("order", json!("Block")),
        ("order", json!("")),
        ("order", Value::Null),
        ("operator", json!("")),
        ("operator", json!("two words")),
        ("operator", json!("o\nperator")),
        ("operator", json!(phone.number())),
        ("operator", json!("o".repeat(33))),
        ("operator", Value::Null),
        ("phone_number", Value::Null),
    ] {
        let document = demanded(&changed(field, value)).expect_problem(400, "INVALID_REQUEST");
        let errors = document["errors"].as_array().expect("errors");
        let fields: Vec<_> = errors.iter().map(|error| error["field"].as_str()).collect();
        assert_eq!(fields, [Some(field)]);
    }
    let answer = demanded(&changed("phone_number", json!("5550006")));
    answer.expect_problem(400, "INVALID_PHONE_NUMBER");
    let summary = ordered("show", &phone);
    assert_eq!((&summary["blocked"], &summary["orders"]), (&json!(false), &json!([])));
}

#[test]
fn a_body_that_is_too_long_is_413_and_one_that_is_no_json_415() {
    let worker = system().main();
    let long = json!({ "order": "show", "padding": "p".repeat(16 * 1024) });
    demanded(&long).expect_problem(413, "BODY_TOO_LARGE");
    let request = worker
        .request("POST", "/admin/guard")
        .header("authorization", format!("Bearer {}", system().description.admin_token))
        .header("content-type", "text/plain")
        .body(demand("show", &Phone::new(), "e2e").to_string())
        .expect("a request");
    worker.send(&request).expect_problem(415, "UNSUPPORTED_MEDIA_TYPE");
}

#[test]
fn a_worker_without_an_admin_token_has_no_such_path() {
    let (worker, phone) = (system().short(), Phone::new());
    let nowhere = worker.get("/no/such/path").distinguishable();
    for token in [None, Some(""), Some(&*system().description.admin_token)] {
        let answer = send(&worker, token, &demand("block", &phone, "e2e"));
        answer.expect_problem(404, "NOT_FOUND");
        assert_eq!(answer.distinguishable(), nowhere);
    }
    for method in ["GET", "OPTIONS"] {
        let request = worker.request(method, "/admin/guard").body(()).expect("a request");
        worker.send(&request).expect_problem(404, "NOT_FOUND");
    }
    worker.sign_up(&phone);
}

#[test]
fn codes_and_answers_are_counted_for_the_operator_to_see() {
    let (worker, phone) = (system().main(), Phone::new());
    let nothing = json!({
        "blocked": false, "locked": false, "wrong_in_a_row": 0,
        "codes_last_hour": 0, "codes_last_day": 0, "answers_last_hour": 0, "answers_last_day": 0,
        "next_code": null, "orders": [],
    });
    assert_eq!(ordered("show", &phone), nothing);

    let challenge = worker.sign_up(&phone);
    let code = phone.code();
    // Refused, so not counted.
    worker.try_sign_up(&phone).expect_status(429);
    let answer = worker.sign_in(&challenge, &e2e::phone::other_than(&code, 1));
    answer.expect_problem(401, "WRONG_CODE");

    let mut summary = ordered("show", &phone);
    let wait = summary["next_code"]["wait"].take();
    assert_eq!(wait["cause"], "pause");
    let until = wait["until"].as_u64().expect("milliseconds since 1970") / 1_000;
    assert!((now()..=now() + 60).contains(&until));
    let mut expected = nothing;
    for name in ["codes", "answers"]
        .iter()
        .flat_map(|what| ["hour", "day"].map(|per| format!("{what}_last_{per}")))
    {
        expected[name] = json!(1);
    }
    expected["wrong_in_a_row"] = json!(1);
    expected["next_code"] = json!({ "wait": null });
    assert_eq!(summary, expected, "to look is no order");

    let next = e2e::worker::Challenge::read(&answer);
    worker.sign_in(&next, &code).expect_status(200);
    let summary = ordered("show", &phone);
    assert_eq!(
        (&summary["wrong_in_a_row"], &summary["answers_last_hour"]),
        (&json!(0), &json!(2))
    );
}

#[test]
fn a_blocked_number_gets_no_code_and_no_answer_is_taken_until_it_is_allowed() {
    let (worker, phone) = (system().main(), Phone::new());
    let challenge = worker.sign_up(&phone);
    let code = phone.code();

    let summary = ordered("block", &phone);
    assert_eq!(
        [&summary["blocked"], &summary["next_code"]],
        [&json!(true), &json!("blocked")]
    );
    for order in ["show", "unlock"] {
        ordered(order, &phone);
        let answer = worker.try_sign_up(&phone);
        answer.expect_problem(403, "DESTINATION_NOT_ALLOWED");
        worker.sign_in(&challenge, &code).expect_problem(403, "NOT_AUTHORIZED");
    }
    assert_eq!(phone.texts().len(), 1);

    let summary = ordered("allow", &phone);
    assert_eq!(
        [&summary["blocked"], &summary["next_code"]],
        [&json!(false), &Value::Null]
    );
    // What was open when the number was blocked does not come back.
    worker.sign_in(&challenge, &code).expect_problem(403, "NOT_AUTHORIZED");
    let again = worker.sign_up(&phone);
    worker.sign_in(&again, &phone.code_of_text(2)).expect_status(200);
}

#[test]
fn an_unlock_gives_all_answers_back_and_an_allow_gives_none() {
    let (worker, phone) = (system().main(), Phone::new());
    let (open, code) = spend_all(&phone);
    for order in ["show", "allow"] {
        ordered(order, &phone);
        let asked_at = now();
        expect_wait_of(HOUR, &worker.sign_in(&open, &code), asked_at);
    }
    let summary = ordered("unlock", &phone);
    let left = ["wrong_in_a_row", "answers_last_hour", "answers_last_day"].map(|name| summary[name].as_u64());
    assert_eq!(left, [Some(0); 3]);
    worker.sign_in(&open, &code).expect_status(200);
}

#[test]
fn an_unlock_leaves_the_pause_between_codes_and_an_allow_ends_it() {
    let (worker, phone) = (system().main(), Phone::new());
    worker.sign_up(&phone);
    ordered("unlock", &phone);
    let asked_at = now();
    expect_wait(&worker.try_sign_up(&phone), asked_at);
    ordered("allow", &phone);
    worker.sign_up(&phone);
}

#[test]
fn the_newest_orders_are_remembered_with_who_gave_them_and_when() {
    let (phone, before) = (Phone::new(), now());
    let given = [
        ("block", "ana@example.com"),
        ("unlock", "b.c-d_2"),
        ("allow", "ana@example.com"),
    ];
    for (order, operator) in given {
        demanded(&demand(order, &phone, operator)).expect_status(200);
    }
    let remembered = ordered("show", &phone)["orders"].as_array().expect("a list").clone();
    assert_eq!(remembered.len(), given.len());
    let mut earliest = before * 1_000;
    for (found, (order, operator)) in remembered.iter().zip(given) {
        assert_eq!([&found["order"], &found["operator"]], [order, operator]);
        let at = found["at"].as_u64().expect("milliseconds since 1970");
        assert!((earliest..(now() + 1) * 1_000).contains(&at), "{at}");
        earliest = at;
    }
    // Twenty of them: orders without end do not fill the Guard.
    for number in 0..18 {
        demanded(&demand("unlock", &phone, &format!("operator-{number}"))).expect_status(200);
    }
    let remembered = ordered("show", &phone)["orders"].as_array().expect("a list").clone();
    let operators = [0, 1, 2, 19].map(|at| remembered[at]["operator"].as_str());
    let newest = ["b.c-d_2", "ana@example.com", "operator-0", "operator-17"].map(Some);
    assert_eq!((remembered.len(), operators), (20, newest));
}

#[test]
fn the_log_says_who_did_what_to_which_guard_and_not_to_which_number() {
    let (phone, other) = (Phone::new(), Phone::new());
    let guard_of = |order: &str, phone: &Phone| {
        let answer = demanded(&demand(order, phone, "ana@example.com"));
        answer.expect_status(200);
        let line = worker_log::line("main", "admin_guard", &answer);
        assert_eq!([&line["operator"], &line["order"]], ["ana@example.com", order]);
        assert_eq!(
            line.as_object().unwrap().len(),
            5,
            "event, request, who, what, which Guard"
        );
        assert!(!line.to_string().contains(&phone.number()[1..]));
        line["guard"].as_str().expect("a Guard has a name").to_owned()
    };
    let guard = guard_of("show", &phone);
    assert!(guard.len() >= 16);
    for order in ["block", "unlock", "allow"] {
        assert_eq!(guard_of(order, &phone), guard);
    }
    assert_ne!(guard_of("show", &other), guard);
}
