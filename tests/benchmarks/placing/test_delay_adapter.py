"""The adapter that takes its time."""

import time

from benchmarks.placing.delay_adapter import INFO, Params
from mixer.adapter import CheckResult, Duration
from mixer.adapter.testing import start
from mixer.template import checknothing


def test_a_check_takes_as_long_as_it_is_told_and_passes():
    with start(INFO, Params(duration=Duration.parse("20ms"))) as handler:
        started = time.monotonic()
        result = handler.handle_checknothing(checknothing.Instance("nothing"))
        assert time.monotonic() - started >= 0.02
    assert result == CheckResult(valid_duration_s=300.0, valid_use_count=10_000)
