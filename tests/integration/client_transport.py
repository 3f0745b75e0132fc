"""A real transport that tells what goes over it."""

import threading

from proxy_client.transport import GrpcTransport
from tests.patience import SOON_S


class WatchedTransport(GrpcTransport):
    """Counts the Checks that are sent, and knows when none are under way."""

    def __init__(self, target):
        super().__init__(target)
        self.requests = []
        self._under_way = 0
        self._condition = threading.Condition()

    def check(self, request, timeout_s, on_done):
        def take(outcome):
            on_done(outcome)
            with self._condition:
                self._under_way -= 1
                self._condition.notify_all()

        with self._condition:
            self.requests.append(request)
            self._under_way += 1
        return super().check(request, timeout_s, take)

    def settle(self):
        """Returns when no Check is under way."""
        with self._condition:
            assert self._condition.wait_for(lambda: not self._under_way, timeout=SOON_S)
