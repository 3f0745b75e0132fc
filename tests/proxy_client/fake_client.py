"""A client without a Mixer: it gives the verdicts that a test says, and keeps what it is told."""

import itertools

from mixer.attribute.value import Timestamp
from proxy_client.http.filter import Clock
from proxy_client.verdict import Verdict

NOW = Timestamp.parse("2019-06-01T10:00:00Z")


def clock(step_s=0.25):
    """One whose every look at the time comes `step_s` later; the date stays."""
    return Clock(now=lambda: NOW, monotonic=itertools.count(step=step_s).__next__)


class FakeClient:
    """For threads. A verdict may be a future too."""

    def __init__(self, *verdicts):
        self.verdicts = list(verdicts)
        self.asked = []
        self.told = []

    def begin_check(self, attributes, quotas=()):
        self.asked.append((dict(attributes), tuple(quotas)))
        return self.verdicts.pop(0) if self.verdicts else Verdict()

    check = begin_check

    def report(self, attributes):
        self.told.append(dict(attributes))

    @property
    def last(self):
        """The only report."""
        [attributes] = self.told
        return attributes


class FakeAsyncClient(FakeClient):
    """For tasks; a verdict may be what is to be awaited, in a list."""

    async def check(self, attributes, quotas=()):
        verdict = self.begin_check(attributes, quotas)
        return await verdict[0] if isinstance(verdict, list) else verdict
