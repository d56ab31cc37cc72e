"""`python valid_cyclonedx.py FILE...`: holds bills of materials to the CycloneDX schema of the version that each names.

Exit status 1, with the first error of each file, when one is not what its schema demands.
"""

import json
import pathlib
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def main() -> int:
    wrong = 0
    for path in map(pathlib.Path, sys.argv[1:]):
        text = path.read_text(encoding="utf-8")
        version = SchemaVersion.from_version(json.loads(text)["specVersion"])
        if error := JsonStrictValidator(version).validate_str(text):
            print(f"{path}: {error.data}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
