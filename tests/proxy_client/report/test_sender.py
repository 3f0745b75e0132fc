import pytest

from mixer.attribute.compressed_encode import encode
from mixer.status import Code
from protos.mixer.v1.mixer_pb2 import ReportRequest
from proxy_client.compression import Compressor
from proxy_client.report.queue import Batch
from proxy_client.report.sender import ReportSender
from proxy_client.statistics import Statistics
from proxy_client.transport import DeadlineError, RefusedError, UnreachableError

NEVER_HEARD = RefusedError(
    Code.INTERNAL,
    "inconsistent global dictionary versions used: mixer knows 5 words, caller knows 222",
)


class Server:
    """Takes Reports, and answers the first ones with errors."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.requests = []

    def report(self, request):
        self.requests.append(request)
        if self.errors:
            raise self.errors.pop(0)


class Clock:
    def __init__(self):
        self.pauses = 0

    def pause(self):
        self.pauses += 1


def send(server, bags, is_urgent=False):
    """What was counted, and how often others were let run."""
    statistics, clock = Statistics(), Clock()
    sender = ReportSender(server.report, Compressor(), statistics, clock.pause)
    sender.send(Batch(bags, is_urgent))
    return statistics, clock.pauses


def test_a_batch_is_one_call_that_says_that_each_bag_is_complete():
    server = Server()

    statistics, _ = send(server, [{"source.port": 1}, {"source.port": 2}])

    assert server.requests == [
        ReportRequest(
            attributes=[encode({"source.port": 1}), encode({"source.port": 2})],
            global_word_count=222,
            repeated_attributes_semantics=ReportRequest.INDEPENDENT_ENCODING,
        )
    ]
    assert statistics == Statistics(total_remote_report_calls=1, total_remote_report_successes=1)


# The original lost them without a count.
@pytest.mark.parametrize(
    ("error", "counter"),
    [
        (DeadlineError(Code.DEADLINE_EXCEEDED, ""), "total_remote_report_timeouts"),
        (UnreachableError(Code.UNAVAILABLE, ""), "total_remote_report_send_errors"),
        (RefusedError(Code.UNKNOWN, ""), "total_remote_report_other_errors"),
        (ValueError("Cannot invoke RPC on closed channel!"), "total_remote_report_other_errors"),
    ],
)
def test_a_failed_batch_is_not_sent_again_and_its_bags_are_counted(error, counter):
    server = Server(error)

    statistics, _ = send(server, [{}, {}, {}])

    assert len(server.requests) == 1
    assert statistics == Statistics(
        total_remote_report_calls=1, total_report_bags_lost=3, **{counter: 1}
    )


def test_a_batch_refused_for_its_words_is_sent_once_more_with_fewer():
    server = Server(NEVER_HEARD)

    statistics, _ = send(server, [{"source.labels": {"GET": "GET"}}])

    assert [request.global_word_count for request in server.requests] == [222, 5]
    assert list(server.requests[1].default_words) == ["source.labels", "GET"]
    assert statistics == Statistics(
        total_remote_report_calls=2,
        total_remote_report_other_errors=1,
        total_remote_report_successes=1,
    )


def test_a_batch_that_is_refused_for_ever_fewer_words_is_lost_after_the_second():
    fewer = RefusedError(NEVER_HEARD.code, NEVER_HEARD.details.replace(" 5 ", " 4 "))
    server = Server(NEVER_HEARD, fewer, fewer)

    statistics, _ = send(server, [{}])

    assert len(server.requests) == 2
    assert statistics == Statistics(
        total_remote_report_calls=2, total_remote_report_other_errors=2, total_report_bags_lost=1
    )


@pytest.mark.parametrize(
    "bad",
    [{"a": ["x"]}, {"a": None}, {"a": 1 << 63}, {"a": "\ud800"}, {"a": {"b": 1}}, {1: "a"}],
    ids=str,
)
def test_a_bag_that_can_not_be_written_takes_no_others_with_it(bad):
    server = Server()

    statistics, _ = send(server, [{"source.port": 1}, bad, {"source.port": 2}])

    (request,) = server.requests
    assert list(request.attributes) == [encode({"source.port": 1}), encode({"source.port": 2})]
    assert statistics == Statistics(
        total_remote_report_calls=1, total_remote_report_successes=1, total_report_bags_lost=1
    )


def test_a_batch_of_which_nothing_can_be_written_is_not_sent():
    server = Server()

    statistics, _ = send(server, [{"a": None}])

    assert server.requests == []
    assert statistics == Statistics(total_report_bags_lost=1)


@pytest.mark.parametrize(
    ("bag_count", "is_urgent", "pauses"),
    [(4, False, 0), (5, False, 1), (100, False, 24), (100, True, 0)],
)
def test_other_threads_run_between_bags_unless_the_next_batch_waits(bag_count, is_urgent, pauses):
    assert send(Server(), [{}] * bag_count, is_urgent)[1] == pauses
