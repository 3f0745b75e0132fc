"""How the demo says what became of its requests."""

import json

from mixer.cli.demo.explain import rows
from mixer.cli.demo.script import Answer, Step


def answer(status=200, reason="OK", received=(), **headers):
    """An answer that Envoy passed on, whose service received these headers."""
    body = json.dumps({"headers": [["host", "reviews"], *received]}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, reason=reason, headers={"server": "envoy", **named}, body=body)


def test_a_request_that_passes_unchanged_was_denied_by_nobody():
    step = Step(headers={"x-a": "1"})
    passed = answer(received=[["x-a", "1"], ["x-request-id", "7"]])

    assert list(rows(step, [passed])) == [("GET /, x-a: 1", "OK", "no rule denies it", "200 OK")]


def test_header_operations_are_what_differs_at_either_end():
    step = Step(path="/p", headers={"x-gone": "1", "x-same": "2", "x-other": "3"})
    passed = answer(received=[["x-same", "2"], ["x-other", "4"], ["x-new", "5"]], x_back="6")

    assert list(rows(step, [passed])) == [
        (
            "GET /p, x-gone: 1, x-same: 2, x-other: 3",
            "OK",
            "to the service x-other: 4, x-new: 5, no x-gone; to the client x-back: 6",
            "200 OK",
        )
    ]


def test_a_denial_names_its_reason_rule_and_handler():
    denied = answer(
        403,
        "Forbidden",
        x_mixer_code="PERMISSION_DENIED",
        x_mixer_reason="not you",
        x_mixer_rule="default/r",
        x_mixer_handler="h.default",
    )

    assert list(rows(Step(source="127.0.0.2"), [denied])) == [
        (
            "GET /, from 127.0.0.2",
            "PERMISSION_DENIED",
            "not you (rule default/r, handler h.default)",
            "403 Forbidden",
        )
    ]


def test_answers_of_one_step_that_say_the_same_are_counted():
    limit = {"ratelimit_limit": "3, 3;w=10", "ratelimit_reset": "10"}
    answers = [
        answer(ratelimit_remaining="2", **limit),
        answer(ratelimit_remaining="1", **limit),
        answer(ratelimit_remaining="0", **limit),
        answer(429, "Too Many Requests", ratelimit_remaining="0", **limit),
    ]

    assert list(rows(Step(count=4), answers)) == [
        ("GET / (2 of 4)", "OK", "the quota is 3 in 10 s", "200 OK"),
        ("GET / (1 of 4)", "OK", "the quota is 3 in 10 s, and used up", "200 OK"),
        (
            "GET / (1 of 4)",
            "OVER_LIMIT",
            "the quota is 3 in 10 s, and used up",
            "429 Too Many Requests",
        ),
    ]


def test_without_a_verdict_envoy_has_the_word():
    failed = Answer(status=503, reason="Service Unavailable", headers={}, body=b"")

    assert list(rows(Step(), [failed])) == [("GET /", "no answer", "", "503 Service Unavailable")]
