"""The proxy client: what it costs a request when no call is made."""

from collections.abc import Callable, Mapping
from typing import Final

from google.protobuf.duration_pb2 import Duration

from benchmarks.micro.requests import QUOTA, check_attributes, report_attributes
from benchmarks.micro.timing import Case, same
from mixer.attribute.dictionary import GLOBAL_INDEX
from mixer.attribute.value import Value
from protos.mixer.v1.mixer_pb2 import (
    CheckRequest,
    CheckResponse,
    ReferencedAttributes,
    ReportRequest,
    ReportResponse,
)
from proxy_client.client import MixerClient
from proxy_client.compression import Compressor
from proxy_client.quota.charge import QuotaCharge
from proxy_client.report.batch import ReportBatch
from proxy_client.statistics import Statistics
from proxy_client.transport import Cancel, CheckOutcome

SHAPE_COUNTS: Final = (1, 10, 100)
BATCH_SIZES: Final = (1, 10, 100)
_HIT_TARGET_US: Final = 10.0
_QUOTA_HIT_TARGET_US: Final = 15.0
"""5 more than a hit of the policy alone."""
_REPORT_TARGET_US: Final = 15.0
_SHAPE_HEADER: Final = "x-shape-"
_ALWAYS_READ: Final = ("source.namespace", "destination.service.host", "request.method")
_Match = ReferencedAttributes.AttributeMatch


class AnsweringTransport:
    """A server in this process: lets all pass, and grants what it is asked for.

    What it says it has read are three attributes, and the header that says which shape it is.
    """

    def __init__(self) -> None:
        self.shape = 0
        """The number of the shape of the next answer."""

    def check(
        self, request: CheckRequest, _timeout_s: float, on_done: Callable[[CheckOutcome], None]
    ) -> Cancel:
        """See `proxy_client.transport.Transport`."""
        response = CheckResponse()
        precondition = response.precondition
        precondition.valid_use_count = -1
        precondition.valid_duration.CopyFrom(Duration(seconds=600))
        precondition.referenced_attributes.CopyFrom(self._references())
        for name, asked in request.quotas.items():
            quota = response.quotas[name]
            quota.granted_amount = asked.amount
            quota.valid_duration.CopyFrom(Duration(seconds=10))
        on_done(response)
        return _nothing

    def _references(self) -> ReferencedAttributes:
        matches = [
            _Match(name=GLOBAL_INDEX[name], condition=ReferencedAttributes.EXACT)
            for name in _ALWAYS_READ
        ]
        header = _Match(
            name=GLOBAL_INDEX["request.headers"], map_key=-1, condition=ReferencedAttributes.EXACT
        )
        return ReferencedAttributes(
            words=[f"{_SHAPE_HEADER}{self.shape}"], attribute_matches=[*matches, header]
        )

    def report(self, _request: ReportRequest, _timeout_s: float) -> ReportResponse:
        """See `proxy_client.transport.Transport`."""
        return ReportResponse()

    def close(self) -> None:
        """See `proxy_client.transport.Transport`."""


def _nothing() -> None:
    """Ends a call that is over."""


def _attributes(shape: int) -> Mapping[str, Value]:
    attributes = check_attributes()
    headers = attributes["request.headers"]
    assert isinstance(headers, Mapping)
    return attributes | {"request.headers": {**headers, f"{_SHAPE_HEADER}{shape}": "yes"}}


def _client_that_knows(shape_count: int) -> MixerClient:
    transport = AnsweringTransport()
    client = MixerClient(lambda: transport)
    for transport.shape in range(shape_count):
        client.check(_attributes(transport.shape))
    return client


def client_cases() -> list[Case]:
    """Hits among so many shapes, a quota hit, and handing over a report."""
    hits = [
        Case(
            name=f"cache hit, {count} shape{'s' if count > 1 else ''} known",
            run=_client_that_knows(count).check,
            inputs=same(_attributes(count // 2)),
            target_us=_HIT_TARGET_US,
        )
        for count in SHAPE_COUNTS
    ]
    return [
        *hits,
        Case(
            name="cache hit and quota hit, 10 shapes known",
            run=_check_with_quota(_client_that_knows(10)),
            inputs=same(_attributes(5)),
            target_us=_QUOTA_HIT_TARGET_US,
        ),
        Case(
            name="report",
            run=ReportBatch(lambda _batch: None, Statistics()).add,
            inputs=same(report_attributes(0)),
            target_us=_REPORT_TARGET_US,
        ),
    ]


def _check_with_quota(client: MixerClient) -> Callable[[Mapping[str, Value]], object]:
    quotas = (QuotaCharge(QUOTA),)
    return lambda attributes: client.check(attributes, quotas)


def report_sizes() -> dict[int, float]:
    """Bytes for each bag on the wire, by the number of bags in a batch."""
    compressor = Compressor()
    return {
        count: len(
            compressor.report_request(map(report_attributes, range(count))).SerializeToString()
        )
        / count
        for count in BATCH_SIZES
    }
