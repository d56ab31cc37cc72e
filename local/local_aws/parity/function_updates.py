"""Functions that are updated while they run."""

from __future__ import annotations

import threading
from contextvars import ContextVar

from ..patch import Patch

running_invocation = Patch(
    name="running-invocation",
    row="23",
    difference="An update of a function's code or configuration ends its processes at once, and fails the invocations that "
    "they are at.",
    aws="An invocation that runs goes on to its end as it began. What the update changes is seen by those that come after it.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html (Function states during updates)",
    why="A rotation updates the triggers while people sign in, and no sign-in may fail for it.",
    uses=(
        "services.lambda_svc._execute_function_provided_warm",
        "core.lambda_runtime._workers",
        "core.lambda_runtime._lock",
        "core.lambda_runtime.kill_workers",
    ),
)

_updated: ContextVar[str | None] = ContextVar("updated", default=None)
"""The function that is being updated, where the emulator is asked to end its processes."""

_retired: set = set()
"""Processes of an earlier version that are at an invocation. Under the emulator's own lock of processes."""


@running_invocation.replaces("services.lambda_svc._update_code", "services.lambda_svc._update_config")
def _update(original, name, data):
    token = _updated.set(name)
    try:
        return original(name, data)
    finally:
        _updated.reset(token)


@running_invocation.replaces("services.lambda_svc.invalidate_worker")
def _end_idle(original, func_name, qualifier=None, account=None, region=None):
    # Outside an update its reason is a process that failed, or a function that is gone.
    if _updated.get() == func_name:
        _retire(func_name)
    return original(func_name, qualifier=qualifier, account=account, region=region)


def _retire(function: str) -> None:
    """Takes the function's busy processes out of the emulator's sight, so that no later invocation gets one."""
    from ministack.core import lambda_runtime

    with lambda_runtime._lock:
        for key, processes in lambda_runtime._workers.items():
            # "account:region:function:qualifier"
            if key.split(":")[-2] == function:
                busy = {process for process in processes if process.in_use}
                _retired.update(busy)
                processes[:] = [process for process in processes if process not in busy]


@running_invocation.replaces("services.lambda_svc.release_worker")
def _end_retired(original, worker):
    from ministack.core import lambda_runtime

    original(worker)
    with lambda_runtime._lock:
        if worker not in _retired:
            return
        _retired.remove(worker)
    # It has answered; whoever waits for the answer shall not wait for its end.
    threading.Thread(target=lambda_runtime.kill_workers, args=([worker],)).start()


@running_invocation.replaces("core.lambda_runtime.reset")
def _end_all(original):
    from ministack.core import lambda_runtime

    original()
    with lambda_runtime._lock:
        retired = list(_retired)
        _retired.clear()
    lambda_runtime.kill_workers(retired)
