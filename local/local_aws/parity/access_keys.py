"""How many access keys a user may have."""

from __future__ import annotations

from ..patch import Patch

two_access_keys = Patch(
    name="two-access-keys",
    row="24",
    difference="A user may have any number of access keys.",
    aws="Two: LimitExceeded. The quota cannot be raised.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (IAM name, and STS quotas); "
    "wording from experience",
    why="A deployment that made a key whenever it was repeated, or a rotation that left one behind, would work here only.",
    uses=("services.iam._access_keys", "services.iam._p", "services.iam._error"),
)

_QUOTA = 2


@two_access_keys.replaces("services.iam._IAM_HANDLERS[CreateAccessKey]")
def _create(original, p):
    from ministack.services import iam

    user = iam._p(p, "UserName")
    if sum(key["UserName"] == user for key in iam._access_keys.values()) >= _QUOTA:
        return iam._error(409, "LimitExceeded", f"Cannot exceed quota for AccessKeysPerUser: {_QUOTA}", ns="iam")
    return original(p)
