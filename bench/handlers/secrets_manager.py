"""The stack's secret: its current version, and the one before while there is one."""

import os

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def read():
    config = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 2})
    client = boto3.client("secretsmanager", config=config)
    name = os.environ["CHALLENGE_SECRET_ARN"]
    secrets = [client.get_secret_value(SecretId=name, VersionStage="AWSCURRENT")["SecretString"]]
    try:
        secrets.append(client.get_secret_value(SecretId=name, VersionStage="AWSPREVIOUS")["SecretString"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
    return secrets
