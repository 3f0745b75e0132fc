"""Tokens of one quota, fetched before they are needed.

A `TokenPool` answers at once, from tokens that Mixer granted earlier. How many it fetches follows
from how many were asked for in the last second:

- It fetches when less than half of a second's tokens are left and none are under way, and whenever
  there are fewer than one request needs: as many as the last second needed, at least 10.
- An *open* pool is one that Mixer gave all it asked for. When an open pool is empty, it hands out
  the tokens that it has just asked for before they are granted; the answer corrects that, and what
  is spent by then is forgiven. So the first request on a new pool passes.
- A *closed* pool got less than it asked for. It hands out what it has, and asks one call at a
  time, at most twice a second.

Algorithm and numbers: istio/proxy 1.4 `src/istio/prefetch/quota_prefetch.cc`. Other than there, a
call that is never answered does not stop a pool for ever, more tokens than were asked for are kept
and leave the pool open, calls under way and grants held are bounded, and tokens can be given back.

Nothing here reads a clock or takes a lock: callers pass times in seconds that never step back,
and let one thread in at a time.
"""

from collections import deque
from typing import Final, NamedTuple

from proxy_client.quota.request_counter import RequestCounter

PROVISIONAL_LIFE_S: Final = 60.0
"""Life of tokens of which Mixer has not said, or does not say, how long they last."""
LOST_AFTER_S: Final = 10.0
"""When a call is no longer waited for: twice the time that a call may take."""

_MIN_AMOUNT: Final = 10
_FEW: Final = _MIN_AMOUNT // 2
_CLOSED_WAIT_S: Final = 0.5
_MAX_AMOUNT: Final = (1 << 63) - 1
_MAX_UNDER_WAY: Final = 16
_MAX_GRANTS: Final = 64


class Grant:
    """Tokens that came together and end together."""

    __slots__ = ("expires_s", "tokens")

    def __init__(self, tokens: int, expires_s: float) -> None:
        self.tokens = tokens
        self.expires_s = expires_s


class Prefetch:
    """A call for tokens that is to be made, then answered by `TokenPool.grant` or its like."""

    __slots__ = ("advance", "amount", "is_answered", "sent_s")

    def __init__(self, amount: int, advance: Grant | None, sent_s: float) -> None:
        self.amount = amount
        self.advance = advance
        """The tokens, when they were handed out before they were granted."""
        self.sent_s = sent_s
        self.is_answered = False


Taken = tuple[tuple[Grant, int], ...]
"""Where tokens were taken from, and how many."""


class Ask(NamedTuple):
    """What a pool answers to one request."""

    is_granted: bool
    prefetch: Prefetch | None
    """The call that is to be made now, if any."""
    taken: Taken
    """The tokens, for giving them back."""


class TokenPool:
    """The tokens at hand of one quota, for requests that Mixer counts together."""

    __slots__ = ("_grants", "_is_open", "_last_sent_s", "_requests", "_under_way", "asked_s")

    def __init__(self, now_s: float) -> None:
        self._grants: deque[Grant] = deque(maxlen=_MAX_GRANTS)
        self._under_way: deque[Prefetch] = deque()
        self._requests = RequestCounter(now_s)
        self._is_open = True
        self._last_sent_s = now_s
        self.asked_s = now_s
        """When the pool was last asked."""

    def __repr__(self) -> str:
        tokens = sum(grant.tokens for grant in self._grants)
        mode = "open" if self._is_open else "closed"
        return f"<TokenPool {mode}, {tokens} tokens, {len(self._under_way)} under way>"

    def ask(self, amount: int, now_s: float) -> Ask:
        """Takes `amount` tokens, all or none of them."""
        if self.pay(amount, now_s):
            return Ask(True, None, ((self._grants[0], amount),))
        return self.ask_further(amount, now_s)

    def pay(self, amount: int, now_s: float) -> bool:
        """Counts a request, and takes `amount` tokens if the oldest grant alone is plenty.

        Most often it is. If not, `ask_further` is to be called.
        """
        self.asked_s = now_s
        wanted = self._requests.add(amount, now_s)
        if not self._grants:
            return False
        oldest = self._grants[0]
        tokens = oldest.tokens
        if tokens < amount or tokens < _FEW or tokens < wanted // 2 or now_s >= oldest.expires_s:
            return False
        oldest.tokens = tokens - amount
        return True

    def ask_further(self, amount: int, now_s: float) -> Ask:
        """Answers a request that `pay` has counted, but could not serve."""
        wanted = max(self._requests.sum - amount, _MIN_AMOUNT)
        available = self._count(now_s)
        prefetch = None
        if available < amount or available < wanted // 2:
            prefetch = self._prefetch(amount, wanted, available, now_s)
            if prefetch is not None and prefetch.advance is not None:
                available = prefetch.amount
        if available < amount:
            return Ask(False, prefetch, ())
        return Ask(True, prefetch, self._take(amount, now_s))

    def grant(self, prefetch: Prefetch, granted: int, life_s: float, now_s: float) -> None:
        """Mixer granted that many tokens, for `life_s`; late answers count, second ones do not."""
        if not self._answer(prefetch):
            return
        self._is_open = granted >= prefetch.amount
        self._settle(prefetch, max(granted, 0), now_s + life_s, now_s)

    def fail(self, prefetch: Prefetch, now_s: float) -> None:
        """Mixer could not be asked: requests pass as if it had granted all, for a while."""
        self.grant(prefetch, prefetch.amount, PROVISIONAL_LIFE_S, now_s)

    def withdraw(self, prefetch: Prefetch, now_s: float) -> None:
        """The answer was for another pool: takes an advance back, and is as open as before."""
        if self._answer(prefetch):
            self._settle(prefetch, 0, now_s, now_s)

    def keep(self, tokens: int, life_s: float, now_s: float) -> None:
        """Adds tokens that were granted to this pool without its asking."""
        if tokens > 0:
            self._grants.append(Grant(tokens, now_s + life_s))

    def close(self, now_s: float) -> None:
        """Mixer refused tokens to a call that was not this pool's own."""
        self._is_open = False
        self._last_sent_s = now_s

    def give_back(self, taken: Taken) -> None:
        """Puts tokens back; they end when they would have ended."""
        for grant, tokens in reversed(taken):
            if grant not in self._grants and len(self._grants) < _MAX_GRANTS:
                self._grants.appendleft(grant)  # it had left because it was empty
            grant.tokens += tokens

    def _count(self, now_s: float) -> int:
        """How many tokens can be taken; drops grants at the front that have none."""
        grants = self._grants
        while grants and (not grants[0].tokens or grants[0].expires_s <= now_s):
            grants.popleft()
        available = 0
        for grant in grants:
            if now_s < grant.expires_s:
                available += grant.tokens
        return available

    def _prefetch(self, amount: int, wanted: int, available: int, now_s: float) -> Prefetch | None:
        """The call to make when that many tokens are few; None if it is not the time for one."""
        under_way = self._under_way
        while under_way and now_s - under_way[0].sent_s >= LOST_AFTER_S:
            under_way.popleft()
        if under_way:
            is_needed = self._is_open and available < amount
            if not is_needed or len(under_way) == _MAX_UNDER_WAY:
                return None
        elif not self._is_open and now_s - self._last_sent_s < _CLOSED_WAIT_S:
            return None
        return self._send(min(max(amount, wanted), _MAX_AMOUNT), available, now_s)

    def _send(self, amount: int, available: int, now_s: float) -> Prefetch:
        advance = None
        if self._is_open and not available:
            advance = Grant(amount, now_s + PROVISIONAL_LIFE_S)
            self._grants.append(advance)
        prefetch = Prefetch(amount, advance, now_s)
        self._under_way.append(prefetch)
        self._last_sent_s = now_s
        return prefetch

    def _answer(self, prefetch: Prefetch) -> bool:
        """Whether this is the first answer to a call, which is then no longer under way."""
        is_first = not prefetch.is_answered
        prefetch.is_answered = True
        if prefetch in self._under_way:
            self._under_way.remove(prefetch)
        return is_first

    def _settle(self, prefetch: Prefetch, granted: int, expires_s: float, now_s: float) -> None:
        """Makes the tokens of a call those that were granted."""
        advance = prefetch.advance
        surplus = granted - prefetch.amount if advance else granted
        if surplus > 0:
            self._grants.append(Grant(surplus, expires_s))
        if advance is None:
            return
        missing = max(-surplus, 0)
        own = min(advance.tokens, missing)
        advance.tokens -= own
        if advance.tokens:
            advance.expires_s = expires_s
            if advance not in self._grants:  # its provisional life was over
                self._grants.append(advance)
        self._take(missing - own, now_s)

    def _take(self, amount: int, now_s: float) -> Taken:
        """Takes up to `amount` tokens, oldest grants first."""
        taken: Taken = ()
        for grant in self._grants:
            tokens = grant.tokens
            if tokens and now_s < grant.expires_s:
                if tokens >= amount:
                    grant.tokens = tokens - amount
                    return (*taken, (grant, amount))
                grant.tokens = 0
                amount -= tokens
                taken = (*taken, (grant, tokens))
        return taken
