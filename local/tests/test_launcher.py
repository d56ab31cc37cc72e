"""The process: where it listens, what it passes on, what it writes, how it ends."""

from __future__ import annotations

import os
import socket
import subprocess
import unittest
import urllib.parse

from .emulator import CANARY, Emulator, Stack, launch, new_phone, proves, shared_stack, until


class Launcher(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.stack = shared_stack()

    def test_listens_on_one_address_only(self) -> None:
        with socket.socket() as probe:
            self.assertNotEqual(0, probe.connect_ex(("127.0.0.2", self.stack.emulator.port)))

    def test_functions_do_not_see_the_starting_environment(self) -> None:
        self.assertIn(CANARY, {**os.environ, CANARY: "sings"})
        phone, _ = self.stack.new_user()
        self.stack.initiate(phone)
        seen = self.stack.records(phone)[0]["environment"]
        self.assertNotIn(CANARY, seen)
        self.assertIn("AWS_ENDPOINT_URL", seen)

    def test_inbox_has_the_messages_and_the_log_has_not(self) -> None:
        emulator, phone, text = self.stack.emulator, new_phone(), "123456 is a code that no log may show"
        emulator.client("sns").publish(PhoneNumber=phone, Message=text)
        inbox = emulator.get(f"/_ministack/sns/sms-messages?phoneNumber={urllib.parse.quote(phone)}")
        self.assertEqual([text], [message["Message"] for message in inbox["sms_messages"][phone]])
        self.assertNotIn(phone.lstrip("+"), emulator.log())
        self.assertNotIn("123456", emulator.log())

    @proves("trigger-log")
    def test_lines_of_a_function_are_in_the_log(self) -> None:
        phone, _ = self.stack.new_user()
        self.stack.initiate(phone)
        until(lambda: phone in self.stack.emulator.log(), seconds=3)
        self.assertIn(f"lambda {self.stack.outputs['Trigger']}: ", self.stack.emulator.log())

    def test_taken_port_is_named(self) -> None:
        emulator = self.stack.emulator
        second = launch(emulator.port, emulator.state, subprocess.PIPE)
        output, _ = second.communicate(timeout=10)
        self.assertEqual(1, second.returncode)
        self.assertIn(f"port {emulator.port} on 127.0.0.1 is taken".encode(), output)

    def test_ends_with_its_functions_and_leaves_nothing(self) -> None:
        emulator = Emulator()
        self.addCleanup(emulator.close)
        stack = Stack(emulator, "short-lived")
        phone, _ = stack.new_user()
        stack.initiate(phone)
        function = stack.records(phone)[0]["process"]
        os.kill(function, 0)
        self.assertEqual(0, emulator.stop())
        with self.assertRaises(ProcessLookupError):
            os.kill(function, 0)
        self.assertEqual([], list(emulator.state.iterdir()))
