"""Handlers whose scripts are told the time by a test; all else is as in a server."""

from contextlib import contextmanager

from adapters.redisquota.client import RedisClient
from adapters.redisquota.counts import RedisCounts
from adapters.redisquota.handler import Handler
from mixer.adapter.testing import FakeClock

GIVEN_TIME = """
local function time()
  return tonumber(ARGV[7])
end
"""
"""In place of the clock of Redis: one more argument."""


class TimedScripts:
    """Adds the time of a clock to the arguments."""

    def __init__(self, client, clock):
        self._client = client
        self._clock = clock
        self.close = client.close

    def run(self, script, keys, arguments):
        now_us = self._clock.now_ns() // 1000
        return self._client.run(script, keys, (*arguments, now_us))


@contextmanager
def started(params, prefix):
    """A handler, and a function that advances its time by seconds."""
    clock = FakeClock()
    scripts = TimedScripts(RedisClient(params, clock.clock.monotonic), clock.clock)
    handler = Handler(params, RedisCounts(scripts, prefix, params, GIVEN_TIME), scripts)
    try:
        yield handler, clock.advance
    finally:
        handler.close()
