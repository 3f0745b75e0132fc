"""Quotas that a Check asks for (protocol.md 5)."""

import pytest

from mixer.adapter import CheckResult, QuotaArgs, QuotaResult, Status
from mixer.attribute.bag import MappingBag
from mixer.dispatch.verdict import QuotaRequest
from mixer.runtime import OnConfigError, RuntimeOptions
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy, runtime_of

GRANT = QuotaResult(amount=3, valid_duration_s=5.0)
OTHER = QuotaResult(amount=8, valid_duration_s=9.0)
REFUSAL = QuotaResult()
DENIAL = QuotaResult(status=Status(code=8, message="used up"))
IDENTITY = {("context.reporter.kind", None, False), ("destination.namespace", None, False)}


def quota(name, **more):
    return instance(name, "quota", **more)


def limits(spy=None, *documents):
    """A dispatcher with one handler and one quota `rc`, beside other documents."""
    spy = spy or Spy(answers={"h.istio-system": GRANT})
    base = (handler("h"), quota("rc"), rule("limits", ("h", "rc")))
    return runtime_of(spy, *base, *documents).dispatcher, spy


def ask(dispatcher, *requests, deduplication_id="", **attributes):
    bag = MappingBag({name.replace("__", "."): value for name, value in attributes.items()})
    return dispatcher.check(bag, [QuotaRequest(*request) for request in requests], deduplication_id)


def granted(verdict, name="rc"):
    quota = verdict.quotas[name]
    return quota.amount, quota.valid_duration_s, quota.status


def test_the_handler_decides():
    dispatcher, _ = limits()
    assert granted(ask(dispatcher, ("rc", 5))) == (3, 5.0, Status())


def test_the_handler_gets_amount_best_effort_and_an_id_of_request_and_name():
    dispatcher, spy = limits()

    ask(dispatcher, ("rc", 5, True), deduplication_id="id-7-")
    ask(dispatcher, ("RC", -2))

    assert [args for _, args in spy.asked("h.istio-system")] == [
        QuotaArgs(deduplication_id="id-7-rc", amount=5, best_effort=True),
        QuotaArgs(deduplication_id="RC", amount=-2, best_effort=False),
    ]


@pytest.mark.parametrize("name", ["rc", "RC", "rC"])
def test_names_are_matched_without_regard_to_case(name):
    dispatcher, _ = limits()
    assert granted(ask(dispatcher, (name, 5)), name) == (3, 5.0, Status())


@pytest.mark.parametrize("name", ["rc.instance.istio-system", "rc.istio-system", "r", ""])
@pytest.mark.parametrize("amount", [5, 0, -4])
def test_of_a_quota_that_nobody_limits_all_is_granted_for_a_minute(name, amount):
    dispatcher, spy = limits()
    assert granted(ask(dispatcher, (name, amount)), name) == (amount, 60.0, Status())
    assert spy.calls == []


def test_a_quota_whose_rule_does_not_match_is_not_limited():
    spy = Spy(answers={"h.istio-system": REFUSAL})
    conditional = rule("limits", ("h", "rc"), match='source.name == "a"')
    dispatcher = runtime_of(spy, handler("h"), quota("rc"), conditional).dispatcher

    unlimited = ask(dispatcher, ("rc", 5), source__name="b")
    limited = ask(dispatcher, ("rc", 5), source__name="a")

    assert granted(unlimited) == (5, 60.0, Status())
    assert set(unlimited.quotas["rc"].references) == {*IDENTITY, ("source.name", None, True)}
    assert granted(limited) == (0, 0.0, Status())


def test_a_quota_whose_handler_is_not_running_is_not_limited():
    options = RuntimeOptions(on_config_error=OnConfigError.PARTIAL)
    broken = (handler("h", fail="no luck"), quota("rc"), rule("limits", ("h", "rc")))
    dispatcher = runtime_of(Spy(), *broken, options=options).dispatcher
    assert granted(ask(dispatcher, ("rc", 5))) == (5, 60.0, Status())


def test_a_denied_request_is_asked_for_no_quota():
    spy = Spy(answers={"deny.istio-system": CheckResult(status=Status(code=7))})
    deny = (handler("deny"), instance("nothing"), rule("deny", ("deny", "nothing")))
    dispatcher, _ = limits(spy, *deny)

    assert ask(dispatcher, ("rc", 5)).quotas == {}
    assert spy.asked("h.istio-system") == []


def test_each_quota_has_its_own_references():
    spy = Spy()
    documents = (
        handler("h"),
        instance("entry", "listentry", value='source.name | ""'),
        rule("check", ("h", "entry")),
        quota("q1", dimensions={"size": "request.size | 0"}),
        quota("q2", dimensions={"path": 'request.headers["path"] | ""', "n": 'source.name | ""'}),
        rule("q1", ("h", "q1"), match="connection.mtls | true"),
        rule("q2", ("h", "q2")),
    )
    dispatcher = runtime_of(spy, *documents).dispatcher
    attributes = {"source__name": "a", "request__headers": {"path": "/"}}

    verdict = ask(dispatcher, ("q1", 1), ("q2", 1), ("unknown", 1), **attributes)

    # the matches of all quota rules count for each quota; fields only for their own
    common = {*IDENTITY, ("connection.mtls", None, False)}
    assert set(verdict.references) == {*IDENTITY, ("source.name", None, True)}
    assert {name: set(quota.references) for name, quota in verdict.quotas.items()} == {
        "q1": {*common, ("request.size", None, False)},
        "q2": {*common, ("request.headers", "path", True), ("source.name", None, True)},
        "unknown": common,
    }


COMBINATIONS = [
    # the first answer that says anything
    ((GRANT, OTHER), (3, 5.0, Status())),
    ((OTHER, GRANT), (8, 9.0, Status())),
    # a refusal in so few words is overridden by any grant
    ((REFUSAL, OTHER), (8, 9.0, Status())),
    ((GRANT, REFUSAL), (3, 5.0, Status())),
    ((REFUSAL, REFUSAL), (0, 0.0, Status())),
    # denials: code of the first, all messages
    ((DENIAL,), (0, 0.0, Status(code=8, message="h0.istio-system:used up"))),
    ((DENIAL, GRANT), (0, 0.0, Status(code=8, message="h0.istio-system:used up"))),
    (
        (DENIAL, QuotaResult(status=Status(code=14, message="down"))),
        (0, 0.0, Status(code=8, message="h0.istio-system:used up, h1.istio-system:down")),
    ),
]


@pytest.mark.parametrize(("answers", "wanted"), COMBINATIONS)
def test_all_handlers_are_asked_and_their_answers_combined(answers, wanted):
    spy = Spy(answers={f"h{i}.istio-system": answer for i, answer in enumerate(answers)})
    documents = [quota("rc")]
    for index in range(len(answers)):
        documents += [handler(f"h{index}"), rule(f"r{index}", (f"h{index}", "rc"))]

    verdict = ask(runtime_of(spy, *documents).dispatcher, ("rc", 9))

    assert granted(verdict) == wanted
    assert len(spy.calls) == len(answers)


def test_quotas_of_one_name_in_two_namespaces_are_both_asked():
    spy = Spy(answers={"h.istio-system": REFUSAL, "h.ns1": GRANT})
    own = (
        handler("h", namespace="ns1"),
        quota("rc", namespace="ns1"),
        rule("limits", ("h", "rc"), namespace="ns1"),
    )
    dispatcher, _ = limits(spy, *own)

    assert granted(ask(dispatcher, ("rc", 5), destination__namespace="ns1")) == (3, 5.0, Status())
    assert len(spy.calls) == 2


@pytest.mark.parametrize("answer", [ValueError("broken"), None, 3, CheckResult()])
def test_a_handler_that_fails_grants_nothing_and_fails_nothing_else(answer):
    spy = Spy(answers={"h.istio-system": answer, "other.istio-system": GRANT})
    more = (handler("other"), quota("q2"), rule("q2", ("other", "q2")))
    dispatcher, _ = limits(spy, *more)

    verdict = ask(dispatcher, ("rc", 5), ("q2", 5))

    assert granted(verdict) == (0, 0.0, Status())
    assert granted(verdict, "q2") == (3, 5.0, Status())
    assert verdict.status == Status()


def test_an_instance_that_cannot_be_made_grants_nothing():
    sized = quota("rc", dimensions={"size": "request.size"})
    spy = Spy(answers={"h.istio-system": GRANT})
    dispatcher = runtime_of(spy, handler("h"), sized, rule("r", ("h", "rc"))).dispatcher

    verdict = ask(dispatcher, ("rc", 5))

    assert granted(verdict) == (0, 0.0, Status())
    assert set(verdict.quotas["rc"].references) == {*IDENTITY, ("request.size", None, False)}
    assert spy.calls == []


def test_without_a_request_for_quota_no_quota_handler_is_asked():
    dispatcher, spy = limits()
    assert ask(dispatcher).quotas == {}
    assert spy.calls == []
