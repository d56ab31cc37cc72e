"""`boundary-policy.json`: the most that a role or user of a stack can ever be given by who has the deployer's policy.

    python -m unittest discover -s infra
"""

import fnmatch
import unittest

from authorization import ACCOUNT, REGION, actions, allowed, document
from test_template import ACTORS, RESOURCES, as_list, statements

BOUNDARY = document("boundary-policy.json")
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
STACK = "passwordless-edge-staging"
TAG = {"aws:ResourceTag/application": "passwordless-edge"}

LOG_GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/{STACK}"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{STACK}/challenge-AbCdEf"
POOL = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_aBcDeFgHi"

# What the template's references are in a stack, with what the request brings.
REFERENCES = {
    ("DefineLogGroup", "Arn"): (f"{LOG_GROUP}-define-auth-challenge:*", {}),
    ("CreateLogGroup", "Arn"): (f"{LOG_GROUP}-create-auth-challenge:*", {}),
    ("VerifyLogGroup", "Arn"): (f"{LOG_GROUP}-verify-auth-challenge:*", {}),
    ("ChallengeSecret", "Id"): (SECRET, {}),
    ("UserPool", "Arn"): (POOL, TAG),
}


def granted():
    """(actor, action, resource, context) of all that the template gives."""
    for actor in sorted(ACTORS):
        for statement in statements(actor):
            for action in as_list(statement["Action"]):
                if "NotResource" in statement:
                    yield actor, action, "+15005550006", {}
                for resource in as_list(statement.get("Resource", [])):
                    yield actor, action, *REFERENCES[tuple(resource["Fn::GetAtt"])]


class Boundary(unittest.TestCase):
    def test_it_leaves_every_actor_all_that_the_template_gives(self):
        for actor, action, resource, context in granted():
            with self.subTest(actor=actor, action=action):
                self.assertTrue(allowed([EVERYTHING], action, resource, BOUNDARY, **context))

    def test_it_leaves_nothing_that_no_actor_is_given(self):
        self.assertEqual({action for _, action, _, _ in granted()}, actions(BOUNDARY))

    def test_every_actor_has_it_where_the_stack_is_given_one(self):
        expected = {"Fn::If": ["HasBoundary", {"Ref": "PermissionsBoundary"}, {"Ref": "AWS::NoValue"}]}
        for actor in ACTORS:
            self.assertEqual(expected, RESOURCES[actor]["Properties"]["PermissionsBoundary"], actor)

    def test_within_it_an_administrator_reaches_nothing_else(self):
        account = f"{REGION}:{ACCOUNT}"
        for action, resource, *context in (
            ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{account}:secret:shop/database-AbCdEf"),
            ("secretsmanager:PutSecretValue", SECRET),
            ("logs:PutLogEvents", f"arn:aws:logs:{account}:log-group:/aws/lambda/shop:*"),
            ("logs:GetLogEvents", f"{LOG_GROUP}-create-auth-challenge:*"),
            ("sns:Publish", f"arn:aws:sns:{account}:orders"),
            ("sns:SetSMSAttributes", "*"),
            ("cognito-idp:AdminSetUserPassword", POOL),
            ("cognito-idp:AdminSetUserPassword", POOL, {"aws:ResourceTag/application": "shop"}),
            ("cognito-idp:AdminGetUser", POOL, TAG),
            ("cognito-idp:ListUsers", POOL, TAG),
            ("cognito-idp:UpdateUserPool", POOL, TAG),
            ("cognito-idp:UpdateUserPoolClient", POOL, TAG),
            ("cognito-idp:TagResource", POOL, {"aws:RequestTag/application": "passwordless-edge"}),
            ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x"),
            ("iam:AttachUserPolicy", f"arn:aws:iam::{ACCOUNT}:user/{STACK}-WorkerUser-1A2B"),
            ("iam:DeleteUserPermissionsBoundary", f"arn:aws:iam::{ACCOUNT}:user/{STACK}-WorkerUser-1A2B"),
            ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/{STACK}-CreateRole-1A2B"),
            ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/administrator"),
            ("lambda:InvokeFunction", f"arn:aws:lambda:{account}:function:{STACK}-create-auth-challenge"),
            ("lambda:UpdateFunctionCode", f"arn:aws:lambda:{account}:function:{STACK}-create-auth-challenge"),
            ("s3:GetObject", f"arn:aws:s3:::{STACK}-{ACCOUNT}-{REGION}/create.zip"),
            ("cloudformation:UpdateStack", f"arn:aws:cloudformation:{account}:stack/{STACK}/1"),
            ("kms:Decrypt", f"arn:aws:kms:{account}:key/1"),
        ):
            with self.subTest(action=action, resource=resource):
                self.assertFalse(allowed([EVERYTHING], action, resource, BOUNDARY, **(context[0] if context else {})))

    def test_no_action_is_a_pattern(self):
        self.assertEqual([], fnmatch.filter(actions(BOUNDARY), "*[*]*"))


if __name__ == "__main__":
    unittest.main()
