"""Row 29: alarms on the result of metric math."""

from __future__ import annotations

import json
import unittest
from typing import Any

from .emulator import proves, shared_stack


def query(query_id: str, **more: Any) -> dict:
    return {"Id": query_id, **more}


def metric(query_id: str) -> dict:
    stat = {"Metric": {"Namespace": "Mine", "MetricName": query_id}, "Period": 60, "Stat": "Sum"}
    return query(query_id, MetricStat=stat, ReturnData=False)


class Alarms(unittest.TestCase):
    def setUp(self) -> None:
        emulator = shared_stack().emulator
        self.cloudformation = emulator.client("cloudformation")
        self.cloudwatch = emulator.client("cloudwatch")
        self.name = self.id().rsplit(".", 1)[-1].replace("_", "-")[-60:]

    def deploy(self, *metrics: dict, **more: Any) -> str:
        """The stack's last state."""
        alarm = {
            "AlarmName": self.name,
            "Metrics": list(metrics),
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": 5,
            "EvaluationPeriods": 1,
            **more,
        }
        template = {"Resources": {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm}}}
        self.cloudformation.create_stack(StackName=self.name, TemplateBody=json.dumps(template))
        self.addCleanup(self.cloudformation.delete_stack, StackName=self.name)
        while True:
            stack = self.cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
            if not stack["StackStatus"].endswith("_IN_PROGRESS"):
                return stack["StackStatus"]

    def alarms(self) -> list[dict]:
        return self.cloudwatch.describe_alarms(AlarmNames=[self.name])["MetricAlarms"]

    @proves("metric-math")
    def test_a_stack_can_have_one(self) -> None:
        share = query("share", Expression="IF(all > 3, 100 * FILL(failed, 0) / all, 0)")
        self.assertEqual("CREATE_COMPLETE", self.deploy(metric("all"), metric("failed"), share))
        alarm = self.alarms()[0]
        self.assertEqual(("INSUFFICIENT_DATA", 5.0), (alarm["StateValue"], alarm["Threshold"]))

    def test_one_that_aws_would_refuse_is_refused(self) -> None:
        refused = {
            "names-nothing": [metric("all"), query("share", Expression="100 * failed / all")],
            "returns-two": [query("one", Expression="1"), query("two", Expression="2")],
            "returns-none": [metric("all")],
            "same-id": [metric("all"), metric("all"), query("share", Expression="all")],
            "neither": [query("share")],
        }
        prefix = self.name[-30:]
        for reason, metrics in refused.items():
            with self.subTest(reason):
                self.name = f"{prefix}-{reason}"
                self.assertEqual("ROLLBACK_COMPLETE", self.deploy(*metrics))
                self.assertEqual([], self.alarms())
