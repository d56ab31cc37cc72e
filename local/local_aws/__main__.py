"""`python -m local_aws --port 4566 --state DIR`: see local/README.md."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from .parity import PATCHES
from .server import CannotStart, serve
from .trigger_log import trigger_log


def main() -> int:
    arguments = _parse()
    left_out = set(arguments.without)
    patches = [patch for patch in (trigger_log, *PATCHES) if patch.name not in left_out]
    try:
        serve(arguments.port, arguments.region, arguments.state, patches)
    except CannotStart as error:
        print(f"local AWS cannot start: {error}", file=sys.stderr)
        return 1
    return 0


def _parse() -> argparse.Namespace:
    names = [patch.name for patch in (trigger_log, *PATCHES)]
    parser = argparse.ArgumentParser(prog="local_aws", description="A local AWS, on 127.0.0.1 only.")
    parser.add_argument("--port", type=int, default=int(os.environ.get("LOCAL_AWS_PORT", "4566")))
    parser.add_argument("--region", default=os.environ.get("LOCAL_AWS_REGION", "us-east-1"))
    parser.add_argument(
        "--state",
        type=Path,
        default=Path(os.environ.get("LOCAL_AWS_STATE", ".dev/dev")),
        help="folder for what it writes while it runs; it makes one of its own in there and removes it at the end",
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        choices=names,
        metavar="PATCH",
        help="leave a difference from AWS open: " + ", ".join(names),
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
