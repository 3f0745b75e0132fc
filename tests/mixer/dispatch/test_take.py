"""Quotas that are asked for by themselves: `Dispatcher.quota`."""

import pytest

from mixer.adapter import CheckResult, QuotaArgs, QuotaLimit, QuotaResult, QuotaState, Status
from mixer.attribute.bag import MappingBag
from mixer.dispatch.verdict import QuotaRequest, QuotaVerdict
from mixer.errors import DispatchError
from mixer.template.lookup import Output
from tests.integration.documents import generator, handler, instance, rule
from tests.integration.spy import Spy, runtime_of

GRANT = QuotaResult(amount=5, valid_duration_s=5.0)
REFUSAL = QuotaResult()
UNLIMITED = QuotaVerdict(5, 60.0)
STATE = QuotaState(max_amount=9, window_s=60.0, remaining=4, reset_s=30.0)


def quota(name, **more):
    return instance(name, "quota", **more)


def dispatcher_of(answers, *more):
    """Handlers h0, h1, … with an answer each; each has a quota of its own: q0, q1, …"""
    spy = Spy(answers={f"h{n}.istio-system": answer for n, answer in enumerate(answers)})
    documents = []
    for n in range(len(answers)):
        documents += [handler(f"h{n}"), quota(f"q{n}"), rule(f"r{n}", (f"h{n}", f"q{n}"))]
    return runtime_of(spy, *documents, *more).dispatcher, spy


def ask(dispatcher, *requests, deduplication_id="", **attributes):
    bag = MappingBag({name.replace("__", "."): value for name, value in attributes.items()})
    return dispatcher.quota(bag, [QuotaRequest(*request) for request in requests], deduplication_id)


def sent(spy, handler_name="h0"):
    return [args for _, args in spy.asked(f"{handler_name}.istio-system")]


def test_each_request_gets_a_verdict_in_order():
    dispatcher, _ = dispatcher_of([GRANT, REFUSAL])
    assert ask(dispatcher, ("q1", 5), ("Q0", 5), ("none", 5)) == (
        QuotaVerdict(name="q1"),
        QuotaVerdict(5, 5.0, name="q0"),
        UNLIMITED,
    )


def test_the_handler_is_told_all_of_the_request():
    dispatcher, spy = dispatcher_of([GRANT])
    limit = QuotaLimit(7, 60.0)
    ask(dispatcher, ("q0", 5, True, limit, True), ("q0", -2))
    ask(dispatcher, ("q0", 5), deduplication_id="id-7-")
    assert sent(spy) == [
        QuotaArgs("", 5, best_effort=True, limit=limit, wants_state=True),
        QuotaArgs("", -2, best_effort=False),
        QuotaArgs("id-7-q0.instance.istio-system", 5, best_effort=False),
    ]


def test_no_check_handler_is_asked():
    deny = CheckResult(status=Status(code=7))
    checks = (handler("deny"), instance("nothing"), rule("deny", ("deny", "nothing")))
    dispatcher, spy = dispatcher_of([GRANT], *checks)
    spy.answers["deny.istio-system"] = deny
    assert ask(dispatcher, ("q0", 5)) == (QuotaVerdict(5, 5.0, name="q0"),)
    assert spy.asked("deny.istio-system") == []


def test_without_a_name_every_quota_that_a_matching_rule_sends_is_asked():
    own = (handler("h9"), quota("q9"), rule("r9", ("h9", "q9"), match='source.name == "a"'))
    dispatcher, spy = dispatcher_of([GRANT, GRANT], *own)
    spy.answers["h9.istio-system"] = REFUSAL

    assert ask(dispatcher, ("", 5), source__name="b") == (QuotaVerdict(5, 5.0, name="q0"),)
    assert ask(dispatcher, ("", 5), source__name="a") == (QuotaVerdict(name="q9"),)


def test_without_a_name_and_without_a_matching_rule_nothing_is_limited():
    dispatcher, _ = dispatcher_of([])
    assert ask(dispatcher, ("", 5)) == (UNLIMITED,)


def test_an_instance_that_two_rules_send_to_one_handler_counts_once():
    dispatcher, spy = dispatcher_of([GRANT], rule("again", ("h0", "q0")))
    assert ask(dispatcher, ("", 5)) == (QuotaVerdict(5, 5.0, name="q0"),)
    assert len(spy.calls) == 1


def test_rules_of_the_destinations_namespace_count():
    own = (
        handler("h", namespace="ns1"),
        quota("q", namespace="ns1"),
        rule("r", ("h", "q"), namespace="ns1"),
    )
    dispatcher, spy = dispatcher_of([GRANT], *own)
    spy.answers["h.ns1"] = REFUSAL
    assert ask(dispatcher, ("", 5), destination__namespace="ns1") == (QuotaVerdict(name="q"),)


# What the handlers answer to a request for 5, the verdict, and what each is given back.
COMBINATIONS = [
    ((GRANT, REFUSAL), False, QuotaVerdict(name="q1"), (5, 0)),
    ((REFUSAL, GRANT), False, QuotaVerdict(name="q0"), (0, 5)),
    # part of it is nothing, unless best effort will do
    ((GRANT, QuotaResult(3, 7.0)), False, QuotaVerdict(name="q1"), (5, 3)),
    ((GRANT, QuotaResult(3, 7.0)), True, QuotaVerdict(3, 7.0, name="q1"), (2, 0)),
    # a refusal in so many words counts whatever amount stands beside it
    (
        (GRANT, QuotaResult(5, 5.0, Status(code=8, message="used up"))),
        False,
        QuotaVerdict(status=Status(code=8, message="h1.istio-system:used up"), name="q1"),
        (5, 5),
    ),
    # of equal grants, the state with the least left tells; one without a state tells nothing
    (
        (QuotaResult(5, 5.0, state=STATE), QuotaResult(5, 6.0, state=STATE._replace(remaining=3))),
        False,
        QuotaVerdict(5, 6.0, name="q1", state=STATE._replace(remaining=3)),
        (0, 0),
    ),
    (
        (QuotaResult(5, 5.0, state=STATE), QuotaResult(5, 6.0, state=STATE._replace(reset_s=31.0))),
        False,
        QuotaVerdict(5, 6.0, name="q1", state=STATE._replace(reset_s=31.0)),
        (0, 0),
    ),
    (
        (GRANT, QuotaResult(5, 6.0, state=STATE)),
        False,
        QuotaVerdict(5, 6.0, name="q1", state=STATE),
        (0, 0),
    ),
]


@pytest.mark.parametrize(("answers", "best_effort", "wanted", "returned"), COMBINATIONS)
def test_all_limits_must_grant_and_get_back_what_was_not_granted(
    answers, best_effort, wanted, returned
):
    dispatcher, spy = dispatcher_of(answers)
    assert ask(dispatcher, ("", 5, best_effort)) == (wanted,)
    back = [-sum(args.amount for args in sent(spy, f"h{n}")[1:]) for n in range(len(answers))]
    assert tuple(back) == returned


def test_what_is_given_back_has_an_id_of_its_own_and_goes_to_the_limit_it_came_from():
    dispatcher, spy = dispatcher_of([GRANT, REFUSAL])
    limit = QuotaLimit(7, 60.0)
    ask(dispatcher, ("", 5, False, limit), deduplication_id="id-")
    assert sent(spy)[1:] == [
        QuotaArgs("id-q0.instance.istio-system/back", -5, best_effort=False, limit=limit)
    ]


def test_what_one_limit_gets_back_no_other_takes_again():
    dispatcher, spy = dispatcher_of([GRANT, REFUSAL])
    assert ask(dispatcher, ("", -5)) == (QuotaVerdict(name="q1"),)
    assert [len(sent(spy, name)) for name in ("h0", "h1")] == [1, 1]


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (ValueError("broken"), "h1.istio-system: ValueError: broken"),
        (None, "h1.istio-system: handle_quota returned NoneType, not QuotaResult"),
    ],
)
def test_a_handler_that_fails_is_no_refusal_and_others_get_theirs_back(answer, failure):
    dispatcher, spy = dispatcher_of([GRANT, answer])
    assert ask(dispatcher, ("", 5), ("q0", 5)) == (
        QuotaVerdict(failure=failure),
        QuotaVerdict(5, 5.0, name="q0"),
    )
    assert [args.amount for args in sent(spy)] == [5, -5, 5]


def test_an_instance_that_cannot_be_made_is_no_refusal():
    sized = quota("sized", dimensions={"size": "request.size"})
    more = (handler("h"), sized, rule("r", ("h", "sized")))
    dispatcher, _ = dispatcher_of([], *more)
    (verdict,) = ask(dispatcher, ("sized", 5))
    assert verdict.failure == "sized.instance.istio-system: lookup failed: 'request.size'"


def test_attributes_are_generated_first():
    rules = (
        handler("pods"),
        generator("pod", "source.name", source__owner="$out.value"),
        rule("pods", ("pods", "pod")),
        handler("h"),
        quota("q"),
        rule("r", ("h", "q"), match='source.owner == "x"'),
    )
    dispatcher, spy = dispatcher_of([], *rules)
    spy.answers["pods.istio-system"] = Output(value="x")
    assert ask(dispatcher, ("", 5), source__name="a") == (QuotaVerdict(name="q"),)

    spy.answers["pods.istio-system"] = ValueError("no luck")
    with pytest.raises(DispatchError, match="no luck"):
        ask(dispatcher, ("", 5), source__name="a")
