//! Nobody can go round the worker, straight to Cognito's public API.

use e2e::{
    Phone,
    aws::{Call, error_name, secret_hash},
    system,
};
use serde_json::{Value, json};

/// Calls Cognito as anybody can: without a key.
#[track_caller]
fn anonymously(operation: &str, body: &Value) -> e2e::Answer {
    system().root().send(&Call::cognito(operation, body), &Vec::new())
}

#[track_caller]
fn expect_refused(operation: &str, body: &Value) {
    let answer = anonymously(operation, body);
    let name = error_name(&answer);
    let refusals = [
        "NotAuthorizedException",
        "InvalidParameterException",
        "ResourceNotFoundException",
        "UnauthorizedException",
    ];
    assert!(
        answer.status == 400 && refusals.contains(&name.as_str()),
        "{operation}: {} {name}",
        answer.status
    );
    assert!(answer.json().get("AuthenticationResult").is_none());
}

#[test]
fn nobody_can_sign_up_directly() {
    let (stack, phone) = (system().main_stack(), Phone::new());
    let attributes = json!([{ "Name": "phone_number", "Value": phone.number() }]);
    let body = json!({
        "ClientId": stack.client_id, "Username": phone.number(), "Password": "Aa1!aaaaaaaaaaaa", "UserAttributes": attributes,
    });
    expect_refused("SignUp", &body);
    // Not even with the client's secret; the local AWS does not enforce this setting, AWS does.
    let pool = system()
        .root()
        .cognito("DescribeUserPool", &json!({ "UserPoolId": stack.user_pool_id }))
        .json();
    assert_eq!(
        pool["UserPool"]["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"],
        true
    );
}

#[test]
fn nobody_can_begin_a_sign_in_directly() {
    let (stack, phone) = (system().main_stack(), Phone::new());
    system().main().sign_up(&phone);
    let flows = [
        ("CUSTOM_AUTH", json!({ "USERNAME": phone.number() })),
        // What the stack of 2020 let in: the phone number was the password.
        (
            "USER_PASSWORD_AUTH",
            json!({ "USERNAME": phone.number(), "PASSWORD": phone.number() }),
        ),
        (
            "USER_SRP_AUTH",
            json!({ "USERNAME": phone.number(), "SRP_A": "ab".repeat(128) }),
        ),
        ("USER_AUTH", json!({ "USERNAME": phone.number() })),
        ("REFRESH_TOKEN_AUTH", json!({ "REFRESH_TOKEN": "x" })),
    ];
    for (flow, parameters) in flows {
        let body = json!({ "ClientId": stack.client_id, "AuthFlow": flow, "AuthParameters": parameters });
        expect_refused("InitiateAuth", &body);
    }
}

#[test]
fn flows_with_a_password_are_refused_even_with_the_clients_secret() {
    let (stack, phone) = (system().main_stack(), Phone::new());
    system().main().sign_up(&phone);
    let hash = secret_hash(stack, phone.number());
    let flows = [
        (
            "USER_PASSWORD_AUTH",
            json!({ "USERNAME": phone.number(), "PASSWORD": phone.number(), "SECRET_HASH": hash }),
        ),
        (
            "USER_SRP_AUTH",
            json!({ "USERNAME": phone.number(), "SRP_A": "ab".repeat(128), "SECRET_HASH": hash }),
        ),
    ];
    for (flow, parameters) in flows {
        let body = json!({ "ClientId": stack.client_id, "AuthFlow": flow, "AuthParameters": parameters });
        expect_refused("InitiateAuth", &body);
    }
}

#[test]
fn nobody_can_answer_a_challenge_directly() {
    let (stack, phone) = (system().main_stack(), Phone::new());
    let challenge = system().main().sign_up(&phone);
    let body = json!({
        "ClientId": stack.client_id, "ChallengeName": "CUSTOM_CHALLENGE", "Session": challenge.session,
        "ChallengeResponses": { "USERNAME": challenge.username, "ANSWER": phone.code() },
    });
    expect_refused("RespondToAuthChallenge", &body);
}

#[test]
fn nobody_can_reset_a_password() {
    let (stack, phone) = (system().main_stack(), Phone::new());
    system().main().sign_up(&phone);
    expect_refused(
        "ForgotPassword",
        &json!({ "ClientId": stack.client_id, "Username": phone.number() }),
    );
    assert_eq!(phone.texts().len(), 1, "no text but the worker's");
}

#[test]
fn refresh_tokens_are_worth_nothing_without_the_clients_secret() {
    let stack = system().main_stack();
    let tokens = system().main().signed_in(&Phone::new());
    let mut body = json!({ "ClientId": stack.client_id, "RefreshToken": tokens.refresh });
    expect_refused("GetTokensFromRefreshToken", &body);
    body["ClientSecret"] = "wrong".into();
    expect_refused("GetTokensFromRefreshToken", &body);
}
