import json
import re

import pytest

import mixer
from mixer.cli.mixs import main


def test_version_names_mixer_and_what_it_runs_on(run):
    assert json.loads(run(main, "version", "-o", "json").output).keys() == {
        "mixer",
        "python",
        "grpcio",
        "protobuf",
        "prometheus-client",
    }


def test_a_short_version_is_one_word(run):
    assert run(main, "version", "-s").output == f"{mixer.__version__}\n"


def test_adapters_are_listed_with_their_templates(run):
    found = {row["name"]: row for row in json.loads(run(main, "adapters", "-o", "json").output)}

    denier = found["denier"]
    assert denier["templates"] == ["checknothing", "listentry", "quota"]
    assert (denier["distribution"], denier["version"]) == ("pymixer", mixer.__version__)
    assert [row["error"] for row in found.values()] == [""] * len(found)


def test_the_table_of_adapters_is_plain_text_when_piped(run):
    heading, *rows = run(main, "adapters").output.splitlines()

    assert re.split(r"\s{2,}", heading) == ["adapter", "templates", "from", "description"]
    (row,) = (row for row in rows if row.startswith("denier "))
    assert re.split(r"\s{2,}", row)[:3] == [
        "denier",
        "checknothing, listentry, quota",
        f"pymixer {mixer.__version__}",
    ]


def test_attributes_are_those_of_the_configuration(run, config):
    assert json.loads(run(main, "attributes", "--config", config, "-o", "json").output) == [
        {"name": "request.headers", "type": "STRING_MAP", "description": ""},
        {"name": "response.code", "type": "INT64", "description": ""},
        {"name": "source.name", "type": "STRING", "description": ""},
    ]


def test_attributes_are_those_of_the_demo_without_a_configuration(run):
    lines = run(main, "attributes").output.splitlines()

    assert any(re.match(r"request\.size +INT64 +Bytes", line) for line in lines)


@pytest.mark.parametrize(
    "command", ["server", "validate", "expr", "adapters", "attributes", "version"]
)
def test_help_shows_the_environment_variable_of_each_flag(run, command):
    text = re.sub(r"\s+", " ", run(main, command, "--help").output)
    options = text.partition("Options:")[2]

    flags = len(re.findall(r" (?:-\w, )?--[a-z]", options)) - len(re.findall(r" / --", options))
    assert options.count("[env var: MIXS_") == flags - 1  # all but --help


def test_a_terminal_gets_colours_and_tables(run):
    output = run(main, "version", env={"FORCE_COLOR": "1"}).output

    assert "\x1b[1m" in output
    assert "│ mixer " in output
