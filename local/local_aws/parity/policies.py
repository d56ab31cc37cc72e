"""What IAM policies can say: variables, the tags of user pools, and the boundaries of a stack's roles."""

from __future__ import annotations

import json
import re
from typing import Any

from ..patch import Patch

policy_variables = Patch(
    name="policy-variables",
    row="26",
    difference="A condition compares with `${aws:PrincipalAccount}` as it is written.",
    aws="A variable in a condition stands for the request's value of that key.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",
    why="The deployer may use buckets of its own account alone, and its policy is to be the same in every account.",
    uses=("core.iam_evaluator._resolve_condition_key",),
)

_VARIABLE = re.compile(r"\$\{([A-Za-z0-9-]+:[^},]+)\}")


class _NoValue(Exception):
    """The request does not have the key that a variable names."""


@policy_variables.replaces("core.iam_evaluator._conditions_met")
def _with_values(original, conditions, ctx):
    from ministack.core import iam_evaluator

    def value(variable: re.Match) -> str:
        found = iam_evaluator._resolve_condition_key(variable[1], ctx)
        if not isinstance(found, str):
            raise _NoValue(variable[1])
        return found

    def replaced(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: replaced(inner) for key, inner in part.items()}
        if isinstance(part, list):
            return [replaced(inner) for inner in part]
        return _VARIABLE.sub(value, part) if isinstance(part, str) else part

    try:
        compared = replaced(conditions)
    except _NoValue:
        # Not met, also where it asks for a difference: there is nothing to differ from.
        return False
    return original(compared, ctx)


def _tags_of_pools():
    from ministack.services import tagging

    return tagging._collect_cognito()


pool_tags = Patch(
    name="pool-tags",
    row="27",
    difference="A user pool has no tags in the eyes of a policy: aws:ResourceTag is never there.",
    aws="User pools are authorised by their tags.",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/tagging.html",
    why="A pool's id is random, so that its tag is all that the deployer's policy and the boundary can know it by.",
    uses=("services.tagging._collect_cognito",),
)
pool_tags.adds("services.tagging._RESOURCE_TAG_COLLECTORS", key="cognito-idp", value=_tags_of_pools)


role_boundary = Patch(
    name="role-boundary",
    row="28",
    difference="CloudFormation makes a role without the PermissionsBoundary of its template.",
    aws="The role has it, and may do nothing that it does not allow.",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html",
    why="A boundary that is too narrow for the triggers would be noticed on AWS first.",
    uses=("services.iam._roles",),
)


@role_boundary.replaces("services.cloudformation.provisioners._RESOURCE_HANDLERS[AWS::IAM::Role][create]")
def _create_within(original, logical_id, props, stack_name):
    return _bounded(original(logical_id, props, stack_name), props)


@role_boundary.replaces("services.cloudformation.provisioners._RESOURCE_HANDLERS[AWS::IAM::Role][update]")
def _update_within(original, physical_id, old_props, new_props, stack_name, logical_id=None):
    return _bounded(original(physical_id, old_props, new_props, stack_name, logical_id=logical_id), new_props)


def _bounded(made: tuple, properties: dict) -> tuple:
    from ministack.services import iam

    iam._roles[made[0]]["PermissionsBoundary"] = properties.get("PermissionsBoundary") or None
    return made


log_stream_resource = Patch(
    name="log-stream-resource",
    row="30",
    difference="What a call on a log group or stream is asked of is the group's ARN without anything after its name.",
    aws="It ends with `:log-stream:` and the stream's name; the ARN that CloudFormation gives, with `:*` at its end, matches that.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html",
    why="No policy that is right for AWS lets a trigger write its log here, so that nothing could be said of such policies.",
)


@log_stream_resource.replaces("core.iam_actions.extract_resource_arn")
def _to_the_stream(original, service, method, path, headers, body, query_params, region, account_id):
    resource = original(service, method, path, headers, body, query_params, region, account_id)
    try:
        request = json.loads(body) if service == "logs" else {}
    except ValueError:
        return resource
    if not isinstance(request, dict) or not resource.endswith(f":log-group:{request.get('logGroupName')}"):
        return resource
    return f"{resource}:log-stream:{request.get('logStreamName') or ''}"
