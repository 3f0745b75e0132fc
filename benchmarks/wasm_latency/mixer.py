"""A Mixer that its client needs to ask only once, so that what is measured is the client's."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

import grpc

from mixer.attribute.dictionary import GLOBAL_INDEX
from protos.mixer.v1.mixer_pb2 import CheckResponse, ReferencedAttributes, ReportResponse

_SERVICE: Final = "istio.mixer.v1.Mixer"
_FOR_EVER_S: Final = 1_000_000
_MATCHED: Final = ReferencedAttributes.Condition.EXACT
_ABSENT: Final = ReferencedAttributes.Condition.ABSENCE


@contextmanager
def kept_answers() -> Iterator[str]:
    """Runs it; gives its address."""
    answer: bytes = _answer().SerializeToString()
    nothing: bytes = ReportResponse().SerializeToString()
    handlers = {
        "Check": grpc.unary_unary_rpc_method_handler(lambda _request, _context: answer),
        "Report": grpc.unary_unary_rpc_method_handler(lambda _request, _context: nothing),
    }
    with ThreadPoolExecutor(1) as pool:
        server = grpc.server(
            pool, handlers=[grpc.method_handlers_generic_handler(_SERVICE, handlers)]
        )
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        yield f"127.0.0.1:{port}"
        server.stop(0).wait()


def _answer() -> CheckResponse:
    """It depends on what policies mostly look at: two attributes, two headers, and who asks."""
    answer = CheckResponse()
    precondition = answer.precondition
    precondition.valid_use_count = -1
    precondition.valid_duration.seconds = _FOR_EVER_S
    referenced = precondition.referenced_attributes
    referenced.words.extend(["end-user", "x-suspended"])
    headers = GLOBAL_INDEX["request.headers"]
    for name in ("request.path", "request.method"):
        referenced.attribute_matches.add(name=GLOBAL_INDEX[name], condition=_MATCHED)
    referenced.attribute_matches.add(name=headers, map_key=-1, condition=_MATCHED)
    referenced.attribute_matches.add(name=headers, map_key=-2, condition=_ABSENT)
    referenced.attribute_matches.add(name=GLOBAL_INDEX["source.namespace"], condition=_ABSENT)
    return answer
