import pytest

from benchmarks.report.cells import cell_tables
from benchmarks.report.noise import noise
from benchmarks.report.tables import Noise
from tests.benchmarks.made_up import MadeUp, base_cell, made_up_run


def noise_of(**made_up) -> Noise:
    run = made_up_run(MadeUp(scenarios=("access",), has_sweeps=False, **made_up))
    return noise(cell_tables(run)[0])


def test_a_calm_machine_shows_small_differences():
    found = noise_of(noise=0.001, repetition_count=7)
    assert found.is_too_noisy is False
    assert found.envoy_spread < 0.03
    assert found.relative_floor < 0.1
    assert found.floor_ns < 5_000


def test_a_machine_is_too_noisy_if_an_added_median_is_not_known_to_10_percent():
    found = noise_of(noise=0.05, repetition_count=7)
    assert found.is_too_noisy is True
    assert found.envoy_spread > 0.05
    assert found.relative_floor > 0.1
    assert found.floor_ns > 10_000


def test_only_the_main_arms_judge_the_machine():
    # Envoy's own filters add next to nothing, so that their interval is always wide.
    found = noise_of(noise=0.01, arms=("envoy", "native"))
    assert (found.floor_ns, found.relative_floor, found.is_too_noisy) == (None, None, False)


@pytest.mark.parametrize("arms", [("direct", "wasm-policy"), ("envoy", "wasm-policy")])
def test_one_repetition_says_nothing_of_noise(arms):
    assert noise_of(repetition_count=1, arms=arms) == Noise(
        cell=base_cell(),
        envoy_spread=None,
        floor_ns=None,
        relative_floor=None,
        is_too_noisy=False,
        stolen=None,
    )
