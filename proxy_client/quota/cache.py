"""Decides quotas from tokens that were fetched before.

- While the policy's answer is not in the cache, Mixer is asked for just what the request takes.
- Later, each quota's pool of tokens answers at once. What is asked of Mixer then is for the sake of
  later requests, and nobody waits for it: tokens, when the pool wants some; for a request whose
  pool is not known yet, at least its own charge, to learn what Mixer counts it by.

Behaviour: istio/proxy 1.4 `src/istio/mixerclient/quota_cache.cc`. Other than there, no token that
Mixer grants is thrown away, a request that does not pass pays nothing, and an answer without quotas
because the policy denied the request is no reason to let others pass.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Final

from mixer.attribute.value import Value
from mixer.status import Status
from proxy_client.bag import copied
from proxy_client.quota.charge import QuotaCharge, merged
from proxy_client.quota.decision import (
    PASSED,
    Decided,
    LeftToMixer,
    QuotaDecision,
    Results,
    exhausted,
)
from proxy_client.quota.pools import QuotaPools
from proxy_client.quota.turn import Turn

_MAX_QUOTAS: Final = 100


class QuotaCache:
    """Token pools for all quotas that one client meets. Safe for use by many threads."""

    def __init__(
        self,
        max_pools: int = 10_000,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        fail_open: bool = True,
    ) -> None:
        """Keeps up to `max_pools` pools of each quota, of up to 100 quotas; 0 for no cache.

        With `fail_open` a pool whose call for tokens failed acts as if it had got them all; else
        as if it had got none.
        """
        self._max_pools = max_pools
        self._monotonic = monotonic
        self._fail_open = fail_open
        self._lock = Lock()
        self._quotas: dict[str, QuotaPools] = {}

    @property
    def pool_count(self) -> int:
        """How many pools there are, of all quotas."""
        with self._lock:
            return sum(pools.count for pools in self._quotas.values())

    def decide(
        self, attributes: Mapping[str, Value], quotas: Sequence[QuotaCharge], *, use_cache: bool
    ) -> QuotaDecision:
        """Takes tokens for a request: for each of its quotas, or for none of them.

        `use_cache` says that the policy is known to let the request pass; else the decision is
        left to Mixer.
        """
        if not quotas:
            return PASSED
        if len(quotas) > 1:
            quotas = merged(quotas)
        if not use_cache or not self._max_pools:
            return LeftToMixer(quotas)
        with self._lock:
            now_s = self._monotonic()  # under the lock, so that pools see no step back
            if len(quotas) > 1:
                return self._decision([self._turn(c, attributes, now_s) for c in quotas])
            (charge,) = quotas
            pools = self._quotas.get(charge.name) or self._add(charge.name)
            pool = pools.find(attributes, now_s)
            if pool is None:
                return self._decision([self._turn(charge, attributes, now_s)])
            if pool.pay(charge.amount, now_s):
                return PASSED  # as almost always
            asked = pool, True, pool.ask_further(charge.amount, now_s)
            return self._decision([Turn(charge, pools, attributes, asked)])

    def _turn(self, charge: QuotaCharge, attributes: Mapping[str, Value], now_s: float) -> Turn:
        pools = self._quotas.get(charge.name) or self._add(charge.name)
        return Turn(charge, pools, attributes, pools.ask(attributes, charge.amount, now_s))

    def _decision(self, turns: Sequence[Turn]) -> QuotaDecision:
        refused = [turn.name for turn in turns if not turn.is_granted]
        if refused:
            for turn in turns:
                turn.give_back()
        status = exhausted(refused)
        asking = [turn for turn in turns if turn.is_asking]
        for turn in asking:  # they outlive the request
            turn.attributes = copied(turn.attributes)
        return _Prefetching(self, asking, status) if asking else Decided(status)

    def settle(self, turns: Sequence[Turn], results: Results | None) -> None:
        """Brings the pools an answer; None for a call that failed."""
        with self._lock:
            now_s = self._monotonic()
            for turn in turns:
                result = None if results is None else results.get(turn.name)
                if result is not None:
                    turn.grant(result, now_s)
                elif results is not None or self._fail_open:
                    turn.fail(now_s)  # a quota that Mixer knows nothing of does not limit
                else:
                    turn.refuse(now_s)

    def refuse(self, turns: Sequence[Turn]) -> None:
        """Tells the pools that nothing was granted."""
        with self._lock:
            now_s = self._monotonic()
            for turn in turns:
                turn.refuse(now_s)

    def _add(self, name: str) -> QuotaPools:
        if len(self._quotas) == _MAX_QUOTAS:  # more than anybody configures
            del self._quotas[next(iter(self._quotas))]
        pools = self._quotas[name] = QuotaPools(self._max_pools)
        return pools


class _Prefetching:
    """A decision that was made from tokens; Mixer is asked for the sake of later requests."""

    is_decided: Final = True

    def __init__(self, cache: QuotaCache, turns: Sequence[Turn], status: Status) -> None:
        self.status = status
        self.requests = tuple(turn.request for turn in turns)
        self._cache = cache
        self._turns = turns

    def answered(self, results: Results | None) -> Status:
        """Fills the pools; the status stays."""
        turns, self._turns = self._turns, []
        self._cache.settle(turns, results)
        return self.status

    def policy_denied(self) -> Status:
        """Fills no pool; the status stays."""
        turns, self._turns = self._turns, []
        self._cache.refuse(turns)
        return self.status
