//! Users as Cognito may present them and the local AWS does not: simulated, refused for a reason of ours, disabled.

use e2e::{
    Phone,
    relay::{Fixed, Relay},
    system,
};
use serde_json::json;

const INITIATE: &str = "AdminInitiateAuth";
const CREATE_USER: &str = "AdminCreateUser";

/// With `PreventUserExistenceErrors`, Cognito documents this for an unknown user: a challenge for nobody, which our create
/// trigger marks.
const SIMULATED: Fixed = Fixed::json(
    200,
    r#"{"ChallengeName":"CUSTOM_CHALLENGE","Session":"simulated-session-of-nobody",
        "ChallengeParameters":{"USERNAME":"nobody","user_not_found":"true"}}"#,
);
const WRONG_CLIENT_SECRET: Fixed = Fixed::json(
    400,
    r#"{"__type":"NotAuthorizedException","message":"Unable to verify secret hash for client abc"}"#,
);
const INVALID_NUMBER: Fixed = Fixed::json(
    400,
    r#"{"__type":"InvalidParameterException","message":"Invalid phone number format."}"#,
);

#[test]
fn an_unknown_user_whom_cognito_simulates_is_created_and_gets_the_code() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    relay.answer_to(INITIATE, 1, SIMULATED);
    worker.signed_in(&phone);
    assert_eq!(relay.count(CREATE_USER), 1);
    assert_eq!(relay.count(INITIATE), 2, "once for nobody, once for the user");
    assert_eq!(phone.texts().len(), 1);
}

#[test]
fn a_client_secret_of_ours_that_is_wrong_creates_nobody_and_is_not_called_the_clients_fault() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    relay.answer_to(INITIATE, usize::MAX, WRONG_CLIENT_SECRET);
    worker.try_sign_up(&phone).expect_problem(502, "UPSTREAM_ERROR");
    assert_eq!(relay.count(CREATE_USER), 0);
}

#[test]
fn a_number_that_cognito_refuses_is_called_invalid() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    relay.answer_to(CREATE_USER, usize::MAX, INVALID_NUMBER);
    worker.try_sign_up(&phone).expect_problem(400, "INVALID_PHONE_NUMBER");
}

#[test]
fn a_user_whom_an_operator_disabled_gets_no_code_and_no_new_password() {
    let relay = Relay::open();
    let (worker, phone) = (system().fault(), Phone::new());
    worker.signed_in(&phone);
    let stack = system().main_stack();
    system()
        .root()
        .cognito(
            "AdminDisableUser",
            &json!({ "UserPoolId": stack.user_pool_id, "Username": phone.number() }),
        )
        .expect_status(200);
    let passwords_set = relay.count("AdminSetUserPassword");
    worker.try_sign_up(&phone).expect_problem(403, "NOT_AUTHORIZED");
    assert_eq!(relay.count("AdminSetUserPassword"), passwords_set);
    assert_eq!(phone.texts().len(), 1, "the one from before");
}
