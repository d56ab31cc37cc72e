"""Whether IAM lets somebody do something: the decision is the local AWS's, which follows AWS's own rules of evaluation."""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Iterable

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "local"))

from local_aws.parity.policies import policy_variables  # noqa: E402
from local_aws.patch import check_version, install  # noqa: E402
from ministack.core import iam_evaluator  # noqa: E402

check_version()
install([policy_variables])

ACCOUNT = "123456789012"
REGION = "eu-central-1"


def document(name: str) -> dict:
    """A policy in this folder, by its file's name."""
    return json.loads((HERE / name).read_text(encoding="utf-8"))


def allowed(
    policies: Iterable[dict], action: str, resource: str, boundary: dict | None = None, **context: str | list[str]
) -> bool:
    """Whether one who has `policies` may do `action` to `resource`.

    `context` is what the request brings: condition keys, such as `iam:PassedToService`, with a list for one of many values.
    """
    request = iam_evaluator.EvalContext(
        principal_arn=f"arn:aws:iam::{ACCOUNT}:user/somebody",
        principal_type="User",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=resource,
        region=REGION,
        service_context={key.lower(): value for key, value in context.items()},
    )
    parsed = [iam_evaluator.parse_policy_document(policy) for policy in policies]
    limits = [] if boundary is None else [[iam_evaluator.parse_policy_document(boundary)]]
    return iam_evaluator.evaluate(request, parsed, *limits).decision == "Allow"


def actions(policy: dict) -> set[str]:
    """Every action that the policy allows, by name."""
    found: set[str] = set()
    for statement in policy["Statement"]:
        named = statement["Action"]
        found |= set(named if isinstance(named, list) else [named])
    return found
