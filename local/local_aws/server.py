"""Serving the emulator until told to stop, and leaving nothing behind."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from .environment import HOST, scrubbed
from .patch import Incompatible, Patch, check_version, install


class CannotStart(Exception):
    """Says what is in the way, and what to do about it."""


def serve(port: int, region: str, state: Path, patches: Iterable[Patch]) -> None:
    """Runs the emulator on 127.0.0.1:`port` until SIGTERM or SIGINT. It begins empty and forgets everything."""
    # Until the server takes the signal over: leave through the clean-up below.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    state.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="local-aws-", dir=state)).resolve()
    try:
        _clear_environment(scrubbed(port, region, folder))
        check_version()
        _check_port(port)
        install(patches)
        asyncio.run(_serve_until_told(port))
    except Incompatible as error:
        raise CannotStart(str(error)) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise _port_taken(port) from error
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear_environment(environment: dict[str, str]) -> None:
    """Before the emulator is imported: it reads most settings at that moment."""
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None


def _check_port(port: int) -> None:
    """Asks first, because some systems let two programs bind, one to 127.0.0.1 and one to every address."""
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            raise _port_taken(port)


def _port_taken(port: int) -> CannotStart:
    return CannotStart(f"port {port} on {HOST} is taken: end what listens there, or choose another with --port")


async def _serve_until_told(port: int) -> None:
    from hypercorn.asyncio import serve as serve_asgi
    from hypercorn.config import Config
    from ministack.app import app
    from ministack.core import lambda_runtime

    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, told.set)

    config = Config()
    config.bind = [f"{HOST}:{port}"]
    config.keep_alive_timeout = 75
    # Clients keep idle connections open, and each would be waited for.
    config.graceful_timeout = 0.5
    config.loglevel = "WARNING"
    config.accesslog = None  # it would hold the numbers that inboxes are asked for
    serving = asyncio.create_task(serve_asgi(app, config, shutdown_trigger=told.wait))
    stopping = asyncio.create_task(told.wait())
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        # The Lambda processes first: a call that waits for one would hold up everything else.
        stopping.cancel()
        lambda_runtime.reset()
        await serving
        lambda_runtime.reset()
    sys.stdout.flush()
