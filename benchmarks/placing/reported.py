"""What the policy that comes with the project counts in a Mixer, whichever way it is asked."""

from collections.abc import Iterator

from benchmarks.arm import Claim, Counters, Sent
from benchmarks.placing.guard import equal
from benchmarks.placing.mixer_process import Mixer
from benchmarks.scenario import Scenario

_LISTED, _MEASURED, _LOGGED = "listed", "measured", "logged"


def read_policy(scenario: Scenario, mixer: Mixer) -> Counters:
    """The counters of its handlers; none for the reader's own policy, which may have any."""
    if scenario.native is None:
        return {}
    if not scenario.has_telemetry:
        return {_LISTED: mixer.listed_count()}
    return {
        _LISTED: mixer.listed_count(),
        _MEASURED: mixer.measured_count(),
        _LOGGED: mixer.logged_count(),
    }


def claims_of_policy(
    scenario: Scenario, counters: Counters, *, check_count: int, sent: Sent
) -> Iterator[Claim]:
    """That each Check came to the list of users, and each request to metrics and log."""
    if _LISTED in counters:
        yield equal("Mixer: look-ups in its list", counters[_LISTED], check_count)
    if scenario.has_telemetry and _LOGGED in counters:
        yield equal("Mixer: requests in its metrics", counters[_MEASURED], sent.count)
        yield equal("Mixer: lines in its log", counters[_LOGGED], sent.count)
