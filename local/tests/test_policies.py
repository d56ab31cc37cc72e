"""Rows 26 to 28 and 30: what a policy's conditions and boundaries refer to."""

from __future__ import annotations

import json
import unittest
from typing import Any

import botocore.session

from .emulator import REGION, TEMPLATE, Emulator, Stack, error_of, proves, shared_stack

BOUNDARY = "arn:aws:iam::000000000000:policy/at-most-logs"


class Policies(unittest.TestCase):
    def setUp(self) -> None:
        self.emulator = shared_stack().emulator
        self.iam = self.emulator.client("iam")
        self.user = self.id().rsplit(".", 1)[-1][-60:]
        self.iam.create_user(UserName=self.user)
        self.addCleanup(self._forget)

    def _forget(self) -> None:
        self.iam.delete_user_policy(UserName=self.user, PolicyName="p")
        self.iam.delete_access_key(UserName=self.user, AccessKeyId=self.key["AccessKeyId"])
        self.iam.delete_user(UserName=self.user)

    def allowed(self, service: str, action: str, condition: dict, resource: str = "*") -> Any:
        """A client of the service, as somebody who may do this to the resource where the condition is met."""
        statement = {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.iam.put_user_policy(UserName=self.user, PolicyName="p", PolicyDocument=document)
        self.key = self.iam.create_access_key(UserName=self.user)["AccessKey"]
        return client_of(self.emulator, service, self.key)

    @proves("policy-variables")
    def test_a_variable_stands_for_the_value_of_the_request(self) -> None:
        own = {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}
        storage = self.allowed("s3", "s3:ListBucket", own)
        self.emulator.client("s3").create_bucket(Bucket="variables")
        self.assertIsNone(error_of(storage.list_objects_v2, Bucket="variables"))

    @proves("policy-variables")
    def test_and_is_compared_by_it(self) -> None:
        other = {"StringNotEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}
        storage = self.allowed("s3", "s3:ListBucket", other)
        self.emulator.client("s3").create_bucket(Bucket="variables-other")
        self.assertEqual("AccessDenied", error_of(storage.list_objects_v2, Bucket="variables-other")[0])

    @proves("policy-variables")
    def test_nothing_differs_from_a_value_that_the_request_has_not(self) -> None:
        unknown = {"StringNotEquals": {"aws:ResourceAccount": "${aws:PrincipalTag/none}"}}
        storage = self.allowed("s3", "s3:ListBucket", unknown)
        self.emulator.client("s3").create_bucket(Bucket="variables-none")
        self.assertEqual("AccessDenied", error_of(storage.list_objects_v2, Bucket="variables-none")[0])

    @proves("pool-tags")
    def test_a_user_pool_is_known_by_its_tag(self) -> None:
        root = self.emulator.client("cognito-idp")
        tagged = root.create_user_pool(PoolName="tagged", UserPoolTags={"application": "ours"})["UserPool"]["Id"]
        other = root.create_user_pool(PoolName="other", UserPoolTags={"application": "theirs"})["UserPool"]["Id"]
        ours = {"StringEquals": {"aws:ResourceTag/application": "ours"}}
        cognito = self.allowed("cognito-idp", "cognito-idp:DescribeUserPool", ours)
        self.assertIsNone(error_of(cognito.describe_user_pool, UserPoolId=tagged))
        self.assertEqual("AccessDeniedException", error_of(cognito.describe_user_pool, UserPoolId=other)[0])

    @proves("log-stream-resource")
    def test_who_may_write_to_a_group_is_allowed_by_its_arn_as_cloudformation_gives_it(self) -> None:
        root = self.emulator.client("logs")
        for group in ("own", "own-not"):
            root.create_log_group(logGroupName=group)
        arn = f"arn:aws:logs:{REGION}:000000000000:log-group:own:*"
        logs = self.allowed("logs", "logs:CreateLogStream", {}, arn)
        self.assertIsNone(error_of(logs.create_log_stream, logGroupName="own", logStreamName="s"))
        refused = error_of(logs.create_log_stream, logGroupName="own-not", logStreamName="s")
        self.assertEqual("AccessDeniedException", refused[0])


class Boundaries(unittest.TestCase):
    @proves("role-boundary")
    def test_a_role_has_the_boundary_of_its_template(self) -> None:
        bounded = TEMPLATE.replace(
            "    Type: AWS::IAM::Role\n    Properties:\n",
            f"    Type: AWS::IAM::Role\n    Properties:\n      PermissionsBoundary: {BOUNDARY}\n",
        ).replace("Outputs:\n", "Outputs:\n  Role: {Value: !Ref Role}\n")
        stack = Stack(shared_stack().emulator, "bounded")
        iam = stack.emulator.client("iam")
        role = stack.update(bounded)["Role"]
        self.assertEqual(BOUNDARY, iam.get_role(RoleName=role)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"])
        stack.update(bounded.replace(f"      PermissionsBoundary: {BOUNDARY}\n", ""))
        self.assertNotIn("PermissionsBoundary", iam.get_role(RoleName=role)["Role"])
        made = stack.cloudformation
        made.create_stack(StackName="bounded-at-once", TemplateBody=bounded, Capabilities=["CAPABILITY_IAM"])
        made.get_waiter("stack_create_complete").wait(
            StackName="bounded-at-once", WaiterConfig={"Delay": 1, "MaxAttempts": 15}
        )
        outputs = made.describe_stacks(StackName="bounded-at-once")["Stacks"][0]["Outputs"]
        role = next(output["OutputValue"] for output in outputs if output["OutputKey"] == "Role")
        self.assertEqual(BOUNDARY, iam.get_role(RoleName=role)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"])


def client_of(emulator: Emulator, service: str, key: dict) -> Any:
    return botocore.session.get_session().create_client(
        service,
        region_name=REGION,
        endpoint_url=emulator.url,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
