"""What the functions write, in the emulator's own log as well as in the emulated CloudWatch Logs."""

from __future__ import annotations

import sys

from .patch import Patch

trigger_log = Patch(
    name="trigger-log",
    row="18",
    difference="A function's lines are kept in the emulated CloudWatch Logs only, and gone when the emulator ends.",
    aws="CloudWatch Logs outlive what wrote them.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html",
    why="They are how a failing trigger explains itself, and a test searches them for codes, numbers and tokens.",
)


@trigger_log.replaces("services.lambda_svc._emit_lambda_logs")
def _emit_to_both(original, func, request_id, log_text, error, duration_ms, *, log_source=None):
    name = (func.get("config") or func).get("FunctionName", "unknown")
    for line in (log_text or "").splitlines():
        # One write a line: several functions may end at the same moment.
        sys.stdout.write(f"lambda {name}: {line}\n")
    sys.stdout.flush()
    return original(func, request_id, log_text, error, duration_ms, log_source=log_source)
