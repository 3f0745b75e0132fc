"""`onError` of a rule: what becomes of a request when something fails in it."""

from dataclasses import replace

import pytest
from prometheus_client import REGISTRY

from mixer.adapter import CheckResult, QuotaResult, Status, UnavailableError
from mixer.attribute.bag import MappingBag
from mixer.dispatch.verdict import QuotaRequest
from mixer.errors import ConfigErrors, DispatchError
from mixer.runtime import Runtime
from mixer.template import lookup
from tests.integration.documents import contents, generator, handler, instance, rule
from tests.integration.spy import Registry, Spy, runtime_of

BROKEN = ValueError("broken")
AWAY = UnavailableError("down")
CANNOT_BE_ASKED = Status(code=14, message="h.istio-system:can't be asked now")
BRIEF = (1.0, 1)
"""Seconds, and how many requests, for which a verdict holds that was made without somebody."""


def check(spy, on_error, *documents, attributes=None, quotas=()):
    rules = rule("r", ("h", "i"), onError=on_error)
    runtime = runtime_of(spy, handler("h"), instance("i"), rules, *documents)
    return runtime.dispatcher.check(MappingBag(attributes or {}), quotas)


def broken(**others):
    return failing(BROKEN, **others)


def failing(error, **others):
    answers = {f"{name}.istio-system": answer for name, answer in others.items()}
    return Spy(answers={"h.istio-system": error, **answers})


def counted(on_error):
    labels = {"handler": "h.istio-system", "on_error": on_error}
    return REGISTRY.get_sample_value("mixer_rule_errors_total", labels) or 0


def limits(verdict):
    return verdict.valid_duration_s, verdict.valid_use_count


@pytest.mark.parametrize("on_error", [None, "fail"])
def test_a_check_fails_with_a_handler_that_makes_a_mistake(on_error):
    with pytest.raises(DispatchError, match="h.istio-system: ValueError: broken"):
        check(broken(), on_error)


@pytest.mark.parametrize("error", [AWAY, ConnectionResetError("gone")])
def test_a_check_is_denied_while_a_handler_is_away(error):
    before = counted("deny")
    verdict = check(failing(error), None)
    assert (verdict.status, limits(verdict)) == (CANNOT_BE_ASKED, BRIEF)
    assert counted("deny") == before + 1


def test_with_fail_the_check_fails_then_too():
    with pytest.raises(DispatchError, match="h.istio-system: UnavailableError: down"):
        check(failing(AWAY), "fail")


def test_allow_lets_the_request_pass_and_asks_again_soon():
    verdict = check(broken(), "allow")
    assert (verdict.status, limits(verdict)) == (Status(), BRIEF)


def test_deny_denies_without_telling_the_client_why():
    verdict = check(broken(), "deny")
    assert (verdict.status, limits(verdict)) == (CANNOT_BE_ASKED, BRIEF)


def test_other_rules_decide_as_ever():
    spy = broken(other=CheckResult(Status(code=7, message="no"), 60.0, 100))
    documents = handler("other"), rule("s", ("other", "i"))
    verdict = check(spy, "allow", *documents)
    assert verdict.status == Status(code=7, message="other.istio-system:no")
    assert limits(verdict) == BRIEF


def test_what_fails_in_another_rule_fails_the_check():
    documents = handler("other"), rule("s", ("other", "i"))
    with pytest.raises(DispatchError, match=r"(?s)1 error occurred:.*other.istio-system"):
        check(broken(other=BROKEN), "allow", *documents)


def test_two_rules_may_treat_one_handler_differently():
    spy = broken()
    rules = rule("s", ("h", "i"), match='source.name == "strict"')
    assert check(spy, "allow", rules).status.code == 0
    with pytest.raises(DispatchError):
        check(spy, "allow", rules, attributes={"source.name": "strict"})


@pytest.mark.parametrize(("on_error", "code"), [("allow", 0), ("deny", 14)])
def test_an_instance_that_cannot_be_made_is_treated_alike(on_error, code):
    entry = instance("entry", "listentry", value="request.size")
    rules = rule("r", ("h", "entry"), onError=on_error)
    runtime = runtime_of(Spy(), handler("h"), entry, rules)
    verdict = runtime.dispatcher.check(MappingBag({}))
    assert (verdict.status.code, limits(verdict)) == (code, BRIEF)


def test_an_instance_that_cannot_be_made_is_no_sign_that_a_handler_is_away():
    bad = instance("bad", "listentry", value="request.size")
    good = instance("good", "listentry", value='"x"')
    rules = rule("r", ("h", "bad", "good"))
    runtime = runtime_of(failing(AWAY), handler("h"), bad, good, rules)
    with pytest.raises(DispatchError, match=r"(?s)2 errors occurred:.*bad.*UnavailableError: down"):
        runtime.dispatcher.check(MappingBag({}))


def granted(on_error, *, by_itself, error=BROKEN):
    rules = rule("r", ("h", "rc"), onError=on_error)
    runtime = runtime_of(failing(error), handler("h"), instance("rc", "quota"), rules)
    request = QuotaRequest("rc", 5)
    if by_itself:
        (verdict,) = runtime.dispatcher.quota(MappingBag({}), [request])
        return verdict.amount, verdict.valid_duration_s, verdict.failure
    verdict = runtime.dispatcher.check(MappingBag({}), [request]).quotas["rc"]
    return verdict.amount, verdict.valid_duration_s, verdict.failure


@pytest.mark.parametrize("by_itself", [False, True])
def test_a_quota_that_cannot_be_asked_is_granted_briefly_where_errors_are_allowed(by_itself):
    assert granted("allow", by_itself=by_itself) == (5, 1.0, "")


@pytest.mark.parametrize("on_error", ["deny", "fail"])
def test_otherwise_nothing_is_granted(on_error):
    assert granted(on_error, by_itself=False)[:2] == (0, 0.0)
    amount, _, failure = granted(on_error, by_itself=True)
    assert (amount, failure) == (0, "h.istio-system: ValueError: broken")


def test_nothing_is_granted_while_a_handler_is_away():
    assert granted(None, by_itself=False, error=AWAY)[:2] == (0, 0.0)
    amount, _, failure = granted(None, by_itself=True, error=AWAY)
    assert (amount, failure) == (0, "h.istio-system: UnavailableError: down")


@pytest.mark.parametrize("by_itself", [False, True])
def test_other_limits_hold_as_ever(by_itself):
    spy = broken(other=QuotaResult(amount=2, valid_duration_s=9.0))
    rules = rule("r", ("h", "rc"), onError="allow"), rule("s", ("other", "rc"))
    documents = handler("h"), handler("other"), instance("rc", "quota"), *rules
    dispatcher = runtime_of(spy, *documents).dispatcher
    request = QuotaRequest("rc", 5, True)
    if by_itself:
        (verdict,) = dispatcher.quota(MappingBag({}), [request])
    else:
        verdict = dispatcher.check(MappingBag({}), [request]).quotas["rc"]
    assert (verdict.amount, verdict.valid_duration_s) == (2, 9.0)


def report(on_error, answer, *, is_durable=False):
    info = replace(failing(answer).info, is_durable=is_durable)
    rules = rule("r", ("h", "n"), onError=on_error)
    runtime = Runtime(Registry(info))
    runtime.apply(contents(handler("h"), instance("n", "reportnothing"), rules))
    runtime.dispatcher.report([MappingBag({})])


@pytest.mark.parametrize(
    ("on_error", "error", "is_durable"),
    [
        ("fail", BROKEN, False),
        ("deny", BROKEN, False),
        (None, BROKEN, False),
        ("fail", AWAY, False),
        ("deny", AWAY, False),
        (None, AWAY, True),
    ],
)
def test_a_report_that_is_lost_is_an_error_of_the_call(on_error, error, is_durable):
    with pytest.raises(DispatchError, match="failed to report all values: h.istio-system"):
        report(on_error, error, is_durable=is_durable)


@pytest.mark.parametrize(
    ("on_error", "error", "is_durable"),
    [("allow", BROKEN, False), (None, AWAY, False), ("allow", AWAY, True)],
)
def test_or_it_is_only_counted(on_error, error, is_durable):
    before = counted("allow")
    report(on_error, error, is_durable=is_durable)
    assert counted("allow") == before + 1


def generating(spy, on_error):
    """`h` makes the attribute source.owner; `other` is asked about who has none."""
    unowned = '(source.owner | "nobody") == "nobody"'
    return runtime_of(
        spy,
        *(handler("h"), handler("other")),
        generator("made", '"key"', source__owner="lookup.output.value"),
        rule("g", ("h", "made"), onError=on_error),
        *(instance("i"), instance("n", "reportnothing"), instance("rc", "quota")),
        rule("d", ("other", "i", "n"), match=unowned),
    ).dispatcher


def test_attributes_that_cannot_be_made_are_absent_where_errors_are_allowed():
    spy = broken(other=CheckResult(Status(code=7), 60.0, 100))
    dispatcher = generating(spy, "allow")
    verdict = dispatcher.check(MappingBag({}))
    assert (verdict.status.code, limits(verdict)) == (7, BRIEF)
    spy.answers["h.istio-system"] = lookup.Output(value="me")
    assert dispatcher.check(MappingBag({})).status.code == 0


@pytest.mark.parametrize(("on_error", "error"), [(None, AWAY), ("deny", AWAY), ("deny", BROKEN)])
def test_nothing_is_decided_on_half_of_the_attributes(on_error, error):
    spy = failing(error)
    verdict = generating(spy, on_error).check(MappingBag({}))
    assert (verdict.status, limits(verdict)) == (CANNOT_BE_ASKED, BRIEF)
    assert spy.asked("other.istio-system") == []


@pytest.mark.parametrize(("on_error", "error"), [(None, BROKEN), ("fail", AWAY), ("fail", BROKEN)])
def test_or_the_check_fails(on_error, error):
    with pytest.raises(DispatchError, match="preprocessing attributes failed: h.istio-system"):
        generating(failing(error), on_error).check(MappingBag({}))


@pytest.mark.parametrize("on_error", [None, "fail", "deny"])
def test_a_quota_needs_all_attributes(on_error):
    with pytest.raises(DispatchError, match="preprocessing attributes failed: h.istio-system"):
        generating(failing(AWAY), on_error).quota(MappingBag({}), [QuotaRequest("rc", 5)])


def test_reports_go_without_attributes_whose_maker_is_away():
    spy, before = failing(AWAY, other=None), counted("allow")
    generating(spy, None).report([MappingBag({})])
    assert len(spy.asked("other.istio-system")) == 1
    assert counted("allow") == before + 1


@pytest.mark.parametrize(
    ("on_error", "error"), [(None, BROKEN), ("fail", AWAY), ("deny", AWAY), ("deny", BROKEN)]
)
def test_or_the_report_of_that_request_fails(on_error, error):
    spy = failing(error, other=None)
    with pytest.raises(DispatchError, match="preprocessing attributes failed: h.istio-system"):
        generating(spy, on_error).report([MappingBag({})])
    assert spy.asked("other.istio-system") == []


def test_what_a_rule_may_say_is_checked():
    with pytest.raises(ConfigErrors, match=r"rule/istio-system/r: onError: want one of fail, deny"):
        check(Spy(), "ignore")
