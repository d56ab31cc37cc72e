"""The process environment that the emulator, and through it every Lambda process, gets to see."""

from __future__ import annotations

import os
from pathlib import Path

HOST = "127.0.0.1"


def scrubbed(port: int, region: str, folder: Path) -> dict[str, str]:
    """Everything there is to be: a developer's own credentials and proxies must reach neither emulator nor Lambdas.

    `folder` holds all that is written; it is made here and is the caller's to remove.
    """
    for name in ("tmp", "state", "s3"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "STATE_DIR": str(folder / "state"),
        "S3_DATA_DIR": str(folder / "s3"),
        "GATEWAY_PORT": str(port),
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "MINISTACK_REGION": region,
        # Signatures and IAM policies are checked, as on AWS.
        "AUTH": "true",
        # No second listener: MQTT is on by default, SFTP where a server is created.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # It would remove containers that it takes for its own; ours never needs docker.
        "DOCKER_HOST": f"unix://{folder}/no-docker",
        # From INFO on it writes every SMS, number and text, to its log.
        "LOG_LEVEL": "WARNING",
    }
