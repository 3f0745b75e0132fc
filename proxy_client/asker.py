"""The Checks of one client that go to the server, each with a future for its verdict.

Requests that are not in the cache and look the same share one call (see `flights.py`).
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial
from itertools import count

from mixer.attribute.value import Value
from proxy_client.attempts import Means
from proxy_client.bag import copied
from proxy_client.check_cache import CheckCache
from proxy_client.compression import Compressor
from proxy_client.flights import Flights, Seat, kind_of
from proxy_client.quota.decision import PASSED, QuotaDecision
from proxy_client.remote_check import Question, RemoteCheck
from proxy_client.verdict import Verdict


class Asker:
    """Asks for verdicts; for use by many threads. Cancelling a future cancels its call."""

    def __init__(
        self,
        means: Means,
        checks: CheckCache,
        compressor: Compressor,
        client_id: str,
    ) -> None:
        """`client_id` tells the calls of this one from those of others."""
        self._means = means
        self._checks = checks
        self._compressor = compressor
        self._flights = Flights(means.options.max_shared_calls)
        self._client_id = client_id
        self._numbers = count()

    def ask(
        self,
        attributes: Mapping[str, Value],
        decision: QuotaDecision = PASSED,
        known: Verdict | None = None,
    ) -> Future[Verdict]:
        """Makes a call for this request alone; `known` is what the policy said before.

        Raises TypeError and ValueError for attributes that can't be sent.
        """
        asked: Future[Verdict] = Future()
        try:
            self._start(self._question(copied(attributes), decision, known), asked)
        except BaseException:
            decision.policy_denied()  # else its tokens would count as on their way
            raise
        return asked

    def ask_shared(self, attributes: Mapping[str, Value]) -> Future[Verdict]:
        """Makes a call, or waits for one that is made for an equal request.

        Raises TypeError and ValueError for attributes that can't be sent.
        """
        asked: Future[Verdict] = Future()
        kept = copied(attributes)
        kind = kind_of(kept)
        seat = self._flights.board(kind, partial(self._follow, kept, asked))
        if seat is Seat.LEADS:
            self._lead(kept, asked, partial(self._flights.land, kind))
        elif seat is Seat.ALONE:
            self._start(self._question(kept), asked)
        return asked

    def _question(
        self,
        attributes: Mapping[str, Value],
        decision: QuotaDecision = PASSED,
        known: Verdict | None = None,
    ) -> Question:
        deduplication_id = f"{self._client_id}-{next(self._numbers)}"
        return Question(attributes, decision, known, deduplication_id)

    def _start(
        self,
        question: Question,
        asked: Future[Verdict],
        on_failure: Callable[[Verdict], object] | None = None,
    ) -> None:
        def tell(verdict: Verdict, is_answered: bool) -> None:  # noqa: FBT001
            if on_failure is not None and not is_answered:
                on_failure(verdict)
            _settle(asked, verdict)

        remote = RemoteCheck(self._means, self._checks, self._compressor, question, tell)
        asked.add_done_callback(lambda done: remote.cancel() if done.cancelled() else None)
        remote.start()

    def _lead(
        self, attributes: Mapping[str, Value], asked: Future[Verdict], land: Callable[..., None]
    ) -> None:
        failure: list[Verdict] = []
        asked.add_done_callback(lambda _: land(*failure))
        # The call that would have been followed may have ended since this request was not found.
        verdict = self._checks.find(attributes)
        if verdict is not None:
            self._share(asked, verdict)
            return
        try:
            self._start(self._question(attributes), asked, failure.append)
        except BaseException:
            asked.cancel()
            raise

    def _follow(
        self, attributes: Mapping[str, Value], asked: Future[Verdict], failure: Verdict | None
    ) -> None:
        """Goes on when the call that was waited for is over."""
        if asked.cancelled():
            return
        verdict = failure or self._checks.find(attributes)
        if verdict is not None:
            self._share(asked, verdict)
            return
        try:
            self._start(self._question(attributes), asked)
        except Exception as error:  # the one to raise it to is the one who waits
            if asked.set_running_or_notify_cancel():
                asked.set_exception(error)

    def _share(self, asked: Future[Verdict], verdict: Verdict) -> None:
        self._means.statistics.total_check_calls_shared += 1
        _settle(asked, verdict._replace(check_cache_hit=False))


def _settle(asked: Future[Verdict], verdict: Verdict) -> None:
    if asked.set_running_or_notify_cancel():
        asked.set_result(verdict)
