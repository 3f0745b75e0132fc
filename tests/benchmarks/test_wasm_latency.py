import json

import pytest
from click.testing import CliRunner

from benchmarks.__main__ import main

pytestmark = pytest.mark.envoy


def test_each_arm_is_measured_in_each_repetition(tmp_path):
    file = tmp_path / "figures.json"

    result = CliRunner().invoke(main, ["wasm-latency", "--quick", "--json", str(file)])

    assert result.exit_code == 0, result.output
    figures = json.loads(file.read_text())["median_us"]
    assert {name: len(medians) for name, medians in figures.items()} == {
        "no filter": 2,
        "policy filter, no rules": 2,
        "policy filter, ten rules and a list": 2,
        "policy filter, ten rules, a list and a quota": 2,
        "policy filter, the same with a quota of each worker": 2,
        "Mixer's client, does nothing": 2,
        "Mixer's client, cache hit": 2,
        "Mixer's client, report": 2,
        "Mixer's client, cache hit and report": 2,
    }
    assert result.output.count("policy filter") == 4
