"""What `template.yaml` watches: that an alarm is about something, tells somebody, and is in the documents.

A metric that nobody writes is no error to CloudFormation or CloudWatch: its alarm is quiet for ever.

    python -m unittest discover -s infra
"""

import ast
import json
import operator
import pathlib
import re
import unittest

from test_template import RESOURCES, TEMPLATE, TRIGGERS, of_type

ROOT = pathlib.Path(__file__).parent.parent
METRICS_RS = (ROOT / "triggers/src/metrics.rs").read_text(encoding="utf-8")
WATCHING_MD = (ROOT / "docs/watching.md").read_text(encoding="utf-8")

ALARMS = of_type("AWS::CloudWatch::Alarm")
DASHBOARD = RESOURCES["Dashboard"]["Properties"]

NAMESPACE = re.search(r'const NAMESPACE: &str = "(\w+)";', METRICS_RS)[1]
# `Self::Sent(_) => "CodesSent"`, and the constants that are not counts.
COUNTED = set(re.findall(r'Self::\w+(?:\(_\))? => "(\w+)"', METRICS_RS))
WRITTEN = COUNTED | set(re.findall(r'const \w+_DURATION: &str = "(\w+)";', METRICS_RS))

# Amazon SNS developer guide, "Monitoring Amazon SNS topics using CloudWatch"; AWS Lambda developer guide, "Types of metrics".
OF_AWS = {
    "AWS/SNS": {
        "SMSMonthToDateSpentUSD",
        "SMSSuccessRate",
        "NumberOfNotificationsDelivered",
        "NumberOfNotificationsFailed",
    },
    "AWS/Lambda": {"Errors", "Duration", "Throttles", "Invocations"},
}
STACK = {"Ref": "AWS::StackName"}


def substituted(text):
    """What CloudFormation makes of `Fn::Sub`, with each parameter's default and a made-up name for all else."""
    parameters = TEMPLATE["Parameters"]

    def value(match):
        name = match[1]
        if name in parameters:
            return str(parameters[name]["Default"])
        if not name.startswith("AWS::") and name.split(".")[0] not in RESOURCES:
            raise AssertionError(f"nothing is called {name}")
        return name.replace("::", "-").replace(".", "-")

    return re.sub(r"\$\{([^}]+)\}", value, text)


def body():
    return json.loads(substituted(DASHBOARD["DashboardBody"]["Fn::Sub"]))


def expression(query):
    text = query["Expression"]
    return text["Fn::Sub"] if isinstance(text, dict) else text


class Lazily(ast.NodeTransformer):
    """`IF(a, b, c)` as Python has it: in metric math, what is not chosen may be divided by nothing."""

    def visit_Call(self, node):
        self.generic_visit(node)
        if node.func.id == "IF":
            condition, then, otherwise = node.args
            return ast.copy_location(ast.IfExp(test=condition, body=then, orelse=otherwise), node)
        return node


def calculated(text, values):
    """What metric math makes of one period; None is a metric without data, of which only FILL makes something."""
    tree = ast.fix_missing_locations(Lazily().visit(ast.parse(substituted(text), mode="eval")))
    filled = {"__builtins__": {}, "FILL": lambda value, otherwise: otherwise if value is None else value}
    return eval(compile(tree, text, "eval"), filled | values)  # noqa: S307 - our own template


def result(name, **values):
    """What the alarm compares with its threshold if its metrics had these sums in a period; None if there is nothing."""
    queries = ALARMS[name]["Metrics"]
    known = {query["Id"]: values.pop(query["Id"], None) for query in queries if "MetricStat" in query}
    if values:
        raise AssertionError(f"{name} has no {sorted(values)}")
    for query in queries:
        if "Expression" in query:
            try:
                known[query["Id"]] = calculated(expression(query), known)
            except TypeError:  # of a None that nothing filled
                known[query["Id"]] = None
    (returned,) = (query["Id"] for query in queries if query.get("ReturnData", True))
    return known[returned]


def goes_off(name, **values):
    alarm = ALARMS[name]
    value = result(name, **values)
    if value is None:
        # "ignore" keeps what was; before anything happened that is quiet.
        return False
    threshold = alarm["Threshold"]
    if isinstance(threshold, dict):
        threshold = TEMPLATE["Parameters"][threshold["Ref"]]["Default"]
    compare = {
        "GreaterThanThreshold": operator.gt,
        "GreaterThanOrEqualToThreshold": operator.ge,
        "LessThanThreshold": operator.lt,
    }
    return compare[alarm["ComparisonOperator"]](value, threshold)


def watched(alarm):
    """(namespace, name, dimensions) of everything that an alarm looks at."""
    stats = [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", []) if "MetricStat" in query]
    for metric in stats or [alarm]:
        dimensions = {one["Name"]: one["Value"] for one in metric.get("Dimensions", [])}
        yield metric["Namespace"], metric["MetricName"], dimensions


def shown():
    """(namespace, name) of everything on the dashboard."""
    for widget in body()["widgets"]:
        for metric in widget["properties"].get("metrics", []):
            if isinstance(metric[0], str):
                yield metric[0], metric[1]
            elif search := re.match(r"SEARCH\('\{([^,}]+)[^}]*\} MetricName=\"(\w+)\"", metric[0]["expression"]):
                yield search[1], search[2]


class Alarms(unittest.TestCase):
    def test_every_alarm_tells_the_topic_when_it_goes_off_and_when_it_is_over(self):
        told = {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}
        for name, alarm in ALARMS.items():
            self.assertEqual(told, alarm["AlarmActions"], name)
            self.assertEqual(told, alarm["OKActions"], name)

    def test_every_alarm_is_about_a_metric_that_somebody_writes(self):
        self.assertTrue(COUNTED)
        known = OF_AWS | {NAMESPACE: WRITTEN}
        for name, alarm in ALARMS.items():
            for namespace, metric, dimensions in watched(alarm):
                self.assertIn(metric, known[namespace], name)
                if namespace == NAMESPACE:
                    # As the triggers write all of them, whatever else they keep some by.
                    self.assertEqual({"Stack": STACK}, dimensions, name)
                if namespace == "AWS/Lambda":
                    function = dimensions["FunctionName"]["Ref"]
                    self.assertEqual({"FunctionName"}, set(dimensions), name)
                    self.assertEqual("AWS::Lambda::Function", RESOURCES[function]["Type"], name)

    def test_every_trigger_is_watched_for_errors_time_and_throttles(self):
        seen = {(metric, str(dimensions)) for alarm in ALARMS.values() for _, metric, dimensions in watched(alarm)}
        for trigger in TRIGGERS:
            for metric in ("Errors", "Duration", "Throttles"):
                self.assertIn((metric, str({"FunctionName": {"Ref": f"{trigger}Function"}})), seen)

    def test_the_alarm_on_time_comes_before_cognito_gives_up(self):
        parameter = TEMPLATE["Parameters"]["TriggerDurationMs"]
        self.assertLess(parameter["MaxValue"], 5000)
        self.assertLessEqual(parameter["Default"], parameter["MaxValue"])
        for trigger in TRIGGERS:
            alarm = ALARMS[f"{trigger}DurationAlarm"]
            self.assertEqual({"Ref": "TriggerDurationMs"}, alarm["Threshold"])
            self.assertEqual("Milliseconds", alarm["Unit"])
            self.assertTrue(alarm["ComparisonOperator"].startswith("GreaterThan"))

    def test_a_start_leaves_the_call_time_before_cognito_gives_up(self):
        """Duration of AWS/Lambda begins after it."""
        alarm = ALARMS["StartAlarm"]
        self.assertEqual([(NAMESPACE, "StartDuration", {"Stack": STACK})], list(watched(alarm)))
        self.assertEqual(("Maximum", "Milliseconds"), (alarm["Statistic"], alarm["Unit"]))
        self.assertEqual("GreaterThanOrEqualToThreshold", alarm["ComparisonOperator"])
        self.assertLessEqual(alarm["Threshold"], 4000)

    def test_spending_is_measured_against_the_limit_and_warned_of_before(self):
        thresholds = []
        for name in ("SmsSpendWarningAlarm", "SmsSpendAlarm"):
            alarm = ALARMS[name]
            self.assertEqual([("AWS/SNS", "SMSMonthToDateSpentUSD", {})], list(watched(alarm)))
            self.assertIn("100 * spend / ${SmsMonthlyLimitUsd}", [expression(alarm["Metrics"][-1])])
            # Spending does not go down because nothing was sent for a while.
            self.assertEqual("ignore", alarm["TreatMissingData"])
            thresholds.append(alarm["Threshold"])
        self.assertEqual([80, 100], thresholds)

    def test_shares_of_a_few_messages_wake_nobody(self):
        for name, minimum in {
            "DeliveryFailureAlarm": "DeliveryMinimum",
            "SendFailureAlarm": "DeliveryMinimum",
            "ConversionAlarm": "ConversionMinimum",
        }.items():
            watching = expression(ALARMS[name]["Metrics"][-1])
            self.assertTrue(watching.startswith("IF("), name)
            self.assertIn(f">= ${{{minimum}}}", watching, name)

    def test_a_quiet_night_is_no_alarm(self):
        for name, alarm in ALARMS.items():
            self.assertIn(alarm["TreatMissingData"], ("notBreaching", "ignore"), name)

    def test_an_expression_names_what_is_beside_it(self):
        for name, alarm in ALARMS.items():
            queries = alarm.get("Metrics", [])
            ids = {query["Id"] for query in queries}
            self.assertEqual(len(queries), len(ids), name)
            used = {
                word
                for query in queries
                if "Expression" in query
                for word in re.findall(r"\b[a-z]\w*", substituted(expression(query)))
            }
            returned = {query["Id"] for query in queries if query.get("ReturnData", True)}
            self.assertEqual(ids, used | returned, name)
            self.assertEqual(1 if queries else 0, len(returned), name)

    def test_every_alarm_is_documented_and_no_other(self):
        documented = set(re.findall(r"^\| `-([a-z0-9-]+)` \|", WATCHING_MD, re.MULTILINE))
        named = {alarm["AlarmName"]["Fn::Sub"].removeprefix("${AWS::StackName}-") for alarm in ALARMS.values()}
        self.assertEqual(named, documented)

    def test_every_reason_to_refuse_a_permit_is_documented(self):
        reasons = set()
        for path, enum in {"challenge/src/permit.rs": "PermitError", "triggers/src/create.rs": "PermitRefusal"}.items():
            text = (ROOT / path).read_text(encoding="utf-8")
            variants = re.search(rf"enum {enum} \{{(.*?)\n\}}", text, re.DOTALL)[1]
            reasons.update(re.findall(r'#\[error\("([^"]+)"\)\]', variants))
        self.assertEqual(7, len(reasons))
        for reason in reasons:
            self.assertRegex(WATCHING_MD, rf"(?m)^\| .*`{reason}`.* \|", reason)

    def test_every_metric_is_documented(self):
        for metric in WRITTEN:
            self.assertIn(f"| `{metric}` |", WATCHING_MD)


class Expressions(unittest.TestCase):
    """With the defaults: of 20 and more codes half must be answered, of 20 and more messages a tenth may get lost."""

    def test_conversion_is_what_part_of_the_codes_was_answered(self):
        self.assertTrue(goes_off("ConversionAlarm", sent=20, right=9))
        self.assertFalse(goes_off("ConversionAlarm", sent=20, right=10))
        self.assertEqual(25, result("ConversionAlarm", sent=200, right=50))
        # A metric that did not happen has no data.
        self.assertTrue(goes_off("ConversionAlarm", sent=20))
        self.assertEqual(0, result("ConversionAlarm", sent=20))

    def test_conversion_of_a_few_codes_wakes_nobody(self):
        self.assertFalse(goes_off("ConversionAlarm", sent=19, right=0))
        self.assertFalse(goes_off("ConversionAlarm", sent=19))
        # Of the hour before.
        self.assertFalse(goes_off("ConversionAlarm", right=3))

    def test_failures_are_what_part_of_the_messages_did_not_get_through(self):
        for name, good in {"DeliveryFailureAlarm": "delivered", "SendFailureAlarm": "sent"}.items():
            self.assertTrue(goes_off(name, **{good: 18, "failed": 3}), name)
            self.assertFalse(goes_off(name, **{good: 18, "failed": 2}), name)
            self.assertEqual(25, result(name, **{good: 75, "failed": 25}), name)
            # The worst of all must not divide by nothing.
            self.assertEqual(100, result(name, failed=20), name)
            self.assertTrue(goes_off(name, failed=20), name)
            self.assertFalse(goes_off(name, **{good: 500}), name)

    def test_failures_of_a_few_messages_wake_nobody(self):
        for name in ("DeliveryFailureAlarm", "SendFailureAlarm"):
            self.assertFalse(goes_off(name, failed=19), name)

    def test_spending_is_a_part_of_the_limit(self):
        limit = TEMPLATE["Parameters"]["SmsMonthlyLimitUsd"]["Default"]
        for name, part in {"SmsSpendWarningAlarm": 0.8, "SmsSpendAlarm": 1}.items():
            self.assertTrue(goes_off(name, spend=part * limit), name)
            self.assertFalse(goes_off(name, spend=(part - 0.01) * limit), name)

    def test_one_throttled_call_of_any_trigger_is_told(self):
        for trigger in TRIGGERS:
            self.assertTrue(goes_off("ThrottlesAlarm", **{trigger.lower(): 1}), trigger)

    def test_nothing_at_all_is_quiet(self):
        names = [name for name, alarm in ALARMS.items() if "Metrics" in alarm]
        self.assertEqual(6, len(names))
        for name in names:
            self.assertFalse(goes_off(name), name)

    def test_the_dashboard_calculates_conversion_as_the_alarm_does(self):
        (shown,) = (
            metric[0]["expression"]
            for widget in body()["widgets"]
            for metric in widget["properties"].get("metrics", [])
            if isinstance(metric[0], dict) and metric[0]["id"] == "conversion"
        )
        for right in (None, 15, 30):
            values = {"sent": 30, "right": right}
            self.assertEqual(result("ConversionAlarm", **values), calculated(shown, values))


class Dashboard(unittest.TestCase):
    def test_it_is_json_of_widgets_that_cloudwatch_has(self):
        for widget in body()["widgets"]:
            self.assertIn(widget["type"], {"metric", "text", "log", "alarm", "explorer"})

    def test_widgets_are_beside_each_other(self):
        taken = set()
        for widget in body()["widgets"]:
            columns = range(widget["x"], widget["x"] + widget["width"])
            rows = range(widget["y"], widget["y"] + widget["height"])
            self.assertLessEqual(columns.stop, 24)
            cells = {(column, row) for column in columns for row in rows}
            self.assertFalse(cells & taken, widget["properties"]["title"])
            taken |= cells

    def test_it_shows_every_alarm(self):
        alarms = body()["widgets"][0]["properties"]["alarms"]
        self.assertEqual({f"{name}-Arn" for name in ALARMS}, set(alarms))

    def test_it_shows_what_somebody_writes_and_all_that_the_triggers_write(self):
        known = OF_AWS | {NAMESPACE: WRITTEN}
        for namespace, metric in shown():
            self.assertIn(metric, known[namespace])
        self.assertEqual(WRITTEN, {metric for namespace, metric in shown() if namespace == NAMESPACE})

    def test_its_queries_ask_the_logs_of_all_triggers(self):
        queries = [widget["properties"]["query"] for widget in body()["widgets"] if widget["type"] == "log"]
        self.assertEqual(2, len(queries))
        for query in queries:
            sources = re.findall(r"SOURCE '(\w+)'", query)
            self.assertEqual([f"{trigger}LogGroup" for trigger in TRIGGERS], sources)

    def test_the_request_id_to_look_for_is_asked_for(self):
        (variable,) = body()["variables"]
        queries = [widget["properties"].get("query", "") for widget in body()["widgets"]]
        asked = [query for query in queries if variable["pattern"] in query]
        self.assertEqual(1, len(asked))
        self.assertIn("filter request_id = ", asked[0])


class Parameters(unittest.TestCase):
    def test_a_topic_is_a_topic_or_nothing(self):
        pattern = TEMPLATE["Parameters"]["AlarmTopicArn"]["AllowedPattern"]
        for arn in ("", "arn:aws:sns:eu-west-1:123456789012:alarms", "arn:aws-us-gov:sns:us-gov-west-1:123456789012:a_b-c"):
            self.assertRegex(arn, pattern)
        for arn in (" ", "alarms", "arn:aws:sqs:eu-west-1:123456789012:alarms", "arn:aws:sns:eu-west-1:123:alarms"):
            self.assertNotRegex(arn, pattern)

    def test_the_template_can_be_handed_over_without_a_bucket(self):
        """AWS CloudFormation, quotas: the body of a template in a request has at most 51,200 bytes."""
        size = pathlib.Path(__file__).with_name("template.yaml").stat().st_size
        self.assertLessEqual(size, 51_200)


if __name__ == "__main__":
    unittest.main()
