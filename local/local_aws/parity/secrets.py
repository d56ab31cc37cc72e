"""Secrets Manager as CloudFormation shows it."""

from __future__ import annotations

from ..patch import Patch

secret_ref = Patch(
    name="secret-ref",
    row="17",
    difference="!Ref of an AWS::SecretsManager::Secret gives its name.",
    aws="It gives the secret's ARN.",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-secretsmanager-secret.html "
    "(Return values)",
    why="Policies and the triggers' settings name the secret by !Ref; with a name the policy would match nothing on "
    "AWS or here.",
    uses=("services.secretsmanager._secrets", "services.secretsmanager._resolve"),
)

_HANDLERS = "services.cloudformation.provisioners._RESOURCE_HANDLERS[AWS::SecretsManager::Secret]"


@secret_ref.replaces(f"{_HANDLERS}[create]")
def _create(original, logical_id, props, stack_name):
    _, attributes = original(logical_id, props, stack_name)
    return attributes["Arn"], attributes


@secret_ref.replaces(f"{_HANDLERS}[update]")
def _update(original, physical_id, old_props, new_props, stack_name, logical_id=None):
    _, attributes = original(_name(physical_id), old_props, new_props, stack_name, logical_id=logical_id)
    return attributes["Arn"], attributes


@secret_ref.replaces(f"{_HANDLERS}[delete]")
def _delete(original, physical_id, props):
    return original(_name(physical_id), props)


def _name(physical_id: str) -> str:
    """What the emulator files the secret under."""
    from ministack.services import secretsmanager

    name, _ = secretsmanager._resolve(physical_id)
    return name or physical_id
