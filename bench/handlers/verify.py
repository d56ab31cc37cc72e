"""Verify auth challenge response: whether the answer is the code, and in time."""

import os
import time

import challenge
import log
import metrics
import secrets_manager

CODE_TTL_SECONDS = int(os.environ["CODE_TTL_SECONDS"])
COUNTED = {"right": "AnswersRight", "wrong": "AnswersWrong", "expired": "AnswersExpired"}
TEST_NUMBERS = [number for number in os.environ.get("TEST_NUMBERS", "").split(",") if number]
KEYS = [challenge.derive_key(secret, b"code-hash") for secret in secrets_manager.read()]
metrics.started("verify")


def judge(request, now):
    try:
        state = challenge.decode_state((request.get("privateChallengeParameters") or {}).get("state"))
    except challenge.Refused:
        return "no_state"
    matches = challenge.matches(state, KEYS, request.get("challengeAnswer"))
    if request.get("userNotFound"):
        return "unknown_user"
    if now > state[1] + CODE_TTL_SECONDS:
        return "expired"
    return "right" if matches else "wrong"


def handle(event, context):
    request = event["request"]
    outcome = judge(request, int(time.time()))
    phone = (request.get("userAttributes") or {}).get("phone_number")
    destination = challenge.masked(phone) if challenge.is_phone_number(phone) else None
    log.info(trigger="verify", outcome=outcome, request_id=log.request_id(event), destination=destination)
    if outcome in COUNTED and phone not in TEST_NUMBERS:
        metrics.count(COUNTED[outcome])
    event["response"] = {"answerCorrect": outcome == "right"}
    return event
