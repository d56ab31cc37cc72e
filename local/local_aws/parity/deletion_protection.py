"""User pools that must not be deleted."""

from __future__ import annotations

from ..patch import Patch

protected_pool = Patch(
    name="protected-pool",
    row="25",
    difference="A user pool is deleted whatever its DeletionProtection says, by itself or with its stack.",
    aws="InvalidParameterException; the stack is left in DELETE_FAILED, its other resources gone.",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-deletion-protection.html; "
    "wording seen in https://github.com/localstack/localstack/issues/11947",
    why="What deletes a stage has to look before it leaps: here it could not lose users or end halfway.",
    uses=("services.cognito._user_pools", "services.cognito.error_response_json"),
)

_REASON = (
    "The user pool cannot be deleted because deletion protection is activated. "
    "Deletion protection must be inactivated first."
)


def _is_protected(pool_id: str | None) -> bool:
    from ministack.services import cognito

    pool = cognito._user_pools.get(pool_id) or {}
    return pool.get("DeletionProtection") == "ACTIVE"


@protected_pool.replaces("services.cognito._delete_user_pool")
def _delete(original, data):
    from ministack.services import cognito

    if _is_protected(data.get("UserPoolId")):
        return cognito.error_response_json("InvalidParameterException", _REASON, 400)
    return original(data)


@protected_pool.replaces(
    "services.cloudformation.provisioners._RESOURCE_HANDLERS[AWS::Cognito::UserPool][delete]"
)
def _delete_with_stack(original, physical_id, props):
    if _is_protected(physical_id):
        raise ValueError(_REASON)
    return original(physical_id, props)
