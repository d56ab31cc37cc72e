//! What the worker's IAM user may do: six operations on its own pool, and nothing else.

use e2e::{
    Phone,
    aws::{Aws, Call, error_name, secret_hash},
    ledger::Kind,
    phone::other_than,
    system,
    system::Stack,
};
use serde_json::{Value, json};

/// Nobody in the pool.
const NOBODY: &str = "+14155550100";

fn worker_user() -> Aws {
    system().worker_user(system().main_stack())
}

fn is_denied(name: &str) -> bool {
    [
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
    ]
    .contains(&name)
}

#[track_caller]
fn expect_denied(what: &str, call: &Call) {
    let answer = worker_user().call(call);
    assert!(
        is_denied(&error_name(&answer)),
        "{what}: {} {}",
        answer.status,
        error_name(&answer)
    );
}

/// The six operations with requests that are refused for their content alone.
fn allowed(stack: &Stack) -> [(&'static str, Value, &'static str); 6] {
    let pool = &stack.user_pool_id;
    let hash = secret_hash(stack, NOBODY);
    [
        (
            "AdminInitiateAuth",
            json!({ "UserPoolId": pool, "ClientId": stack.client_id, "AuthFlow": "CUSTOM_AUTH",
                    "AuthParameters": { "USERNAME": NOBODY, "SECRET_HASH": hash } }),
            "UserNotFoundException",
        ),
        (
            "AdminRespondToAuthChallenge",
            json!({ "UserPoolId": pool, "ClientId": stack.client_id, "ChallengeName": "CUSTOM_CHALLENGE",
                    "Session": "unknown-session-of-nobody",
                    "ChallengeResponses": { "USERNAME": NOBODY, "ANSWER": "-", "SECRET_HASH": hash } }),
            "NotAuthorizedException",
        ),
        (
            "AdminCreateUser",
            json!({ "UserPoolId": pool, "Username": "no phone number", "MessageAction": "SUPPRESS" }),
            "InvalidParameterException",
        ),
        (
            "AdminSetUserPassword",
            json!({ "UserPoolId": pool, "Username": NOBODY, "Password": "Aa1!aaaaaaaaaaaa", "Permanent": true }),
            "UserNotFoundException",
        ),
        (
            "AdminUpdateUserAttributes",
            json!({ "UserPoolId": pool, "Username": NOBODY,
                    "UserAttributes": [{ "Name": "phone_number_verified", "Value": "true" }] }),
            "UserNotFoundException",
        ),
        (
            "AdminUserGlobalSignOut",
            json!({ "UserPoolId": pool, "Username": NOBODY }),
            "UserNotFoundException",
        ),
    ]
}

#[test]
fn the_six_operations_of_the_worker_are_allowed() {
    for (operation, body, expected) in allowed(system().main_stack()) {
        let answer = worker_user().cognito(operation, &body);
        let name = error_name(&answer);
        assert!(!is_denied(&name), "{operation}: {name}");
        // An emulator may take a username that is no phone number; what counts is that IAM let the call through.
        assert!(
            name == expected || operation == "AdminCreateUser",
            "{operation}: {name}"
        );
    }
}

#[test]
fn the_same_operations_on_another_pool_are_denied() {
    for (operation, body, _) in allowed(system().short_stack()) {
        expect_denied(operation, &Call::cognito(operation, &body));
    }
}

#[test]
fn other_operations_on_the_pool_are_denied() {
    let stack = system().main_stack();
    let pool = &stack.user_pool_id;
    let operations = [
        "AdminGetUser",
        "AdminDeleteUser",
        "AdminDisableUser",
        "AdminEnableUser",
        "AdminConfirmSignUp",
        "AdminResetUserPassword",
        "AdminListDevices",
        "AdminForgetDevice",
        "AdminListUserAuthEvents",
        "AdminListGroupsForUser",
        "AdminDeleteUserAttributes",
        "ListUsers",
        "ListUserPoolClients",
        "DescribeUserPool",
        "DescribeUserPoolClient",
        "UpdateUserPool",
        "UpdateUserPoolClient",
        "CreateUserPoolClient",
        "DeleteUserPoolClient",
        "DeleteUserPool",
        "GetUserPoolMfaConfig",
        "SetUserPoolMfaConfig",
    ];
    for operation in operations {
        let body = json!({
            "UserPoolId": pool, "ClientId": stack.client_id, "Username": NOBODY, "ClientName": "x", "UserAttributeNames": [],
        });
        expect_denied(operation, &Call::cognito(operation, &body));
    }
    for (operation, body) in [
        ("ListUserPools", json!({ "MaxResults": 1 })),
        ("CreateUserPool", json!({ "PoolName": "x" })),
    ] {
        expect_denied(operation, &Call::cognito(operation, &body));
    }
}

#[test]
fn other_services_are_denied() {
    let name = &system().main_stack().name;
    let event = json!({ "Name": "x" }).to_string();
    let function = format!("/2015-03-31/functions/{name}-create-auth-challenge/invocations");
    let calls = [
        (
            "sns:Publish",
            Call::query("sns", "Publish", "2010-03-31", "&PhoneNumber=%2B14155550100&Message=x"),
        ),
        ("sns:ListTopics", Call::query("sns", "ListTopics", "2010-03-31", "")),
        (
            "secretsmanager:GetSecretValue",
            Call::json(
                "secretsmanager",
                "secretsmanager.GetSecretValue",
                &json!({ "SecretId": format!("{name}/challenge") }),
            ),
        ),
        (
            "secretsmanager:ListSecrets",
            Call::json("secretsmanager", "secretsmanager.ListSecrets", &json!({})),
        ),
        ("iam:ListUsers", Call::query("iam", "ListUsers", "2010-05-08", "")),
        (
            "iam:CreateAccessKey",
            Call::query("iam", "CreateAccessKey", "2010-05-08", "&UserName=x"),
        ),
        (
            "iam:CreateUser",
            Call::query("iam", "CreateUser", "2010-05-08", "&UserName=x"),
        ),
        ("lambda:InvokeFunction", Call::rest("lambda", "POST", &function, &event)),
        (
            "lambda:ListFunctions",
            Call::rest("lambda", "GET", "/2015-03-31/functions/", ""),
        ),
        ("s3:ListAllMyBuckets", Call::rest("s3", "GET", "/", "")),
        (
            "logs:DescribeLogGroups",
            Call::json("logs", "Logs_20140328.DescribeLogGroups", &json!({})),
        ),
        (
            "cloudformation:ListStacks",
            Call::query("cloudformation", "ListStacks", "2010-05-15", ""),
        ),
        (
            "sts:AssumeRole",
            Call::query(
                "sts",
                "AssumeRole",
                "2011-06-15",
                "&RoleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fx&RoleSessionName=xx",
            ),
        ),
    ];
    for (action, call) in calls {
        expect_denied(action, &call);
    }
}

#[test]
fn a_wrong_signature_is_refused() {
    let stack = system().main_stack();
    let (operation, body, _) = allowed(stack)[0].clone();
    let call = Call::cognito(operation, &body);
    let right = worker_user();

    let wrong_secret = system().aws(&stack.access_key_id, &"x".repeat(stack.secret_access_key.len()));
    expect_not_authentic("wrong secret", &wrong_secret.call(&call));
    let unknown_key = system().aws("AKIAIOSFODNN7UNKNOWN", &stack.secret_access_key);
    expect_not_authentic("unknown key", &unknown_key.call(&call));
    expect_not_authentic("no signature", &right.send(&call, &Vec::new()));

    let mut changed = call.clone();
    changed.body = changed.body.replace(NOBODY, "+14155550101");
    expect_not_authentic("body changed after signing", &right.send(&changed, &right.sign(&call)));
    // The same call as it was signed is let through: it is the change that was refused.
    assert_eq!(error_name(&right.call(&call)), "UserNotFoundException");
}

#[track_caller]
fn expect_not_authentic(what: &str, answer: &e2e::Answer) {
    let name = error_name(answer);
    let refusals = [
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "IncompleteSignature",
        "AccessDeniedException",
    ];
    assert!(
        answer.status >= 400 && refusals.contains(&name.as_str()),
        "{what}: {} {name}",
        answer.status
    );
}

/// Cognito takes an admin's answer with a code like the worker's own; so that key alone must not be worth a sign-in.
#[test]
fn the_workers_key_alone_does_not_sign_in() {
    let (stack, phone) = (system().main_stack(), Phone::new());
    let challenge = system().main().sign_up(&phone);
    // What clients hold is no session of Cognito's.
    let body = json!({
        "UserPoolId": stack.user_pool_id, "ClientId": stack.client_id, "ChallengeName": "CUSTOM_CHALLENGE",
        "Session": challenge.session,
        "ChallengeResponses": {
            "USERNAME": challenge.username, "ANSWER": phone.code(), "SECRET_HASH": secret_hash(stack, &challenge.username),
        },
    });
    let answer = worker_user().cognito("AdminRespondToAuthChallenge", &body);
    assert_eq!(error_name(&answer), "NotAuthorizedException");

    // Begun directly: challenge 0 asks for a permit and sends nothing, and no answer to it brings tokens or a text.
    let body = json!({
        "UserPoolId": stack.user_pool_id, "ClientId": stack.client_id, "AuthFlow": "CUSTOM_AUTH",
        "AuthParameters": { "USERNAME": phone.number(), "SECRET_HASH": secret_hash(stack, phone.number()) },
        "ClientMetadata": { "permit": "v1.x.y" },
    });
    let begun = worker_user().cognito("AdminInitiateAuth", &body);
    let session = begun.expect_status(200).json()["Session"].clone();
    system().ledger.note(Kind::Session, session.as_str().unwrap());
    let body = json!({
        "UserPoolId": stack.user_pool_id, "ClientId": stack.client_id, "ChallengeName": "CUSTOM_CHALLENGE", "Session": session,
        "ChallengeResponses": {
            "USERNAME": challenge.username, "ANSWER": other_than(&phone.code(), 7),
            "SECRET_HASH": secret_hash(stack, &challenge.username),
        },
    });
    let answer = worker_user().cognito("AdminRespondToAuthChallenge", &body);
    assert_eq!(error_name(&answer), "UserLambdaValidationException");
    assert_eq!(phone.texts().len(), 1);
}
