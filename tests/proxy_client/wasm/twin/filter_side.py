"""The side that is tested: the filter `mixer_client`, in the test host."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from envoy.config.core.v3.base_pb2 import Metadata

from protos.mixer.v1.mixer_pb2 import CheckRequest, CheckResponse, ReportRequest, ReportResponse
from proxy_client.statistics import DESCRIPTIONS
from proxy_client.wasm import shipped_filters
from tests.proxy_client.wasm.twin.requests import (
    HELD,
    Failure,
    Outcome,
    Request,
    Response,
    in_order,
)
from tests.proxy_client.wasm.twin.settings import CHECK_CLUSTER, NODE, REPORT_CLUSTER, Settings
from tests.proxy_client.wasm.twin.side import (
    ReportFailure,
    SentCheck,
    SentReport,
    decoded_check,
    decoded_report,
)
from tests.proxy_client.wasm.twin.table_b import response_size
from tests.wasm_host.calls import CallState, GrpcCall
from tests.wasm_host.context import StreamState
from tests.wasm_host.host import WasmHost
from tests.wasm_host.properties import Properties
from tests.wasm_host.stream import Stream

PREFIX: Final = "http_mixer_filter."
_SERVICE: Final = "istio.mixer.v1.Mixer"
_TIMEOUT_MS: Final = 5000


class FilterSide:
    """A proxy made of the filter."""

    def __init__(self, path: Path, settings: Settings, report_failure: ReportFailure) -> None:
        self._host = WasmHost(
            path,
            settings.configuration(),
            properties={("xds", "node", "metadata"): NODE, "xds.node.id": "sidecar~1~pod-1.shop~d"},
        )
        self._report_failure = report_failure
        self._streams: dict[int, Stream] = {}
        self._outcomes: dict[int, Outcome] = {}
        self._seen_count = 0
        self._checks: list[SentCheck] = []
        self._reports: list[SentReport] = []

    def arrive(self, number: int, request: Request) -> None:
        stream = self._streams[number] = self._host.stream(
            request.headers, self._properties(request)
        )
        # How large the body is will be known at its end.
        stream.request_headers(end_of_stream=False)
        self._settle()

    def give_up(self, number: int) -> None:
        self._outcomes[number] = self.outcome(number)
        stream = self._streams.pop(number)
        stream.properties.update(
            _ended(Response(headers=(), code=0, flags=1 << 14, upstream=""), stream)
        )
        stream.end()
        self._settle()

    def end(self, number: int, response: Response) -> None:
        self._outcomes[number] = self.outcome(number)
        stream = self._streams.pop(number)
        if stream.reply is None:
            is_bare = not (response.sent_bytes or response.trailers)
            sent = stream.response_headers(response.headers, end_of_stream=is_bare)
            lines = sent.texts()
            response = response._replace(headers=tuple(lines))
        else:
            response = response._replace(
                headers=tuple(stream.reply.headers.texts()),
                trailers=(),
                code=stream.reply.status,
                sent_bytes=len(stream.reply.body),
                upstream="",
            )
        stream.properties.update(_ended(response, stream))
        stream.end(response.trailers or None)
        self._settle()

    def answered_early(self, request: Request, response: Response) -> None:
        stream = self._host.stream(request.headers, self._properties(request))
        # Its headers are there in the log, without any callback for them.
        stream.response.lines = response_lines(response)
        stream.properties.update(_ended(response, stream))
        stream.end(response.trailers or None)
        self._settle()

    def outcome(self, number: int) -> Outcome:
        if number in self._outcomes:
            return self._outcomes[number]
        stream = self._streams[number]
        if stream.state is StreamState.HELD:
            return HELD
        if stream.reply is None:
            return Outcome("passed", in_order(stream.headers))
        reply = stream.reply
        headers = in_order(reply.headers.texts())
        return Outcome("replied", headers, reply.status, reply.body.decode())

    def waiting(self) -> int:
        return len(self._waiting())

    def answer(self, place: int, answer: CheckResponse | Failure) -> None:
        self._bring(self._waiting()[place], answer)
        self._settle()

    def advance(self, seconds: float) -> None:
        self._host.advance(seconds)
        self._settle()

    def shut_down(self) -> None:
        self._host.shut_down()
        self._settle()
        assert self._host.is_done

    def sent(self) -> list[SentCheck]:
        return self._checks

    def reports(self) -> list[SentReport]:
        return self._reports

    def counters(self) -> dict[str, int]:
        counted = self._host.metrics.counters
        return {name: counted.get(PREFIX + name, 0) for name in DESCRIPTIONS}

    def _waiting(self) -> list[GrpcCall]:
        return [call for call in self._host.under_way if call.method == "Check"]

    def _bring(self, call: GrpcCall, answer: CheckResponse | ReportResponse | Failure) -> None:
        if isinstance(answer, Failure):
            # Envoy adds where it has an error from.
            self._host.fail_call(call, answer.code, f"{answer.text}{{via_upstream}}")
        else:
            self._host.answer(call, answer.SerializeToString())

    def _settle(self) -> None:
        """Takes note of new calls; Reports are answered at once."""
        calls = self._host.calls
        while self._seen_count < len(calls):
            call = calls[self._seen_count]
            self._seen_count += 1
            assert (call.service, call.timeout_ms) == (_SERVICE, _TIMEOUT_MS)
            if call.method == "Check":
                assert call.cluster == CHECK_CLUSTER
                self._checks.append(decoded_check(CheckRequest.FromString(call.message)))
            else:
                self._take_report(call)

    def _take_report(self, call: GrpcCall) -> None:
        assert (call.method, call.cluster) == ("Report", REPORT_CLUSTER)
        assert call.state is CallState.UNDER_WAY
        failure = self._report_failure(len(self._reports))
        self._reports.append(decoded_report(ReportRequest.FromString(call.message)))
        self._bring(call, failure or ReportResponse())

    def _properties(self, request: Request) -> Properties:
        found: Properties = {
            "source.address": request.source,
            "request.time": self._host.clock.now_ns,
            "connection.mtls": request.is_mtls,
            "connection.requested_server_name": request.server_name,
            "metadata": metadata_message(request.metadata),
            "request.size": 0,
            "request.total_size": request.header_size,
        }
        if request.is_tls:
            found["connection.tls_version"] = "TLSv1.3"
        for side, uri in (("peer", request.peer_uri), ("local", request.local_uri)):
            if uri:
                found[f"connection.uri_san_{side}_certificate"] = uri
        return found


@cache
def _module() -> Path:
    return shipped_filters()["mixer_client"]


def filter_side(settings: Settings, report_failure: ReportFailure) -> FilterSide:
    """The filter as its sources are now."""
    return FilterSide(_module(), settings, report_failure)


def metadata_message(metadata: Mapping[str, Mapping[str, object]]) -> bytes:
    """What Envoy gives as the property `metadata`."""
    message = Metadata()
    for namespace, struct in metadata.items():
        message.filter_metadata[namespace].update(struct)
    serialized: bytes = message.SerializeToString()
    return serialized


def response_lines(response: Response) -> list[tuple[bytes, bytes]]:
    """Headers as the host keeps them."""
    return [(name.encode(), value.encode()) for name, value in response.headers]


def _ended(response: Response, stream: Stream) -> Properties:
    """What Envoy knows when a request is over."""
    header_size = stream.properties["request.total_size"]
    assert isinstance(header_size, int)
    found: Properties = {
        "request.size": response.received_bytes,
        "request.total_size": header_size + response.received_bytes,
        "request.duration": response.duration_ns,
        "response.size": response.sent_bytes,
        "response.total_size": response_size(response),
        "response.flags": response.flags,
    }
    if response.code:
        found["response.code"] = response.code
    if response.upstream:
        found["upstream.address"] = response.upstream
        found["upstream.port"] = int(response.upstream.rpartition(":")[2])
    if response.upstream_uid:
        metadata = {"filter_metadata": {"istio": {"uid": response.upstream_uid}}}
        found["xds.upstream_host_metadata"] = metadata
    return found
