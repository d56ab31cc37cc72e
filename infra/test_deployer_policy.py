"""What `deployer-policy.json` allows: what `deploy`, `rotate` and `destroy` need, and nothing that leads beyond.

CloudFormation acts with the permissions of whoever calls it. What it needs for each type of resource is in that type's
schema, which AWS publishes and cfn-lint brings along ("handlers").

    python -m unittest discover -s infra
"""

import json
import pathlib
import re
import unittest

from authorization import ACCOUNT, REGION, actions, allowed, document
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from test_template import RESOURCES

POLICY = document("deployer-policy.json")
STACK = "passwordless-edge-staging"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/passwordless-edge-boundary"
TAG = {"aws:ResourceTag/application": "passwordless-edge"}
WITHIN = {"iam:PermissionsBoundary": BOUNDARY}

ROLE = f"arn:aws:iam::{ACCOUNT}:role/{STACK}-CreateRole-1A2B3C4D5E6F"
USER = f"arn:aws:iam::{ACCOUNT}:user/{STACK}-WorkerUser-1A2B3C4D5E6F"
POOL = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{REGION}_aBcDeFgHi"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{STACK}-create-auth-challenge"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{STACK}/challenge-AbCdEf"
LOG_GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/{STACK}-create-auth-challenge"
BUCKET = f"arn:aws:s3:::{STACK}-{ACCOUNT}-{REGION}"
STACK_ARN = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/5f0d1c7a-0000-11ee-be56-0242ac120002"

ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{STACK}-errors"

# What the actions of a type's handlers are asked of, and what the request brings; by type.
ASKED_OF = {
    "AWS::Cognito::UserPool": (POOL, TAG),
    "AWS::Cognito::UserPoolClient": (POOL, TAG),
    "AWS::SecretsManager::Secret": (SECRET, {}),
    "AWS::Logs::LogGroup": (LOG_GROUP, {}),
    "AWS::Lambda::Function": (FUNCTION, {}),
    "AWS::Lambda::Permission": (FUNCTION, {"lambda:Principal": "cognito-idp.amazonaws.com"}),
    "AWS::IAM::Role": (ROLE, WITHIN),
    "AWS::IAM::User": (USER, WITHIN),
    "AWS::CloudWatch::Alarm": (ALARM, {}),
    "AWS::CloudWatch::Dashboard": (f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/{STACK}", {}),
}
# Actions that are asked of something else than the resource itself.
ELSEWHERE = {
    "cognito-idp:CreateUserPool": ("*", {"aws:RequestTag/application": "passwordless-edge"}),
    "cloudwatch:DescribeAlarms": ("*", {}),
    "iam:PassRole": (ROLE, {"iam:PassedToService": "lambda.amazonaws.com"}),
    "logs:DescribeLogGroups": ("*", {}),
    "logs:DescribeResourcePolicies": ("*", {}),
    "s3:GetObject": (f"{BUCKET}/create-auth-challenge-0123456789abcdef.zip", {}),
    "secretsmanager:GetRandomPassword": ("*", {}),
}

NO_VPC = "no function is in a VPC or mounts a file system"
NO_CMK = "nothing is encrypted with a key of our own"
NOT_CODE_SIGNING = "no code-signing configuration, concurrency, scaling, recursion or runtime setting in the template"
NO_SMS_ROLE = "Cognito itself sends nothing, so no role is passed to it"
NO_MANAGED = "inline policies alone; a managed one could be any, AdministratorAccess too"
NO_TRUST = "Lambda alone may assume a role, and that never changes"
NO_LOGIN = "the worker's user has no password and no group"
NO_LOG_DELIVERY = "logs stay in their group: no delivery, data protection, index or resource policy of ours"
NO_REPLICAS = "the secret has no replicas"
# What handlers may call for properties that the template does not set. An action is allowed or here, never both.
NOT_NEEDED = {
    ("AWS::Cognito::UserPool", "iam:PassRole"): NO_SMS_ROLE,
    ("AWS::Cognito::UserPoolClient", "iam:PassRole"): "no analytics",
    ("AWS::Cognito::UserPoolClient", "iam:PutRolePolicy"): "no analytics",
    ("AWS::Cognito::UserPoolClient", "iam:DeleteRolePolicy"): "no analytics",
    "iam:CreateServiceLinkedRole": "no analytics, no sending through SES",
    "kms:*": NO_CMK,
    "logs:AssociateKmsKey": NO_CMK,
    "logs:DisassociateKmsKey": NO_CMK,
    "ec2:*": NO_VPC,
    "elasticfilesystem:*": NO_VPC,
    "s3files:*": NO_VPC,
    "s3:GetObjectVersion": "a function's code is named by a key that carries its hash, without a version",
    "lambda:AssociateRuntimeAlias": NOT_CODE_SIGNING,
    "lambda:DeleteFunctionCodeSigningConfig": NOT_CODE_SIGNING,
    "lambda:DeleteFunctionConcurrency": NOT_CODE_SIGNING,
    "lambda:GetCodeSigningConfig": NOT_CODE_SIGNING,
    "lambda:GetLayerVersion": "no layers",
    "lambda:PassCapacityProvider": NOT_CODE_SIGNING,
    "lambda:PublishVersion": "no versions",
    "lambda:PutFunctionCodeSigningConfig": NOT_CODE_SIGNING,
    "lambda:PutFunctionConcurrency": NOT_CODE_SIGNING,
    "lambda:PutFunctionRecursionConfig": NOT_CODE_SIGNING,
    "lambda:PutFunctionScalingConfig": NOT_CODE_SIGNING,
    "lambda:PutRuntimeManagementConfig": NOT_CODE_SIGNING,
    "iam:AddUserToGroup": NO_LOGIN,
    "iam:CreateLoginProfile": NO_LOGIN,
    "iam:DeleteLoginProfile": NO_LOGIN,
    "iam:RemoveUserFromGroup": NO_LOGIN,
    "iam:UpdateLoginProfile": NO_LOGIN,
    "iam:AttachRolePolicy": NO_MANAGED,
    "iam:AttachUserPolicy": NO_MANAGED,
    "iam:DetachRolePolicy": NO_MANAGED,
    "iam:DetachUserPolicy": NO_MANAGED,
    "iam:DeleteRolePermissionsBoundary": "the way out of the boundary",
    "iam:DeleteUserPermissionsBoundary": "the way out of the boundary",
    "iam:UpdateAssumeRolePolicy": NO_TRUST,
    "iam:UpdateUser": "its name is CloudFormation's and stays",
    "firehose:TagDeliveryStream": NO_LOG_DELIVERY,
    "logs:CreateLogDelivery": NO_LOG_DELIVERY,
    "logs:DeleteDataProtectionPolicy": NO_LOG_DELIVERY,
    "logs:DeleteIndexPolicy": NO_LOG_DELIVERY,
    "logs:DeleteResourcePolicy": NO_LOG_DELIVERY,
    "logs:PutBearerTokenAuthentication": NO_LOG_DELIVERY,
    "logs:PutDataProtectionPolicy": NO_LOG_DELIVERY,
    "logs:PutIndexPolicy": NO_LOG_DELIVERY,
    "logs:PutLogGroupDeletionProtection": NO_LOG_DELIVERY,
    "logs:PutResourcePolicy": NO_LOG_DELIVERY,
    "s3:REST.PUT.OBJECT": NO_LOG_DELIVERY,
    "secretsmanager:RemoveRegionsFromReplication": NO_REPLICAS,
    "secretsmanager:ReplicateSecretToRegions": NO_REPLICAS,
}

# What the commands call themselves, by the AWS CLI's name for it: what IAM calls it, what it is asked of, and the context.
PACKAGE = f"{BUCKET}/create-auth-challenge-0123456789abcdef.zip"
CALLED = {
    "cloudformation create-change-set": [("cloudformation:CreateChangeSet", STACK_ARN, {})],
    "cloudformation delete-change-set": [("cloudformation:DeleteChangeSet", STACK_ARN, {})],
    "cloudformation delete-stack": [("cloudformation:DeleteStack", STACK_ARN, {})],
    "cloudformation describe-change-set": [("cloudformation:DescribeChangeSet", STACK_ARN, {})],
    "cloudformation describe-stack-events": [("cloudformation:DescribeStackEvents", STACK_ARN, {})],
    "cloudformation describe-stacks": [("cloudformation:DescribeStacks", STACK_ARN, {})],
    "cloudformation execute-change-set": [("cloudformation:ExecuteChangeSet", STACK_ARN, {})],
    "cloudformation list-change-sets": [("cloudformation:ListChangeSets", STACK_ARN, {})],
    "cognito-idp describe-user-pool": [("cognito-idp:DescribeUserPool", POOL, TAG)],
    "cognito-idp describe-user-pool-client": [("cognito-idp:DescribeUserPoolClient", POOL, TAG)],
    "iam create-access-key": [("iam:CreateAccessKey", USER, {})],
    "iam delete-access-key": [("iam:DeleteAccessKey", USER, {})],
    "iam get-policy": [("iam:GetPolicy", BOUNDARY, {})],
    "iam list-access-keys": [("iam:ListAccessKeys", USER, {})],
    "iam list-user-tags": [("iam:ListUserTags", USER, {})],
    "iam tag-user": [("iam:TagUser", USER, {})],
    "s3 cp": [("s3:PutObject", PACKAGE, {})],
    "s3 mb": [("s3:CreateBucket", BUCKET, {})],
    "s3 rb": [("s3:ListBucket", BUCKET, {}), ("s3:DeleteObject", PACKAGE, {}), ("s3:DeleteBucket", BUCKET, {})],
    "s3api head-bucket": [("s3:ListBucket", BUCKET, {})],
    "s3api list-objects-v2": [("s3:ListBucket", BUCKET, {})],
    "s3api put-public-access-block": [("s3:PutBucketPublicAccessBlock", BUCKET, {})],
    "secretsmanager describe-secret": [("secretsmanager:DescribeSecret", SECRET, {})],
    "secretsmanager get-secret-value": [("secretsmanager:GetSecretValue", SECRET, {})],
    "secretsmanager put-secret-value": [("secretsmanager:PutSecretValue", SECRET, {})],
    "secretsmanager update-secret-version-stage": [("secretsmanager:UpdateSecretVersionStage", SECRET, {})],
    # AWS never denies it.
    "sts get-caller-identity": [],
    # As the worker, to see that its new key works already.
    "cognito-idp admin-user-global-sign-out": [],
}
XTASK = pathlib.Path(__file__).parent.parent / "xtask/src"
# Where `deploy`, `rotate` and `destroy` call AWS.
SOURCES = ["commands/deploy*", "commands/rotate*", "commands/destroy*", "system/bucket.rs", "system/stack/*", "system/stage/*"]


def calls():
    """What the commands' source calls: `"iam", "tag-user"` is `aws iam tag-user`."""
    services = sorted({call.split()[0] for call in CALLED} | {"cloudwatch", "lambda", "logs", "ssm", "sns", "kms"})
    pair = re.compile(rf'"({"|".join(services)})",\s*"([a-z][a-z0-9-]*)"')
    found = set()
    for pattern in SOURCES:
        for path in [path for path in XTASK.glob(pattern) if path.suffix == ".rs"]:
            text = path.read_text(encoding="utf-8")
            found |= {" ".join(call) for call in pair.findall(text)}
            # The operations on a change set share a function, which names the service.
            found |= {f"cloudformation {operation}" for operation in re.findall(r'\bon\("([a-z-]+)"', text)}
    return found


def may(action, resource, **context):
    return allowed([POLICY], action, resource, **context)


def handlers(kind):
    """The actions that CloudFormation may call to create, read, update, delete or tag a resource of this type."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    described = {name: one["permissions"] for name, one in schema["handlers"].items() if name != "list"}
    described["tag"] = schema.get("tagging", {}).get("permissions", [])
    return {action for permissions in described.values() for action in permissions}


def reason_against(kind, action):
    """Why an action is not needed for a type; the entries of NOT_NEEDED that say so."""
    service = action.split(":")[0]
    return [key for key in ((kind, action), action, f"{service}:*") if key in NOT_NEEDED]


class Needed(unittest.TestCase):
    kinds = sorted({resource["Type"] for resource in RESOURCES.values()})

    def test_what_cloudformation_needs_for_the_template_is_allowed_or_there_is_a_reason(self):
        for kind in self.kinds:
            self.assertIn(kind, ASKED_OF, "a new type of resource: say what its actions are asked of")
            for action in sorted(handlers(kind)):
                resource, context = ELSEWHERE.get(action, ASKED_OF[kind])
                with self.subTest(kind=kind, action=action):
                    if not reason_against(kind, action):
                        self.assertTrue(may(action, resource, **context))

    def test_what_has_a_reason_against_it_is_not_allowed(self):
        used = set()
        for kind in self.kinds:
            for action in sorted(handlers(kind)):
                reasons = reason_against(kind, action)
                used |= set(reasons)
                # A pair speaks of one type alone: another may well need the action.
                if any(isinstance(reason, str) for reason in reasons):
                    resource, context = ELSEWHERE.get(action, ASKED_OF[kind])
                    with self.subTest(kind=kind, action=action):
                        self.assertFalse(may(action, resource, **context))
        self.assertEqual(set(NOT_NEEDED), used, "reasons that nothing has any more")

    def test_an_alarm_may_tell_a_topic_or_nobody(self):
        topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:operators"
        for context in ({}, {"cloudwatch:AlarmActions": topic}, {"cloudwatch:AlarmActions": [topic, f"{topic}-at-night"]}):
            with self.subTest(context=context):
                self.assertTrue(may("cloudwatch:PutMetricAlarm", ALARM, **context))

    def test_a_stack_without_a_boundary_can_be_deleted(self):
        """Such as one that was first deployed by an administrator, before the account had a boundary."""
        for actor, name in ((ROLE, "Role"), (USER, "User")):
            for action in (f"iam:Delete{name}Policy", f"iam:Delete{name}"):
                with self.subTest(action=action):
                    self.assertTrue(may(action, actor))

    def test_what_the_commands_call_is_allowed(self):
        for call, requests in CALLED.items():
            for action, resource, context in requests:
                with self.subTest(call=call, action=action):
                    self.assertTrue(may(action, resource, **context))

    def test_every_call_in_the_commands_source_is_known_here_and_no_other(self):
        self.assertEqual(set(CALLED), calls())

    def test_nothing_is_allowed_that_nobody_needs(self):
        needed = {action for requests in CALLED.values() for action, _, _ in requests}
        for kind in self.kinds:
            needed |= {action for action in handlers(kind) if not reason_against(kind, action)}
        # A stack that was first deployed without a boundary gets one by an update.
        needed |= {"iam:PutRolePermissionsBoundary"}
        self.assertEqual(set(), actions(POLICY) - needed)


class Forbidden(unittest.TestCase):
    def refused(self, *requests):
        for action, resource, *context in requests:
            with self.subTest(action=action, resource=resource):
                self.assertFalse(may(action, resource, **(context[0] if context else {})))

    def test_what_is_somebody_elses(self):
        account = f"{REGION}:{ACCOUNT}"
        self.refused(
            ("cloudformation:DescribeStacks", f"arn:aws:cloudformation:{account}:stack/shop/1"),
            ("cloudformation:DeleteStack", f"arn:aws:cloudformation:{account}:stack/my-passwordless-edge-dev/1"),
            ("s3:GetObject", "arn:aws:s3:::shop-customers/list.csv"),
            ("s3:PutObject", "arn:aws:s3:::my-passwordless-edge-dev/x.zip"),
            ("s3:ListAllMyBuckets", "*"),
            ("lambda:UpdateFunctionCode", f"arn:aws:lambda:{account}:function:shop"),
            ("lambda:GetFunction", f"arn:aws:lambda:{account}:function:shop"),
            ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{account}:secret:shop/database-AbCdEf"),
            ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{account}:secret:{STACK}/database-AbCdEf"),
            ("secretsmanager:ListSecrets", "*"),
            ("logs:DeleteLogGroup", f"arn:aws:logs:{account}:log-group:/aws/lambda/shop"),
            ("cloudwatch:DeleteAlarms", f"arn:aws:cloudwatch:{account}:alarm:shop"),
            ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/administrator", WITHIN),
            ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/passwordless-edge-deployer", WITHIN),
            ("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/shop", WITHIN),
            ("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/administrator"),
            ("iam:CreateAccessKey", f"arn:aws:iam::{ACCOUNT}:user/passwordless-edge-deployer"),
        )

    def test_an_alarm_that_does_more_than_tell(self):
        """CloudWatch acts on its own: whoever makes the alarm needs no right to what it does."""
        topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:operators"
        for action in (
            f"arn:aws:automate:{REGION}:ec2:terminate",
            f"arn:aws:swf:{REGION}:{ACCOUNT}:action/actions/AWS_EC2.InstanceId.Terminate/1.0",
            f"arn:aws:ssm:{REGION}:{ACCOUNT}:opsitem:1",
            f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:shop",
            f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:scalingPolicy:1:autoScalingGroupName/shop:policyName/none",
        ):
            for told in (action, [action], [topic, action]):
                self.refused(("cloudwatch:PutMetricAlarm", ALARM, {"cloudwatch:AlarmActions": told}))

    def test_a_bucket_of_another_account_though_it_has_our_name(self):
        """Names of buckets are anybody's: who takes ours first would be handed our code, or hand us his."""
        (statement,) = (one for one in POLICY["Statement"] if "s3:PutObject" in one["Action"])
        # The evaluator reads whose a resource is off its ARN, and a bucket's does not say it.
        anywhere = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": "*"}]}
        for action in statement["Action"]:
            self.assertTrue(allowed([anywhere], action, f"arn:aws:s3:{REGION}:{ACCOUNT}:bucket"))
            self.assertFalse(allowed([anywhere], action, f"arn:aws:s3:{REGION}:210987654321:bucket"))

    def test_a_pool_without_our_tag_and_giving_it_one(self):
        theirs = {"aws:ResourceTag/application": "shop"}
        for context in ({}, theirs):
            for action in sorted(one for one in actions(POLICY) if one.startswith("cognito-idp:")):
                self.refused((action, POOL, context))
            claimed = {**context, "aws:RequestTag/application": "passwordless-edge"}
            self.refused(("cognito-idp:TagResource", POOL, claimed))
        self.refused(
            ("cognito-idp:CreateUserPool", "*"),
            ("cognito-idp:CreateUserPool", "*", {"aws:RequestTag/application": "shop"}),
        )

    def test_the_users_of_our_own_pool(self):
        self.refused(
            *((f"cognito-idp:{name}", POOL, TAG) for name in (
                "ListUsers", "AdminGetUser", "AdminCreateUser", "AdminDeleteUser", "AdminSetUserPassword", "AdminInitiateAuth",
                "AdminRespondToAuthChallenge", "AdminUpdateUserAttributes", "AdminUserGlobalSignOut", "CreateUserImportJob",
            )),
            ("cognito-idp:ListUserPools", "*"),
        )  # fmt: skip

    def test_what_was_logged(self):
        self.refused(*((f"logs:{name}", LOG_GROUP) for name in ("GetLogEvents", "FilterLogEvents", "StartQuery")))

    def test_every_way_to_more_rights_than_the_boundary(self):
        administrator = {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}
        for context in ({}, administrator, {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/other"}):
            for action in ("CreateRole", "PutRolePolicy", "PutRolePermissionsBoundary"):
                self.refused((f"iam:{action}", ROLE, context))
            for action in ("CreateUser", "PutUserPolicy", "PutUserPermissionsBoundary"):
                self.refused((f"iam:{action}", USER, context))
        to_administrator = {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess", **WITHIN}
        self.refused(
            ("iam:AttachRolePolicy", ROLE, to_administrator),
            ("iam:AttachUserPolicy", USER, to_administrator),
            ("iam:AddUserToGroup", f"arn:aws:iam::{ACCOUNT}:group/administrators"),
            ("iam:DeleteRolePermissionsBoundary", ROLE, WITHIN),
            ("iam:DeleteUserPermissionsBoundary", USER, WITHIN),
            ("iam:CreatePolicyVersion", BOUNDARY),
            ("iam:SetDefaultPolicyVersion", BOUNDARY),
            ("iam:DeletePolicy", BOUNDARY),
            ("iam:CreatePolicy", f"arn:aws:iam::{ACCOUNT}:policy/passwordless-edge-boundary"),
            ("iam:UpdateAssumeRolePolicy", ROLE, WITHIN),
            ("iam:CreateLoginProfile", USER, WITHIN),
            ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/administrator", {"iam:PassedToService": "lambda.amazonaws.com"}),
            ("sts:AssumeRole", ROLE),
            ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/administrator"),
        )
        for service in ("ec2", "cloudformation", "ecs-tasks", "cognito-idp", "glue"):
            self.refused(("iam:PassRole", ROLE, {"iam:PassedToService": f"{service}.amazonaws.com"}))
        self.refused(("iam:PassRole", ROLE))

    def test_handing_the_triggers_or_the_secret_to_others(self):
        self.refused(
            ("lambda:AddPermission", FUNCTION),
            ("lambda:AddPermission", FUNCTION, {"lambda:Principal": "*"}),
            ("lambda:AddPermission", FUNCTION, {"lambda:Principal": "210987654321"}),
            ("lambda:InvokeFunction", FUNCTION),
            ("lambda:CreateFunctionUrlConfig", FUNCTION),
            ("lambda:CreateEventSourceMapping", "*"),
            ("secretsmanager:PutResourcePolicy", SECRET),
            ("secretsmanager:ReplicateSecretToRegions", SECRET),
            ("s3:PutBucketPolicy", BUCKET),
            ("s3:PutBucketAcl", BUCKET),
            ("s3:PutReplicationConfiguration", BUCKET),
            ("sns:Publish", "+15005550006"),
        )


class Form(unittest.TestCase):
    def test_no_action_is_a_pattern(self):
        self.assertEqual([], [action for action in actions(POLICY) if "*" in action])

    def test_nothing_is_allowed_everywhere_but_what_has_no_resource_to_name(self):
        unbounded = [one for one in POLICY["Statement"] if one["Resource"] == "*" and "Condition" not in one]
        everywhere = {action for statement in unbounded for action in statement["Action"]}
        self.assertEqual(
            {
                "cloudwatch:DescribeAlarms",
                "logs:DescribeLogGroups",
                "logs:DescribeResourcePolicies",
                "secretsmanager:GetRandomPassword",
            },
            everywhere,
        )

    def test_it_fits_into_a_managed_policy(self):
        """IAM counts what is not white space: 6,144 characters (IAM user guide, "IAM and AWS STS quotas")."""
        for name in ("deployer-policy.json", "boundary-policy.json"):
            self.assertLessEqual(len(re.sub(r"\s", "", json.dumps(document(name)))), 6144, name)


if __name__ == "__main__":
    unittest.main()
