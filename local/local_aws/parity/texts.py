"""When a text was sent."""

from __future__ import annotations

import time

from ..patch import Patch

text_time = Patch(
    name="text-time",
    row="22",
    difference="The record of a text has no time, and texts to several numbers no order.",
    aws="The delivery log of a text has the time at which it was published.",
    source="notification.timestamp, https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html",
    why="The inbox could say only when it first saw a text, and could not say which of two numbers' texts is the newer one.",
)


class _Timed:
    """The records of one number; each that is added gets its time, in Unix seconds as those of e-mails have."""

    def __init__(self, records: list[dict]) -> None:
        self._records = records

    def append(self, record: dict) -> None:
        self._records.append({**record, "Timestamp": time.time()})


@text_time.replaces("services.sns._sms_log_for")
def _timed_log_for(original, phone_number):
    return _Timed(original(phone_number))
