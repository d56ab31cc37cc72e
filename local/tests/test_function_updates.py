"""Row 23: functions that are updated while they run."""

from __future__ import annotations

import json
import os
import tempfile
import threading
import unittest
from pathlib import Path

from .emulator import new_phone, proves, shared_stack, until


class FunctionUpdates(unittest.TestCase):
    def setUp(self) -> None:
        self.stack = shared_stack()
        self.functions = self.stack.emulator.client("lambda")
        self.function = self.stack.outputs["Trigger"]

    @proves("running-invocation")
    def test_an_invocation_outlives_an_update_and_the_next_one_runs_the_new_version(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder, phone, answers = Path(name), new_phone(), []
            running = threading.Thread(target=lambda: answers.append(self._create(phone, until=name)))
            running.start()
            until((folder / "begun").exists)
            self._update("during")
            later = new_phone()
            self._create(later)
            (folder / "end").touch()
            running.join()
        self.assertEqual({"answer": "right"}, answers[0]["response"]["privateChallengeParameters"])
        began, after = self.stack.records(phone)[0], self.stack.records(later)[0]
        self.assertNotIn("VERSION", began["environment"])
        self.assertIn("VERSION", after["environment"])
        # It has nothing left to do.
        until(lambda: not _runs(began["process"]))
        os.kill(after["process"], 0)

    def test_what_is_idle_ends_with_an_update(self) -> None:
        phone = new_phone()
        self._create(phone)
        process = self.stack.records(phone)[0]["process"]
        os.kill(process, 0)
        self._update("idle")
        until(lambda: not _runs(process))

    def _update(self, version: str) -> None:
        self.addCleanup(self.functions.update_function_configuration, FunctionName=self.function, Environment={})
        self.functions.update_function_configuration(
            FunctionName=self.function, Environment={"Variables": {"VERSION": version}}
        )

    def _create(self, phone: str, **metadata: str) -> dict:
        """Invokes the function as Cognito does, for challenge 1 of the user with this number."""
        event = {
            "triggerSource": "CreateAuthChallenge_Authentication",
            "request": {"session": [{}], "userAttributes": {"phone_number": phone}, "clientMetadata": metadata},
        }
        answer = self.functions.invoke(FunctionName=self.function, Payload=json.dumps(event))
        return json.load(answer["Payload"])


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
