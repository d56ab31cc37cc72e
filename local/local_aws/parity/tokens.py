"""The claims of ID and access tokens."""

from __future__ import annotations

import threading
import uuid

from ..patch import Patch

authentication_time = Patch(
    name="authentication-time",
    row="13",
    difference="auth_time moves with every refresh, and there is no event_id.",
    aws="auth_time is when the user signed in, and event_id names that sign-in: both stay through refreshes.",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html",
    why="A limit on the age of a sign-in would never strike here.",
)

_remembering = threading.Lock()
_sign_ins: dict[str, tuple[int, str]] = {}
"""auth_time and event_id of the sign-in that an origin_jti stands for. Kept until the emulator ends."""


@authentication_time.replaces("services.cognito._signed_jwt")
def _sign_with_first_auth_time(original, claims, pool_id="", use=""):
    origin = claims.get("origin_jti")
    if origin and "auth_time" in claims:
        with _remembering:
            auth_time, event_id = _sign_ins.setdefault(origin, (claims["auth_time"], str(uuid.uuid4())))
        claims = {**claims, "auth_time": auth_time, "event_id": event_id}
    return original(claims, pool_id, use)
