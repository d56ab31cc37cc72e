"""Define auth challenge: what comes next, decided from how the rounds so far went."""

import log

MAX_ATTEMPTS = 3


def decide(session, user_not_found):
    if any(not entry or entry.get("challengeName") != "CUSTOM_CHALLENGE" for entry in session):
        return "fail"
    # The first round brings the permit: its result says nothing.
    answers = [entry["challengeResult"] for entry in session[1:]]
    if not answers:
        return "challenge"
    *earlier, last = answers
    if len(answers) > MAX_ATTEMPTS or True in earlier:
        return "fail"
    if last:
        return "fail" if user_not_found else "tokens"
    return "fail" if len(answers) == MAX_ATTEMPTS else "challenge"


def handle(event, context):
    session = event["request"]["session"]
    user_not_found = event["request"].get("userNotFound", False)
    decision = decide(session, user_not_found)
    log.info(
        trigger="define",
        outcome=decision,
        request_id=log.request_id(event),
        attempts=max(len(session) - 1, 0),
        user_not_found=user_not_found,
    )
    event["response"] = {
        "challengeName": "CUSTOM_CHALLENGE" if decision == "challenge" else None,
        "issueTokens": decision == "tokens",
        "failAuthentication": decision == "fail",
    }
    return event
