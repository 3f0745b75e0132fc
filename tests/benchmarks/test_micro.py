"""The micro benchmarks run, all of them, and say what they claim to say; not how fast anything is."""

import json

import pytest
from click.testing import CliRunner

from benchmarks.__main__ import main
from benchmarks.micro import workload
from benchmarks.micro.requests import check_request, report_request, with_unique_ids
from mixer.adapter.registry import AdapterRegistry

CHECK_ROWS = ["Check, no rules", "Check, check_c", "Check, check_c, quota"]
REPORT_ROWS = [
    f"Report x {bags}, {what}"
    for what in ("no rules", "metrics", "metrics and log")
    for bags in (1, 10, 100)
] + ["Report x 100, metrics, other words each time"]
CLIENT_ROWS = [
    "cache hit, 1 shape known",
    "cache hit, 10 shapes known",
    "cache hit, 100 shapes known",
    "cache hit and quota hit, 10 shapes known",
    "report",
]
ADAPTER_ROWS = [
    "noop",
    "denier",
    "listchecker, 1000 words",
    "apikey",
    "rbac, 1000 roles",
    "opa",
    "opa-remote",
    "webhook",
    "remote",
    "lookup, 1000 rows",
    "kubernetesenv, two pods",
    "memquota",
    "redisquota, fixed window",
    "redisquota, rolling window",
    "metering, SQLite",
    "metering, PostgreSQL",
    "prometheus",
    "statsd",
    "otlp, metric",
    "otlp, log",
    "otlp, span",
    "zipkin",
    "fluentd",
    "stdio, to a file",
    "file, lines of JSON",
]
OUTSIDE = (
    "opa-remote",
    "webhook",
    "remote",
    "redisquota",
    "metering",
    "statsd",
    "otlp",
    "zipkin",
    "fluentd",
    "stdio",
    "file",
)
"""How the names of adapters begin that talk to something."""
SERVER_ROWS = [
    "Check, no rules",
    "Check, check_c",
    "Check, check_c, quota",
    "Report x 100, no rules",
    "Report x 100, metrics",
    "Report x 100, metrics and log",
    "ext_authz, no rules",
    "ext_authz, check_c",
    "rate limit, no rules",
    "rate limit, check_c",
    "access log of 10 entries, no rules",
    "access log of 10 entries, metrics",
    "access log of 10 entries, metrics and log",
]


@pytest.fixture(scope="module")
def quick_run(tmp_path_factory):
    file = tmp_path_factory.mktemp("micro") / "figures.json"
    result = CliRunner().invoke(main, ["micro", "--quick", "--json", str(file)])
    assert result.exception is None, result.output
    return result.output, json.loads(file.read_text())


def names(document, section):
    return [row["name"] for row in document["rows"] if row["section"].startswith(section)]


def test_a_quick_run_has_all_rows(quick_run):
    _, document = quick_run

    assert names(document, "Check, request") == CHECK_ROWS
    assert names(document, "Report, for each bag") == REPORT_ROWS
    assert names(document, "Adapters, what") == ADAPTER_ROWS
    assert names(document, "Adapters with") == [
        name for name in ADAPTER_ROWS if name.startswith(OUTSIDE)
    ]
    assert document["left_out"] == []
    assert names(document, "CPU of a server") == [
        name for row in SERVER_ROWS for name in (row, "    bare handler", "    ratio")
    ]
    assert len(names(document, "Attributes")) == 6
    assert len(names(document, "Expressions")) == 9
    assert len(names(document, "Configuration")) == 6
    assert names(document, "Proxy client") == CLIENT_ROWS
    assert names(document, "Reports on the wire") == ["batch of 1", "batch of 10", "batch of 100"]


def test_every_adapter_has_a_row(quick_run):
    _, document = quick_run

    measured = {name.partition(",")[0] for name in names(document, "Adapters, what")}
    assert measured == set(AdapterRegistry().names())


def test_every_figure_is_a_positive_number(quick_run):
    _, document = quick_run

    assert [row for row in document["rows"] if not row["spread"]["least"] > 0] == []


def test_targets_stand_at_what_they_are_for(quick_run):
    _, document = quick_run

    assert {(r["name"], r["unit"], r["target"]) for r in document["rows"] if r["target"]} == {
        ("Check, check_c", "µs per call", 30.0),
        ("Check, check_c, quota", "µs per call", 30.0),
        ("Report x 1, metrics", "µs per bag", 30.0),
        ("Report x 10, metrics", "µs per bag", 30.0),
        ("Report x 100, metrics", "µs per bag", 30.0),
        ("Report x 1, metrics and log", "µs per bag", 50.0),
        ("Report x 10, metrics and log", "µs per bag", 50.0),
        ("Report x 100, metrics and log", "µs per bag", 50.0),
        ("cache hit, 1 shape known", "µs per call", 10.0),
        ("cache hit, 10 shapes known", "µs per call", 10.0),
        ("cache hit, 100 shapes known", "µs per call", 10.0),
        ("cache hit and quota hit, 10 shapes known", "µs per call", 15.0),
        ("report", "µs per call", 15.0),
        ("    ratio", "x bare", 1.25),
        ("    ratio", "x bare", 1.3),
    }


def test_the_table_names_every_row_and_the_machine(quick_run):
    output, document = quick_run

    assert [row["name"] for row in document["rows"] if row["name"] not in output] == []
    assert document["environment"]["processor"] in output


def test_a_directory_of_workloads_is_measured_instead(tmp_path):
    write_frames(tmp_path)
    copy_configs(tmp_path)

    read = workload.read_workload(tmp_path)

    ours = workload.our_workload()
    assert (read.check, read.check_quota, read.reports) == (
        ours.check,
        ours.check_quota,
        ours.reports,
    )
    assert {name: len(files) for name, files in read.configs.items()} == {
        "check_c": 6,
        "report_metrics": 6,
        "report_metrics_log": 7,
    }


def write_frames(directory):
    frames = {
        "check": check_request(),
        "check_quota": check_request(with_quota=True),
        "report1": report_request(1),
        "report10": report_request(10),
        "report100": report_request(100),
    }
    for name, message in frames.items():
        prefix = b"\0" + len(message).to_bytes(4, "big")
        (directory / f"{name}.grpc").write_bytes(prefix + message)


def copy_configs(directory):
    for name, files in workload.our_workload().configs.items():
        (directory / name).mkdir()
        for file in files:
            (directory / name / file.name).write_bytes(file.read_bytes())


def test_unique_ids_change_nothing_but_the_id():
    request = check_request(with_quota=True)

    first, second = with_unique_ids(request, 2)

    assert first != second
    assert {first[:-16], second[:-16]} == {request + b"\x1a\x10"}
