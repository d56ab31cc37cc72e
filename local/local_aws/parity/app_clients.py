"""The settings of an app client that the emulator does not know."""

from __future__ import annotations

import json

from ..patch import Patch

rotation_setting = Patch(
    name="rotation-setting",
    row="8",
    difference="CreateUserPoolClient and UpdateUserPoolClient drop RefreshTokenRotation.",
    aws="It is kept, shown by DescribeUserPoolClient, and refused (InvalidParameterException) for a client that "
    "lists "
    "ALLOW_REFRESH_TOKEN_AUTH: rotation requires that flow to be off.",
    source="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RefreshTokenRotationType.html, "
    "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html"
    "#using-the-refresh-token-rotation",
    why="A template that asks for both would deploy here and fail on AWS.",
    uses=("services.cognito._user_pools", "services.cognito.error_response_json"),
)


@rotation_setting.replaces("services.cognito._create_user_pool_client")
def _create_with_rotation(original, data):
    refused = _refusal(data.get("RefreshTokenRotation"), data.get("ExplicitAuthFlows"))
    return refused or _keeping_rotation(original, data)


@rotation_setting.replaces("services.cognito._update_user_pool_client")
def _update_with_rotation(original, data):
    from ministack.services import cognito

    pool = cognito._user_pools.get(data.get("UserPoolId")) or {}
    client = (pool.get("_clients") or {}).get(data.get("ClientId")) or {}
    now = {**client, **data}
    refused = _refusal(now.get("RefreshTokenRotation"), now.get("ExplicitAuthFlows"))
    return refused or _keeping_rotation(original, data)


def _refusal(rotation: dict | None, flows: list | None) -> tuple | None:
    from ministack.services import cognito

    if not rotation:
        return None
    if rotation.get("Feature") not in ("ENABLED", "DISABLED"):
        reason = "RefreshTokenRotation.Feature must be ENABLED or DISABLED"
    elif not 0 <= int(rotation.get("RetryGracePeriodSeconds") or 0) <= 60:
        reason = "RefreshTokenRotation.RetryGracePeriodSeconds must be between 0 and 60"
    elif rotation["Feature"] == "ENABLED" and "ALLOW_REFRESH_TOKEN_AUTH" in (flows or []):
        reason = "ALLOW_REFRESH_TOKEN_AUTH cannot be enabled together with refresh token rotation"
    else:
        return None
    return cognito.error_response_json("InvalidParameterException", reason, 400)


def _keeping_rotation(original, data):
    from ministack.services import cognito

    status, headers, body = original(data)
    if status >= 400 or "RefreshTokenRotation" not in data:
        return status, headers, body
    shown = json.loads(body)["UserPoolClient"]
    record = cognito._user_pools.get(shown["UserPoolId"])["_clients"][shown["ClientId"]]
    record["RefreshTokenRotation"] = data["RefreshTokenRotation"]
    if data["RefreshTokenRotation"] is not None:
        shown["RefreshTokenRotation"] = data["RefreshTokenRotation"]
    return status, headers, json.dumps({"UserPoolClient": shown}).encode()


rotation_through_cloudformation = Patch(
    name="rotation-through-cloudformation",
    row="8",
    difference="AWS::Cognito::UserPoolClient drops RefreshTokenRotation, on create and on update.",
    aws="A property like any other, updated without interruption.",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cognito-userpoolclient-refreshtokenrotation.html",
    why="The template is where we set it.",
)

# None is what it falls back to when a template drops it.
rotation_through_cloudformation.adds(
    "services.cloudformation.provisioners._COGNITO_USER_POOL_CLIENT_UPDATABLE", key="RefreshTokenRotation", value=None
)

_HANDLERS = "services.cloudformation.provisioners._RESOURCE_HANDLERS[AWS::Cognito::UserPoolClient]"


@rotation_through_cloudformation.replaces(f"{_HANDLERS}[create]")
def _provision_with_rotation(original, logical_id, props, stack_name):
    return original(logical_id, _typed(props), stack_name)


@rotation_through_cloudformation.replaces(f"{_HANDLERS}[update]")
def _reprovision_with_rotation(original, physical_id, old_props, new_props, stack_name, logical_id=None):
    return original(physical_id, _typed(old_props), _typed(new_props), stack_name, logical_id=logical_id)


def _typed(props: dict) -> dict:
    """Template parameters arrive as strings; CloudFormation makes integers of them where the type asks for one."""
    rotation = props.get("RefreshTokenRotation")
    if not isinstance(rotation, dict) or "RetryGracePeriodSeconds" not in rotation:
        return props
    seconds = int(rotation["RetryGracePeriodSeconds"])
    return {**props, "RefreshTokenRotation": {**rotation, "RetryGracePeriodSeconds": seconds}}
