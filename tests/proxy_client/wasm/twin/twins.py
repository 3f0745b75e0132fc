"""The library and another side, which get the same to do and are compared after each step.

What may differ, and nothing else:

1. Ids of calls: those of one side are as different from each other as those of the other side.
2. When ticks come. What the library does when it is due, the filter does at its next tick, so a
   step of time that ends soon after something was due goes on for another `TICK_S`.
3. In which order calls go out again that failed at the same moment. So none do.
4. What an answer says of attributes that no request to that filter can have: the filter makes no
   condition of it. So two answers may be for the same requests in the filter, and not in the library.
   No server that is of one mind gives such answers.
5. The request in a Report is that of the end, with the header operations of Mixer: stock Envoy tells
   nothing else. The library here makes its attributes anew for that.
6. A Report that is refused for its words: the library writes it anew, the filter can't. So none is.
7. Caches belong to one worker. So there is one worker here: the library is one client, and a filter
   in an Envoy with several workers is several of them.
"""

from collections.abc import Callable, Mapping

from mixer.attribute.value import Value
from protos.mixer.v1.mixer_pb2 import CheckResponse
from proxy_client.statistics import DESCRIPTIONS
from tests.proxy_client.wasm.twin.library_side import LibrarySide
from tests.proxy_client.wasm.twin.requests import Failure, Outcome, Request, Response
from tests.proxy_client.wasm.twin.settings import Settings
from tests.proxy_client.wasm.twin.side import ReportFailure, SentCheck, SentReport, Side
from tests.wasm_host.clock import NS_PER_S

TICK_S = 0.25
"""The filter has a tick so long after something was due, at the latest."""
_MOMENT_S = 1 / 64
_LAST_STEPS = 12

MakeSide = Callable[[Settings, ReportFailure], Side]
Answer = CheckResponse | Failure


def _all_answered(_: int) -> None:
    """Reports never fail."""


class Twins:
    """Both sides. Each step raises AssertionError, with what led to it, where they differ."""

    def __init__(
        self,
        make_side: MakeSide,
        settings: Settings,
        report_failure: ReportFailure = _all_answered,
    ) -> None:
        self.library = LibrarySide(settings, report_failure)
        self.other = make_side(settings, report_failure)
        self._settings = settings
        self.live: set[int] = set()
        """The requests that are not over."""
        self._number = 0
        self._checked_count = self._reported_count = 0
        self._ids: dict[str, str] = {}
        self._steps = [str(settings)]

    def arrive(self, request: Request) -> int:
        """A request comes; its number."""
        self._number += 1
        number = self._number
        self.live.add(number)
        self._both(f"{number} arrives: {request}", lambda side: side.arrive(number, request))
        return number

    def outcome(self, number: int) -> Outcome:
        """What was done with a request."""
        return self.library.outcome(number)

    @property
    def waiting(self) -> list[SentCheck]:
        """The Checks that wait for an answer."""
        return self.library.waiting_checks()

    def answer(self, answer: Answer, place: int = 0) -> None:
        """Answers one of these."""
        self._both(f"answer {place}: {answer}", lambda side: side.answer(place, answer))
        if isinstance(answer, Failure) and self._settings.retries:
            self.advance(_MOMENT_S)

    def ask(self, request: Request, answer: Answer) -> Outcome:
        """What is done with a request when all its calls get that answer; then it is over."""
        number = self.arrive(request)
        while self.waiting:
            self.answer(answer)
        outcome = self.outcome(number)
        self.end(number)
        return outcome

    def end(self, number: int, response: Response | None = None) -> None:
        """A request is over."""
        ended = response or Response()
        self.live.remove(number)
        self._both(f"{number} ends: {ended}", lambda side: side.end(number, ended))

    def give_up(self, number: int) -> None:
        """The client of a request that is held goes away."""
        self.live.remove(number)
        self._both(f"{number} is given up", lambda side: side.give_up(number))

    def answered_early(self, request: Request, response: Response) -> None:
        """Another filter answers a request that these never see."""
        self._both(
            f"answered early: {request} {response}",
            lambda side: side.answered_early(request, response),
        )

    def advance(self, seconds: float) -> None:
        """Time passes: so much, or a bit more (see the module)."""
        longer = self._until_ticks(seconds)
        self._both(f"{longer} s pass", lambda side: side.advance(longer))

    def shut_down(self) -> None:
        """The configuration ends; there must be no requests any more."""
        self._both("shut down", lambda side: side.shut_down())

    @property
    def counters(self) -> dict[str, int]:
        """What was counted, without `total_` and zeros."""
        counted = self.library.counters().items()
        return {name.removeprefix("total_"): count for name, count in counted if count}

    def _both(self, what: str, run: Callable[[Side], None]) -> None:
        self._steps.append(what)
        run(self.library)
        run(self.other)
        self._compare()

    def _until_ticks(self, seconds: float) -> float:
        end_ns = self.library.now_ns + round(seconds * NS_PER_S)
        margin_ns = round(TICK_S * NS_PER_S)
        for due_ns in sorted(self.library.all_due_ns()):
            if due_ns <= end_ns:
                end_ns = max(end_ns, due_ns + margin_ns)
        return (end_ns - self.library.now_ns) / NS_PER_S

    def _compare(self) -> None:
        self._compare_checks(self.library.sent(), self.other.sent())
        for number in self.live:
            mine, theirs = self.library.outcome(number), self.other.outcome(number)
            self._same(f"outcome of {number}", mine, theirs)
        self._same("calls under way", self.library.waiting(), self.other.waiting())
        reports = self.library.reports()
        start, self._reported_count = self._reported_count, len(reports)
        new = typed_reports(self.other.reports()[start:])
        self._same("reports", typed_reports(reports[start:]), new)
        counters = self.other.counters()
        assert set(counters) == set(DESCRIPTIONS)
        self._same("counters", self.library.counters(), counters)

    def _compare_checks(self, mine: list[SentCheck], theirs: list[SentCheck]) -> None:
        start, self._checked_count = self._checked_count, len(mine)
        self._same("checks", typed_checks(mine[start:]), typed_checks(theirs[start:]))
        for one, other in zip(mine[start:], theirs[start:], strict=True):
            first, second = f"1 {one.deduplication_id}", f"2 {other.deduplication_id}"
            self._same("ids", self._ids.setdefault(first, second), second)
            self._same("ids", self._ids.setdefault(second, first), first)

    def _same(self, what: str, mine: object, theirs: object) -> None:
        if mine != theirs:
            steps = "\n".join(self._steps[:1] + self._steps[1:][-_LAST_STEPS:])
            raise AssertionError(
                f"{what} differ after:\n{steps}\nlibrary: {mine}\nother:   {theirs}"
                f"\n{differences(mine, theirs)}"
            )


def typed(bag: Mapping[str, Value]) -> Mapping[str, tuple[type, Value]]:
    """A bag for comparing: to Python 1, True and Timestamp(1) are equal."""
    return {name: (type(value), value) for name, value in bag.items()}


def typed_checks(sent: list[SentCheck]) -> list[object]:
    """Checks for comparing, without their ids."""
    return [(typed(one.attributes), one.quotas, one.global_word_count) for one in sent]


def typed_reports(sent: list[SentReport]) -> list[object]:
    """Reports for comparing."""
    return [([typed(bag) for bag in one.bags], one.global_word_count) for one in sent]


def differences(mine: object, theirs: object, path: str = "") -> str:
    """Where two values differ, for people."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        keys = [key for key in {**mine, **theirs} if mine.get(key) != theirs.get(key)]
        parts = [differences(mine.get(key), theirs.get(key), f"{path}.{key}") for key in keys]
        return "\n".join(parts)
    if isinstance(mine, list | tuple) and isinstance(theirs, list | tuple):
        if len(mine) != len(theirs):
            return f"{path}: {len(mine)} of them, not {len(theirs)}"
        pairs = enumerate(zip(mine, theirs, strict=True))
        return "\n".join(differences(a, b, f"{path}[{i}]") for i, (a, b) in pairs if a != b)
    return f"{path}: {mine!r}, not {theirs!r}"
