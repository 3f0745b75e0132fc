"""Wire form → attributes, and the answer back."""

from collections.abc import Callable, Sequence

from benchmarks.micro.in_process import Installed
from benchmarks.micro.timing import Case, same
from benchmarks.micro.workload import CHECK
from mixer.api.check_response import response
from mixer.api.mixer_v1 import quota_requests
from mixer.attribute.bag import Bag, Reference, StringMap
from mixer.attribute.compressed import CompressedBag, Words
from mixer.dispatch.verdict import CheckVerdict
from protos.mixer.v1.lazy_pb2 import CheckRequest, ReportRequest


def attribute_cases(installed: Installed) -> list[Case]:
    """What a Check pays before and after its rules."""
    workload = installed.workload
    request = CheckRequest.FromString(workload.check_quota)
    words = request.attributes.words[:]
    verdict = _verdict(installed, request)
    return [
        Case(name="parse a Check", run=CheckRequest.FromString, inputs=same(workload.check_quota)),
        Case(
            name="parse a Report of 100 bags",
            run=ReportRequest.FromString,
            inputs=same(workload.reports[100]),
            units=100,
            unit="bag",
        ),
        Case(name=f"index {len(words)} words", run=Words, inputs=same(words)),
        Case(name="make a bag", run=_new_bag, inputs=same(request)),
        Case(
            name=f"make a bag and read {len(verdict.references)} attributes, as check_c does",
            run=_reader(verdict.references),
            inputs=same(request),
        ),
        Case(
            name="encode a response with a quota",
            run=lambda verdict: response(verdict, request.global_word_count),
            inputs=same(verdict),
        ),
    ]


def _verdict(installed: Installed, request: CheckRequest) -> CheckVerdict:
    return installed.dispatchers[CHECK].check(_new_bag(request), quota_requests(request))


def _new_bag(request: CheckRequest) -> Bag:
    return CompressedBag(request.attributes, Words(request.attributes.words[:]))


def _reader(references: Sequence[Reference]) -> Callable[[CheckRequest], None]:
    def read(request: CheckRequest) -> None:
        bag = _new_bag(request)
        for name, key, _ in references:
            value = bag.read(name)
            if isinstance(value, StringMap) and key is not None:
                bag.look_up(value, key)

    return read
