from pathlib import Path

import pytest

from benchmarks.run.options import RunOptions
from benchmarks.run.plan import QUICK, Choice


def options(**said):
    return RunOptions(**{"seed": 1, "output": Path("runs"), **said})


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        ({}, Choice()),
        ({"quick": True}, QUICK),
        (
            {"rate": 50.0, "connections": 2, "repetitions": 7, "duration": 3.0},
            Choice(rate_per_s=50.0, connections=2, repetition_count=7, duration_s=3.0),
        ),
        (
            {"protocol": "http2", "pacing": "constant"},
            Choice(protocol="http2", pacing="constant"),
        ),
        # The base comes first in any case.
        ({"sweep": ("hits", "base")}, Choice(sweeps=("base", "hits"))),
    ],
)
def test_what_was_not_said_is_as_usual(said, choice):
    assert options(**said).choice() == choice


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({}, ("access", "access-quota", "telemetry")),
        ({"quick": True}, ("telemetry", "access")),
        ({"scenario": ("telemetry",), "quick": True}, ("telemetry",)),
        # The reader's own policy takes the place of ours, unless they are asked for.
        ({"config": Path("own")}, ()),
        ({"config": Path("own"), "scenario": ("access",)}, ("access",)),
    ],
)
def test_the_scenarios_of_a_run(said, names):
    assert options(**said).scenario_names() == names
