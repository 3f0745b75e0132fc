"""What tests of arms stand on: scenarios, and an upstream with two ports."""

from contextlib import ExitStack

import pytest

from benchmarks.placing.upstream import start_upstream
from benchmarks.scenario import Workload
from benchmarks.scenarios import FACTORIES
from tests.benchmarks.arms.asking import place_in

# Short, and yet each thing that can be varied is there.
WORKLOAD = Workload(rule_count=3, attribute_count=8, hit_share=0.5, adapter_delay_ms=1)


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory):
    """The scenarios of the project, by name."""
    return {name: make(WORKLOAD, tmp_path_factory.mktemp(name)) for name, make in FACTORIES.items()}


@pytest.fixture(scope="module")
def upstream():
    with ExitStack() as stack:
        yield start_upstream(["arm", "other"], (), stack)


@pytest.fixture
def place(tmp_path, upstream):
    return place_in(tmp_path / "arm", upstream)


@pytest.fixture
def stack():
    """Ends with the test."""
    with ExitStack() as stack:
        yield stack
