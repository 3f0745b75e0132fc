"""One quota of one request: what its pool said, and what Mixer said later."""

from collections.abc import Mapping
from typing import Final

from mixer.attribute.value import Value
from protos.mixer.v1.mixer_pb2 import CheckResponse
from proxy_client.quota.charge import QuotaCharge, QuotaRequest
from proxy_client.quota.pools import Asked, QuotaPools
from proxy_client.quota.prefetch import PROVISIONAL_LIFE_S

_NS_PER_S: Final = 1_000_000_000


class Turn:
    """What one charge took from a pool, and Mixer's answer to it. Callers hold a lock."""

    __slots__ = (
        "_charge",
        "_is_known",
        "_pool",
        "_pools",
        "_prefetch",
        "_taken",
        "attributes",
        "is_asking",
        "is_granted",
    )

    def __init__(
        self,
        charge: QuotaCharge,
        pools: QuotaPools,
        attributes: Mapping[str, Value],
        asked: Asked,
    ) -> None:
        """`asked` is what the pools said to the charge."""
        self._charge = charge
        self._pools = pools
        self.attributes = attributes
        """They must not change until the answer is in."""
        self._pool, self._is_known, answer = asked
        self.is_granted, self._prefetch, self._taken = answer
        self.is_asking = self._prefetch is not None or not self._is_known

    @property
    def name(self) -> str:
        """The quota."""
        return self._charge.name

    @property
    def request(self) -> QuotaRequest:
        """What to ask of Mixer: tokens, or else in which pool it counts such a request."""
        if self._prefetch is not None:
            return QuotaRequest(self._charge.name, self._prefetch.amount, best_effort=True)
        return QuotaRequest(self._charge.name, self._charge.amount, best_effort=False)

    def give_back(self) -> None:
        """The request does not pass, so it pays nothing."""
        self._pool.give_back(self._taken)
        self._taken = ()

    def fail(self, now_s: float) -> None:
        """Mixer said nothing about this quota: requests pass, for a while."""
        if self._prefetch is not None:
            self._pool.fail(self._prefetch, now_s)

    def refuse(self, now_s: float) -> None:
        """Mixer granted nothing, without a word about this quota."""
        if self._prefetch is not None:
            self._pool.grant(self._prefetch, 0, 0, now_s)

    def grant(self, result: CheckResponse.QuotaResult, now_s: float) -> None:
        """Keeps what was granted, in the pool in which Mixer counts the request."""
        pool = self._pool
        if not self._is_known:
            told = result.referenced_attributes
            pool = self._pools.learn(self.attributes, told, pool, now_s)
        granted, life_s = result.granted_amount, _life_s(result)
        if pool is self._pool and self._prefetch is not None:
            pool.grant(self._prefetch, granted, life_s, now_s)
            return
        paid = 0 if pool is self._pool else self._leave(now_s)
        pool.keep(granted - paid, life_s, now_s)
        if granted < self.request.amount:
            pool.close(now_s)

    def _leave(self, now_s: float) -> int:
        """Makes undone what the request did to the pool that is not its own; tells what it owes."""
        owed = sum(tokens for _, tokens in self._taken)
        self.give_back()
        if self._prefetch is not None:
            self._pool.withdraw(self._prefetch, now_s)
        return owed


def _life_s(result: CheckResponse.QuotaResult) -> float:
    if not result.HasField("valid_duration"):
        return PROVISIONAL_LIFE_S
    return result.valid_duration.seconds + result.valid_duration.nanos / _NS_PER_S
