"""How long a refresh token is good, and what its use requires."""

from __future__ import annotations

import hmac
import json
import threading
import time
import uuid

from ..patch import Patch

expiry = Patch(
    name="refresh-token-expiry",
    row="9",
    difference="A refresh token's exp is never looked at.",
    aws="NotAuthorizedException: Refresh Token has expired.",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html",
    why="A client must be told to sign in again when its 30 days are over.",
    uses=("services.cognito._token_claims", "services.cognito.error_response_json"),
)


@expiry.replaces("services.cognito._refresh_auth_user")
def _unexpired_user(original, pool, pid, cid, refresh_token):
    from ministack.services import cognito

    user, error = original(pool, pid, cid, refresh_token)
    if user and time.time() >= cognito._token_claims(refresh_token).get("exp", 0):
        return None, cognito.error_response_json("NotAuthorizedException", "Refresh Token has expired", 400)
    return user, error


client_secret = Patch(
    name="refresh-client-secret",
    row="12",
    difference="GetTokensFromRefreshToken and RevokeToken take a confidential client at its word.",
    aws="Both require ClientSecret where the client has one. (The refusal's code is not documented; "
    "NotAuthorizedException is what a wrong SECRET_HASH gives, and RevokeToken has only UnauthorizedException for "
    "it.)",
    source="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html, "
    "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html",
    why="A worker that forgets the secret, or sends SECRET_HASH in its place, must fail here.",
    uses=("services.cognito._pool_for_client", "services.cognito.error_response_json"),
)


@client_secret.replaces("services.cognito._get_tokens_from_refresh_token")
def _get_tokens_with_secret(original, data):
    return _secret_error("NotAuthorizedException", data) or original(data)


@client_secret.replaces("services.cognito._revoke_token")
def _revoke_with_secret(original, data):
    return _secret_error("UnauthorizedException", data) or original(data)


def _secret_error(code: str, data: dict) -> tuple | None:
    from ministack.services import cognito

    secret = _client(data).get("ClientSecret")
    given = data.get("ClientSecret")
    if not secret or (isinstance(given, str) and hmac.compare_digest(secret.encode(), given.encode())):
        return None
    return cognito.error_response_json(code, f"Unable to verify the secret of client {data.get('ClientId')}", 400)


rotation = Patch(
    name="refresh-token-rotation",
    row="8",
    difference="RefreshTokenRotation is ignored: no new refresh token, and the old one stays good.",
    aws="GetTokensFromRefreshToken returns a new refresh token with what is left of the first one's life. The old "
    "one is good "
    "for RetryGracePeriodSeconds more (0: not at all), then RefreshTokenReuseException. REFRESH_TOKEN_AUTH is "
    "refused.",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html"
    "#using-the-refresh-token-rotation, "
    "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html "
    "(Errors)",
    why="/refresh_token must hand on the new token, and refuse the old one as NOT_AUTHORIZED.",
    uses=(
        "services.cognito._pool_for_client",
        "services.cognito._token_claims",
        "services.cognito._signed_jwt",
        "services.cognito.error_response_json",
    ),
)

_replacing = threading.Lock()
_replaced: dict[str, float] = {}
"""When a refresh token that was exchanged dies (Unix seconds). Kept until the emulator ends."""


@rotation.replaces("services.cognito._get_tokens_from_refresh_token")
def _get_rotated_tokens(original, data):
    """Marks the token before it is used, so that of two requests at once only one can be the first."""
    from ministack.services import cognito

    grace = _grace_seconds(data)
    old = data.get("RefreshToken")
    if grace is None or not isinstance(old, str):
        return original(data)
    now = time.time()
    with _replacing:
        first_use = old not in _replaced
        if not first_use and now >= _replaced[old]:
            return cognito.error_response_json(
                "RefreshTokenReuseException", "Refresh token has been invalidated by rotation", 400
            )
        _replaced.setdefault(old, now + grace)
    status, headers, body = original(data)
    answer = json.loads(body)
    if "AuthenticationResult" not in answer:
        if first_use:
            _replaced.pop(old, None)
        return status, headers, body
    answer["AuthenticationResult"]["RefreshToken"] = _successor(cognito, old, int(now))
    return status, headers, json.dumps(answer).encode()


@rotation.replaces("services.cognito._initiate_auth", "services.cognito._admin_initiate_auth")
def _initiate_without_refresh(original, data):
    from ministack.services import cognito

    if data.get("AuthFlow") in ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN") and _grace_seconds(data) is not None:
        # AWS documents the refusal, not its code; this is the one of other flows that are not enabled.
        reason = "REFRESH_TOKEN_AUTH flow not enabled for this client"
        return cognito.error_response_json("InvalidParameterException", reason, 400)
    return original(data)


def _grace_seconds(data: dict) -> int | None:
    """How long a rotated token stays good; None where the client does not rotate."""
    setting = _client(data).get("RefreshTokenRotation") or {}
    return int(setting.get("RetryGracePeriodSeconds") or 0) if setting.get("Feature") == "ENABLED" else None


def _client(data: dict) -> dict:
    from ministack.services import cognito

    pool, _ = cognito._pool_for_client(data.get("ClientId"))
    return ((pool or {}).get("_clients") or {}).get(data.get("ClientId")) or {}


def _successor(cognito, old: str, now: int) -> str:
    """The refresh token that follows `old`: of the same sign-in (origin_jti), with the same end."""
    claims = {**cognito._token_claims(old), "jti": str(uuid.uuid4()), "iat": now}
    return cognito._signed_jwt(claims, claims["iss"].rsplit("/", 1)[-1], "access")
