import pytest

from benchmarks.run.host import HostTimes, host_times, others_share, own_s, stolen_share


def times(stolen_s, whole_s, programs_s=0.0):
    return HostTimes(stolen_s=stolen_s, programs_s=programs_s, whole_s=whole_s)


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


@pytest.mark.parametrize(
    ("programs_s", "ours_s", "share"),
    [
        (15.0, 10.0, 0.25),  # 15 of 20 s, of which 10 are ours
        (10.0, 10.0, 0.0),
        # Processes are measured more finely than the machine.
        (10.0, 10.01, 0.0),
    ],
)
def test_what_others_took_is_all_that_is_not_ours(programs_s, ours_s, share):
    before, after = times(0.0, 100.0, 50.0), times(0.0, 120.0, 50.0 + programs_s)
    assert others_share(before, after, ours_s) == share


def test_the_times_of_this_machine_go_on():
    first, second = host_times(), host_times()
    assert 0 < first.programs_s < first.whole_s <= second.whole_s
    assert first.stolen_s is None or 0 <= first.stolen_s <= first.whole_s


def test_what_this_process_does_is_its_own():
    before = own_s()
    sum(range(3_000_000))
    assert own_s() > before
