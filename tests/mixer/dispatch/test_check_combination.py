"""Many answers to one verdict (istio 1.4 `session.waitForDispatched`), in the order of rules."""

import pytest

from mixer.adapter import CheckResult, Status
from mixer.attribute.bag import MappingBag
from mixer.dispatch.verdict import Denial
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy, runtime_of

OK = CheckResult(valid_duration_s=30.0, valid_use_count=300)
LATER = CheckResult(valid_duration_s=9.0, valid_use_count=900)
DENIAL = CheckResult(
    status=Status(code=7, message="no"), valid_duration_s=5.0, valid_use_count=1000
)
NEVER = CheckResult(status=Status(code=7, message="no"))
LIMIT = CheckResult(status=Status(code=16, message="who?"), valid_duration_s=6.0)

COMBINATIONS = [
    # nobody is asked, or nobody says anything: 60 s, 10 000 uses
    ((), (Status(), 60.0, 10_000)),
    ((CheckResult(),), (Status(), 60.0, 10_000)),
    ((CheckResult(), CheckResult()), (Status(), 60.0, 10_000)),
    # even a message says nothing without a duration or a use count
    ((CheckResult(status=Status(message="hello")),), (Status(), 60.0, 10_000)),
    # one answer is taken whole, with its message
    ((OK,), (Status(), 30.0, 300)),
    ((OK._replace(status=Status(message="fine")),), (Status(message="fine"), 30.0, 300)),
    # of several, the least of each
    ((OK, LATER), (Status(), 9.0, 300)),
    ((LATER, OK), (Status(), 9.0, 300)),
    # messages of later answers that are OK are lost
    ((OK, LATER._replace(status=Status(message="fine"))), (Status(), 9.0, 300)),
    # "says nothing" first is as if it were not there; later the least of each says nothing
    ((CheckResult(), OK), (Status(), 30.0, 300)),
    ((OK, CheckResult()), (Status(), 60.0, 10_000)),
    # a denial: its code, its message after the handler's name
    ((DENIAL,), (Status(code=7, message="h0.istio-system:no"), 5.0, 1000)),
    ((CheckResult(status=Status(code=5)),), (Status(code=5, message="h0.istio-system:"), 0.0, 0)),
    # with an OK before or after it
    ((OK, DENIAL), (Status(code=7, message="h1.istio-system:no"), 5.0, 300)),
    ((DENIAL, OK), (Status(code=7, message="h0.istio-system:no"), 5.0, 300)),
    # also one that must not be used again
    ((OK, NEVER), (Status(code=7, message="h1.istio-system:no"), 0.0, 0)),
    ((NEVER, OK), (Status(code=7, message="h0.istio-system:no"), 0.0, 0)),
    ((DENIAL, CheckResult()), (Status(code=7, message="h0.istio-system:no"), 0.0, 0)),
    ((OK, DENIAL, CheckResult()), (Status(code=7, message="h1.istio-system:no"), 0.0, 0)),
    # the least of each says nothing, so what follows is taken whole
    ((OK, CheckResult(), DENIAL), (Status(code=7, message="h2.istio-system:no"), 5.0, 1000)),
    # two: code of the first, both messages
    (
        (DENIAL, LIMIT),
        (Status(code=7, message="h0.istio-system:no, h1.istio-system:who?"), 5.0, 0),
    ),
    (
        (LIMIT, OK, DENIAL),
        (Status(code=16, message="h0.istio-system:who?, h2.istio-system:no"), 5.0, 0),
    ),
    # codes that nobody defined pass through
    (
        (CheckResult(status=Status(code=99), valid_use_count=1),),
        (Status(code=99, message="h0.istio-system:"), 0.0, 1),
    ),
]


def verdict_of(answers):
    spy = Spy(answers={f"h{i}.istio-system": answer for i, answer in enumerate(answers)})
    documents = [instance("nothing")]
    for index in range(len(answers)):
        documents += [handler(f"h{index}"), rule(f"r{index}", (f"h{index}", "nothing"))]
    return runtime_of(spy, *documents).dispatcher.check(MappingBag({}))


@pytest.mark.parametrize(("answers", "wanted"), COMBINATIONS)
def test_answers_are_combined(answers, wanted):
    verdict = verdict_of(answers)
    assert (verdict.status, verdict.valid_duration_s, verdict.valid_use_count) == wanted
    assert verdict.route_directive is None


def test_every_handler_is_asked_even_after_a_denial():
    spy = Spy(answers={"a.istio-system": DENIAL})
    runtime = runtime_of(
        spy, handler("a"), handler("b"), instance("i"), rule("r", ("a", "i"), ("b", "i"))
    )

    runtime.dispatcher.check(MappingBag({}))

    assert [name for name, _ in spy.calls] == ["a.istio-system", "b.istio-system"]


def test_one_handler_is_asked_once_for_each_instance():
    spy = Spy(answers={"a.istio-system": DENIAL})
    runtime = runtime_of(
        spy, handler("a"), instance("i"), instance("j"), rule("r", ("a", "i", "j"))
    )

    verdict = runtime.dispatcher.check(MappingBag({}))

    assert [i.name for i in spy.asked("a.istio-system")] == [
        "i.instance.istio-system",
        "j.instance.istio-system",
    ]
    assert verdict.status.message == "a.istio-system:no, a.istio-system:no"


def test_one_instance_through_two_rules_is_made_and_sent_twice():
    spy = Spy()
    runtime = runtime_of(
        spy, handler("a"), instance("i"), rule("r1", ("a", "i")), rule("r2", ("a", "i"))
    )

    runtime.dispatcher.check(MappingBag({}))

    assert len(spy.asked("a.istio-system")) == 2


def test_a_rule_that_does_not_match_asks_nobody():
    spy = Spy(answers={"a.istio-system": DENIAL})
    runtime = runtime_of(
        spy, handler("a"), instance("i"), rule("r", ("a", "i"), match='source.name == "a"')
    )

    assert runtime.dispatcher.check(MappingBag({"source.name": "b"})).status == Status()
    assert spy.calls == []


def test_a_match_that_has_no_value_does_not_hold():
    spy = Spy(answers={"a.istio-system": DENIAL})
    runtime = runtime_of(
        spy, handler("a"), instance("i"), rule("r", ("a", "i"), match="request.size > 5")
    )

    verdict = runtime.dispatcher.check(MappingBag({}))

    assert verdict.status == Status()
    assert ("request.size", None, False) in verdict.references


def test_the_first_denial_is_told_with_its_rule_and_its_own_words():
    assert verdict_of([OK, LIMIT, DENIAL]).decided_by == Denial(
        rule="istio-system/r1", handler="h1.istio-system", reason="who?"
    )


def test_nobody_has_denied_what_may_pass():
    assert verdict_of([OK, CheckResult()]).decided_by is None
