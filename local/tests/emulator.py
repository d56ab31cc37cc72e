"""A real emulator for the tests: its process, clients of it, and a small stack with triggers."""

from __future__ import annotations

import atexit
import base64
import functools
import hashlib
import hmac
import io
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore.session
from botocore.exceptions import ClientError

LOCAL = Path(__file__).resolve().parent.parent
REGION = "us-east-1"
CANARY = "LOCAL_AWS_TEST_CANARY"
"""A variable of the starting process that must not reach a function."""

_numbers = itertools.count(6000)


class Emulator:
    """`python -m local_aws` on a free port with a folder of its own."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="local-aws-test-")
        self.state = Path(self.folder.name) / "state"
        self.log_path = Path(self.folder.name) / "log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        with self.log_path.open("wb") as log:
            self.process = launch(self.port, self.state, log)
        until(self._ready)

    def _ready(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"the emulator ended: {self.log()}")
        try:
            self.get("/_ministack/ready")
        except OSError:
            return False
        return True

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            return json.load(answer)

    def log(self) -> str:
        return self.log_path.read_text()

    def client(self, service: str) -> Any:
        session = botocore.session.get_session()
        return session.create_client(
            service, region_name=REGION, endpoint_url=self.url, aws_access_key_id="test", aws_secret_access_key="test"
        )

    def stop(self) -> int:
        """Asks it to end, and returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=10)

    def close(self) -> None:
        self.stop()
        self.folder.cleanup()


def launch(port: int, state: Path, log: Any) -> subprocess.Popen:
    without = os.environ.get("LOCAL_AWS_TEST_WITHOUT")
    arguments = [sys.executable, "-m", "local_aws", "--port", str(port), "--state", str(state)]
    arguments += ["--without", without] if without else []
    environment = {**os.environ, "PYTHONPATH": str(LOCAL), CANARY: "sings"}
    return subprocess.Popen(arguments, env=environment, stdout=log, stderr=subprocess.STDOUT)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(condition: Callable[[], Any], seconds: float = 15) -> Any:
    """The first true value of `condition`; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {condition}")
        time.sleep(0.02)
    return value


def error_of(call: Callable[..., Any], **arguments: Any) -> tuple[str, str] | None:
    """Code and message of the error that `call` ends with; None where it succeeds."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]
    return None


def claims(token: str) -> dict:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


TEMPLATE = """
Parameters:
  Grace: {Type: Number, Default: 60}
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UsernameAttributes: [phone_number]
      LambdaConfig:
        DefineAuthChallenge: !GetAtt Trigger.Arn
        CreateAuthChallenge: !GetAtt Trigger.Arn
        VerifyAuthChallengeResponse: !GetAtt Trigger.Arn
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      ExplicitAuthFlows: [ALLOW_CUSTOM_AUTH]
      RefreshTokenRotation: {Feature: ENABLED, RetryGracePeriodSeconds: !Ref Grace}
  Trigger:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: provided.al2023
      Handler: bootstrap
      Timeout: 5
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: code, S3Key: trigger.zip}
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Trigger
      Action: lambda:InvokeFunction
      Principal: cognito-idp.amazonaws.com
      SourceArn: !GetAtt Pool.Arn
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}]
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties:
      Description: one
      GenerateSecretString: {PasswordLength: 48}
Outputs:
  Pool: {Value: !Ref Pool}
  Client: {Value: !Ref Client}
  Trigger: {Value: !Ref Trigger}
  TriggerArn: {Value: !GetAtt Trigger.Arn}
  Secret: {Value: !Ref Secret}
"""


class Stack:
    """The template above, deployed as `name`, and what one does with it."""

    def __init__(self, emulator: Emulator, name: str) -> None:
        self.emulator, self.name = emulator, name
        self.cloudformation = emulator.client("cloudformation")
        self.cognito = emulator.client("cognito-idp")
        self.logs = emulator.client("logs")
        storage = emulator.client("s3")
        storage.create_bucket(Bucket="code")
        storage.put_object(Bucket="code", Key="trigger.zip", Body=_trigger_archive())
        self.cloudformation.create_stack(StackName=name, TemplateBody=TEMPLATE, Capabilities=["CAPABILITY_IAM"])
        self.outputs = self.wait_for("CREATE_COMPLETE")
        self.pool, self.client_id = self.outputs["Pool"], self.outputs["Client"]

    def wait_for(self, status: str) -> dict[str, str]:
        """The stack's outputs once it has the status; fails when it ends otherwise."""

        def ended() -> dict | None:
            found = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
            return None if found["StackStatus"].endswith("IN_PROGRESS") else found

        found = until(ended)
        if found["StackStatus"] != status:
            raise AssertionError(self.cloudformation.describe_stack_events(StackName=self.name)["StackEvents"])
        return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}

    def update(self, template: str = TEMPLATE, **parameters: str) -> dict[str, str]:
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        self.cloudformation.update_stack(
            StackName=self.name, TemplateBody=template, Parameters=given, Capabilities=["CAPABILITY_IAM"]
        )
        return self.wait_for("UPDATE_COMPLETE")

    def new_client(self, **settings: Any) -> dict:
        settings.setdefault("ExplicitAuthFlows", ["ALLOW_CUSTOM_AUTH"])
        return self.cognito.create_user_pool_client(UserPoolId=self.pool, ClientName="test", **settings)[
            "UserPoolClient"
        ]

    def new_user(self) -> tuple[str, str]:
        """A confirmed user: phone number and username."""
        phone = new_phone()
        user = self.cognito.admin_create_user(UserPoolId=self.pool, Username=phone, MessageAction="SUPPRESS")["User"]
        self.cognito.admin_set_user_password(
            UserPoolId=self.pool, Username=phone, Password="Unused-password-1", Permanent=True
        )
        return phone, user["Username"]

    def initiate(self, username: str, client: dict | None = None, pool: str | None = None, **more: Any) -> dict:
        client = client or {"ClientId": self.client_id}
        parameters = {"USERNAME": username, **_secret_hash(client, username)}
        return self.cognito.admin_initiate_auth(
            UserPoolId=pool or self.pool,
            ClientId=client["ClientId"],
            AuthFlow="CUSTOM_AUTH",
            AuthParameters=parameters,
            **more,
        )

    def respond(self, username: str, session: str, answer: str, client: dict | None = None, **more: Any) -> dict:
        client = client or {"ClientId": self.client_id}
        responses = {"USERNAME": username, "ANSWER": answer, **_secret_hash(client, username)}
        return self.cognito.admin_respond_to_auth_challenge(
            UserPoolId=self.pool,
            ClientId=client["ClientId"],
            ChallengeName="CUSTOM_CHALLENGE",
            Session=session,
            ChallengeResponses=responses,
            **more,
        )

    def sign_in(self, client: dict | None = None) -> dict:
        """The tokens of a new user."""
        phone, username = self.new_user()
        first = self.initiate(phone, client)
        second = self.respond(username, first["Session"], "-", client)
        return self.respond(username, second["Session"], "right", client)["AuthenticationResult"]

    def refresh(self, token: str, client: dict | None = None) -> dict:
        client = client or {"ClientId": self.client_id}
        secret = {"ClientSecret": client["ClientSecret"]} if "ClientSecret" in client else {}
        answer = self.cognito.get_tokens_from_refresh_token(ClientId=client["ClientId"], RefreshToken=token, **secret)
        return answer["AuthenticationResult"]

    def records(self, phone: str) -> list[dict]:
        """What the trigger was told about the user with this number, in order."""
        events = self.logs.filter_log_events(logGroupName=f"/aws/lambda/{self.outputs['Trigger']}")["events"]
        records = [json.loads(event["message"]) for event in events if event["message"].startswith("{")]
        return [r for r in records if r["event"]["request"]["userAttributes"].get("phone_number") == phone]

    def told(self, phone: str, trigger: str) -> list[dict]:
        """The events of one trigger, `Define`, `Create` or `Verify`, about the user with this number."""
        return [r["event"] for r in self.records(phone) if r["event"]["triggerSource"].startswith(trigger)]


def new_phone() -> str:
    return f"+1555000{next(_numbers)}"


def _secret_hash(client: dict, username: str) -> dict[str, str]:
    if "ClientSecret" not in client:
        return {}
    digest = hmac.new(
        client["ClientSecret"].encode(), (username + client["ClientId"]).encode(), hashlib.sha256
    ).digest()
    return {"SECRET_HASH": base64.b64encode(digest).decode()}


def _trigger_archive() -> bytes:
    program = f"#!{sys.executable}\n" + (Path(__file__).parent / "trigger.py").read_text()
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(entry, program)
    return archive.getvalue()


@functools.cache
def shared_stack() -> Stack:
    """One emulator with one stack for all tests that can share them; it ends with the test run."""
    emulator = Emulator()
    atexit.register(emulator.close)
    return Stack(emulator, "shared")


def proves(*patches: str) -> Callable[[Callable], Callable]:
    """Says that the test fails when any of these patches is left out; `python -m tests.without` checks it."""

    def mark(test: Callable) -> Callable:
        test.proves = patches
        return test

    return mark
