import click
import pytest
from click.testing import CliRunner

from benchmarks.__main__ import Commands, main

MODULES = {
    "lost": "tests.benchmarks.needs_a_library",
    "wrong": "benchmarks.no_such_module",
    "micro": "benchmarks.micro.command",
}
GROUP = Commands(modules=MODULES, name="benchmarks")


def invoke(group: click.Command, *arguments: str):
    return CliRunner().invoke(group, arguments)


def test_all_commands_are_listed():
    lines = invoke(main, "--help").output.partition("Commands:\n")[2].splitlines()
    names = [line.split()[0] for line in lines]
    assert names == ["run", "report", "compare", "micro", "wasm-latency"]


@pytest.mark.parametrize("name", ["run", "report", "compare", "micro", "wasm-latency"])
def test_every_command_explains_itself(name):
    assert f" {name} [OPTIONS]" in invoke(main, name, "--help").output


def test_a_command_whose_library_is_missing_says_so():
    done = invoke(GROUP, "lost", "--quick", "folder")
    assert done.exit_code == 1
    assert done.output == (
        "Error: lost needs a_library_that_nobody_has, which comes with "
        '`pip install "pymixer[bench]"`\n'
    )


def test_the_other_commands_work_without_it():
    assert invoke(GROUP, "micro", "--help").exit_code == 0


def test_a_fault_of_our_own_is_not_taken_for_a_missing_library():
    assert isinstance(invoke(GROUP, "wrong").exception, ModuleNotFoundError)


def test_an_unknown_command_is_refused():
    assert "No such command 'walk'" in invoke(GROUP, "walk").output


def test_requests_without_a_policy_are_refused(tmp_path):
    requests = tmp_path / "requests.yaml"
    requests.touch()
    done = invoke(main, "run", "--requests", str(requests))
    assert done.exit_code == 2
    assert "--requests is of no use without --config" in done.output
