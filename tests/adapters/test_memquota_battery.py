"""Memquota does what every adapter that counts quotas must do."""

from contextlib import contextmanager

from adapters.memquota import INFO, Override, Params, Quota
from mixer.adapter import Duration
from mixer.adapter.testing import FakeClock, start
from tests.adapters.quota_battery import NAME, OTHER, WINDOW_S, QuotaBattery

WINDOW = Duration.from_seconds(WINDOW_S)


class TestMemquota(QuotaBattery):
    @contextmanager
    def handler(self, limits):
        overrides = tuple(
            Override(dimensions=dimensions, max_amount=amount, valid_duration=WINDOW)
            for dimensions, amount in limits.overrides
        )
        quotas = tuple(
            Quota(
                name=name,
                max_amount=limits.max_amount,
                valid_duration=WINDOW,
                overrides=overrides,
            )
            for name in (NAME, OTHER)
        )
        clock = FakeClock()
        with start(INFO, Params(quotas=quotas), instances=limits.instances, clock=clock) as handler:
            yield handler, clock.advance
