import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.report.command import compare, report
from benchmarks.run.store import Run, write_facts, write_measured
from tests.benchmarks.made_up import MadeUp, made_up_run

MADE_UP = {
    "scenarios": ("access",),
    "arms": ("direct", "envoy", "wasm-policy", "mixer-client"),
    "noise": 0.005,
}


def write(folder: Path, run: Run) -> Path:
    folder.mkdir()
    write_facts(folder, run.facts)
    for measured in run.measured:
        write_measured(folder, measured)
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, str]:
    """A run with sweeps, two equal ones without, a slower one, and one that is too short."""
    base = tmp_path_factory.mktemp("runs")
    runs = {
        "swept": MadeUp(**MADE_UP),
        "first": MadeUp(**MADE_UP, has_sweeps=False),
        "again": MadeUp(**MADE_UP, seed=2, has_sweeps=False),
        "slower": MadeUp(**MADE_UP, seed=3, has_sweeps=False, slower={"mixer-client": 1.2}),
        "short": MadeUp(**MADE_UP, has_sweeps=False, repetition_count=2),
    }
    return {name: str(write(base / name, made_up_run(run))) for name, run in runs.items()}


def called(command, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, arguments)
    return result.exit_code, result.output


def test_a_report_is_tables_and_a_verdict(folders):
    code, output = called(report, folders["swept"])
    assert code == 0
    headings = [line for line in output.splitlines() if line.startswith("Access control")]
    assert headings[:3] == [
        "Access control: 95 % cache hits, 200 requests/s over 8 connections, HTTP/1.1, "
        "poisson pacing, 10 rules, 25 attributes",
        "Access control, by connections: added median",
        "Access control, by connections: added p99",
    ]
    assert "past the knee" in output
    assert "- Mixer, its client in Envoy against Policy filter (WebAssembly): slower by " in output


def test_a_short_run_says_that_it_is_not_enough(folders):
    code, output = called(report, folders["short"])
    assert code == 0
    assert "- There is not enough data to say anything: 2 of 5 repetitions." in output


def test_a_report_for_programs(folders):
    code, output = called(report, folders["again"], "--output", "json")
    assert (code, json.loads(output)["measured_count"]) == (0, 20)
    code, output = called(report, folders["again"], "--output", "csv")
    assert code == 0
    arms = {row["arm"] for row in csv.DictReader(io.StringIO(output))}
    assert arms == {"direct", "envoy", "wasm-policy", "mixer-client"}


def test_a_report_writes_files_too(folders, tmp_path):
    files = {name: tmp_path / f"run.{name}" for name in ("csv", "json")}
    options = [f"--{name}={file}" for name, file in files.items()]
    assert called(report, folders["again"], *options)[0] == 0
    for name, file in files.items():
        assert file.read_text() == called(report, folders["again"], "--output", name)[1]


@pytest.mark.parametrize("command", [[report, ""], [compare, "again"]])
def test_a_folder_that_holds_no_run_is_named(folders, tmp_path, command):
    others = [folders[name] for name in command[1:] if name]
    code, output = called(command[0], *others, str(tmp_path))
    assert code == 1
    assert output == (
        f"Error: {tmp_path / 'run.json'}: missing; is this the folder of a run that has ended?\n"
    )


def test_equal_runs_pass_the_comparison(folders):
    code, output = called(compare, folders["first"], folders["again"], "--fail-on-slower", "10%")
    assert code == 0
    assert "16 figures compared; 0 differ beyond noise." in output


def test_what_only_one_run_has_is_not_compared(folders):
    # 4 arms in 20 points of sweeps, and in saturation
    _, output = called(compare, folders["swept"], folders["again"])
    assert "Not compared: 84 (arm and cell) in A only." in output
    _, output = called(compare, folders["again"], folders["swept"])
    assert "Not compared: 84 (arm and cell) in B only." in output


def test_a_slower_run_fails_the_comparison_if_that_is_asked_for(folders):
    runs = (folders["first"], folders["slower"])
    code, output = called(compare, *runs)
    assert code == 0
    assert "Mixer, its client in Envoy  added median" in output
    code, output = called(compare, *runs, "--fail-on-slower", "10%")
    assert code == 1
    assert output.splitlines()[-1] == "4 of them are worse by more than 10 %."
    assert called(compare, *runs, "--fail-on-slower", "900")[0] == 0


def test_runs_without_enough_data_can_not_be_compared(folders):
    code, output = called(compare, folders["first"], folders["short"])
    assert (code, output) == (
        1,
        "Error: A and B have no figure in common that has enough data.\n",
    )


@pytest.mark.parametrize("share", ["ten", "-5%", "nan", "inf"])
def test_a_limit_is_a_percentage(folders, share):
    code, output = called(compare, folders["first"], folders["again"], f"--fail-on-slower={share}")
    assert code == 2
    assert f"'{share}' is no percentage" in output
