"""Alarms on the result of metric math."""

from __future__ import annotations

import re

from ..patch import Patch

metric_math = Patch(
    name="metric-math",
    row="29",
    difference="AWS::CloudWatch::Alarm refuses Metrics; every alarm must name one metric.",
    aws="Metrics are up to ten metrics and ten expressions over them, of which exactly one returns the data that the "
    "alarm watches. An expression that names what is not among them is refused.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, "
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html",
    why="The template's alarms on shares (of the limit, of what was sent) could not be deployed here. They are kept and "
    "shown, and nothing is computed: they stay in INSUFFICIENT_DATA.",
)

_MOST = 10
# Functions are in upper case, and so told from ids, which begin in lower case.
_ID = re.compile(r"\b[a-z][A-Za-z0-9_]*")


@metric_math.replaces("services.cloudformation.provisioners._cw_metric_alarm_record")
def _record(original, name, props):
    queries = props.get("Metrics")
    if not queries:
        return original(name, props)
    _check(queries, props)
    record = original(name, {**props, "Metrics": None, "MetricName": "-", "Namespace": "-"})
    # Without names of its own nothing evaluates it.
    record.update(MetricName="", Namespace="", Statistic="", Metrics=queries)
    return record


def _check(queries: list[dict], props: dict) -> None:
    both = {"MetricName", "Namespace", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic"} & set(props)
    if both:
        raise ValueError(f"Metrics excludes {', '.join(sorted(both))}")
    ids = {query.get("Id") for query in queries}
    if len(ids) < len(queries) or not all(_ID.fullmatch(str(query_id)) for query_id in ids):
        raise ValueError("every one of Metrics needs an Id of its own that begins with a lower-case letter")
    expressions = [query["Expression"] for query in queries if "Expression" in query]
    if any(("Expression" in query) == ("MetricStat" in query) for query in queries):
        raise ValueError("every one of Metrics is either an Expression or a MetricStat")
    if max(len(expressions), len(queries) - len(expressions)) > _MOST:
        raise ValueError(f"Metrics has more than {_MOST} metrics or expressions")
    if sum(str(query.get("ReturnData", True)).lower() == "true" for query in queries) != 1:
        raise ValueError("exactly one of Metrics must have ReturnData")
    unknown = {word for expression in expressions for word in _ID.findall(expression)} - ids
    if unknown:
        raise ValueError(f"an expression names what is not in Metrics: {', '.join(sorted(unknown))}")
