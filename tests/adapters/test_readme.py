"""Follows adapters/README.md: every block of it is written down, imported, run or compared."""

import importlib
import re
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from mixer.cli.mixc import main as mixc_command
from mixer.cli.mixs import main as mixs_command

README = Path(__file__).parents[2] / "adapters" / "README.md"
BLOCK = re.compile(
    r"(?:^`(?P<file>[^`\n]+)`:\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    file: str | None
    language: str
    text: str


BLOCKS = [Block(**found.groupdict()) for found in BLOCK.finditer(README.read_text())]
FILES = {block.file: block.text for block in BLOCKS if block.file}
SESSIONS = [block.text for block in BLOCKS if block.language == "console"]


@pytest.fixture
def package(tmp_path, monkeypatch):
    """The example as files, installed as far as entry points go; the working directory."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    project = tomllib.loads(FILES["pyproject.toml"])["project"]
    metadata = tmp_path / f"{project['name']}-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    [(group, points)] = project["entry-points"].items()
    lines = [f"[{group}]", *(f"{name} = {value}" for name, value in points.items())]
    (metadata / "entry_points.txt").write_text("\n".join(lines))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    for module in ("openinghours", "test_openinghours"):
        sys.modules.pop(module, None)


def run(command_line):
    program, *arguments = command_line.split()
    return CliRunner().invoke({"mixs": mixs_command, "mixc": mixc_command}[program], arguments)


def test_every_block_is_a_file_or_a_session():
    assert list(FILES) == [
        "pyproject.toml",
        "openinghours.py",
        "test_openinghours.py",
        "config/policy.yaml",
    ]
    assert len(BLOCKS) == len(FILES) + len(SESSIONS)


def test_the_tests_of_the_example_pass(package):
    module = importlib.import_module("test_openinghours")
    tests = [test for name, test in vars(module).items() if name.startswith("test_")]
    assert len(tests) == 2
    for test in tests:
        test()


def test_the_example_is_listed_with_all_others(package):
    listed = {line.split()[0] for line in run("mixs adapters").output.splitlines()[1:]}
    assert {"denier", "openinghours"} <= listed


def test_validate_says_what_the_sessions_show(package):
    [good, bad] = [text for text in SESSIONS if "mixs validate" in text]
    command, _, output = good.removeprefix("$ ").partition("\n")
    assert run(command).output == output
    policy = package / "config" / "policy.yaml"
    policy.write_text(policy.read_text().replace("closes: 17", "closes: 7"))
    command, _, output = bad.removeprefix("$ ").partition("\n")
    assert run(command).output == output


def test_the_other_commands_have_the_flags_that_are_shown(package):
    shown = re.findall(r"^\$ (mix[sc]) (\w+) (.+)$", "\n".join(SESSIONS), re.MULTILINE)
    commands = {"mixs": mixs_command, "mixc": mixc_command}
    parsed = []
    for program, name, arguments in shown:
        command = commands[program].commands[name]
        command.make_context(name, arguments.split())  # raises for an unknown flag
        parsed.append(f"{program} {name}")
    assert parsed == ["mixs validate", "mixs validate", "mixs server", "mixc check"]
