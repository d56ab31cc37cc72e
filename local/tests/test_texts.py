"""Row 22: when a text was sent."""

from __future__ import annotations

import time
import unittest

from .emulator import proves, shared_stack


class Texts(unittest.TestCase):
    @proves("text-time")
    def test_texts_to_several_numbers_have_times_that_order_them(self) -> None:
        emulator = shared_stack().emulator
        sns = emulator.client("sns")
        earliest = time.time()
        first, second = "+15005550101", "+15005550102"
        sent = [sns.publish(PhoneNumber=to, Message="Hello")["MessageId"] for to in (first, second, first)]
        numbers = emulator.get("/_ministack/sns/sms-messages")["sms_messages"]
        texts = sorted(numbers[first] + numbers[second], key=lambda text: text["Timestamp"])
        self.assertEqual(sent, [text["MessageId"] for text in texts])
        self.assertTrue(earliest <= texts[0]["Timestamp"] and texts[-1]["Timestamp"] <= time.time())
