"""What handlers of one address share, and what happens while a configuration is replaced."""

import socket
import urllib.error
import urllib.request
from contextlib import ExitStack

import pytest

from adapters.prometheus import INFO
from adapters.prometheus.params import Kind, MetricInfo, Params
from mixer.adapter import InstanceType, ValueType
from mixer.adapter.testing import start
from mixer.template.metric import Instance
from tests.patience import SOON_S

LOOPBACK = "127.0.0.1:0"
TYPE = InstanceType(
    template="metric",
    fields={"value": ValueType.INT64, "dimensions": {"code": ValueType.INT64}},
)


def samples(handler):
    url = f"http://127.0.0.1:{handler.port}/metrics"
    with urllib.request.urlopen(url, timeout=SOON_S) as response:
        lines = response.read().decode().splitlines()
    return [line for line in lines if not line.startswith(("#", "mixer_"))]


def serve(stack, *names, kind=Kind.GAUGE, code=ValueType.INT64, **more):
    """A handler with a metric `istio_NAME` for each name, fed from the instance NAME."""
    fields = {"value": ValueType.INT64, "dimensions": {"code": code}}
    metrics = tuple(
        MetricInfo(name=name, instance_name=name, kind=kind, label_names=("code",), **more)
        for name in names
    )
    types = {name: InstanceType(template="metric", fields=fields) for name in names}
    params = Params(metrics=metrics, listen_address=LOOPBACK)
    return stack.enter_context(start(INFO, params, instances=types))


def sample(name, value, code=200):
    return Instance(name=name, value=value, dimensions={"code": code})


def test_handlers_of_one_address_share_the_page():
    with ExitStack() as stack:
        first, second = serve(stack, "a"), serve(stack, "b")
        first.handle_metric([sample("a", 1)])
        second.handle_metric([sample("b", 2)])
        assert first.port == second.port
        assert samples(first) == ['istio_a{code="200"} 1.0', 'istio_b{code="200"} 2.0']


def test_values_survive_when_the_new_handler_keeps_the_metric():
    with ExitStack() as new, ExitStack() as old:
        before = serve(old, "a_total", kind=Kind.COUNTER)
        before.handle_metric([sample("a_total", 5)])
        after = serve(new, "a_total", kind=Kind.COUNTER, description="Another help text.")
        before.handle_metric([sample("a_total", 1)])  # requests that still hold the old one
        old.close()
        after.handle_metric([sample("a_total", 2)])
        assert samples(after) == ['istio_a_total{code="200"} 8.0']


def test_a_metric_that_is_defined_anew_is_replaced_and_the_others_keep_their_values():
    with ExitStack() as new, ExitStack() as old:
        before = serve(old, "a", "b")
        before.handle_metric([sample("a", 1), sample("b", 2)])
        kept = serve(new, "a")
        changed = serve(new, "b", kind=Kind.DISTRIBUTION)
        old.close()
        assert samples(kept) == ['istio_a{code="200"} 1.0']
        changed.handle_metric([sample("b", 3)])
        assert samples(kept)[-1] == 'istio_b_sum{code="200"} 3.0'


def test_the_old_definition_is_shown_again_when_the_new_handler_is_given_up():
    with ExitStack() as old:
        before = serve(old, "a")
        before.handle_metric([sample("a", 1)])
        with ExitStack() as new:
            serve(new, "a", kind=Kind.DISTRIBUTION)
            assert samples(before) == []
        assert samples(before) == ['istio_a{code="200"} 1.0']


def test_a_metric_that_no_handler_has_any_more_disappears():
    with ExitStack() as new, ExitStack() as old:
        before = serve(old, "a", "b")
        before.handle_metric([sample("a", 1), sample("b", 2)])
        after = serve(new, "a")
        old.close()
        assert samples(after) == ['istio_a{code="200"} 1.0']


def test_a_dimension_whose_type_changes_but_not_its_text_stays_one_series():
    with ExitStack() as new, ExitStack() as old:
        serve(old, "a_total", kind=Kind.COUNTER).handle_metric([sample("a_total", 1, code=200)])
        after = serve(new, "a_total", kind=Kind.COUNTER, code=ValueType.STRING)
        after.handle_metric([sample("a_total", 1, code="200")])
        assert samples(after) == ['istio_a_total{code="200"} 2.0']


def test_the_last_handler_closes_the_port():
    with ExitStack() as stack:
        handler = serve(stack, "a")
        port = handler.port
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=SOON_S)


def test_a_port_that_somebody_else_has_is_named():
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        params = Params(listen_address=address)
        with pytest.raises(OSError, match=f"cannot listen on {address}: Address already in use"):  # noqa: SIM117
            with start(INFO, params):
                pass
