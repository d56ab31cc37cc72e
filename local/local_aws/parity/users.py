"""Users that are looked up while others are created."""

from __future__ import annotations

from ..patch import Patch

concurrent_users = Patch(
    name="concurrent-users",
    row="21",
    difference="InternalError for whoever is looked up by number or sub while another request creates a user: the loop over "
    "the users does not bear that one is added.",
    aws="Users are created and looked up side by side.",
    source="no statement needed; the quotas count such requests by the hundred a second, "
    "https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html",
    why="Sign-ups at the same time would now and then be answered 503, here alone.",
)


@concurrent_users.replaces("services.cognito._resolve_user")
def _resolve_in_snapshot(original, pool, username):
    # Copying a dictionary is one step for other threads, looping over it is not. Only those are left in the copy whom the
    # original could find: it reads all attributes of all users twice, which a thousand users make milliseconds of.
    users = {
        name: user
        for name, user in dict(pool["_users"]).items()
        if name == username or any(attribute["Value"] == username for attribute in user.get("Attributes", ()))
    }
    return original({**pool, "_users": users}, username)
