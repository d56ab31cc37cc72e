"""What `github-oidc.yaml` promises, and the workflow that relies on it.

    python -m unittest discover -s infra
"""

import pathlib
import re
import unittest

import yaml
from authorization import ACCOUNT, actions, allowed, document
from test_template import TemplateLoader

HERE = pathlib.Path(__file__).parent
TEMPLATE = yaml.load((HERE / "github-oidc.yaml").read_text(encoding="utf-8"), TemplateLoader)
ROLE = TEMPLATE["Resources"]["DeployRole"]["Properties"]
WORKFLOW = yaml.load((HERE.parent / ".github/workflows/deploy.yml").read_text(encoding="utf-8"), yaml.BaseLoader)
DEPLOY = WORKFLOW["jobs"]["deploy"]


class Trust(unittest.TestCase):
    def test_only_a_run_of_that_repository_in_that_environment_becomes_the_role(self):
        (statement,) = ROLE["AssumeRolePolicyDocument"]["Statement"]
        self.assertEqual("sts:AssumeRoleWithWebIdentity", statement["Action"])
        issuer = "token.actions.githubusercontent.com"
        # StringEquals: a pattern such as repo:owner/name:* would let in every branch and pull request.
        self.assertEqual(
            {
                "StringEquals": {
                    f"{issuer}:aud": "sts.amazonaws.com",
                    f"{issuer}:sub": {"Fn::Sub": "repo:${Repository}:environment:${Stage}"},
                }
            },
            statement["Condition"],
        )
        pattern = TEMPLATE["Parameters"]["Repository"]["AllowedPattern"]
        self.assertTrue(re.search(pattern, "owner/name.rs"))
        for text in ("*", "owner/*", "owner/name:ref:refs/heads/x", "owner", "owner/name/x", "*/name"):
            self.assertIsNone(re.search(pattern, text), text)

    def test_the_role_has_the_deployers_policy_alone(self):
        self.assertEqual([{"Ref": "DeployerPolicy"}], ROLE["ManagedPolicyArns"])
        self.assertNotIn("Policies", ROLE)

    def test_the_role_cannot_change_itself(self):
        """Its name is not one that the deployer's policy covers."""
        policy = document("deployer-policy.json")
        within = {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/passwordless-edge-boundary"}
        for stage in TEMPLATE["Parameters"]["Stage"]["AllowedValues"]:
            role = f"arn:aws:iam::{ACCOUNT}:role/{ROLE['RoleName']['Fn::Sub'].replace('${Stage}', stage)}"
            for action in sorted(actions(policy)):
                if action.startswith("iam:"):
                    self.assertFalse(allowed([policy], action, role, **within), action)


class Workflow(unittest.TestCase):
    def test_it_runs_for_tags_alone_after_the_tests_and_within_the_environment(self):
        self.assertEqual({"push": {"tags": ["v*"]}}, WORKFLOW["on"])
        self.assertEqual(["test", "dry-run"], DEPLOY["needs"])
        self.assertEqual({"test", "dry-run", "deploy"}, set(WORKFLOW["jobs"]))
        self.assertEqual("./.github/workflows/ci.yml", WORKFLOW["jobs"]["test"]["uses"])
        self.assertEqual("production", DEPLOY["environment"])

    def test_only_the_deployment_may_ask_for_an_identity(self):
        self.assertEqual({"contents": "read"}, WORKFLOW["permissions"])
        for name in ("test", "dry-run"):
            self.assertNotIn("permissions", WORKFLOW["jobs"][name])
            self.assertNotIn("environment", WORKFLOW["jobs"][name])
        self.assertEqual({"contents": "read", "id-token": "write"}, DEPLOY["permissions"])

    def test_what_would_be_deployed_is_made_once_where_there_is_nothing_to_steal(self):
        commands = [step["run"] for step in WORKFLOW["jobs"]["dry-run"]["steps"] if "run" in step]
        self.assertEqual(["rustup toolchain install && cargo --locked xtask deploy --stage production --dry-run"], commands)

    def test_the_one_secret_is_cloudflares_and_one_step_has_it(self):
        text = (HERE.parent / ".github/workflows/deploy.yml").read_text(encoding="utf-8")
        self.assertEqual(["CLOUDFLARE_API_TOKEN"], re.findall(r"secrets\.(\w+)", text))
        holders = [step["run"] for step in DEPLOY["steps"] if "secrets." in str(step.get("env"))]
        self.assertEqual(["cargo --locked xtask deploy --stage production --yes"], holders)

    def test_two_deployments_never_run_at_once_and_none_is_cut_short(self):
        self.assertEqual({"group": "deploy-production", "cancel-in-progress": "false"}, WORKFLOW["concurrency"])


if __name__ == "__main__":
    unittest.main()
