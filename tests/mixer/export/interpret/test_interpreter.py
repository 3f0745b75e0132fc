"""The reference interpreter, by example: what the tests against Mixer do not reach."""

import json

import pytest

from mixer.export.interpret import Interpreter
from tests.mixer.export.empty_program import EMPTY
from tests.mixer.export.vectors import program_of, vectors

FAILING = {
    "code": [[24]],
    "check": [
        {"rule": "ns/r", "match": -1, "actions": [{"do": "pass", "handler": "h", "evaluate": [0]}]}
    ],
}


def test_a_program_of_another_version_is_refused():
    with pytest.raises(ValueError, match="unknown version"):
        Interpreter(EMPTY | {"version": 2})


def test_an_empty_program_lets_everything_pass():
    assert Interpreter(EMPTY).check({}, 0) == {
        "allowed": True,
        "request_headers": [],
        "response_headers": [],
        "taken": [],
    }


def test_a_policy_that_can_not_be_decided_denies():
    assert Interpreter(EMPTY | FAILING).check({}, 0) == {
        "allowed": False,
        "failed": True,
        "code": 13,
        "status": 500,
        "body": "INTERNAL:the policy can't be decided",
        "headers": [],
        "taken": [],
    }


def test_or_lets_pass_if_it_is_to_fail_open():
    verdict = Interpreter(EMPTY | FAILING | {"fail_open": True}).check({}, 0)

    assert (verdict["allowed"], verdict["failed"]) == (True, True)


LIMITED = {
    "limits": [{"id": "l", "max": 2, "ticks": 10}],
    "statuses": [[8, "RESOURCE_EXHAUSTED", 429]],
    "quotas": [
        {
            "name": "q",
            "amount": 1,
            "limits": [
                {
                    "match": -1,
                    "do": "take",
                    "handler": "h",
                    "dimensions": [],
                    "overrides": [],
                    "limit": 0,
                }
            ],
        }
    ],
}


def test_what_was_taken_leaves_a_window_after_its_ticks_and_time_never_steps_back():
    interpreter = Interpreter(EMPTY | LIMITED)
    ticks = [10, 15, 15, 19, 20, 12, 24, 25]

    allowed = [interpreter.check({}, tick * 100_000_000)["allowed"] for tick in ticks]

    assert allowed == [True, True, False, False, True, False, False, True]


METRIC = {
    "constants": ["GET", {"int": "2500000"}],
    "attributes": [["a", "header", "a"]],
    "code": [[1, 0], [0, 1]],
    "metrics": [
        {
            "match": -1,
            "kind": "histogram",
            "stat": "took",
            "labels": [["method", 0]],
            "value": 1,
            "scale": 1_000_000,
            "max_series": 1,
        }
    ],
}


def test_labels_are_part_of_a_stats_name_and_there_are_only_so_many_of_one_metric():
    interpreter = Interpreter(EMPTY | METRIC)
    reports = [
        interpreter.report({"headers": headers})["metrics"]
        for headers in ([("a", "GET;")], [("a", "PUT")], [("a", "GET,")], [])
    ]

    get = ("histogram", "took;.;method=.=GET,", 2)
    # The second is one series too many; the last has no value.
    assert reports == [[get], [], [get], []]


@pytest.mark.parametrize("kind", ["counter", "gauge", "histogram"])
def test_negative_numbers_are_left_out(kind):
    negative = METRIC["metrics"][0] | {"kind": kind, "labels": []}
    program = EMPTY | METRIC | {"constants": ["GET", {"int": "-1"}], "metrics": [negative]}

    assert Interpreter(program).report({})["metrics"] == []


LOG = {
    "constants": ['a"\n\x01é', {"int": "5"}, "ERROR", {"int": "1559383200123456789"}],
    "code": [[0, 0], [0, 1, 23, 1], [0, 2], [0, 3, 23, 5]],
    "logs": [
        {
            "match": -1,
            "instance": "line",
            "severity": 2,
            "levels": {"ERROR": 2},
            "lowest": 1,
            "time": 3,
            "fields": [["text", 0, True], ["number", 1, False]],
        }
    ],
}


def test_a_line_is_json():
    ((level, line),) = Interpreter(EMPTY | LOG).report({})["logs"]

    assert (level, line) == (
        2,
        '{"level":"error","time":"2019-06-01T10:00:00.123456Z","instance":"line",'
        r'"text":"a\"\n\u0001é","number":5}',
    )
    assert json.loads(line)["text"] == 'a"\n\x01é'


def test_a_line_below_the_lowest_level_is_not_written():
    (log,) = LOG["logs"]

    assert Interpreter(EMPTY | LOG | {"logs": [log | {"levels": {}}]}).report({})["logs"] == []


def test_vectors_are_the_same_each_time_and_plain_json():
    first = vectors(1)

    assert json.loads(json.dumps(first)) == json.loads(json.dumps(vectors(1)))
    assert len(first["cases"]) == 70


def test_a_program_survives_its_file():
    program = program_of(2)

    assert json.loads(json.dumps(program)) == json.loads(
        json.dumps(program, ensure_ascii=False, separators=(",", ":"))
    )
