"""The scripts that Redis runs: one for each kind of window, one run for each call.

A script is atomic, so no other call comes between the look at a cell, the taking and the note of
the deduplication id.
"""

import hashlib
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final

from adapters.redisquota.params import Algorithm

TIME_OF_REDIS: Final = """
local function time()
  local seconds, micros = unpack(redis.call('TIME'))
  return seconds * 1000000 + micros
end
"""
"""Where scripts take the time from, in µs.

Many Mixers count in one Redis. If each brought its own time, one whose clock is ahead would let go
of what the others count; so the time is that of the server which holds the cell.
"""


@dataclass(frozen=True, slots=True)
class Script:
    """A script, and the name by which Redis knows it once it has seen it."""

    text: str
    sha: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha1(self.text.encode(), usedforsecurity=False)
        object.__setattr__(self, "sha", digest.hexdigest())


def script(algorithm: Algorithm, time: str = TIME_OF_REDIS) -> Script:
    """The script that counts in such windows, by the clock that `time` defines."""
    parts = (f"{algorithm.name.lower()}.lua", "call.lua")
    return Script("\n".join((time, *(files(__package__).joinpath(p).read_text() for p in parts))))
