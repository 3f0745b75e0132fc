"""Handlers that break their contract cost one request, and say which handler it was."""

from asyncio import CancelledError

import pytest

from mixer.adapter import CheckResult, QuotaResult, Status
from mixer.attribute.bag import MappingBag
from mixer.errors import DispatchError
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy, runtime_of

CHECKS = (handler("a"), handler("b"), instance("i"), rule("r", ("a", "i"), ("b", "i")))


class SpeechlessError(Exception):
    """An exception whose text can't be had."""

    def __str__(self):
        raise RuntimeError("no text")


FAULTS = [
    (ValueError("broken"), "a.istio-system: ValueError: broken"),
    (RecursionError("deep"), "a.istio-system: RecursionError: deep"),
    (MemoryError(), "a.istio-system: MemoryError"),
    (StopIteration(), "a.istio-system: StopIteration"),
    (None, "a.istio-system: handle_checknothing returned NoneType, not CheckResult"),
    (True, "a.istio-system: handle_checknothing returned bool, not CheckResult"),
    ((), "a.istio-system: handle_checknothing returned tuple, not CheckResult"),
    (QuotaResult(), "a.istio-system: handle_checknothing returned QuotaResult, not CheckResult"),
]


@pytest.mark.parametrize("answer", [SystemExit(1), CancelledError()], ids=repr)
def test_whatever_is_raised_is_a_failure_of_that_handler(answer):
    spy = Spy(answers={"a.istio-system": answer})
    with pytest.raises(DispatchError):
        runtime_of(spy, *CHECKS).dispatcher.check(MappingBag({}))


@pytest.mark.parametrize(("answer", "text"), FAULTS)
def test_a_check_fails_as_a_whole(answer, text):
    spy = Spy(answers={"a.istio-system": answer})
    dispatcher = runtime_of(spy, *CHECKS).dispatcher

    with pytest.raises(DispatchError) as raised:
        dispatcher.check(MappingBag({}))

    assert str(raised.value) == (
        f"performing check operation failed: 1 error occurred:\n\n* {text}"
    )
    assert len(spy.calls) == 2  # the other one was asked all the same


def test_a_failure_hides_a_denial():
    denial = CheckResult(status=Status(code=7))
    spy = Spy(answers={"a.istio-system": denial, "b.istio-system": ValueError("broken")})

    with pytest.raises(DispatchError, match=r"1 error occurred:\n\n\* b\.istio-system: ValueError"):
        runtime_of(spy, *CHECKS).dispatcher.check(MappingBag({}))


def test_all_failures_are_told():
    spy = Spy(answers={"a.istio-system": ValueError("x"), "b.istio-system": KeyError("y")})

    with pytest.raises(DispatchError) as raised:
        runtime_of(spy, *CHECKS).dispatcher.check(MappingBag({}))

    assert str(raised.value) == (
        "performing check operation failed: 2 errors occurred:\n\n"
        "* a.istio-system: ValueError: x\n* b.istio-system: KeyError: 'y'"
    )


def test_the_next_request_is_answered():
    spy = Spy(answers={"a.istio-system": ValueError("broken")})
    dispatcher = runtime_of(spy, *CHECKS).dispatcher
    with pytest.raises(DispatchError):
        dispatcher.check(MappingBag({}))
    spy.answers.clear()
    assert dispatcher.check(MappingBag({})).status == Status()


def test_an_instance_that_cannot_be_made_fails_the_check_and_names_instance_and_field():
    entry = instance("entry", "listentry", value="request.size")
    runtime = runtime_of(Spy(), handler("a"), entry, rule("r", ("a", "entry")))

    with pytest.raises(DispatchError) as raised:
        runtime.dispatcher.check(MappingBag({}))

    assert str(raised.value) == (
        "performing check operation failed: 1 error occurred:\n\n"
        "* evaluation failed at [entry.instance.istio-system]'Value': "
        "'lookup failed: 'request.size''"
    )


def test_an_exception_without_a_text_is_a_failure_like_any_other():
    spy = Spy(answers={"a.istio-system": SpeechlessError()})
    with pytest.raises(DispatchError):
        runtime_of(spy, *CHECKS).dispatcher.check(MappingBag({}))
