"""The client of a Mixer: asks it as rarely as can be, and tells it in batches.

A Check that the caches can answer takes microseconds and no call. All else is one call that brings
the policy's answer and quota at once; nobody waits for calls that fetch quota for later requests.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from random import Random, SystemRandom
from typing import Final, Self
from uuid import uuid4

from mixer.attribute.value import Value
from mixer.status import OK
from protos.mixer.v1.mixer_pb2 import ReportRequest
from proxy_client.asker import Asker
from proxy_client.attempts import Means
from proxy_client.check_cache import CheckCache
from proxy_client.compression import Compressor
from proxy_client.fork import restart_in_child
from proxy_client.lazy_transport import LazyTransport
from proxy_client.options import ClientOptions, FailMode
from proxy_client.quota.cache import QuotaCache
from proxy_client.quota.charge import QuotaCharge
from proxy_client.report.batch import ReportBatch
from proxy_client.report.queue import BatchLimits
from proxy_client.report.sender import ReportSender
from proxy_client.statistics import Statistics
from proxy_client.timers import Scheduler, Timers
from proxy_client.transport import GrpcTransport, Transport
from proxy_client.verdict import Verdict

_DEFAULTS: Final = ClientOptions()
_BOTH_HIT: Final = Verdict(OK, check_cache_hit=True, quota_cache_hit=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What a client takes from the world around it."""

    monotonic: Callable[[], float] = time.monotonic
    make_timers: Callable[[], Scheduler] = Timers
    """For the waits between retries."""
    random: Random = field(default_factory=SystemRandom)
    """For how long these are. The default has no state that the children of a fork would share."""
    new_id: Callable[[], str] = lambda: uuid4().hex
    """What tells the calls of one client from those of another."""


class MixerClient:
    """Asks and tells one Mixer; for use by many threads.

    The child of a fork (`os.fork`, `multiprocessing`, servers that fork workers) goes on with empty
    caches, counters at 0 and a connection of its own. What was under way or queued stays the
    parent's. gRPC must know of forks for that, as it does unless GRPC_ENABLE_FORK_SUPPORT is 0; and
    it can only look after those that happen while no other thread is inside a call. So fork before
    the first call where you can.
    """

    def __init__(
        self,
        mixer: str | Callable[[], Transport],
        options: ClientOptions = _DEFAULTS,
        environment: Environment | None = None,
    ) -> None:
        """`mixer` is `HOST:PORT`, `unix:PATH`, or what makes a transport; it is called when needed.

        Nothing is dialled before the first call.
        """
        self.options = options
        self.statistics = Statistics()
        """What was counted so far."""
        self._connect = partial(GrpcTransport, mixer) if isinstance(mixer, str) else mixer
        self._environment = environment or Environment()
        self._compressor = Compressor()
        self._is_closed = False
        self._begin_anew()
        restart_in_child(self)
        self._reports = ReportBatch(
            ReportSender(self._send_report, self._compressor, self.statistics).send,
            self.statistics,
            BatchLimits(
                max_entries=options.report_batch_entries,
                max_time_s=options.report_batch_s,
                max_queued=options.max_queued_reports,
            ),
            monotonic=self._environment.monotonic,
        )

    def _begin_anew(self) -> None:
        options, environment = self.options, self._environment
        self._transport = LazyTransport(self._connect)
        if self._is_closed:
            self._transport.close()
        self._timers = environment.make_timers()
        self._checks = CheckCache(options.check_cache_entries, environment.monotonic)
        self._quotas = QuotaCache(
            options.quota_cache_entries,
            environment.monotonic,
            fail_open=options.quota_fail_mode is FailMode.OPEN,
        )
        means = Means(self._transport, options, self.statistics, self._timers, environment.random)
        self._asker = Asker(means, self._checks, self._compressor, environment.new_id())

    def restart(self) -> None:
        """Forgets what belongs to the parent of a fork; called in its child by itself."""
        self.statistics.restart()
        self._begin_anew()

    def check(self, attributes: Mapping[str, Value], quotas: Sequence[QuotaCharge] = ()) -> Verdict:
        """Whether a request may pass; waits for the server if no cache knows.

        Raises TypeError and ValueError for attributes that can't be sent.
        """
        begun = self.begin_check(attributes, quotas)
        return begun if isinstance(begun, Verdict) else begun.result()

    def begin_check(
        self, attributes: Mapping[str, Value], quotas: Sequence[QuotaCharge] = ()
    ) -> Verdict | Future[Verdict]:
        """The verdict, if the caches know; else what will have it. That may be cancelled.

        Raises TypeError and ValueError for attributes that can't be sent.
        """
        statistics = self.statistics
        statistics.total_check_calls += 1
        known = self._checks.find(attributes)
        if known is None:
            statistics.total_check_cache_misses += 1
            return self._ask_policy(attributes, quotas)
        statistics.total_check_cache_hits += 1
        if known.status.code:
            statistics.total_check_cache_hit_denies += 1
            return known
        statistics.total_check_cache_hit_accepts += 1
        return self._take_quota(known, attributes, quotas) if quotas else known

    def report(self, attributes: Mapping[str, Value]) -> None:
        """Tells what became of a request; the attributes may be changed afterwards.

        Returns at once. Reports that can't be delivered are counted, and lost.
        """
        self._reports.add(attributes)

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Sends the reports that wait; whether that was done in time."""
        return self._reports.flush(timeout_s)

    def close(self, timeout_s: float = 5.0) -> None:
        """Sends the reports that wait, then ends all calls, with the verdicts of the fail modes.

        From then on only the caches answer; all else is as if no Mixer could be reached.
        """
        self._reports.close(timeout_s)
        self._is_closed = True  # also for the children of later forks
        self._transport.close()
        self._timers.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _take_quota(
        self, known: Verdict, attributes: Mapping[str, Value], quotas: Sequence[QuotaCharge]
    ) -> Verdict | Future[Verdict]:
        statistics = self.statistics
        decision = self._quotas.decide(attributes, quotas, use_cache=True)
        statistics.total_quota_calls += 1
        if not decision.is_decided:
            statistics.total_quota_cache_misses += 1
            return self._asker.ask(attributes, decision, known)
        statistics.total_quota_cache_hits += 1
        if decision.requests:
            self._asker.ask(attributes, decision, known)
            statistics.total_remote_quota_prefetch_calls += 1
        if not decision.status.code:
            statistics.total_quota_cache_hit_accepts += 1
            if known.directive is None:
                return _BOTH_HIT
            return known._replace(quota_cache_hit=True)
        statistics.total_quota_cache_hit_denies += 1
        return Verdict(decision.status, None, check_cache_hit=True, quota_cache_hit=True)

    def _ask_policy(
        self, attributes: Mapping[str, Value], quotas: Sequence[QuotaCharge]
    ) -> Future[Verdict]:
        if not quotas:
            # What is shared is found in the cache.
            is_shared = self.options.check_cache_entries > 0
            return (self._asker.ask_shared if is_shared else self._asker.ask)(attributes)
        self.statistics.total_quota_calls += 1
        self.statistics.total_quota_cache_misses += 1
        decision = self._quotas.decide(attributes, quotas, use_cache=False)
        return self._asker.ask(attributes, decision)

    def _send_report(self, request: ReportRequest) -> None:
        self._transport.report(request, self.options.timeout_s)
