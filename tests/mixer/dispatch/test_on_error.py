"""`onError` of a rule: what becomes of a request when something fails in it."""

import pytest
from prometheus_client import REGISTRY

from mixer.adapter import CheckResult, QuotaResult, Status
from mixer.attribute.bag import MappingBag
from mixer.dispatch.verdict import QuotaRequest
from mixer.errors import ConfigErrors, DispatchError
from mixer.template import lookup
from tests.integration.documents import generator, handler, instance, rule
from tests.integration.spy import Spy, runtime_of

BROKEN = ValueError("broken")
BRIEF = (1.0, 1)
"""Seconds, and how many requests, for which a verdict holds that was made without somebody."""


def check(spy, on_error, *documents, attributes=None, quotas=()):
    rules = rule("r", ("h", "i"), **({"onError": on_error} if on_error else {}))
    runtime = runtime_of(spy, handler("h"), instance("i"), rules, *documents)
    return runtime.dispatcher.check(MappingBag(attributes or {}), quotas)


def broken(**others):
    answers = {f"{name}.istio-system": answer for name, answer in others.items()}
    return Spy(answers={"h.istio-system": BROKEN, **answers})


def limits(verdict):
    return verdict.valid_duration_s, verdict.valid_use_count


@pytest.mark.parametrize("on_error", [None, "fail"])
def test_a_check_fails_unless_the_rule_says_otherwise(on_error):
    with pytest.raises(DispatchError, match="h.istio-system: ValueError: broken"):
        check(broken(), on_error)


def test_allow_lets_the_request_pass_and_asks_again_soon():
    verdict = check(broken(), "allow")
    assert (verdict.status, limits(verdict)) == (Status(), BRIEF)


def test_deny_denies_without_telling_the_client_why():
    verdict = check(broken(), "deny")
    assert verdict.status == Status(code=14, message="h.istio-system:can't be asked now")
    assert limits(verdict) == BRIEF


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


def granted(on_error, *, by_itself):
    rules = rule("r", ("h", "rc"), onError=on_error)
    runtime = runtime_of(broken(), handler("h"), instance("rc", "quota"), rules)
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


def report(on_error, answer):
    spy = Spy(answers={"h.istio-system": answer})
    rules = rule("r", ("h", "n"), onError=on_error)
    runtime = runtime_of(spy, handler("h"), instance("n", "reportnothing"), rules)
    runtime.dispatcher.report([MappingBag({})])


@pytest.mark.parametrize("on_error", ["fail", "deny"])
def test_a_report_that_is_lost_is_an_error_of_the_call(on_error):
    with pytest.raises(DispatchError, match="failed to report all values: h.istio-system"):
        report(on_error, BROKEN)


def test_where_errors_are_allowed_a_lost_report_is_only_counted():
    labels = {"handler": "h.istio-system", "on_error": "allow"}
    before = REGISTRY.get_sample_value("mixer_rule_errors_total", labels) or 0
    report("allow", BROKEN)
    assert REGISTRY.get_sample_value("mixer_rule_errors_total", labels) == before + 1


def test_attributes_that_cannot_be_made_are_absent_where_errors_are_allowed():
    made = generator("made", '"key"', source__owner="lookup.output.value")
    generating = rule("g", ("h", "made"), onError="allow")
    deciding = rule("d", ("other", "i"), match='(source.owner | "nobody") == "nobody"')
    spy = broken(other=CheckResult(Status(code=7)))
    documents = handler("h"), handler("other"), made, instance("i"), generating, deciding
    assert runtime_of(spy, *documents).dispatcher.check(MappingBag({})).status.code == 7
    spy.answers["h.istio-system"] = lookup.Output(value="me")
    assert runtime_of(spy, *documents).dispatcher.check(MappingBag({})).status.code == 0


def test_what_a_rule_may_say_is_checked():
    with pytest.raises(ConfigErrors, match=r"rule/istio-system/r: onError: want one of fail, deny"):
        check(Spy(), "ignore")
