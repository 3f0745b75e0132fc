"""A Mixer that keeps what it is asked and told, and answers what the test says."""

import queue
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc

from mixer.attribute.compressed import Words
from mixer.attribute.eager import decode_all
from protos.mixer.v1.mixer_pb2 import CheckRequest, CheckResponse, ReportRequest, ReportResponse
from tests.patience import SOON_S

SERVICE = "istio.mixer.v1.Mixer"


class RecordingMixer:
    """Lets all requests pass until the test says something else; none of its answers is kept."""

    def __init__(self):
        self.answer = CheckResponse()
        self.answer.precondition.SetInParent()
        self.checks = []
        """The messages, as they came."""
        self._bags = queue.SimpleQueue()

    def asked(self):
        """The attributes of the last Check."""
        message = self.checks[-1].attributes
        return decoded(message, message.words)

    def told(self):
        """The attributes of the next Report, which may be still to come."""
        return self._bags.get(timeout=SOON_S)

    def check(self, request, _):
        """Answers a Check."""
        self.checks.append(request)
        return self.answer

    def report(self, request, _):
        """Takes a Report."""
        for bag in request.attributes:
            self._bags.put(decoded(bag, request.default_words))
        return ReportResponse()


def decoded(message, words):
    """All attributes of a message; those that are wrong fail the test."""
    attributes = {}
    errors = decode_all(message, Words(list(words)), attributes)
    assert errors == []
    return attributes


@contextmanager
def serving(mixer):
    """Runs it; gives its address."""
    handlers = {
        "Check": grpc.unary_unary_rpc_method_handler(
            mixer.check, CheckRequest.FromString, CheckResponse.SerializeToString
        ),
        "Report": grpc.unary_unary_rpc_method_handler(
            mixer.report, ReportRequest.FromString, ReportResponse.SerializeToString
        ),
    }
    with ThreadPoolExecutor(4) as pool:
        server = grpc.server(pool)
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        yield f"127.0.0.1:{port}"
        server.stop(0).wait()
