"""The command as it is given in a shell, with real Envoys; how fast anything is plays no part."""

import signal
import subprocess
import sys

import psutil
import pytest

from benchmarks.arm import Claim
from benchmarks.arms import all_arms
from benchmarks.report.summary import summarize
from benchmarks.run.store import read_run
from benchmarks.run.sweeps import SWEEPS
from tests.patience import LONG_S

pytestmark = pytest.mark.envoy
RUN = [sys.executable, "-m", "benchmarks", "run", "--output"]
NAMES = [arm.name for arm in all_arms()]


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """What a quick run prints, and its folder."""
    base = tmp_path_factory.mktemp("runs")
    done = subprocess.run(
        [*RUN, str(base), "--quick", "--seed", "11"],
        capture_output=True,
        text=True,
        timeout=LONG_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (folder,) = base.iterdir()
    return done, folder


def test_a_quick_run_measures_all_arms_and_a_point_of_each_sweep(quick):
    _, folder = quick
    run = read_run(folder)
    assert {one.arm for one in run.measured if one.cell.sweep == "base"} == set(NAMES)
    assert {one.cell.sweep for one in run.measured} == set(SWEEPS)
    assert {one.repetition for one in run.measured} == {0, 1}
    assert len(run.facts.order) == len(run.measured)
    assert run.facts.is_quick
    assert run.facts.seed == 11
    assert list(run.facts.arms) == NAMES
    assert run.facts.refusals.keys() == {"telemetry/lua"}


def test_every_arm_of_a_quick_run_proves_its_work(quick):
    _, folder = quick
    for measured in read_run(folder).measured:
        claims = [
            Claim(what=what, counted=counted, least=least, most=most)
            for what, counted, least, most in measured.claims
        ]
        assert claims
        assert [claim for claim in claims if not claim.holds] == []


def test_a_quick_run_says_how_long_it_takes_and_how_far_it_is(quick):
    done, _ = quick
    begin, estimate, *lines = done.stderr.splitlines()
    assert begin.startswith("Seed 11; ")
    assert " measurements take about " in estimate
    assert [line.split()[0] for line in lines[:1]] == [f"1/{len(lines)}"]


def test_a_quick_run_ends_with_tables_and_a_page(quick):
    done, folder = quick
    page = folder / "report.html"
    assert "Envoy alone" in done.stdout
    assert done.stdout.endswith(f"\n{folder}: all that was measured; {page}: the same to look at\n")
    assert page.read_text().lower().startswith("<!doctype html>")
    assert len(summarize(read_run(folder)).base) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_leaves_no_process_and_a_readable_folder(tmp_path, number):
    narrowed = ["--quick", "--repetitions", "5", "--sweep", "base", "--scenario", "access"]
    with subprocess.Popen(
        [*RUN, str(tmp_path), *narrowed, "--arm", "ext-authz"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        # The seed, the estimate, and the first measurement.
        lines = [process.stderr.readline() for _ in range(3)]
        # The upstream, at least.
        started = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(number)
        output, errors = process.communicate(timeout=LONG_S)
    assert lines[2].startswith(" 1/10 "), [*lines, errors]
    assert process.returncode == 130, errors
    assert " of 10 measurements.\nTo go on: " in errors
    assert "Envoy alone" in output
    assert started
    assert [one for one in started if one.is_running()] == []
    (folder,) = tmp_path.iterdir()
    assert 1 <= len(read_run(folder).measured) < 10


def test_a_run_that_was_interrupted_goes_on_in_its_folder(tmp_path):
    narrowed = ["--quick", "--sweep", "base", "--scenario", "access", "--arm", "wasm-policy"]
    with subprocess.Popen(
        [*RUN, str(tmp_path), *narrowed], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        for _ in range(3):
            process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LONG_S)
    (folder,) = tmp_path.iterdir()
    begun = read_run(folder)
    done = subprocess.run(
        [*RUN[:-1], "--resume", str(folder)],
        capture_output=True,
        text=True,
        timeout=LONG_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"{4 - len(begun.measured)} of 4 measurements are left, and take about " in done.stderr
    whole = read_run(folder)
    assert list(whole.measured[: len(begun.measured)]) == list(begun.measured)
    assert len({(one.arm, one.repetition) for one in whole.measured}) == len(whole.measured) == 4
    assert len(whole.facts.resumed) == 1
    assert whole.facts.elapsed_s > begun.facts.elapsed_s
