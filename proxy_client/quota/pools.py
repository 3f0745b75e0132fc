"""The token pools of one quota, by what Mixer told they depend on."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from mixer.attribute.value import Value
from protos.mixer.v1.mixer_pb2 import ReferencedAttributes
from proxy_client.conditions.index import ConditionIndex
from proxy_client.conditions.referenced import conditions
from proxy_client.quota.prefetch import Ask, TokenPool

_IDLE_S: Final = 600.0
"""A pool that nobody asked for so long is forgotten."""


Asked: TypeAlias = tuple[TokenPool, bool, Ask]
"""The pool that was asked, whether it is the one in which Mixer counts the request, and the answer;
no class of its own, because each request has one."""


class QuotaPools:
    """Finds the pool for a request.

    Mixer counts requests apart by attributes that only it knows. It tells them with each answer;
    until then requests share one pool, the *unfiled* one. The first answer files that pool under
    its conditions. Later answers to requests that used it too, but are counted apart, file pools
    of their own. Callers hold a lock.
    """

    __slots__ = ("_filed", "_unfiled")

    def __init__(self, max_pools: int) -> None:
        self._filed = ConditionIndex[TokenPool](max_pools)
        self._unfiled: TokenPool | None = None

    @property
    def count(self) -> int:
        """How many pools there are, with those that are idle and not yet noticed."""
        return len(self._filed) + (self._unfiled is not None)

    def find(self, attributes: Mapping[str, Value], now_s: float) -> TokenPool | None:
        """The pool in which requests with these attributes are counted, if that is known."""
        return self._filed.find(attributes, lambda pool: now_s - pool.asked_s < _IDLE_S)

    def ask(self, attributes: Mapping[str, Value], amount: int, now_s: float) -> Asked:
        """Takes `amount` tokens from the pool of these attributes, or else the unfiled one."""
        pool = self.find(attributes, now_s)
        if pool is None:
            pool = self.unfiled(now_s)
            return pool, False, pool.ask(amount, now_s)
        return pool, True, pool.ask(amount, now_s)

    def unfiled(self, now_s: float) -> TokenPool:
        """The pool for requests of which nothing is known yet."""
        pool = self._unfiled
        if pool is None or now_s - pool.asked_s >= _IDLE_S:
            pool = self._unfiled = TokenPool(now_s)
        return pool

    def learn(
        self,
        attributes: Mapping[str, Value],
        told: ReferencedAttributes,
        asked: TokenPool,
        now_s: float,
    ) -> TokenPool:
        """The pool that an answer belongs to, which is known from now on.

        That is `asked`, the one that the request used, unless it was filed for others meanwhile.
        It stays unfiled when what was told makes no sense, or does not hold for the request.
        """
        known = self.find(attributes, now_s)
        if known is not None:
            return known
        found = conditions(told, attributes)
        if found is None:
            return asked
        if asked is self._unfiled:
            self._unfiled = None
        else:
            asked = TokenPool(now_s)
        self._filed.put(attributes, found, asked)
        return asked
