import json

from mixer.cli.mixs import main


def test_it_prints_type_value_and_references(run):
    result = run(main, "expr", 'request.headers["x-a"] == "b"', "-a", "request.headers=x-a:b")

    assert result.exit_code == 0
    assert result.output.startswith(
        "type   BOOL\n"
        "value  true\n"
        "\n"
        "Referenced attributes\n"
        "attribute        key  condition\n"
        "request.headers  x-a  EXACT\n"
        "\n"
        "Python\n"
    )


def test_a_string_is_quoted(run):
    result = run(main, "expr", 'source.name | "no\\"body"', "-o", "json")

    assert json.loads(result.output)["value"] == '"no\\"body"'


def test_the_python_is_shown(run):
    found = json.loads(run(main, "expr", '"a" == "b"', "-o", "json").output)

    names = {name: eval(constant) for name, constant in found["constants"].items()}
    assert sorted(names.values()) == ["a", "b"]
    assert eval(found["python"], names) is False


def test_an_expression_without_value_says_why_and_exits_with_0(run):
    result = run(main, "expr", "request.size", "-o", "json")

    assert result.exit_code == 0
    found = json.loads(result.output)
    del found["python"], found["constants"]
    assert found == {
        "type": "INT64",
        "value": None,
        "no_value": "lookup failed: 'request.size'",
        "references": [{"attribute": "request.size", "key": "", "condition": "ABSENCE"}],
    }


def test_an_unknown_attribute_has_the_type_of_its_value(run):
    result = run(main, "expr", "my.flag", "-b", "my.flag=true", "-o", "json")

    assert json.loads(result.output)["type"] == "BOOL"


def test_an_untyped_value_has_the_type_that_the_vocabulary_says(run):
    result = run(main, "expr", "request.path", "-a", "request.path=80", "-o", "json")

    assert json.loads(result.output)["value"] == '"80"'


def test_the_vocabulary_of_a_configuration_can_be_used(run, config):
    assert run(main, "expr", "source.name", "--vocabulary", config).exit_code == 0
    assert run(main, "expr", "request.size", "--vocabulary", config).exit_code == 1


def test_a_wrong_expression_is_shown_with_a_caret_and_exits_with_1(run):
    result = run(main, "expr", 'request.size == 1 && nosuch == "x"')

    assert result.exit_code == 1
    expression, caret, error = result.stderr.splitlines()
    assert expression == 'request.size == 1 && nosuch == "x"'
    assert caret == "                     ^"
    assert error.startswith("col 22: ")
    assert "nosuch" in error


def test_the_caret_stands_below_the_line_with_the_error(run):
    result = run(main, "expr", "true &&\n  nosuch")

    assert result.stderr.splitlines()[:2] == ["  nosuch", "  ^"]


def test_json_output_of_a_wrong_expression(run):
    result = run(main, "expr", "nosuch", "-o", "json")

    assert result.exit_code == 1
    found = json.loads(result.output)
    assert found.keys() == {"column", "error"}
    assert found["column"] == 1
