"""The filter `mixer_client` and the Python library do the same, whatever happens to them."""

import pytest

from tests.proxy_client.wasm.twin.filter_side import filter_side
from tests.proxy_client.wasm.twin.play import Play

GROUPS = 10
SEEDS_OF_GROUP = 4
STEPS = 300


@pytest.mark.parametrize("group", range(GROUPS))
def test_random_events_have_the_same_effects(group):
    for seed in range(group * SEEDS_OF_GROUP, (group + 1) * SEEDS_OF_GROUP):
        Play(seed, filter_side).run(STEPS)
