"""Check and Report, from the bytes of a request to the bytes of its answer."""

from functools import partial

from benchmarks.micro import go_figures
from benchmarks.micro.in_process import EMPTY, Installed
from benchmarks.micro.requests import varied_reports, with_unique_ids
from benchmarks.micro.timing import Case, same
from benchmarks.micro.workload import CHECK, METRICS, METRICS_AND_LOG, REPORT_SIZES
from mixer.api import mixer_v1
from mixer.dispatch.dispatcher import Dispatcher

CHECK_TARGET_US = 30.0


def check_cases(installed: Installed) -> list[Case]:
    """Checks without rules, with rules, and with rules and a quota."""
    workload = installed.workload
    plain = same(workload.check)
    check_c = _check(installed.dispatchers[CHECK])
    return [
        Case(
            name="Check, no rules",
            run=_check(installed.dispatchers[EMPTY]),
            inputs=plain,
            go=go_figures.CHECK_NO_RULES,
        ),
        Case(
            name="Check, check_c",
            run=check_c,
            inputs=plain,
            target_us=CHECK_TARGET_US,
            go=go_figures.CHECK,
        ),
        Case(
            name="Check, check_c, quota",
            run=check_c,
            inputs=partial(with_unique_ids, workload.check_quota),
            target_us=CHECK_TARGET_US,
            go=go_figures.CHECK_QUOTA,
        ),
    ]


def _check(dispatcher: Dispatcher) -> "partial[bytes]":
    return partial(mixer_v1.check, dispatcher=dispatcher)


def report_cases(installed: Installed) -> list[Case]:
    """Reports of each size, by each configuration; the log goes to a file in a temporary place."""
    configurations = (
        ("no rules", EMPTY, None, go_figures.REPORT_NO_RULES),
        ("metrics", METRICS, 30.0, go_figures.REPORT_METRICS),
        ("metrics and log", METRICS_AND_LOG, 50.0, go_figures.REPORT_METRICS_LOG),
    )
    varied = Case(
        name="Report x 100, metrics, other words each time",
        run=partial(mixer_v1.report, dispatcher=installed.dispatchers[METRICS]),
        inputs=partial(varied_reports, 100),
        units=100,
        unit="bag",
    )
    return [
        Case(
            name=f"Report x {bag_count}, {text}",
            run=partial(mixer_v1.report, dispatcher=installed.dispatchers[config]),
            inputs=same(installed.workload.reports[bag_count]),
            units=bag_count,
            unit="bag",
            target_us=target_us,
            go=go if bag_count == 100 else None,  # there are figures for this size only
        )
        for text, config, target_us, go in configurations
        for bag_count in REPORT_SIZES
    ] + [varied]
