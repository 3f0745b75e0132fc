"""Parquet files, read back by the library that others will read them with."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest
from prometheus_client import REGISTRY

from adapters.file import INFO
from adapters.file.params import Format, Fsync, Params
from mixer.adapter import Duration, InstanceType, Timestamp, ValueType
from mixer.adapter.testing import FakeClock, start
from mixer.template import logentry, metric, tracespan
from tests.patience import SOON_S

NOON = Timestamp.parse("2019-06-01T12:00:00.123456789Z")
LOG = {"log": InstanceType(template="logentry", fields={"variables": {"n": ValueType.INT64}})}
STARTED = datetime(2019, 6, 1, 10, tzinfo=UTC)


def params(folder, **fields):
    return Params(path=str(folder), format=Format.PARQUET, **fields)


def entries(*numbers):
    return [logentry.Instance(name="log", variables={"n": n}, timestamp=NOON) for n in numbers]


def numbers(path):
    return [row["variables"]["n"] for row in pq.read_table(path).to_pylist()]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def dropped():
    return REGISTRY.get_sample_value("mixer_adapter_file_dropped_total", {"handler": "file.test"})


def test_what_came_in_an_interval_is_a_file(tmp_path):
    clock = FakeClock()
    with start(INFO, params(tmp_path), instances=LOG, clock=clock) as handler:
        handler.handle_logentry(entries(1, 2))
        clock.advance(9)
        assert names(tmp_path) == []
        handler.handle_logentry(entries(3))
        clock.advance(11)  # two intervals are over; nothing came in the second
        assert names(tmp_path) == ["log-2019-06-01T10-00-10.000000Z.parquet"]
        handler.handle_logentry(entries(4))
    assert [numbers(path) for path in sorted(tmp_path.iterdir())] == [[1, 2, 3], [4]]


def test_so_many_records_are_files_at_once_and_too_many_are_dropped(tmp_path):
    clock, before = FakeClock(), dropped() or 0
    with start(INFO, params(tmp_path, max_rows=2), instances=LOG, clock=clock) as handler:
        handler.handle_logentry(entries(1, 2, 3, 4, 5))
        clock.advance(1)
        assert [numbers(path) for path in sorted(tmp_path.iterdir())] == [[1, 2], [3, 4]]
    assert dropped() - before == 1


def test_columns_have_the_types_of_the_instance(tmp_path):
    kinds = {
        "s": (ValueType.STRING, "é\udc80", "é\\udc80"),
        "i": (ValueType.INT64, -(2**63), -(2**63)),
        "d": (ValueType.DOUBLE, 0.5, 0.5),
        "b": (ValueType.BOOL, True, True),
        "t": (ValueType.TIMESTAMP, NOON, datetime(2019, 6, 1, 12, 0, 0, 123456, tzinfo=UTC)),
        "a": (ValueType.IP_ADDRESS, bytes([10, 0, 0, 1]), "10.0.0.1"),
        "l": (ValueType.DURATION, Duration(12_300_000), 12_300_000),
        "m": (ValueType.STRING_MAP, {"k": "v"}, [("k", "v")]),
    }
    dimensions = {name: kind for name, (kind, _, _) in kinds.items()}
    types = {
        "count": InstanceType(
            template="metric", fields={"value": ValueType.DOUBLE, "dimensions": dimensions}
        )
    }
    sample = metric.Instance(
        name="count", value=1.5, dimensions={name: value for name, (_, value, _) in kinds.items()}
    )
    with start(INFO, params(tmp_path), instances=types) as handler:
        handler.handle_metric([sample])
    [path] = tmp_path.iterdir()
    assert pq.read_table(path).to_pylist() == [
        {
            "time": STARTED,
            "instance": "count",
            "value": 1.5,
            "dimensions": {name: read for name, (_, _, read) in sorted(kinds.items())},
        }
    ]


def test_a_span_without_tags_and_times_has_none(tmp_path):
    types = {"a/b": InstanceType(template="tracespan", fields={})}
    with start(INFO, params(tmp_path), instances=types) as handler:
        handler.handle_tracespan([tracespan.Instance(name="a/b", trace_id="1f")])
    assert names(tmp_path) == ["a%2Fb-2019-06-01T10-00-00.000000Z.parquet"]
    [row] = pq.read_table(tmp_path / names(tmp_path)[0]).to_pylist()
    assert "span_tags" not in row
    assert (row["trace_id"], row["time"]) == ("1f", STARTED)
    assert (row["start_time"], row["source_ip"], row["source_name"]) == (None, None, "")


@pytest.mark.parametrize("fsync", Fsync)
def test_only_so_many_files_of_an_instance_are_kept(tmp_path, fsync):
    clock = FakeClock()
    settings = params(tmp_path, max_kept_files=2, fsync=fsync)
    with start(INFO, settings, instances=LOG, clock=clock) as handler:
        for number in range(4):
            handler.handle_logentry(entries(number))
            clock.advance(10)
    assert [numbers(path) for path in sorted(tmp_path.iterdir())] == [[2], [3]]


def test_records_wait_while_files_cannot_be_written(tmp_path, caplog):
    clock, folder = FakeClock(), tmp_path / "folder"
    with start(INFO, params(folder), instances=LOG, clock=clock) as handler:
        handler.handle_logentry(entries(1))
        folder.rmdir()
        clock.advance(10)
        folder.mkdir()
        handler.handle_logentry(entries(2))
        clock.advance(10)
        assert [numbers(path) for path in folder.iterdir()] == [[1, 2]]
    assert [record.message for record in caplog.records] == ["regular work failed"]


def test_what_cannot_be_written_at_the_end_is_counted(tmp_path, caplog):
    before, folder = dropped() or 0, tmp_path / "folder"
    with start(INFO, params(folder), instances=LOG) as handler:
        handler.handle_logentry(entries(1, 2))
        folder.rmdir()
    assert dropped() - before == 2
    assert [record.message[:18] for record in caplog.records] == ["2 records dropped:"]


def test_records_of_another_type_are_dropped_and_others_are_not_held_up(tmp_path, caplog):
    clock, before = FakeClock(), dropped() or 0
    with start(INFO, params(tmp_path), instances=LOG, clock=clock) as handler:
        handler.handle_logentry(entries("no number"))
        clock.advance(10)
        handler.handle_logentry(entries(2))
    assert [numbers(path) for path in tmp_path.iterdir()] == [[2]]
    assert dropped() - before == 1
    assert [record.message[:18] for record in caplog.records] == ["1 records dropped:"]


def test_what_a_killed_process_left_is_removed_an_hour_later(tmp_path):
    old, young = tmp_path / ".log.parquet.unfinished", tmp_path / ".other.parquet.unfinished"
    for path, age_s in ((old, 3601), (young, 3599)):
        path.touch()
        written_s = STARTED.timestamp() - age_s
        os.utime(path, (written_s, written_s))
    with start(INFO, params(tmp_path), instances=LOG):
        pass
    assert names(tmp_path) == [young.name]


def test_whoever_reads_the_folder_meanwhile_sees_whole_files_only(tmp_path):
    clock, over, read = FakeClock(), threading.Event(), []

    def reads():
        while not over.is_set():
            read.extend(len(numbers(path)) for path in tmp_path.glob("*.parquet"))

    reader = threading.Thread(target=reads)
    with start(INFO, params(tmp_path), instances=LOG, clock=clock) as handler:
        reader.start()
        for _ in range(20):
            handler.handle_logentry(entries(*range(1000)))
            clock.advance(10)
        end = time.monotonic() + SOON_S
        while not read and time.monotonic() < end:
            time.sleep(0.01)
        over.set()
        reader.join()
    assert set(read) == {1000}


WRITER = """
import sys
from adapters.file import INFO
from adapters.file.params import Format, Params
from mixer.adapter import Duration, InstanceType, ValueType
from mixer.adapter.env import Env, ThreadScheduler
from mixer.template.logentry import Instance
types = {"log": InstanceType(template="logentry", fields={"variables": {"n": ValueType.INT64}})}
params = Params(path=sys.argv[1], format=Format.PARQUET, flush_interval=Duration.parse("20ms"))
env = Env(handler="file.test", scheduler=ThreadScheduler("file.test"), instances=types)
handler = INFO.build(params, env)
number = 0
while True:
    handler.handle_logentry([Instance(name="log", variables={"n": number})])
    number += 1
"""


def test_a_killed_process_leaves_whole_files_without_a_gap(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)])
    try:
        end = time.monotonic() + SOON_S
        while len(list(tmp_path.glob("*.parquet"))) < 3 and time.monotonic() < end:
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    files = sorted(tmp_path.glob("*.parquet"))
    assert len(files) >= 3
    kept = [number for path in files for number in numbers(path)]
    assert kept == list(range(len(kept)))
