"""What is counted, in CloudWatch's embedded metric format."""

import json
import os
import time

STACK = os.environ.get("STACK_NAME")
_BEGUN = time.monotonic()


def count(name, milliseconds=None):
    metrics = [{"Name": name, "Unit": "Count"}]
    line = {name: 1}
    if milliseconds is not None:
        metrics.append({"Name": "SendDuration", "Unit": "Milliseconds"})
        line["SendDuration"] = milliseconds
    _write(metrics, [["Stack"]], line)


def started(trigger):
    """How long it took since this module was loaded."""
    metrics = [{"Name": "StartDuration", "Unit": "Milliseconds"}]
    line = {"Trigger": trigger, "StartDuration": int((time.monotonic() - _BEGUN) * 1000)}
    _write(metrics, [["Stack"], ["Stack", "Trigger"]], line)


def _write(metrics, dimensions, line):
    if not STACK:
        return
    directive = {"Namespace": "PasswordlessEdge", "Dimensions": dimensions, "Metrics": metrics}
    metadata = {"Timestamp": int(time.time()) * 1000, "CloudWatchMetrics": [directive]}
    print(json.dumps({"Stack": STACK, **line, "_aws": metadata}))
