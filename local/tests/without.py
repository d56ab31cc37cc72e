"""`python -m tests.without`, by hand: leaves out one patch after the other.

Every test that claims to prove the missing patch must fail; exit status 1 when one does not.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unittest
from collections import defaultdict

from .emulator import LOCAL


def main() -> int:
    survivors = 0
    for patch, tests in _claims().items():
        environment = {**os.environ, "LOCAL_AWS_TEST_WITHOUT": patch}
        run = subprocess.run(
            [sys.executable, "-m", "unittest", "-v", *tests], cwd=LOCAL, env=environment, capture_output=True, text=True
        )
        passed = re.findall(r"^(\w+) .*\.\.\. ok$", run.stderr, re.MULTILINE)
        ran = re.search(r"^Ran (\d+) test", run.stderr, re.MULTILINE)
        survivors += len(passed) + (ran is None or int(ran[1]) != len(tests))
        print(
            f"{patch}: {len(tests) - len(passed)} of {len(tests)} tests fail"
            + (f", still passing: {passed}" if passed else "")
        )
    return 1 if survivors else 0


def _claims() -> dict[str, list[str]]:
    """The tests that claim to prove a patch, by its name."""
    claims = defaultdict(list)
    pending = [unittest.defaultTestLoader.discover(str(LOCAL / "tests"), top_level_dir=str(LOCAL))]
    while pending:
        item = pending.pop()
        if isinstance(item, unittest.TestSuite):
            pending.extend(item)
            continue
        for patch in getattr(getattr(item, item._testMethodName), "proves", ()):
            claims[patch].append(item.id())
    return claims


if __name__ == "__main__":
    sys.exit(main())
