"""What `template.yaml` promises about who may do what, and for how long.

The local AWS shows that the stack works. It does not show these: it needs no Lambda permission, lets a user write any
attribute, and would not notice a role that may do more than it uses. So they are read off the template.

    python -m unittest discover -s infra
"""

import fnmatch
import pathlib
import re
import unittest

import yaml


class TemplateLoader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, read as the long ones: `!Ref X` is {"Ref": "X"}."""


def long_form(loader, tag, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if tag == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


TemplateLoader.add_multi_constructor("!", long_form)

TEMPLATE = yaml.load(pathlib.Path(__file__).with_name("template.yaml").read_text(encoding="utf-8"), TemplateLoader)
RESOURCES = TEMPLATE["Resources"]

POOL_ARN = {"Fn::GetAtt": ["UserPool", "Arn"]}
SECRET_ARN = {"Fn::GetAtt": ["ChallengeSecret", "Id"]}
TRIGGERS = ("Define", "Create", "Verify")
# Everything in the template that can act, by logical id.
ACTORS = {f"{trigger}Role" for trigger in TRIGGERS} | {"WorkerUser"}


def of_type(kind):
    return {name: resource["Properties"] for name, resource in RESOURCES.items() if resource["Type"] == kind}


def as_list(value):
    return value if isinstance(value, list) else [value]


def statements(actor):
    return [
        statement
        for policy in RESOURCES[actor]["Properties"].get("Policies", [])
        for statement in as_list(policy["PolicyDocument"]["Statement"])
    ]


def granting(action):
    """(actor, statement) for every statement that allows `action`, be it by name, by wildcard or by NotAction."""
    found = []
    for actor in sorted(ACTORS):
        for statement in statements(actor):
            named = any(
                fnmatch.fnmatchcase(action.lower(), pattern.lower())
                for pattern in as_list(statement.get("Action", statement.get("NotAction")))
            )
            if statement["Effect"] == "Allow" and named == ("Action" in statement):
                found.append((actor, statement))
    return found


def actors(grants):
    return {actor for actor, _ in grants}


class WhoMayDoWhat(unittest.TestCase):
    def test_only_the_known_actors_have_policies_and_all_are_inline(self):
        """So that reading `Policies` of these is reading all that anybody in the stack may do."""
        self.assertEqual(ACTORS, set(of_type("AWS::IAM::Role")) | set(of_type("AWS::IAM::User")))
        other = {name for name, r in RESOURCES.items() if r["Type"].startswith("AWS::IAM::")} - ACTORS
        self.assertEqual(set(), other)
        for actor in ACTORS:
            self.assertFalse({"ManagedPolicyArns", "Groups"} & set(RESOURCES[actor]["Properties"]), actor)

    def test_no_statement_has_a_wildcard_action_or_every_resource(self):
        for actor in ACTORS:
            for statement in statements(actor):
                self.assertIn("Action", statement, actor)
                for action in as_list(statement["Action"]):
                    self.assertNotIn("*", action, actor)
                self.assertNotIn("*", as_list(statement.get("Resource", [])), actor)

    def test_every_function_has_a_role_of_its_own_that_only_lambda_may_assume(self):
        for trigger in TRIGGERS:
            function = RESOURCES[f"{trigger}Function"]["Properties"]
            self.assertEqual({"Fn::GetAtt": [f"{trigger}Role", "Arn"]}, function["Role"])
            trust = RESOURCES[f"{trigger}Role"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual([{"Service": "lambda.amazonaws.com"}], [statement["Principal"] for statement in trust])

    def test_only_create_may_publish_and_only_to_what_is_no_topic_or_device(self):
        grants = granting("sns:Publish")
        self.assertEqual({"CreateRole"}, actors(grants))
        for _, statement in grants:
            self.assertEqual({"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"}, statement.get("NotResource"))

    def test_only_create_and_verify_may_read_the_secret_and_nobody_may_change_it(self):
        grants = granting("secretsmanager:GetSecretValue")
        self.assertEqual({"CreateRole", "VerifyRole"}, actors(grants))
        for actor, statement in grants:
            self.assertEqual(SECRET_ARN, statement.get("Resource"), actor)
        for action in ("PutSecretValue", "UpdateSecret", "DeleteSecret", "PutResourcePolicy", "RotateSecret"):
            self.assertEqual(set(), actors(granting(f"secretsmanager:{action}")), action)

    def test_only_those_who_may_read_the_secret_are_told_where_it_is(self):
        told = {
            trigger
            for trigger in TRIGGERS
            if "CHALLENGE_SECRET_ARN"
            in RESOURCES[f"{trigger}Function"]["Properties"].get("Environment", {}).get("Variables", {})
        }
        self.assertEqual({"Create", "Verify"}, told)

    def test_those_who_read_the_secret_start_afresh_when_it_is_exchanged(self):
        for trigger in TRIGGERS:
            variables = RESOURCES[f"{trigger}Function"]["Properties"].get("Environment", {}).get("Variables", {})
            is_reader = "CHALLENGE_SECRET_ARN" in variables
            self.assertEqual({"Ref": "KeysVersion"} if is_reader else None, variables.get("KEYS_VERSION"), trigger)

    def test_a_role_writes_to_its_own_log_group_and_makes_none(self):
        for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
            grants = granting(action)
            self.assertEqual({f"{trigger}Role" for trigger in TRIGGERS}, actors(grants))
            for actor, statement in grants:
                own = {"Fn::GetAtt": [actor.replace("Role", "LogGroup"), "Arn"]}
                self.assertEqual(own, statement.get("Resource"), actor)
        self.assertEqual(set(), actors(granting("logs:CreateLogGroup")))

    def test_define_may_do_nothing_but_log(self):
        allowed = {action for statement in statements("DefineRole") for action in as_list(statement["Action"])}
        self.assertEqual({"logs:CreateLogStream", "logs:PutLogEvents"}, allowed)

    def test_the_worker_may_make_six_calls_on_this_pool_and_no_other(self):
        allowed = {action for statement in statements("WorkerUser") for action in as_list(statement["Action"])}
        self.assertEqual(
            {
                "cognito-idp:AdminInitiateAuth",
                "cognito-idp:AdminRespondToAuthChallenge",
                "cognito-idp:AdminCreateUser",
                "cognito-idp:AdminSetUserPassword",
                "cognito-idp:AdminUpdateUserAttributes",
                "cognito-idp:AdminUserGlobalSignOut",
            },
            allowed,
        )
        self.assertEqual([POOL_ARN], [statement.get("Resource") for statement in statements("WorkerUser")])

    def test_the_workers_key_is_not_made_here_where_outputs_and_events_would_show_it(self):
        self.assertEqual({}, of_type("AWS::IAM::AccessKey"))


class Triggers(unittest.TestCase):
    def test_only_cognito_may_invoke_and_only_for_this_pool(self):
        permissions = of_type("AWS::Lambda::Permission")
        expected = [
            {
                "FunctionName": {"Fn::GetAtt": [f"{trigger}Function", "Arn"]},
                "Action": "lambda:InvokeFunction",
                "Principal": "cognito-idp.amazonaws.com",
                "SourceArn": POOL_ARN,
                "SourceAccount": {"Ref": "AWS::AccountId"},
            }
            for trigger in TRIGGERS
        ]
        self.assertCountEqual(expected, permissions.values())

    def test_the_pool_calls_each_trigger_for_its_own_step(self):
        self.assertEqual(
            {
                "DefineAuthChallenge": {"Fn::GetAtt": ["DefineFunction", "Arn"]},
                "CreateAuthChallenge": {"Fn::GetAtt": ["CreateFunction", "Arn"]},
                "VerifyAuthChallengeResponse": {"Fn::GetAtt": ["VerifyFunction", "Arn"]},
            },
            RESOURCES["UserPool"]["Properties"]["LambdaConfig"],
        )

    def test_only_create_and_verify_are_told_for_which_numbers_a_fixed_code_is_taken(self):
        """Create so that it takes none of others; verify so that it does not count the answers of these."""
        told = {
            trigger: variables["TEST_NUMBERS"]
            for trigger in TRIGGERS
            for variables in [RESOURCES[f"{trigger}Function"]["Properties"].get("Environment", {}).get("Variables", {})]
            if "TEST_NUMBERS" in variables
        }
        self.assertEqual(dict.fromkeys(("Create", "Verify"), {"Ref": "TestNumbers"}), told)

    def test_no_trigger_runs_longer_than_cognito_waits(self):
        functions = of_type("AWS::Lambda::Function")
        self.assertEqual({f"{trigger}Function" for trigger in TRIGGERS}, set(functions))
        for name, function in functions.items():
            self.assertLessEqual(function["Timeout"], 5, name)

    def test_every_log_is_kept_as_long_as_was_asked_and_no_longer(self):
        for trigger in TRIGGERS:
            group = RESOURCES[f"{trigger}LogGroup"]["Properties"]
            self.assertEqual({"Ref": "LogRetentionDays"}, group["RetentionInDays"], trigger)
            logging = RESOURCES[f"{trigger}Function"]["Properties"]["LoggingConfig"]
            self.assertEqual({"LogFormat": "JSON", "LogGroup": {"Ref": f"{trigger}LogGroup"}}, logging, trigger)

    def test_those_who_count_know_what_for(self):
        for trigger in ("Create", "Verify"):
            variables = RESOURCES[f"{trigger}Function"]["Properties"]["Environment"]["Variables"]
            self.assertEqual({"Ref": "AWS::StackName"}, variables["STACK_NAME"], trigger)

    def test_create_and_verify_agree_on_when_a_code_expires(self):
        for trigger in ("Create", "Verify"):
            variables = RESOURCES[f"{trigger}Function"]["Properties"]["Environment"]["Variables"]
            self.assertEqual({"Ref": "CodeTtlSeconds"}, variables["CODE_TTL_SECONDS"], trigger)


class SigningIn(unittest.TestCase):
    client = RESOURCES["Client"]["Properties"]
    pool = RESOURCES["UserPool"]["Properties"]

    def test_the_custom_challenge_is_the_only_flow(self):
        self.assertEqual(["ALLOW_CUSTOM_AUTH"], self.client["ExplicitAuthFlows"])

    def test_nobody_gets_in_without_the_workers_secret(self):
        self.assertIs(True, self.client["GenerateSecret"])
        self.assertIs(True, self.pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"])

    def test_no_password_is_recovered_by_a_message(self):
        mechanisms = self.pool["AccountRecoverySetting"]["RecoveryMechanisms"]
        self.assertEqual(["admin_only"], [mechanism["Name"] for mechanism in mechanisms])

    def test_a_client_cannot_tell_which_numbers_have_an_account(self):
        self.assertEqual("ENABLED", self.client["PreventUserExistenceErrors"])

    def test_tokens_live_as_long_as_the_contract_says(self):
        units = self.client["TokenValidityUnits"]
        lives = {
            "access": (self.client["AccessTokenValidity"], units["AccessToken"]),
            "id": (self.client["IdTokenValidity"], units["IdToken"]),
            "refresh": (self.client["RefreshTokenValidity"], units["RefreshToken"]),
        }
        self.assertEqual({"access": (60, "minutes"), "id": (60, "minutes"), "refresh": (30, "days")}, lives)

    def test_refresh_tokens_rotate_and_can_be_revoked(self):
        rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": {"Ref": "RefreshGraceSeconds"}}
        self.assertEqual(rotation, self.client["RefreshTokenRotation"])
        self.assertIs(True, self.client["EnableTokenRevocation"])

    def test_no_code_outlives_its_session(self):
        self.assertLessEqual(TEMPLATE["Parameters"]["CodeTtlSeconds"]["MaxValue"], self.client["AuthSessionValidity"] * 60)

    def test_a_user_cannot_move_the_account_to_another_phone(self):
        """The list must not be empty either: to Cognito that is every attribute."""
        self.assertTrue(self.client["WriteAttributes"])
        self.assertFalse({"phone_number", "email", "preferred_username"} & set(self.client["WriteAttributes"]))


class Parameters(unittest.TestCase):
    def accepts(self, parameter, value):
        return re.search(TEMPLATE["Parameters"][parameter]["AllowedPattern"], value) is not None

    def test_a_message_without_the_code_is_refused(self):
        self.assertTrue(self.accepts("MessageTemplate", TEMPLATE["Parameters"]["MessageTemplate"]["Default"]))
        self.assertTrue(self.accepts("MessageTemplate", "{code}"))
        for text in ("", "Welcome to {app}", "code", "{ code }", "{code}\n@elsewhere.example #000000"):
            self.assertFalse(self.accepts("MessageTemplate", text), text)

    def test_the_origin_is_a_bare_domain_or_nothing(self):
        for domain in ("", "example.com", "login.example.co.uk", "xn--bcher-kva.example"):
            self.assertTrue(self.accepts("OriginDomain", domain), domain)
        for domain in ("https://example.com", "example.com/", "example.com:443", "Example.com", "-a.example", "a b.example"):
            self.assertFalse(self.accepts("OriginDomain", domain), domain)

    def test_a_sender_id_is_what_sns_takes_or_nothing(self):
        for sender in ("", "A", "Shop24", "ABCDEFGHIJK"):
            self.assertTrue(self.accepts("SenderId", sender), sender)
        for sender in ("12345", "ABCDEFGHIJKL", "My Shop", "Shop!"):
            self.assertFalse(self.accepts("SenderId", sender), sender)

    def test_a_fixed_code_is_taken_for_the_listed_numbers_or_for_any_or_by_default_for_none(self):
        self.assertEqual("", TEMPLATE["Parameters"]["TestNumbers"]["Default"])
        for numbers in ("", "*", "+15005550001", "+15005550001,+15005550002,+442079460000", "+6907123", "+123456789012345"):
            self.assertTrue(self.accepts("TestNumbers", numbers), numbers)
        for numbers in (
            " ",
            ",",
            "**",
            "*,+15005550001",
            "+15005550001,*",
            "+1500*",
            "15005550001",
            "+05005550001",
            "+150055",
            "+1234567890123456",
            "+15005550001,",
            ",+15005550001",
            "+15005550001,,+15005550002",
            "+15005550001, +15005550002",
            "+15005550001;+15005550002",
            "+15005550001+15005550002",
            "+1 500 555 0001",
            "+15005550001=424242",
            "+15005550001\n+15005550002",
            "+１５００５５５０００１",
        ):
            self.assertFalse(self.accepts("TestNumbers", numbers), numbers)

    def test_every_parameter_and_output_says_what_it_is_for(self):
        for section in ("Parameters", "Outputs"):
            for name, entry in TEMPLATE[section].items():
                self.assertTrue(entry.get("Description"), name)

    def test_a_pool_is_protected_from_deletion_unless_said_otherwise(self):
        self.assertEqual("ACTIVE", TEMPLATE["Parameters"]["DeletionProtection"]["Default"])
        self.assertEqual({"Ref": "DeletionProtection"}, RESOURCES["UserPool"]["Properties"]["DeletionProtection"])


class Names(unittest.TestCase):
    def test_every_name_that_is_set_carries_the_stacks(self):
        """So that several stages live in one account. What has no name gets one from CloudFormation, which carries it too."""
        named = (
            "UserPoolName",
            "ClientName",
            "Name",
            "LogGroupName",
            "FunctionName",
            "RoleName",
            "UserName",
            "AlarmName",
            "DashboardName",
        )
        for logical_id, resource in RESOURCES.items():
            if resource["Type"] == "AWS::Lambda::Permission":
                continue  # its FunctionName is a reference
            for key in set(named) & set(resource["Properties"]):
                self.assertIn("AWS::StackName", str(resource["Properties"][key]), f"{logical_id}.{key}")


if __name__ == "__main__":
    unittest.main()
