"""Samples and lines of requests that have ended: the reference for their form."""

from collections.abc import Iterator
from json.encoder import encode_basestring as quote
from typing import Final, TypedDict

from mixer.export.interpret.machine import CodeFailedError
from mixer.export.interpret.run import Run
from mixer.export.program import LABEL_MARK, VALUE_MARK, Log, Metric, Program

Sample = tuple[str, str, int]
"""Kind and name of a stat, and the number."""
Line = tuple[int, str]
"""0 info, 1 warn or 2 error, and the line."""
_LEVELS: Final = ("info", "warn", "error")


class Report(TypedDict):
    """What is recorded of a request."""

    metrics: list[Sample]
    logs: list[Line]


def report(program: Program, run: Run, series: list[set[str]]) -> Report:
    """Records a request; `series` are the stats that there are already, of each metric."""
    found = Report(metrics=[], logs=[])
    for metric, known in zip(program["metrics"], series, strict=True):
        if run.holds(metric["match"]):
            found["metrics"] += _samples(run, metric, known)
    for log in program["logs"]:
        if run.holds(log["match"]):
            found["logs"] += _lines(run, log)
    return found


def _samples(run: Run, metric: Metric, known: set[str]) -> Iterator[Sample]:
    try:
        labels = [
            f"{LABEL_MARK}{name}{VALUE_MARK}{run.text(code).replace(';', ',')}"
            for name, code in metric["labels"]
        ]
        number = run.value(metric["value"]) // metric["scale"]
    except CodeFailedError:
        return
    stat = metric["stat"] + "".join(labels)
    if number < 0 or (stat not in known and len(known) >= metric["max_series"]):
        return
    known.add(stat)
    yield metric["kind"], stat, number


def _lines(run: Run, log: Log) -> Iterator[Line]:
    try:
        level = log["levels"].get(run.text(log["severity"]), 0)
        fields = [f'"level":"{_LEVELS[level]}"', f'"time":{quote(run.text(log["time"]))}']
        fields.append(f'"instance":{quote(log["instance"])}')
        for key, code, is_quoted in log["fields"]:
            text = run.text(code)
            fields.append(f"{quote(key)}:{quote(text) if is_quoted else text}")
    except CodeFailedError:
        return
    if level >= log["lowest"]:
        yield level, f"{{{','.join(fields)}}}"
