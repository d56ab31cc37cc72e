"""The session string that links one round of a custom challenge to the next."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time

from ..patch import Patch

_RESPONDS = ("services.cognito._respond_to_auth_challenge", "services.cognito._admin_respond_to_auth_challenge")

_taking = threading.Lock()

rotating_session = Patch(
    name="rotating-session",
    row="1",
    difference="One session string serves all rounds of a sign-in and can be sent any number of times.",
    aws="Every round returns a session of its own, valid for AuthSessionValidity, and each is good for one answer.",
    source="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRespondToAuthChallenge.html "
    "(Session), API_CreateUserPoolClient.html (AuthSessionValidity), "
    "https://repost.aws/questions/QUXOn0iCq-TNavGxtuFc7DGA "
    "(AWS support: it can be used only once)",
    why="A replayed answer must be refused, and a client that keeps using its first session must fail here, not in "
    "production.",
    uses=(
        "services.cognito._challenge_sessions",
        "services.cognito._user_pools",
        "services.cognito._awaits_password_proof",
    ),
)


@rotating_session.replaces(*_RESPONDS)
def _respond_with_fresh_session(original, data):
    """Moves the state to a new string before it is answered, so that of two equal answers one finds nothing.

    Whether AWS gives the session back when a trigger fails is not documented; here it does not.
    """
    from ministack.services import cognito

    fresh = None if data.get("ChallengeName") != "CUSTOM_CHALLENGE" else _take(cognito, data.get("Session"))
    if fresh is None:
        return original(data)
    status, headers, body = original({**data, "Session": fresh})
    if status >= 400:
        cognito._challenge_sessions.pop(fresh, None)
    return status, headers, body


def _take(cognito, given: str | None) -> str | None:
    """The new string of the session `given`, which is gone by then; None where it cannot be answered."""
    with _taking:
        state = cognito._challenge_sessions.get(given)
        if state is None or cognito._awaits_password_proof(state) or time.time() > state["expires_at"]:
            return None
        del cognito._challenge_sessions[given]
        fresh = base64.b64encode(secrets.token_bytes(32)).decode()
        cognito._challenge_sessions[fresh] = {**state, "expires_at": time.time() + _validity(cognito, state)}
    return fresh


def _validity(cognito, state) -> int:
    """Seconds a session of this client lives; AWS sets the clock anew each round."""
    pool = cognito._user_pools.get(state["pool_id"]) or {}
    client = pool.get("_clients", {}).get(state["client_id"], {})
    return int(client.get("AuthSessionValidity", 3)) * 60


session_of_one_user = Patch(
    name="session-of-one-user",
    row="15",
    difference="USERNAME of a challenge response is compared with nothing but SECRET_HASH: anybody's answer serves "
    "any session.",
    aws="A session belongs to the user who began it; the response names that user, and by the username, not by an "
    "alias.",
    source="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html "
    "(ChallengeParameters: the username and not an alias)",
    why="The end-to-end tests prove that a session of another user is refused; without this they would prove nothing.",
    uses=(
        "services.cognito._challenge_sessions",
        "services.cognito._user_pools",
        "services.cognito._resolve_user",
        "services.cognito.error_response_json",
    ),
)


@session_of_one_user.replaces(*_RESPONDS)
def _respond_as_owner(original, data):
    from ministack.services import cognito

    state = cognito._challenge_sessions.get(data.get("Session"))
    if state and data.get("ChallengeName") == "CUSTOM_CHALLENGE":
        pool = cognito._user_pools.get(state["pool_id"]) or {"_users": {}}
        owner, _ = cognito._resolve_user(pool, state["username"])
        named = (data.get("ChallengeResponses") or {}).get("USERNAME")
        if owner and named != owner["Username"]:
            return cognito.error_response_json("NotAuthorizedException", "Invalid session for the user.", 400)
    return original(data)


username_in_challenge = Patch(
    name="username-in-challenge",
    row="2",
    difference="ChallengeParameters of a custom challenge are the trigger's publicChallengeParameters and nothing "
    "else.",
    aws="They also carry USERNAME, the value to respond with.",
    source="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html "
    "(ChallengeParameters)",
    why="The worker passes USERNAME on to its clients, who send it back with the code.",
)


@username_in_challenge.replaces("services.cognito._continue_custom_auth_after_define")
def _challenge_with_username(original, token, session, user, user_attrs, client_metadata, define_result):
    status, headers, body = original(token, session, user, user_attrs, client_metadata, define_result)
    answer = json.loads(body)
    if answer.get("ChallengeName") == "CUSTOM_CHALLENGE":
        answer["ChallengeParameters"] = {**answer["ChallengeParameters"], "USERNAME": user["Username"]}
        body = json.dumps(answer).encode()
    return status, headers, body


unlimited_rounds = Patch(
    name="unlimited-rounds",
    row="16",
    difference="After three answered challenges a fourth is refused, whatever the define trigger says.",
    aws="The define trigger alone decides how many rounds there are. (AWS's own passwordless sample has one round "
    "before three attempts, as we do.)",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html",
    why="Challenge 0 carries the permit, so the third code would be the fourth answer.",
)
unlimited_rounds.changes("services.cognito._MAX_CHALLENGE_ATTEMPTS", expected=3, to=1_000_000)
