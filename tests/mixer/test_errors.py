"""Errors: one root, and texts that say where."""

import inspect

import pytest

from mixer import errors
from mixer.errors import (
    ConfigError,
    ConfigErrors,
    EvaluationError,
    ExpressionError,
    Location,
    LookupFailedError,
    MixerError,
    OverloadedError,
    RequestError,
)

WHERE = Location(file="rules/deny.yaml", line=12)
TEXTS = [
    (
        ConfigError("rule/ns/r: match", "col 1: what?", WHERE),
        "rules/deny.yaml:12: rule/ns/r: match: col 1: what?",
    ),
    (ConfigError("rule/ns/r", "is empty"), "rule/ns/r: is empty"),
    (
        ConfigErrors([ConfigError("a", "b"), ConfigError("c", "d", WHERE)]),
        "a: b\nrules/deny.yaml:12: c: d",
    ),
    (ConfigErrors([]), ""),
    (ExpressionError("unknown attribute x", 3), "col 3: unknown attribute x"),
    (LookupFailedError("source.name"), "lookup failed: 'source.name'"),
    (OverloadedError(), "Server is currently overloaded. Please try again."),
    (RequestError("bad"), "bad"),
]


@pytest.mark.parametrize(("error", "text"), TEXTS)
def test_the_text_says_what_and_where(error, text):
    assert str(error) == text


def test_all_have_one_root():
    classes = [one for _, one in inspect.getmembers(errors, inspect.isclass)]
    raised = [one for one in classes if issubclass(one, BaseException)]
    assert all(issubclass(one, MixerError) for one in raised)


def test_an_absent_attribute_is_one_kind_of_evaluation_error():
    assert issubclass(LookupFailedError, EvaluationError)


def test_the_parts_of_a_configuration_error_can_be_read():
    error = ConfigError("rule/ns/r: match", "what?", WHERE)
    assert (error.place, error.message, error.location) == ("rule/ns/r: match", "what?", WHERE)
    assert ConfigErrors(iter([error])).errors == (error,)
