"""JSON lines of all three templates, read from the file."""

import json

import pytest

from adapters.file import INFO
from adapters.file.params import Format, Fsync, Params
from mixer.adapter import Duration, InstanceType, Timestamp, ValueType
from mixer.adapter.testing import Battery, FakeClock, start
from mixer.template import logentry, metric, tracespan

NOON = Timestamp.parse("2019-06-01T12:00:00.123456789Z")
TYPES = {
    "log": InstanceType(
        template="logentry",
        fields={"variables": {"code": ValueType.INT64, "after": ValueType.DURATION}},
    ),
    "count": InstanceType(
        template="metric",
        fields={"value": ValueType.INT64, "dimensions": {"ip": ValueType.IP_ADDRESS}},
    ),
    "span": InstanceType(template="tracespan", fields={"span_tags": {"mtls": ValueType.BOOL}}),
}
ENTRY = logentry.Instance(
    name="log",
    variables={"code": 200, "after": Duration(12_300_000)},
    timestamp=NOON,
    severity="info",
)
SAMPLE = metric.Instance(name="count", value=3, dimensions={"ip": bytes([10, 0, 0, 1])})
SPAN = tracespan.Instance(
    name="span",
    trace_id="1f",
    span_id="2",
    span_name='"/"',
    start_time=NOON,
    end_time=Timestamp(NOON + 1_000_000),
    span_tags={"mtls": True},
    http_status_code=404,
    source_ip=bytes([10, 0, 0, 2]),
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out.jsonl"


def report(handler):
    handler.handle_logentry([ENTRY])
    handler.handle_metric([SAMPLE])
    handler.handle_tracespan([SPAN])


def test_each_template_has_its_line_and_the_time_of_now_unless_it_has_its_own(path):
    with start(INFO, Params(path=str(path)), instances=TYPES) as handler:
        report(handler)
        text = path.read_text()  # before anything is closed
    assert text.splitlines() == [
        '{"time":"2019-06-01T12:00:00.123456Z","instance":"log","severity":"info",'
        '"variables":{"after":"12.3ms","code":200}}',
        '{"time":"2019-06-01T10:00:00.000000Z","instance":"count","value":3,'
        '"dimensions":{"ip":"10.0.0.1"}}',
        '{"time":"2019-06-01T10:00:00.000000Z","instance":"span","trace_id":"1f","span_id":"2",'
        '"parent_span_id":"","span_name":"\\"/\\"","start_time":"2019-06-01T12:00:00.123456Z",'
        '"end_time":"2019-06-01T12:00:00.124456Z","http_status_code":404,"client_span":false,'
        '"source_name":"","source_ip":"10.0.0.2","destination_name":"","destination_ip":"<nil>",'
        '"request_size":0,"request_total_size":0,"response_size":0,"response_total_size":0,'
        '"api_protocol":"","span_tags":{"mtls":true}}',
    ]


@pytest.mark.parametrize("fsync", Fsync)
def test_lines_are_added_to_a_file_that_is_there(path, fsync):
    clock = FakeClock()
    for _ in range(2):
        settings = Params(path=str(path), fsync=fsync)
        with start(INFO, settings, instances=TYPES, clock=clock) as handler:
            report(handler)
            clock.advance(10)
    lines = path.read_text().splitlines()
    assert [json.loads(line)["instance"] for line in lines] == ["log", "count", "span"] * 2


def test_what_the_configuration_leaves_out_is_empty(path):
    types = {
        "log": InstanceType(template="logentry", fields={}),
        "count": InstanceType(template="metric", fields={}),
    }
    with start(INFO, Params(path=str(path)), instances=types) as handler:
        handler.handle_logentry([logentry.Instance(name="log")])
        handler.handle_metric([metric.Instance(name="count")])
    assert path.read_text().splitlines() == [
        '{"time":"0001-01-01T00:00:00.000000Z","instance":"log","severity":"","variables":{}}',
        '{"time":"2019-06-01T10:00:00.000000Z","instance":"count","value":null,"dimensions":{}}',
    ]


def test_text_that_is_no_unicode_is_escaped(path):
    types = {
        "log": InstanceType(template="logentry", fields={"variables": {'a"{x}': ValueType.STRING}})
    }
    entry = logentry.Instance(name="log", variables={'a"{x}': "\udc80é"}, timestamp=NOON)
    with start(INFO, Params(path=str(path)), instances=types) as handler:
        handler.handle_logentry([entry])
    assert json.loads(path.read_text())["variables"] == {'a"{x}': "\udc80é"}


def test_a_file_is_set_aside_when_it_is_old(path):
    clock = FakeClock()
    settings = Params(path=str(path), max_age=Duration.parse("1h"), max_kept_files=1)
    with start(INFO, settings, instances=TYPES, clock=clock) as handler:
        for seconds in (3599, 1, 3600, 10):
            handler.handle_metric([SAMPLE])
            clock.advance(seconds)
    # The second write came a second early, the third in time; so did the fourth.
    assert {file.name: len(file.read_text().splitlines()) for file in path.parent.iterdir()} == {
        "out.jsonl": 1,
        "out-2019-06-01T12-00-00.000000Z.jsonl": 1,
    }


def test_a_file_is_set_aside_when_it_is_full(path):
    big = [SPAN._replace(span_name="x" * 700_000)]
    settings = Params(path=str(path), max_megabytes=1, fsync=Fsync.INTERVAL)
    with start(INFO, settings, instances=TYPES) as handler:
        handler.handle_tracespan(big)
        handler.handle_tracespan(big)
    assert sorted(file.name for file in path.parent.iterdir()) == [
        "out-2019-06-01T10-00-00.000000Z.jsonl",
        "out.jsonl",
    ]


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    settings = Params(path=str(tmp_path / "missing" / "x"))
    with pytest.raises(OSError, match="missing"), start(INFO, settings, instances=TYPES):
        pass


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"path": ""}, ("path", "must be given")),
        ({"flush_interval": Duration(0)}, ("flush_interval", "must be more than 0")),
        ({"max_rows": 0}, ("max_rows", "must be at least 1")),
        ({"max_megabytes": -1}, ("max_megabytes", "must not be negative")),
        ({"max_age": Duration(-1)}, ("max_age", "must not be negative")),
        ({"max_kept_files": -1}, ("max_kept_files", "must not be negative")),
        ({"max_kept_for": Duration(-1)}, ("max_kept_for", "must not be negative")),
    ],
)
def test_params_that_make_no_sense_are_refused(fields, fault):
    wrong = Params(**{"path": "x"} | fields)
    assert [(error.field, error.message) for error in INFO.validate(wrong, {})] == [fault]


class InFiles(Battery):
    """Whatever the format."""

    info = INFO
    bad_params = (Params(), Params(path="x", max_rows=0))
    instances = TYPES
    call_count = 20_000

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.folder = tmp_path

    def ask(self, handler):
        return report(handler)


class TestJson(InFiles):
    """With a file that is set aside now and then."""

    def params(self):
        return Params(path=str(self.folder / "x.jsonl"), max_megabytes=1, max_kept_files=1)


class TestParquet(InFiles):
    """With as many records as may wait."""

    def params(self):
        return Params(path=str(self.folder), format=Format.PARQUET, max_rows=100)
