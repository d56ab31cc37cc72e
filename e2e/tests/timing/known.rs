//! A user who is there before it ever asked for a code.

use std::time::Duration;

use e2e::{Answer, Phone, aws::error_name, system, waiting::until};
use serde_json::{Value, json};

/// A phone that Cognito knows and no Guard does: its user was made by an administrator, as the worker makes users.
#[track_caller]
pub(crate) fn known_phone() -> Phone {
    let phone = Phone::new();
    let pool = &system().main_stack().user_pool_id;
    let created = call(
        "AdminCreateUser",
        &json!({
            "UserPoolId": pool, "Username": phone.number(), "MessageAction": "SUPPRESS",
            "UserAttributes": [{ "Name": "phone_number", "Value": phone.number() }],
        }),
    );
    assert_eq!(created.status, 200, "{}", error_name(&created));
    let password = json!({
        "UserPoolId": pool, "Username": phone.number(), "Password": "Aa1!known-by-nobody-and-used-by-none", "Permanent": true,
    });
    call("AdminSetUserPassword", &password).expect_status(200);
    phone
}

/// Calls Cognito, again while that is 500: the local AWS now and then fails to look for a user while it makes another one
/// ("dictionary changed size during iteration"; the worker repeats such calls too).
#[track_caller]
pub(crate) fn call(operation: &str, body: &Value) -> Answer {
    until("the local AWS to answer", Duration::from_secs(10), || {
        Some(system().root().cognito(operation, body)).filter(|answer| answer.status != 500)
    })
}
