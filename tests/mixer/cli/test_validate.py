import json

import pytest

from mixer.cli.mixs import main

BAD = """kind: handler
metadata: {name: deny, namespace: ns}
spec:
  compiledAdapter: nosuch
---
kind: instance
metadata: {name: nothing, namespace: ns}
spec:
  compiledTemplate: nosuch
"""


@pytest.fixture
def bad(tmp_path):
    (tmp_path / "b.yaml").write_text(BAD)
    (tmp_path / "a.yaml").write_text("kind: rule\nmetadata: {name: [}\n")
    return tmp_path


def test_a_good_configuration_is_counted_and_exits_with_0(run, config):
    result = run(main, "validate", config)

    assert (result.exit_code, result.output) == (
        0,
        "no errors in 3 rules, 2 handlers, 2 instances, 3 attributes\n",
    )


def test_a_bad_one_exits_with_1_and_lists_every_error_by_file_and_line(run, bad):
    result = run(main, "validate", bad)

    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0] == "a.yaml"
    assert lines[1].startswith("  line 2: ")
    assert lines[2] == "b.yaml"
    assert lines[3].startswith("  line 4: handler/ns/deny: compiledAdapter: ")
    assert lines[4].startswith("  line 9: instance/ns/nothing: compiledTemplate: ")
    assert lines[5:] == ["3 errors; good are 0 rules, 0 handlers, 0 instances, 0 attributes"]


def test_json_output_has_each_error_in_parts(run, bad):
    result = run(main, "validate", bad, "--output", "json")

    assert result.exit_code == 1
    report = json.loads(result.output)
    errors = report.pop("errors")
    assert report == {"valid": False, "rules": 0, "handlers": 0, "instances": 0, "attributes": 0}
    assert [
        {key: error[key] for key in ("file", "line", "resource", "field")} for error in errors[1:]
    ] == [
        {"file": "b.yaml", "line": 4, "resource": "handler/ns/deny", "field": "compiledAdapter"},
        {
            "file": "b.yaml",
            "line": 9,
            "resource": "instance/ns/nothing",
            "field": "compiledTemplate",
        },
    ]


def test_json_output_of_a_good_one(run, config):
    assert json.loads(run(main, "validate", config, "-o", "json").output) == {
        "valid": True,
        "rules": 3,
        "handlers": 2,
        "instances": 2,
        "attributes": 3,
        "errors": [],
    }


def test_a_directory_that_is_not_there_is_a_usage_error(run, tmp_path):
    assert run(main, "validate", tmp_path / "nowhere").exit_code == 2
