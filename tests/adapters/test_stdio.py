"""What is written: read from files and from the real descriptors of the process."""

import json
import os
import threading
from contextlib import ExitStack

import pytest

from adapters.stdio import INFO
from adapters.stdio.params import Level, Params, Stream
from mixer.adapter import Duration, InstanceType, Timestamp, ValueType
from mixer.adapter.testing import start
from mixer.template import logentry, metric

NAME = "accesslog.instance.istio-system"
NOON = Timestamp.parse("2019-06-01T12:00:00.123456789Z")


def log_type(**variables):
    return {NAME: InstanceType(template="logentry", fields={"variables": variables})}


def metric_type(value, /, **dimensions):
    fields = {"value": value, "dimensions": dimensions}
    return {NAME: InstanceType(template="metric", fields=fields)}


def entry(severity="info", timestamp=NOON, **variables):
    return logentry.Instance(name=NAME, variables=variables, timestamp=timestamp, severity=severity)


@pytest.fixture
def write(tmp_path):
    """Writes entries, or the metrics, through a handler to a file; gives back the file's text."""

    def run(instances, types, **params):
        path = tmp_path / "out.log"
        settings = Params(log_stream=Stream.FILE, output_path=str(path), **params)
        with start(INFO, settings, instances=types) as handler:
            if types[NAME].template == "metric":
                handler.handle_metric(instances)
            else:
                handler.handle_logentry(instances)
        return path.read_text(encoding="utf-8")

    return run


def test_a_log_entry_is_a_json_line_as_recorded(write):
    types = log_type(
        source=ValueType.STRING,
        destination=ValueType.STRING,
        path=ValueType.STRING,
        code=ValueType.INT64,
        headers=ValueType.STRING,
        latency=ValueType.DURATION,
        ip=ValueType.IP_ADDRESS,
        mtls=ValueType.BOOL,
    )
    recorded = entry(
        timestamp=Timestamp.parse("2019-06-01T10:00:00.123456789Z"),
        source="reviews-v2-5d6",
        destination="ratings.default.svc.cluster.local",
        path="/ratings/0",
        code=200,
        headers="python-requests/2.18.4",
        latency=Duration(12_300_000),
        ip=bytes([10, 44, 2, 9]),
        mtls=True,
    )
    assert write([recorded], types) == (
        '{"level":"info","time":"2019-06-01T10:00:00.123456Z",'
        '"instance":"accesslog.instance.istio-system","code":200,'
        '"destination":"ratings.default.svc.cluster.local","headers":"python-requests/2.18.4",'
        '"ip":"10.44.2.9","latency":"12.3ms","mtls":true,"path":"/ratings/0",'
        '"source":"reviews-v2-5d6"}\n'
    )


def test_a_log_entry_is_text_where_json_is_not_wanted(write):
    types = log_type(b=ValueType.INT64, a=ValueType.STRING)
    assert write([entry("warning", a="x", b=2)], types, output_as_json=False) == (
        '2019-06-01T12:00:00.123456Z\twarn\taccesslog.instance.istio-system\t{"a":"x","b":2}\n'
    )


@pytest.mark.parametrize(
    ("as_json", "line"),
    [
        (True, f'{{"level":"info","time":"2019-06-01T12:00:00.123456Z","instance":"{NAME}"}}\n'),
        (False, f"2019-06-01T12:00:00.123456Z\tinfo\t{NAME}\t{{}}\n"),
    ],
)
def test_an_entry_may_have_no_variables(write, as_json, line):
    assert write([entry()], log_type(), output_as_json=as_json) == line


def test_a_metric_has_its_value_before_its_dimensions_and_the_time_of_now(write):
    types = metric_type(ValueType.DURATION, value=ValueType.STRING, b=ValueType.BOOL)
    sample = metric.Instance(
        name=NAME, value=Duration(1_234_000_000), dimensions={"value": "mine", "b": False}
    )
    assert write([sample], types, metric_level=Level.ERROR) == (
        '{"level":"error","time":"2019-06-01T10:00:00.000000Z",'
        '"instance":"accesslog.instance.istio-system","value":"1.234s","b":false,"value":"mine"}\n'
    )


@pytest.mark.parametrize(
    ("value_type", "value", "text"),
    [
        (ValueType.STRING, 'a "b"\\\n\x01 é 日 <&>', r'"a \"b\"\\\n\u0001 é 日 <&>"'),
        (ValueType.URI, "http://a/?x=1&y=2", '"http://a/?x=1&y=2"'),
        (ValueType.DNS_NAME, "a.b", '"a.b"'),
        (ValueType.EMAIL_ADDRESS, "a@b", '"a@b"'),
        (ValueType.STRING, "\udc80", r'"\udc80"'),  # no character, but JSON can say it
        (ValueType.INT64, -(2**63), "-9223372036854775808"),
        (ValueType.DOUBLE, 0.25, "0.25"),
        (ValueType.DOUBLE, 1e21, "1000000000000000000000"),
        (ValueType.DOUBLE, float("nan"), '"NaN"'),  # JSON has no such numbers
        (ValueType.DOUBLE, float("-inf"), '"-Inf"'),
        (ValueType.BOOL, True, "true"),
        (ValueType.TIMESTAMP, NOON, '"2019-06-01T12:00:00.123456Z"'),
        (ValueType.TIMESTAMP, Timestamp(-1), '"1969-12-31T23:59:59.999999Z"'),
        (ValueType.TIMESTAMP, Timestamp(253_402_300_800 * 10**9), '"253402300800.000000s"'),
        (ValueType.DURATION, Duration(1_500), '"1.5µs"'),
        (ValueType.IP_ADDRESS, bytes(15) + b"\1", '"::1"'),
        (ValueType.IP_ADDRESS, b"", '"<nil>"'),
        (ValueType.STRING_MAP, {"b": "2", "a": "1"}, '"stringmap[a:1 b:2]"'),
    ],
)
def test_each_type_of_value_has_its_form(write, value_type, value, text):
    line = write([entry(v=value)], log_type(v=value_type))
    assert line.partition('"v":')[2] == text + "}\n"
    json.loads(line)


def test_an_address_in_a_metric_is_base64(write):
    types = metric_type(ValueType.INT64, ip=ValueType.IP_ADDRESS)
    sample = metric.Instance(name=NAME, value=1, dimensions={"ip": bytes([10, 44, 2, 9])})
    assert write([sample], types).endswith('"value":1,"ip":"CiwCCQ=="}\n')


def test_a_metric_without_a_value_has_null(write):
    types = {NAME: InstanceType(template="metric", fields={})}
    assert write([metric.Instance(name=NAME)], types).endswith('"value":null}\n')


def test_names_may_hold_any_character(write):
    line = write([entry(**{'%s "x"': 1})], log_type(**{'%s "x"': ValueType.INT64}))
    assert json.loads(line)['%s "x"'] == 1


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        ("informational", "info"),
        ("WARN", "warn"),
        ("err", "error"),
        ("FATAL", "error"),
        ("Default", "info"),  # whatever is not in the table
        ("", "info"),
    ],
)
def test_a_severity_has_a_level(write, severity, level):
    assert write([entry(severity)], log_type()).startswith(f'{{"level":"{level}",')


def test_severities_can_be_given_levels(write):
    levels = {"loud": Level.ERROR}
    text = write([entry("loud"), entry("error")], log_type(), severity_levels=levels)
    assert [json.loads(line)["level"] for line in text.splitlines()] == ["error", "info"]


def test_lines_below_the_output_level_are_dropped(write):
    entries = [entry("info"), entry("warning"), entry("error"), entry("strange")]
    text = write(entries, log_type(), output_level=Level.WARNING)
    assert [json.loads(line)["level"] for line in text.splitlines()] == ["warn", "error"]


def test_metrics_below_the_output_level_are_dropped(write):
    types = metric_type(ValueType.INT64)
    sample = metric.Instance(name=NAME, value=1)
    assert write([sample], types, output_level=Level.ERROR, metric_level=Level.WARNING) == ""


@pytest.mark.parametrize(("stream", "index"), [(Stream.STDOUT, 0), (Stream.STDERR, 1)])
def test_lines_go_to_the_streams_of_the_process(capfd, stream, index):
    with start(INFO, Params(log_stream=stream), instances=log_type(a=ValueType.INT64)) as handler:
        handler.handle_logentry([entry(a=1), entry(a=2)])
        written = capfd.readouterr()[index]
    assert [json.loads(line)["a"] for line in written.splitlines()] == [1, 2]


def test_the_streams_stay_open_when_a_handler_closes(capfd):
    for _ in range(2):
        with start(INFO, instances=log_type()) as handler:
            handler.handle_logentry([entry()])
    assert capfd.readouterr().out.count("\n") == 2


def test_a_file_is_appended_to(write):
    write([entry(a=1)], log_type(a=ValueType.INT64))
    assert write([entry(a=2)], log_type(a=ValueType.INT64)).count("\n") == 2


@pytest.mark.parametrize("stream", [Stream.FILE, Stream.ROTATED_FILE])
def test_a_file_that_cannot_be_opened_is_named(tmp_path, stream):
    params = Params(log_stream=stream, output_path=str(tmp_path / "no" / "out.log"))
    with pytest.raises(FileNotFoundError, match=r"no/out\.log"):  # noqa: SIM117
        with start(INFO, params):
            pass


def test_a_full_disk_fails_the_call_and_no_more():
    params = Params(log_stream=Stream.FILE, output_path="/dev/full")
    with start(INFO, params, instances=log_type()) as handler:
        for _ in range(2):
            with pytest.raises(OSError, match="No space left on device"):
                handler.handle_logentry([entry()])


def test_a_pipe_without_a_reader_fails_the_call_and_no_more(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    params = Params(log_stream=Stream.FILE, output_path=str(path))
    with start(INFO, params, instances=log_type(a=ValueType.INT64)) as handler:
        os.close(reader)
        with pytest.raises(BrokenPipeError):
            handler.handle_logentry([entry(a=1)])
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        handler.handle_logentry([entry(a=2)])
        assert os.read(reader, 4096).endswith(b'"a":2}\n')
        os.close(reader)


def test_lines_of_handlers_that_write_at_once_do_not_mix(capfd):
    types = log_type(who=ValueType.INT64, text=ValueType.STRING)

    def chat(handler, who):
        for _ in range(20):
            handler.handle_logentry([entry(who=who, text="x" * 3000)] * 3)

    with ExitStack() as stack:
        handlers = [stack.enter_context(start(INFO, instances=types)) for _ in range(4)]
        threads = [threading.Thread(target=chat, args=(h, i)) for i, h in enumerate(handlers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert len(lines) == 4 * 20 * 3
    assert {line["text"] for line in lines} == {"x" * 3000}


@pytest.mark.parametrize(
    ("params", "fault"),
    [
        (Params(log_stream=Stream.FILE), "output_path: must be given for FILE"),
        (Params(log_stream=Stream.ROTATED_FILE), "output_path: must be given for ROTATED_FILE"),
        (Params(output_path="x"), "output_path: must not be given for STDOUT"),
        (
            Params(max_megabytes_before_rotation=-1),
            "max_megabytes_before_rotation: must not be negative",
        ),
        (Params(max_days_before_rotation=-1), "max_days_before_rotation: must not be negative"),
        (Params(max_rotated_files=-1), "max_rotated_files: must not be negative"),
    ],
)
def test_faults_of_the_params_are_named(params, fault):
    assert [f"{error.field}: {error.message}" for error in INFO.validate(params, {})] == [fault]
