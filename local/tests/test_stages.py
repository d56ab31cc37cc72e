"""Rows 24, 25 and 31: what deploying, rotating and destroying a stage relies on."""

from __future__ import annotations

import json
import unittest
from typing import Any

import botocore.session

from .emulator import REGION, TEMPLATE, Stack, error_of, proves, shared_stack, until


class Stages(unittest.TestCase):
    @proves("two-access-keys")
    def test_a_user_has_two_access_keys_at_most(self) -> None:
        users = shared_stack().emulator.client("iam")
        for name in ("two-keys", "two-keys-too"):
            users.create_user(UserName=name)
        first = users.create_access_key(UserName="two-keys")["AccessKey"]["AccessKeyId"]
        users.create_access_key(UserName="two-keys")
        refused = ("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")
        self.assertEqual(refused, error_of(users.create_access_key, UserName="two-keys"))
        # Neither do inactive ones leave room, nor those of others take it.
        users.update_access_key(UserName="two-keys", AccessKeyId=first, Status="Inactive")
        self.assertEqual(refused, error_of(users.create_access_key, UserName="two-keys"))
        self.assertIsNone(error_of(users.create_access_key, UserName="two-keys-too"))
        users.delete_access_key(UserName="two-keys", AccessKeyId=first)
        self.assertIsNone(error_of(users.create_access_key, UserName="two-keys"))

    @proves("protected-pool")
    def test_a_protected_pool_is_deleted_neither_by_itself_nor_with_its_stack(self) -> None:
        stack = Stack(shared_stack().emulator, "protected")
        attributes = "UsernameAttributes: [phone_number]"
        stack.update(TEMPLATE.replace(attributes, f"{attributes}\n      DeletionProtection: ACTIVE"))
        code, message = error_of(stack.cognito.delete_user_pool, UserPoolId=stack.pool) or ("", "")
        self.assertEqual("InvalidParameterException", code)
        self.assertIn("deletion protection is activated", message)
        self.assertEqual("DELETE_FAILED", self._deleted(stack))
        self.assertEqual(stack.pool, stack.cognito.describe_user_pool(UserPoolId=stack.pool)["UserPool"]["Id"])
        stack.cognito.update_user_pool(UserPoolId=stack.pool, DeletionProtection="INACTIVE")
        self.assertEqual("DELETE_COMPLETE", self._deleted(stack))
        self.assertEqual(
            "ResourceNotFoundException", error_of(stack.cognito.describe_user_pool, UserPoolId=stack.pool)[0]
        )

    @proves("boundary-tags")
    def test_a_boundary_can_refer_to_the_tags_of_a_resource(self) -> None:
        emulator = shared_stack().emulator
        users, root = emulator.client("iam"), emulator.client("cognito-idp")
        ours = {"StringEquals": {"aws:ResourceTag/application": "ours"}}
        boundary = users.create_policy(PolicyName="ours-alone", PolicyDocument=_allow(ours))["Policy"]["Arn"]
        users.create_user(UserName="bounded", PermissionsBoundary=boundary)
        users.put_user_policy(UserName="bounded", PolicyName="any", PolicyDocument=_allow({}))
        key = users.create_access_key(UserName="bounded")["AccessKey"]
        cognito: Any = botocore.session.get_session().create_client(
            "cognito-idp",
            region_name=REGION,
            endpoint_url=emulator.url,
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        )
        for tag, refusal in (("ours", None), ("theirs", "AccessDeniedException")):
            pool = root.create_user_pool(PoolName=tag, UserPoolTags={"application": tag})["UserPool"]["Id"]
            self.assertEqual(refusal, (error_of(cognito.describe_user_pool, UserPoolId=pool) or (None,))[0])

    def _deleted(self, stack: Stack) -> str:
        """How the deletion of the stack ends."""
        name = stack.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["StackId"]
        stack.cloudformation.delete_stack(StackName=name)

        def status() -> str | None:
            found = stack.cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
            return None if found.endswith("IN_PROGRESS") else found

        return until(status)


def _allow(condition: dict) -> str:
    """A policy that lets everybody who has it look at user pools, where the condition is met."""
    statement = {
        "Effect": "Allow", "Action": "cognito-idp:DescribeUserPool", "Resource": "*", "Condition": condition
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
