import csv
import io
import json

from benchmarks.report.export import COLUMNS, to_csv, to_json
from benchmarks.report.summary import summarize
from tests.benchmarks.made_up import exact_run

ENVOY = [(625, 1_000)] * 5
SUMMARY = summarize(
    exact_run({"envoy": ENVOY, "wasm-policy": [(725 + n, 1_200) for n in (0, 1, -1, 2, -2)]})
)
ROWS = list(csv.DictReader(io.StringIO(to_csv(SUMMARY))))
DOCUMENT = json.loads(to_json(SUMMARY))


def test_the_first_line_names_the_columns():
    assert to_csv(SUMMARY).splitlines()[0] == ",".join(COLUMNS)


def test_each_figure_is_a_row():
    figures = [(row["figure"], row["of"]) for row in ROWS if row["arm"] == "wasm-policy"]
    assert figures == [
        ("repetitions", ""),
        ("rejected_repetitions", ""),
        ("repetitions_behind", ""),
        *(("repetitions_too_late", quantile) for quantile in ("0.5", "0.9", "0.99", "0.999")),
        ("answers", ""),
        *(("latency_ns", quantile) for quantile in ("0.5", "0.9", "0.99", "0.999")),
        *(("added_ns", quantile) for quantile in ("0.5", "0.9", "0.99", "0.999")),
        ("throughput_per_s", ""),
        ("cpu_s_per_1000_requests", "upstream"),
        ("cpu_s_per_1000_requests", "envoy"),
        ("rss_bytes", "upstream"),
        ("rss_bytes", "envoy"),
        ("policy_calls_per_request", ""),
    ]


def test_a_row_has_its_cell_and_its_interval():
    (row,) = (row for row in ROWS if (row["figure"], row["of"]) == ("added_ns", "0.5"))
    assert row == {
        "scenario": "access",
        "sweep": "base",
        "rate_per_s": "200",
        "connections": "8",
        "protocol": "http1",
        "pacing": "poisson",
        "rule_count": "10",
        "attribute_count": "25",
        "hit_share": "0.95",
        "adapter_delay_ms": "0.0",
        "arm": "wasm-policy",
        "figure": "added_ns",
        "of": "0.5",
        "value": str(100 * 512.0),
        "low": str(98 * 512.0),
        "high": str(102 * 512.0),
        "missing": "",
    }


def test_a_row_without_enough_data_says_why():
    (row,) = (row for row in ROWS if (row["figure"], row["of"]) == ("added_ns", "0.999"))
    shown = [row[name] for name in ("value", "low", "high", "missing")]
    assert shown == ["", "", "", "5,000 of 10,000 answers"]


def test_the_document_has_everything():
    assert list(DOCUMENT) == [
        "facts",
        "warnings",
        "verdict",
        "cells",
        "knees",
        "noise",
        "refusals",
        "measured_count",
        "rejected_count",
        "stolen",
        "others",
    ]
    assert (DOCUMENT["measured_count"], DOCUMENT["rejected_count"]) == (10, 0)
    assert DOCUMENT["facts"]["arms"]["envoy"] == "Envoy alone"
    assert [len(paragraph["sentences"]) for paragraph in DOCUMENT["verdict"]] == [2]


def test_figures_of_the_document_are_objects():
    (cell,) = DOCUMENT["cells"]
    assert cell["cell"]["workload"]["hit_share"] == 0.95
    arm = cell["arms"]["wasm-policy"]
    assert arm["added_ns"]["0.5"] == {"value": 51200.0, "low": 50176.0, "high": 52224.0}
    assert arm["added_ns"]["0.999"] == {"why": "5,000 of 10,000 answers"}
    assert arm["latency_ns"]["0.5"] == {"value": 725 * 512 + 255.0}
    assert cell["arms"]["envoy"]["added_ns"] == {}


def test_a_document_ends_with_a_line():
    assert to_json(SUMMARY).endswith("}\n")
