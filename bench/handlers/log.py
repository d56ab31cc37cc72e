"""Logs as JSON lines on standard output."""

import json
import re

_REQUEST_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)


def request_id(event):
    """The worker's, from the metadata of an answer, if it has the form of one."""
    text = (event["request"].get("clientMetadata") or {}).get("request_id")
    return text if isinstance(text, str) and _REQUEST_ID.fullmatch(text) else None


def info(**fields):
    print(json.dumps({"level": "INFO", **fields}, ensure_ascii=False))


def warn(**fields):
    print(json.dumps({"level": "WARN", **fields}, ensure_ascii=False))
