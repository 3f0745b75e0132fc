"""What is refused before an otlp handler is built."""

import pytest

from adapters.otlp import INFO
from adapters.otlp.params import MetricInfo, Params, Tls
from mixer.adapter import Duration, InstanceType, ValueType
from mixer.adapter.testing import ParamsRefusedError, start

REQUESTS = "requests.instance.istio-system"
COUNT = InstanceType(template="metric", fields={"value": ValueType.INT64, "dimensions": {}})


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (Params(endpoint="localhost:4317"), "endpoint: no URL of http or https: 'localhost:4317'"),
        (Params(headers={"Authorization": "x"}), "headers: no name in lower case: 'Authorization'"),
        (Params(headers={"team": "Müller"}), "headers: the value of team is not plain ASCII"),
        (Params(tls=Tls(ca="ca")), "tls: is for an endpoint that begins with https"),
        (Params(queue_size=10), "queue_size: must not be less than batch_size"),
        (Params(timeout=Duration(0)), "timeout: must be more than 0"),
        (
            Params(metrics=(MetricInfo(instance_name="x"),)),
            "metrics[0].kind: must be GAUGE, COUNTER or DISTRIBUTION",
        ),
        (Params(sample_probability=1.5), "sample_probability: must be from 0 to 1"),
    ],
)
def test_wrong_params_are_named(params, message):
    with pytest.raises(ParamsRefusedError) as raised, start(INFO, params):
        pass
    assert str(raised.value) == f"adapter 'otlp' refuses its params:\n  {message}"


def test_a_metric_instance_without_a_metric_is_refused():
    with (
        pytest.raises(ParamsRefusedError, match=f"metrics: no metric for instance {REQUESTS}"),
        start(INFO, Params(), instances={REQUESTS: COUNT}),
    ):
        pass
