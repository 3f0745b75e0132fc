"""Runs one adapter without a server: for the tests of whoever writes an adapter.

    clock = FakeClock()
    with start(INFO, Params(limit=3), clock=clock) as handler:
        assert handler.handle_listentry(Instance(name="x", value="v")) == CheckResult(...)
        clock.advance(60)  # regular work that falls due runs here, on this thread

Time stands still unless it is advanced, so a test never sleeps.

What every adapter must stand is in `Battery`, and in `BackendBattery` if it talks to a server: a
test class derives from one of these, says what the adapter is, and inherits the tests.
"""

from mixer.adapter.testing.backend_battery import BackendBattery
from mixer.adapter.testing.battery import Battery
from mixer.adapter.testing.clock import FakeClock, FakeScheduler
from mixer.adapter.testing.link import Link
from mixer.adapter.testing.start import ParamsRefusedError, start

__all__ = [
    "BackendBattery",
    "Battery",
    "FakeClock",
    "FakeScheduler",
    "Link",
    "ParamsRefusedError",
    "start",
]
