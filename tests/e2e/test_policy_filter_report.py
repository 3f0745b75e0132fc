"""What the policy filter records: stats with tags, and lines in Envoy's log."""

import json
import time
from concurrent import futures

import grpc
import pytest

from mixer.envoy.bootstrap import grpc_cluster
from tests.e2e.http_message import send
from tests.e2e.policy_filter import filtered, metric, program
from tests.patience import SOON_S

pytestmark = pytest.mark.envoy

ONE = {"int": "1"}
TAGS = [{"tag_name": "user", "regex": r"(;\.;user=\.=([^;]*))"}]


def quick_stats(config):
    """Histograms are merged at each flush, by default after 5 s; tags are made of labels."""
    return config | {"stats_flush_interval": "0.05s", "stats_config": {"stats_tags": TAGS}}


def wait_for(text, envoy, path):
    deadline = time.monotonic() + SOON_S
    while text not in (page := envoy.admin.get(path)):
        assert time.monotonic() < deadline, page
    return page


def test_requests_are_counted_by_their_labels():
    counting = program(
        attributes=[["filled_header", ":method", None], ["property", "response.code", 1, 500]],
        code=[[0, 0], [1, 0], [1, 1, 23, 1]],
        constants=[ONE],
        metrics=[metric(labels=[["method", 1], ["code", 2]], max_series=2)],
    )
    with filtered(counting) as envoy:
        for method in ("GET", "PUT", "GET", "POST"):  # the last is one series too many
            send(envoy.addresses["http"], method=method)
        stats = envoy.stats("wasmcustom.found")
    assert stats == {
        "wasmcustom.found;.;method=.=GET;.;code=.=200": 2,
        "wasmcustom.found;.;method=.=PUT;.;code=.=200": 1,
    }


def test_labels_become_tags():
    counting = program(
        attributes=[["header", "user"]],
        code=[[0, 0], [1, 0]],
        constants=[ONE],
        metrics=[metric(labels=[["user", 1]])],
    )
    with filtered(counting, change=quick_stats) as envoy:
        send(envoy.addresses["http"], headers=[("user", "a;b")])
        page = envoy.admin.get("/stats/prometheus?filter=wasmcustom.found")
    assert 'found{user="a,b"} 1' in page


def test_a_gauge_has_the_last_number_and_a_histogram_all():
    sizes = program(
        attributes=[["content_length"]],
        code=[[1, 0]],
        metrics=[
            metric("gauge", stat="last"),
            metric("histogram", stat="all", scale=10),
        ],
    )
    with filtered(sizes, change=quick_stats) as envoy:
        for size in (300, 50):
            send(envoy.addresses["http"], method="PUT", body=bytes(size))
        assert envoy.stats("wasmcustom.last") == {"wasmcustom.last": 50}
        page = wait_for("all_count{} 2", envoy, "/stats/prometheus")
    assert "all_sum{} 35." in page  # 30 and 5, as Envoy's histograms round them


def test_negative_numbers_are_left_out():
    negative = program(
        code=[[0, 0]],
        constants=[{"int": "-5"}],
        metrics=[metric(kind, stat=kind) for kind in ("counter", "gauge", "histogram")],
    )
    with filtered(negative, change=quick_stats) as envoy:
        send(envoy.addresses["http"])
        names = envoy.stats("wasmcustom").keys()
        assert {name for name in names if ".policy_filter." not in name} == set()
        assert "histogram_count" not in envoy.admin.get("/stats/prometheus")


def test_names_of_one_metric_take_up_a_mebibyte_at_most():
    counting = program(
        attributes=[["header", "user"]],
        code=[[0, 0], [1, 0]],
        constants=[ONE],
        metrics=[metric(labels=[["user", 1]])],
    )
    with filtered(counting) as envoy:
        for number in range(30):
            user = f"{number:02}" + 50_000 * "a"
            assert send(envoy.addresses["http"], headers=[("user", user)]).status == 200
        counted = len(envoy.stats("wasmcustom.found"))
    assert counted == 20


def test_a_line_is_written_for_each_request():
    log = {"match": -1, "instance": "line", "severity": 0, "levels": {"GET": 2}, "lowest": 1}
    writing = program(
        attributes=[
            ["filled_header", ":method", None],
            ["property", "response.code", 1, 500],
            ["response_flags", ["LH"]],
        ],
        code=[[1, 0], [1, 1, 23, 1], [1, 2]],
        logs=[log | {"time": -1, "fields": [["code", 1, False], ["flags", 2, True]]}],
    )
    with filtered(writing) as envoy:
        for method in ("GET", "PUT", "GET"):
            send(envoy.addresses["http"], method=method)
        lines = [line.partition("wasm log")[2] for line in envoy.log.splitlines() if '"l' in line]
    written = [json.loads(line[line.index("{") :]) for line in lines]
    line = {"level": "error", "time": "", "instance": "line", "code": 200, "flags": "-"}
    assert written == [line, line]


class NotFound(grpc.GenericRpcHandler):
    """Answers every call with an error, in trailers."""

    def service(self, details):
        return grpc.unary_unary_rpc_method_handler(self.refuse)

    def refuse(self, request, context):
        context.send_initial_metadata((("x-there", "yes"),))
        context.abort(grpc.StatusCode.NOT_FOUND, "no such cart")


def test_the_status_of_a_grpc_call_is_that_of_the_trailers():
    counting = program(
        attributes=[["grpc_status"], ["grpc_message"], ["response_headers"]],
        code=[[0, 0], [1, 0], [1, 1], [3, 2, 1]],
        constants=[ONE, "x-there"],
        metrics=[metric(labels=[["status", 1], ["message", 2], ["there", 3]])],
    )
    server = grpc.server(futures.ThreadPoolExecutor(1), handlers=[NotFound()])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    upstream = grpc_cluster("upstream", f"127.0.0.1:{port}")
    with filtered(counting, upstream=upstream) as envoy:
        with grpc.insecure_channel(envoy.addresses["http"]) as channel:
            call = channel.unary_unary("/shop.Carts/Find", request_serializer=bytes)
            with pytest.raises(grpc.RpcError, match="no such cart"):
                call(b"", timeout=SOON_S)
        name = "wasmcustom.found;.;status=.=5;.;message=.=no such cart;.;there=.=yes"
        wait_for(f"{name}: 1", envoy, "/stats?filter=wasmcustom")
    server.stop(None)
