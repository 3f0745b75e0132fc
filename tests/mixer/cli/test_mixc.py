import json

import pytest

from mixer.cli.mixc import main


@pytest.fixture
def mixc(run, mixer_address):
    def mixc(command, *arguments):
        return run(main, command, "-m", mixer_address, *arguments)

    return mixc


def test_an_allowed_request_exits_with_0_and_says_what_the_verdict_depends_on(mixc):
    result = mixc(
        "check", "-s", "source.name=alice", "--stringmap_attributes", "request.headers=x:y"
    )

    assert result.exit_code == 0
    assert result.output == (
        "OK\n"
        "valid for 1m0s or 10000 uses\n"
        "\n"
        "Referenced attributes\n"
        "attribute              key      condition\n"
        "context.reporter.kind           ABSENCE\n"
        "destination.namespace           ABSENCE\n"
        "request.headers        x-greet  ABSENCE\n"
        "source.name                     EXACT\n"
    )


def test_a_denied_request_exits_with_1_and_says_why(mixc):
    result = mixc("check", "-a", "source.name=mallory")

    assert result.exit_code == 1
    assert result.output.splitlines()[:2] == [
        "PERMISSION_DENIED: deny.istio-system:not you",
        "valid for 5s or 3 uses",
    ]


def test_header_operations_are_shown(mixc):
    result = mixc("check", "--stringmap_attributes", "request.headers=x-greet:yes")

    assert (
        "Header operations\n"
        "on       operation  header      value\n"
        "request  APPEND     x-greeting  hello\n"
    ) in result.output


def test_a_quota_that_is_used_up_exits_with_1(mixc):
    flags = ("-q", "requests=1", "-r", "3", "--no-cache")
    result = mixc("check", "-s", "source.name=quota", *flags)

    assert result.exit_code == 1
    assert [line for line in result.output.splitlines() if line.startswith("requests ")] == [
        "requests  1      1        1h0m0s     OK",
        "requests  1      1        1h0m0s     OK",
        "requests  1      0        0s         OK",
    ]
    assert "RESOURCE_EXHAUSTED: Quota is exhausted for: requests\n" in result.output


def test_what_is_asked_again_is_answered_from_the_cache(mixc):
    result = mixc("check", "-s", "source.name=mallory", "-r", "4")

    cached = ["PERMISSION_DENIED: deny.istio-system:not you", "from the cache"]
    assert result.output.splitlines()[-11:] == [
        *cached * 3,
        "",
        "Cache",
        "        hits  misses",
        "policy  3     1",
        "calls: 1",
    ]


def test_an_answer_may_be_used_only_so_often(mixc):
    result = mixc("check", "-s", "source.name=mallory", "-r", "5")

    assert result.output.splitlines()[-2:] == ["policy  3     2", "calls: 2"]


def test_json_output_is_one_object_per_answer(mixc):
    result = mixc("check", "-s", "source.name=mallory", "-o", "json", "-r", "2")

    first, second = (json.loads(line) for line in result.output.splitlines())
    verdict = {
        "status": "PERMISSION_DENIED",
        "code": 7,
        "message": "deny.istio-system:not you",
        "quota_cache_hit": False,
        "header_operations": [],
        "direct_response_code": 0,
        "direct_response_body": "",
    }
    assert second == verdict | {"check_cache_hit": True}
    assert first == verdict | {
        "check_cache_hit": False,
        "valid_duration": "5s",
        "valid_use_count": 3,
        "referenced_attributes": [
            {"name": "context.reporter.kind", "key": "", "condition": "ABSENCE"},
            {"name": "destination.namespace", "key": "", "condition": "ABSENCE"},
            {"name": "source.name", "key": "", "condition": "EXACT"},
        ],
        "quotas": [],
    }


@pytest.mark.parametrize("command", ["check", "report"])
def test_no_answer_exits_with_2(run, tmp_path, command):
    result = run(main, command, "-m", f"unix:{tmp_path}/nobody")

    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: no answer from unix:{tmp_path}/nobody: UNAVAILABLE: ")


def test_a_wrong_value_is_a_usage_error(mixc):
    result = mixc("check", "-q", "requests=many")

    assert result.exit_code == 2
    assert "'many' is no 64-bit integer" in result.stderr


def test_flags_can_be_given_as_environment_variables(run, mixer_address):
    env = {"MIXC_CHECK_MIXER": mixer_address, "MIXC_CHECK_ATTRIBUTES": "source.name=mallory"}

    assert run(main, "check", env=env).exit_code == 1


def test_report_says_how_many_records_went_in_how_many_calls(mixc):
    result = mixc("report", "-a", "response.code=200", "-r", "5", "--report_batch_size", "2")

    assert (result.exit_code, result.output) == (0, "OK (records: 5, calls: 3)\n")


def test_report_has_json_output_too(mixc):
    result = mixc("report", "-o", "json")

    assert json.loads(result.output) == {"records": 1, "calls": 1}
