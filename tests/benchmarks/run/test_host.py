import pytest

from benchmarks.run.steal import HostTimes, host_times, stolen_share


def times(stolen_s, whole_s):
    return HostTimes(stolen_s=stolen_s, whole_s=whole_s)


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        ((1.0, 100.0), (1.5, 120.0), 0.025),
        ((1.0, 100.0), (1.0, 120.0), 0.0),
        # Linux may take back what it has counted.
        ((1.0, 100.0), (0.9, 120.0), 0.0),
        ((1.0, 100.0), (1.0, 100.0), 0.0),
        ((None, 100.0), (None, 120.0), None),
    ],
)
def test_what_was_stolen_is_a_share_of_all_cpu_time(before, after, share):
    assert stolen_share(times(*before), times(*after)) == share


def test_the_times_of_this_machine_go_on():
    first, second = host_times(), host_times()
    assert 0 < first.whole_s <= second.whole_s
    assert first.stolen_s is None or 0 <= first.stolen_s <= first.whole_s
