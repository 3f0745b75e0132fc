"""What arrives at an HTTP server, and what becomes of it while that is away."""

import time
from collections import deque
from contextlib import contextmanager

import pytest
from prometheus_client import REGISTRY

from adapters.zipkin import INFO
from adapters.zipkin.params import Params
from mixer.adapter import Duration
from mixer.adapter.testing import BackendBattery, Link, start
from mixer.template.tracespan import Instance
from tests.adapters.zipkin_server import PATH, receiver
from tests.patience import SOON_S


@pytest.fixture
def zipkin():
    with receiver() as running:
        yield running


def params(url, **fields):
    interval = Duration.parse("20ms")
    return Params(url=url, sample_probability=1, flush_interval=interval, **fields)


def until(is_so):
    end = time.monotonic() + SOON_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)


def span(name="ratings", trace_id="463ac35c9f6413ad", span_id="1"):
    return Instance(name="x", trace_id=trace_id, span_id=span_id, span_name=name)


def dropped():
    return REGISTRY.get_sample_value(
        "mixer_adapter_zipkin_dropped_total", {"handler": "zipkin.test"}
    )


def test_spans_are_posted_after_the_interval_in_batches(zipkin):
    settings = params(zipkin.url, max_batch_spans=2)
    with start(INFO, settings) as handler:
        handler.handle_tracespan([span("a"), span("b")])
        handler.handle_tracespan([span("c", span_id="none"), span("d"), span("e")])
        until(lambda: zipkin.names == [["a", "b"], ["d"], ["e"]])


def test_what_waits_is_posted_when_the_handler_closes(zipkin):
    with start(INFO, params(zipkin.url)) as handler:
        handler.handle_tracespan([span()])
    assert zipkin.batches == [
        [
            {
                "traceId": "463ac35c9f6413ad",
                "id": "0000000000000001",
                "name": "ratings",
                "kind": "SERVER",
                "localEndpoint": {"serviceName": "default"},
                "tags": {},
                "annotations": [],
            }
        ]
    ]


def test_traces_that_are_not_sampled_are_not_posted(zipkin):
    settings = Params(url=zipkin.url, sample_probability=0.5)
    with start(INFO, settings) as handler:
        handler.handle_tracespan([span("no", "8000000000000000"), span("yes", "1")])
    assert zipkin.names == [["yes"]]


def test_with_the_default_probability_nothing_is_sent_and_the_log_says_so(zipkin, caplog):
    with start(INFO, Params(url=zipkin.url)) as handler:
        handler.handle_tracespan([span()])
    assert zipkin.batches == []
    assert [record.message for record in caplog.records] == [
        "sample_probability is 0: zipkin.test sends no spans"
    ]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_spans_wait_while_the_server_cannot_take_them(zipkin, caplog, status):
    before = dropped() or 0
    with start(INFO, params(zipkin.url)) as handler:
        zipkin.status = status
        handler.handle_tracespan([span("a")])
        until(lambda: zipkin.asked_count > 1)
        handler.handle_tracespan([span("b")])
        zipkin.status = 202
        until(lambda: zipkin.all_names == ["a", "b"])
    assert dropped() == before
    assert [record.message for record in caplog.records] == [
        f"zipkin.test can't send, and goes on trying: {zipkin.url} says {status} b''"
    ]


def test_spans_that_the_server_refuses_are_dropped_and_counted(zipkin, caplog):
    before = dropped() or 0
    with start(INFO, params(zipkin.url)) as handler:
        zipkin.status = 400
        handler.handle_tracespan([span(), span()])
        until(lambda: dropped() - before == 2)
        zipkin.status = 202
        handler.handle_tracespan([span("good")])
    assert zipkin.names == [["good"]]
    assert [record.message for record in caplog.records] == [
        f"2 spans dropped: {zipkin.url} says 400 b''"
    ]


def test_spans_for_which_there_is_no_room_are_dropped_and_counted(zipkin):
    before = dropped() or 0
    with Link(zipkin.address) as link:
        settings = params(f"http://{link.address}{PATH}", max_queued_spans=3)
        with start(INFO, settings) as handler:
            link.cut()
            handler.handle_tracespan([span("a"), span("b")])
            handler.handle_tracespan([span("c"), span("d")])
            handler.handle_tracespan([span("e")])
            link.mend()
            until(lambda: zipkin.all_names == ["a", "b", "c"])
    assert dropped() - before == 2


def test_what_cannot_be_posted_at_the_end_is_counted():
    before = dropped() or 0
    with start(INFO, params("http://127.0.0.1:9/")) as handler:
        handler.handle_tracespan([span(), span()])
    assert dropped() - before == 2


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"url": ""}, ("url", "must be an HTTP URL, is ''")),
        ({"url": "zipkin:9411"}, ("url", "must be an HTTP URL, is 'zipkin:9411'")),
        ({"url": "http://[::1"}, ("url", "must be an HTTP URL, is 'http://[::1'")),
        ({"url": "ftp://a/"}, ("url", "must be an HTTP URL, is 'ftp://a/'")),
        ({"sample_probability": 1.1}, ("sample_probability", "must be from 0 to 1")),
        ({"sample_probability": -0.1}, ("sample_probability", "must be from 0 to 1")),
        ({"flush_interval": Duration(0)}, ("flush_interval", "must be more than 0")),
        ({"timeout": Duration(-1)}, ("timeout", "must be more than 0")),
        ({"max_batch_spans": 0}, ("max_batch_spans", "must be at least 1")),
        ({"max_queued_spans": 0}, ("max_queued_spans", "must be at least 1")),
    ],
)
def test_params_that_make_no_sense_are_refused(fields, fault):
    wrong = Params(**{"url": "http://zipkin:9411/api/v2/spans"} | fields)
    assert [(error.field, error.message) for error in INFO.validate(wrong, {})] == [fault]


class TestZipkin(BackendBattery):
    """With a server that comes and goes, calls go on."""

    info = INFO
    bad_params = (Params(), params("no url"))
    answers_without = True

    def backend(self):
        return addressed()

    def params_for(self, address):
        return params(
            f"http://{address}{PATH}",
            timeout=Duration.parse("1s"),
            max_queued_spans=50,  # soon full: then calls need no more memory
        )

    def ask(self, handler):
        return handler.handle_tracespan([span()])

    def test_spans_arrive_after_the_server_is_back(self, zipkin):
        with Link(zipkin.address) as link, self._served(link.address) as handler:
            for hurt in (link.cut, link.stall):
                hurt()
                name = hurt.__name__
                handler.handle_tracespan([span(name)])
                assert [name] not in zipkin.names
                link.mend()
                until(lambda name=name: [name] in zipkin.names)


@contextmanager
def addressed():
    with receiver() as running:
        running.batches = deque(maxlen=0)  # what a test counts of memory is not the server's
        yield running.address
