"""Rows 8 and 17: what CloudFormation makes of a template."""

from __future__ import annotations

import unittest

from .emulator import TEMPLATE, Stack, error_of, proves, shared_stack


class Stacks(unittest.TestCase):
    def setUp(self) -> None:
        self.stack = Stack(shared_stack().emulator, self.id().rsplit("_", 1)[-1])

    @proves("rotation-through-cloudformation", "rotation-setting")
    def test_rotation_is_set_changed_and_dropped_by_the_template(self) -> None:
        self.assertEqual({"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}, self._rotation())
        updated = self.stack.update(Grace="0")
        self.assertEqual(self.stack.client_id, updated["Client"])
        self.assertEqual({"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}, self._rotation())
        without = "\n".join(line for line in TEMPLATE.splitlines() if "RefreshTokenRotation" not in line)
        self.stack.update(without)
        self.assertIsNone(self._rotation())

    @proves("secret-ref")
    def test_ref_of_a_secret_is_its_arn(self) -> None:
        secrets = self.stack.emulator.client("secretsmanager")
        arn = self.stack.outputs["Secret"]
        before = secrets.get_secret_value(SecretId=arn)
        self.assertEqual(arn, before["ARN"])
        self.assertEqual(arn, self.stack.update(TEMPLATE.replace("Description: one", "Description: two"))["Secret"])
        self.assertEqual("two", secrets.describe_secret(SecretId=arn)["Description"])
        self.assertEqual(before["SecretString"], secrets.get_secret_value(SecretId=arn)["SecretString"])
        self.stack.cloudformation.delete_stack(StackName=self.stack.name)
        self.stack.cloudformation.get_waiter("stack_delete_complete").wait(
            StackName=self.stack.name, WaiterConfig={"Delay": 1, "MaxAttempts": 15}
        )
        self.assertEqual("ResourceNotFoundException", error_of(secrets.get_secret_value, SecretId=arn)[0])

    def _rotation(self) -> dict | None:
        cognito = self.stack.cognito
        client = cognito.describe_user_pool_client(UserPoolId=self.stack.pool, ClientId=self.stack.client_id)
        return client["UserPoolClient"].get("RefreshTokenRotation")
