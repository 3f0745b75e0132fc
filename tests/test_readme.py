"""Runs the examples of the README and compares what they print.

A block is an example when a comment `<!-- example: NAME -->` stands above it; NAME says what it is run
against. `./run` stands for the environment, and the ports for those of the servers that run here.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from benchmarks.free_port import free_port
from mixer.cli.mixc import main as mixc
from mixer.cli.mixs import main as mixs
from tests.patience import SOON_S

README = (Path(__file__).parents[1] / "README.md").read_text()
EXAMPLE = re.compile(
    r"^<!-- example: (?P<name>\w+) -->\n```console\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
SESSION = re.compile(
    r"^\$ (?P<command>[^\n]+)\n(?P<output>.*?)(?=^\$ |\Z)", re.MULTILINE | re.DOTALL
)
MIXS = [sys.executable, "-c", "from mixer.cli.mixs import main; main()"]
METRICS = "127.0.0.1:42422"


class Step(NamedTuple):
    command: str
    output: str


def steps(name):
    """The commands of all examples of that name, in order."""
    texts = [found["text"] for found in EXAMPLE.finditer(README) if found["name"] == name]
    return [Step(**found.groupdict()) for text in texts for found in SESSION.finditer(text)]


class Ports(NamedTuple):
    """Where the server of a test listens, in place of the addresses that the README has."""

    address: str
    monitoring: str
    metrics: str

    def real(self, text):
        return (
            text.replace("127.0.0.1:9091", self.address)
            .replace("127.0.0.1:15014", self.monitoring)
            .replace(METRICS, self.metrics)
        )


@contextmanager
def serving(directory, metrics):
    """A server process for the configuration in `directory`."""
    flags = ["--config", directory, "--address", "127.0.0.1:0", "--monitoring-port", "0"]
    command = [*MIXS, "server", *map(str, flags)]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            events = (json.loads(line) for line in process.stderr)
            event = next(event for event in events if event["event"] == "serving")
            monitoring = event["monitoring"].removeprefix("http://").removesuffix("/metrics")
            yield Ports(event["address"], monitoring, metrics)
        finally:
            process.kill()


def run(command, ports):
    """What a command line of the README prints."""
    first, *filters = command.split(" | ")
    output = _program(shlex.split(ports.real(first)), ports)
    for each in filters:
        output = _filtered(shlex.split(each), output)
    return output


def _program(words, ports):
    if words[:2] == ["curl", "-s"]:
        with urllib.request.urlopen(words[2], timeout=SOON_S) as answer:
            return answer.read().decode()
    assert words.pop(0) == "./run"
    if words[0] == "demo":
        words = ["mixs", "demo", "--port", "0", *words[1:]]
    program, *arguments = words
    environment = {"MIXC_CHECK_MIXER": ports.address, "MIXC_REPORT_MIXER": ports.address}
    command = {"mixs": mixs, "mixc": mixc}[program]
    return CliRunner().invoke(command, arguments, env=environment).output


def _filtered(words, text):
    lines = text.splitlines(keepends=True)
    match words:
        case ["grep", pattern]:
            return "".join(line for line in lines if re.search(pattern, line))
        case ["cut", "-c", columns]:
            last = int(columns.removeprefix("-"))
            return "".join(f"{line[:last].rstrip()}\n" for line in text.splitlines())
        case ["head", "-n", count]:
            return "".join(lines[: int(count)])
    raise AssertionError(words)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo's files, with a free port for its metrics."""
    directory = tmp_path_factory.mktemp("demo")
    metrics = f"127.0.0.1:{free_port()}"
    for file in files("mixer.demo").iterdir():
        if file.name.endswith(".yaml"):
            (directory / file.name).write_text(file.read_text().replace(METRICS, metrics))
    return directory, metrics


@pytest.fixture
def policy(tmp_path, monkeypatch):
    """The policy of the README, in a directory `policy` of the working directory."""
    [(name, text)] = re.findall(
        r"^`([^`\n]+\.yaml)`:\n\n```yaml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL
    )
    file = tmp_path / name
    file.parent.mkdir()
    file.write_text(text)
    monkeypatch.chdir(tmp_path)
    return file


def test_every_example_is_run_here():
    assert {found["name"] for found in EXAMPLE.finditer(README)} == {
        "server",
        "demo",
        "envoy",
        "own",
        "mistaken",
    }


def test_the_demo_answers_as_shown(demo):
    with serving(*demo) as ports:
        for step in steps("demo"):
            assert run(step.command, ports) == step.output, step.command


@pytest.mark.envoy
def test_an_envoy_in_front_answers_as_shown():
    [step] = steps("envoy")
    assert run(step.command, Ports("", "", "")) == step.output


def test_a_policy_of_ones_own_answers_as_shown(policy):
    with serving(policy.parent, METRICS) as ports:
        for step in steps("own"):
            assert run(step.command, ports) == step.output, step.command


def test_mistakes_are_told_as_shown(policy):
    text = policy.read_text()
    for right, wrong in (
        ("overrides:", "override:"),
        ("request.headers[", "request.header["),
        ("handler: keys", "handler: key"),
    ):
        assert text.count(right) == 1
        text = text.replace(right, wrong)
    policy.write_text(text)
    [step] = steps("mistaken")

    assert run(step.command, Ports("", "", "")) == step.output


def test_the_server_says_what_it_serves_as_shown(demo):
    [step] = steps("server")
    directory, _ = demo
    flags = ["--config", directory, "--address", "127.0.0.1:0", "--monitoring-port", "0"]
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [*MIXS, "server", *map(str, flags)], stdout=subprocess.DEVNULL, stderr=theirs
    ) as process:
        os.close(theirs)
        try:
            said = _read_terminal(ours, until="mixc check -m .*\n")
        finally:
            process.kill()
            os.close(ours)
    shown = said[said.index("Mixer is serving") :].replace(str(directory), "the built-in demo")
    shown = re.sub(r"127\.0\.0\.1:\d+/", "127.0.0.1:15014/", shown)
    assert re.sub(r"127\.0\.0\.1:\d+(?=[ \n])", "127.0.0.1:9091", shown) == step.output


def _read_terminal(descriptor, until):
    """What a program writes to a terminal, without colours, up to where a pattern matches."""
    said = ""
    while not (found := re.search(until, said)):
        raw = os.read(descriptor, 4096).decode().replace("\r\n", "\n")
        said += re.sub(r"\x1b\[[0-9;]*m", "", raw)
    return said[: found.end()]
