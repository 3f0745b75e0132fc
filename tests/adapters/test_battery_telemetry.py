"""What every adapter must stand, for those that keep telemetry in the process or write it out."""

import pytest

from adapters import prometheus, stdio
from adapters.prometheus.params import Kind, MetricInfo
from mixer.adapter import InstanceType, Timestamp, ValueType
from mixer.adapter.testing import Battery
from mixer.template import logentry, metric

LINE = logentry.Instance(name="line", variables={"code": 200}, timestamp=Timestamp(0))
SAMPLE = metric.Instance(name="count", value=1, dimensions={"code": 200})
COUNTS = {
    "count": InstanceType(
        template="metric",
        fields={"value": ValueType.INT64, "dimensions": {"code": ValueType.INT64}},
    )
}
LINES = {"line": InstanceType(template="logentry", fields={"variables": {"code": ValueType.INT64}})}


class TestPrometheus(Battery):
    """On a free port."""

    info = prometheus.INFO
    bad_params = (
        prometheus.Params(max_series=0),
        prometheus.Params(listen_address="nowhere"),
        prometheus.Params(metrics=(MetricInfo(),)),
    )
    instances = COUNTS

    def params(self):
        requests = MetricInfo(instance_name="count", kind=Kind.COUNTER, label_names=("code",))
        return prometheus.Params(metrics=(requests,), listen_address="127.0.0.1:0")

    def ask(self, handler):
        return handler.handle_metric([SAMPLE])


class TestPrometheusWithANewSeriesEachTime(TestPrometheus):
    """Far more of them than a metric may have."""

    call_count = 20_000

    @pytest.fixture(autouse=True)
    def _codes(self):
        self.code = 0

    def params(self):
        requests = MetricInfo(instance_name="count", kind=Kind.COUNTER, label_names=("code",))
        return prometheus.Params(metrics=(requests,), listen_address="127.0.0.1:0", max_series=100)

    def ask(self, handler):
        self.code += 1
        return handler.handle_metric([SAMPLE._replace(dimensions={"code": self.code})])


class TestStdio(Battery):
    """Into a file that is set aside now and then."""

    info = stdio.INFO
    bad_params = (
        stdio.Params(output_path="x"),
        stdio.Params(log_stream=stdio.params.Stream.FILE),
        stdio.Params(max_rotated_files=-1),
    )
    instances = LINES
    call_count = 20_000

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.path = tmp_path / "x.log"

    def params(self):
        return stdio.Params(
            log_stream=stdio.params.Stream.ROTATED_FILE,
            output_path=str(self.path),
            max_megabytes_before_rotation=1,
            max_rotated_files=1,
        )

    def ask(self, handler):
        return handler.handle_logentry([LINE])
