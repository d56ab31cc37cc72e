"""Whether Cognito may call a trigger at all."""

from __future__ import annotations

import fnmatch

from ..patch import Patch

trigger_permission = Patch(
    name="trigger-permission",
    row="11",
    difference="A trigger is called whether or not its function's policy lets Cognito do so.",
    aws="Cognito needs lambda:InvokeFunction for this pool in the function's resource policy; "
    "without it the sign-in fails with UnexpectedLambdaException.",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html "
    "(Permissions); wording from experience",
    why="A template without AWS::Lambda::Permission, or with one for another pool, would deploy and work here only.",
    uses=(
        "services.cognito._user_pools",
        "services.cognito.error_response_json",
        "services.lambda_svc._resolve_name_and_qualifier",
        "services.lambda_svc._get_func_record_for_qualifier",
    ),
)


@trigger_permission.replaces("services.cognito._invoke_define_auth_challenge_trigger")
def _may_define(original, pool_id, client_id, username, user_attrs, session, client_metadata=None):
    refused = _refusal("DefineAuthChallenge", pool_id)
    return (None, refused) if refused else original(pool_id, client_id, username, user_attrs, session, client_metadata)


@trigger_permission.replaces("services.cognito._invoke_create_auth_challenge_trigger")
def _may_create(original, pool_id, client_id, username, user_attrs, session, client_metadata=None):
    refused = _refusal("CreateAuthChallenge", pool_id)
    return (None, refused) if refused else original(pool_id, client_id, username, user_attrs, session, client_metadata)


@trigger_permission.replaces("services.cognito._invoke_verify_auth_challenge_trigger")
def _may_verify(original, pool_id, client_id, username, user_attrs, session, challenge_answer, client_metadata=None):
    refused = _refusal("VerifyAuthChallengeResponse", pool_id)
    if refused:
        return None, refused
    return original(pool_id, client_id, username, user_attrs, session, challenge_answer, client_metadata)


def _refusal(trigger: str, pool_id: str) -> tuple | None:
    """The error response where the trigger's function does not let this pool call it."""
    from ministack.services import cognito, lambda_svc

    pool = cognito._user_pools.get(pool_id) or {}
    arn = (pool.get("LambdaConfig") or {}).get(trigger)
    if not arn:
        return None
    function, _ = lambda_svc._get_func_record_for_qualifier(*lambda_svc._resolve_name_and_qualifier(arn))
    if function is None or any(_allows(statement, pool["Arn"]) for statement in function["policy"]["Statement"]):
        return None
    reason = f"{trigger} invocation failed due to error AccessDeniedException."
    return cognito.error_response_json("UnexpectedLambdaException", reason, 400)


def _allows(statement: dict, pool_arn: str) -> bool:
    principal = statement.get("Principal")
    service = principal.get("Service") if isinstance(principal, dict) else principal
    source = statement.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn", "*")
    return (
        statement.get("Effect") == "Allow"
        and service in ("cognito-idp.amazonaws.com", "*")
        and statement.get("Action") in ("lambda:InvokeFunction", "lambda:*", "*")
        and fnmatch.fnmatchcase(pool_arn, source)
    )
