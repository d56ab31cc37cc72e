"""Which error a failed custom sign-in ends with."""

from __future__ import annotations

import json

from ..patch import Patch
from .trigger_events import custom_auth_user

unconfirmed_user = Patch(
    name="unconfirmed-user",
    row="6",
    difference="A user who has not confirmed the account may start CUSTOM_AUTH.",
    aws="UserNotConfirmedException.",
    source="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html "
    "(Errors)",
    why="A user left behind half-made must show here as it would on AWS.",
    uses=("services.cognito.error_response_json",),
)


@unconfirmed_user.replaces("services.cognito._initiate_auth", "services.cognito._admin_initiate_auth")
def _initiate_confirmed_only(original, data):
    from ministack.services import cognito

    user = custom_auth_user(data)
    if user and user.get("UserStatus") == "UNCONFIRMED":
        return cognito.error_response_json("UserNotConfirmedException", "User is not confirmed.", 400)
    return original(data)


session_errors = Patch(
    name="session-errors",
    row="7",
    difference="An unknown session is an InvalidParameterException.",
    aws="NotAuthorizedException: Invalid session for the user.",
    source="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRespondToAuthChallenge.html "
    "(Errors); "
    "wording seen in https://github.com/aws-amplify/amplify-js/issues/5834",
    why="The worker answers 403 to a used session and 502 to an error it does not know.",
    uses=("services.cognito.error_response_json",),
)


@session_errors.replaces(
    "services.cognito._respond_to_auth_challenge", "services.cognito._admin_respond_to_auth_challenge"
)
def _respond_not_authorized(original, data):
    from ministack.services import cognito

    status, headers, body = original(data)
    if status == 400:
        error = json.loads(body)
        if (error["__type"], error["message"]) == ("InvalidParameterException", "Session does not exist"):
            return cognito.error_response_json("NotAuthorizedException", "Invalid session for the user.", 400)
    return status, headers, body


trigger_errors = Patch(
    name="trigger-errors",
    row="7",
    difference="A trigger that returns an error is reported as InvalidLambdaResponseException, with the whole error "
    "object in the text.",
    aws="UserLambdaValidationException: CreateAuthChallenge failed with error <errorMessage>. "
    "InvalidLambdaResponseException is for a response that makes no sense, UnexpectedLambdaException for a call "
    "that failed.",
    source="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRespondToAuthChallenge.html "
    "(Errors); "
    "wording seen in https://github.com/aws-samples/amazon-cognito-passwordless-email-auth/issues/17",
    why="The worker tells a refused permit or a failed SMS from a broken deployment by this code.",
    uses=(
        "services.cognito._user_pools",
        "services.cognito.error_response_json",
        "services.lambda_svc._resolve_name_and_qualifier",
        "services.lambda_svc._get_func_record_for_qualifier",
        "services.lambda_svc._execute_function",
    ),
)


@trigger_errors.replaces("services.cognito._invoke_define_auth_challenge_trigger")
def _call_define(original, pool_id, client_id, username, user_attrs, session, client_metadata=None):
    from ministack.services import cognito

    event = cognito._build_define_auth_challenge_event(
        pool_id, client_id, username, user_attrs, session, client_metadata
    )
    return _call("DefineAuthChallenge", event)


@trigger_errors.replaces("services.cognito._invoke_create_auth_challenge_trigger")
def _call_create(original, pool_id, client_id, username, user_attrs, session, client_metadata=None):
    from ministack.services import cognito

    event = cognito._build_create_auth_challenge_event(
        pool_id, client_id, username, user_attrs, session, client_metadata
    )
    return _call("CreateAuthChallenge", event)


@trigger_errors.replaces("services.cognito._invoke_verify_auth_challenge_trigger")
def _call_verify(original, pool_id, client_id, username, user_attrs, session, challenge_answer, client_metadata=None):
    from ministack.services import cognito

    event = cognito._build_verify_auth_challenge_event(
        pool_id, client_id, username, user_attrs, session, challenge_answer, client_metadata
    )
    return _call("VerifyAuthChallengeResponse", event)


def _call(trigger: str, event: dict) -> tuple[dict | None, tuple | None]:
    """The trigger's answer, or the error response to give instead; neither where no such trigger is configured."""
    from ministack.services import cognito, lambda_svc

    pool = cognito._user_pools.get(event["userPoolId"]) or {}
    arn = (pool.get("LambdaConfig") or {}).get(trigger)
    if not arn:
        return None, None
    function, _ = lambda_svc._get_func_record_for_qualifier(*lambda_svc._resolve_name_and_qualifier(arn))
    if function is None:
        reason = f"{trigger} invocation failed due to error ResourceNotFoundException."
        return None, cognito.error_response_json("UnexpectedLambdaException", reason, 400)
    result = lambda_svc._execute_function(function, event)
    answer = result.get("body")
    if result.get("error"):
        message = answer.get("errorMessage") if isinstance(answer, dict) else answer
        reason = f"{trigger} failed with error {message}."
        return None, cognito.error_response_json("UserLambdaValidationException", reason, 400)
    if isinstance(answer, (str, bytes)):
        try:
            answer = json.loads(answer)
        except ValueError:
            answer = None
    if not isinstance(answer, dict):
        return None, cognito.error_response_json("InvalidLambdaResponseException", "Unrecognizable lambda output", 400)
    return answer, None
