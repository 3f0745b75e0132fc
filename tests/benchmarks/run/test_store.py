import json
from datetime import UTC, datetime

import pytest

from benchmarks.run.store import StoreError, new_run_folder, read_run, write_facts, write_measured
from tests.benchmarks.made_up import MadeUp, made_up_run

RUN = made_up_run(
    MadeUp(scenarios=("access",), has_sweeps=False, arms=("direct", "envoy"), repetition_count=1)
)
GONE = object()


@pytest.fixture
def folder(tmp_path):
    write_facts(tmp_path, RUN.facts)
    for measured in RUN.measured:
        write_measured(tmp_path, measured)
    return tmp_path


def damage(file, path, value):
    """Sets what a path of keys leads to, or takes it away."""
    document = json.loads(file.read_text())
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    if value is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    file.write_text(json.dumps(document))


def test_what_is_read_is_what_was_written(folder):
    assert read_run(folder) == RUN


def test_each_measured_cell_has_its_own_file(folder):
    assert sorted(file.name for file in (folder / "cells").iterdir()) == ["0001.json", "0002.json"]


def test_cells_are_read_in_the_order_in_which_they_were_measured(folder):
    for name in ("9999", "10000"):
        text = (folder / "cells" / "0002.json").read_text()
        (folder / "cells" / f"{name}.json").write_text(
            text.replace('"repetition": 0', f'"repetition": {name}')
        )
    assert [measured.repetition for measured in read_run(folder).measured] == [0, 0, 9999, 10000]


def test_facts_may_be_written_again_when_the_run_ends(folder):
    write_facts(folder, RUN.facts)
    assert read_run(folder) == RUN


def test_a_file_that_was_not_finished_is_no_cell(folder):
    (folder / "cells" / "0003.part").write_text("{")
    assert read_run(folder) == RUN


CELL_DAMAGES = [
    (("arm",), GONE, "arm: missing"),
    (("arm",), "nginx", "arm: 'nginx' is not among those in run.json"),
    (("cell", "scenario"), "other", "cell.scenario: 'other' is not among those in run.json"),
    (("cell", "workload", "rule_count"), 1.5, "cell.workload.rule_count: 1.5 is no int"),
    (("cell", "workload"), [], "cell.workload: not an object"),
    (("repetition",), True, "repetition: True is no int"),
    (("elapsed_s",), "12", "elapsed_s: '12' is no float"),
    (("elapsed_s",), float("nan"), "NaN is no number"),
    (("by_status", "ok"), 3, "by_status.ok: 'ok' is no int"),
    (("by_status",), [200], "by_status: not an object"),
    (("latency_ns",), "HIST", "latency_ns: not an HdrHistogram"),
    (("send_lag_ns",), "", "send_lag_ns: not an HdrHistogram"),
    (("processes", "upstream", "cpu_s"), None, "processes.upstream.cpu_s: None is no float"),
    (("claims",), {}, "claims: not an array"),
    (("claims", 0), ["requests", 1], "claims[0]: 2 values, not 4"),
    (("rejection",), 7, "rejection: 7 is no str"),
    (("mood",), "good", "mood: unknown"),
]


@pytest.mark.parametrize(("path", "value", "message"), CELL_DAMAGES)
def test_a_damaged_cell_is_named_with_its_field(folder, path, value, message):
    file = folder / "cells" / "0002.json"
    damage(file, path, value)
    with pytest.raises(StoreError) as error:
        read_run(folder)
    assert str(error.value).startswith(f"{file}: {message}")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("format",), 1, "format: 1, and only 2 is known: another version of Mixer has made it"),
        (("seed",), GONE, "seed: missing"),
        (("order",), [1], "order[0]: 1 is no str"),
        (("arms", "envoy"), None, "arms.envoy: None is no str"),
    ],
)
def test_damaged_facts_are_named_with_their_field(folder, path, value, message):
    damage(folder / "run.json", path, value)
    with pytest.raises(StoreError) as error:
        read_run(folder)
    assert str(error.value) == f"{folder / 'run.json'}: {message}"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff"])
def test_what_is_no_json_object_is_named_with_its_file(folder, content):
    file = folder / "cells" / "0001.json"
    file.write_bytes(content)
    with pytest.raises(StoreError, match="0001.json: "):
        read_run(folder)


def test_a_folder_without_facts_is_no_run(tmp_path):
    with pytest.raises(StoreError, match="run.json: missing; is this the folder of a run"):
        read_run(tmp_path)


def test_a_run_that_measured_nothing_is_none(tmp_path):
    write_facts(tmp_path, RUN.facts)
    with pytest.raises(StoreError, match="cells: nothing was measured"):
        read_run(tmp_path)


def test_a_new_folder_is_called_after_the_time_and_taken_by_nobody_else(tmp_path):
    now = datetime(2026, 1, 31, 12, 0, 5, tzinfo=UTC)
    names = [new_run_folder(tmp_path / "runs", now).name for _ in range(3)]
    assert names == ["2026-01-31T12-00-05Z", "2026-01-31T12-00-05Z-2", "2026-01-31T12-00-05Z-3"]
