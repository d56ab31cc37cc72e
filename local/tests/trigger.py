"""The three triggers of the tests in one program, deployed as the `bootstrap` of a custom runtime.

It writes each event as a line of JSON to its log, where the tests read what it was told. Every answer
"right" is right; the first round never counts, as in our own triggers; `fail` in clientMetadata makes
create fail, and `until` names a folder: create makes `begun` in it and waits for `end`.
"""

import json
import os
import pathlib
import time
import urllib.request

RUNTIME = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"


def define(request):
    rounds = request["session"]
    if len(rounds) > 1 and rounds[-1]["challengeResult"]:
        return {"issueTokens": True, "failAuthentication": False}
    return {"challengeName": "CUSTOM_CHALLENGE", "issueTokens": False, "failAuthentication": len(rounds) > 5}


def create(request):
    metadata = request.get("clientMetadata", {})
    if metadata.get("fail"):
        raise ValueError(metadata["fail"])
    if metadata.get("until"):
        folder = pathlib.Path(metadata["until"])
        (folder / "begun").touch()
        while not (folder / "end").exists():
            time.sleep(0.01)
    number = str(len(request["session"]))
    return {
        "publicChallengeParameters": {"round": number},
        "privateChallengeParameters": {"answer": "right"},
        "challengeMetadata": f"round-{number}",
    }


def verify(request):
    return {"answerCorrect": request["challengeAnswer"] == request["privateChallengeParameters"]["answer"]}


HANDLERS = {
    "DefineAuthChallenge_Authentication": define,
    "CreateAuthChallenge_Authentication": create,
    "VerifyAuthChallengeResponse_Authentication": verify,
}


def post(path, document):
    urllib.request.urlopen(f"{RUNTIME}/{path}", data=json.dumps(document).encode()).close()


while True:
    with urllib.request.urlopen(f"{RUNTIME}/next") as invocation:
        identity = invocation.headers["Lambda-Runtime-Aws-Request-Id"]
        event = json.load(invocation)
    print(json.dumps({"event": event, "process": os.getpid(), "environment": sorted(os.environ)}), flush=True)
    try:
        answer = {**event, "response": HANDLERS[event["triggerSource"]](event["request"])}
    except ValueError as error:
        post(f"{identity}/error", {"errorMessage": str(error), "errorType": "ValueError"})
    else:
        post(f"{identity}/response", answer)
