"""One configuration follows another; handlers live exactly as long as they must."""

import threading
from contextlib import suppress

import pytest

from mixer.adapter import CheckResult, Status
from mixer.adapter.testing import FakeClock
from mixer.attribute.bag import MappingBag
from mixer.config.store import read_text
from mixer.dispatch.verdict import QuotaRequest
from mixer.errors import ConfigErrors
from mixer.runtime import OnConfigError, Runtime, RuntimeOptions, describe
from tests.integration.documents import contents, handler, instance, rule
from tests.integration.spy import Registry, Spy, runtime_of
from tests.patience import SOON_S

PARTIAL = RuntimeOptions(on_config_error=OnConfigError.PARTIAL)
"""How long a test waits for what must come; it never waits for what must not."""


def acting(name, version=0, **params):
    """A handler with a rule that asks it."""
    return handler(name, version=version, **params), rule(f"r-{name}", (name, "i"))


def configured(*pairs):
    return contents(instance("i"), *(document for pair in pairs for document in pair))


def asked_by_a_check(runtime, spy):
    spy.calls.clear()
    runtime.dispatcher.check(MappingBag({}))
    return [name for name, _ in spy.calls]


@pytest.fixture
def spy():
    return Spy()


@pytest.fixture
def runtime(spy):
    runtime = Runtime(Registry(spy.info))
    yield runtime
    runtime.close()


def test_without_a_configuration_every_request_may_pass(runtime):
    verdict = runtime.dispatcher.check(MappingBag({}), [QuotaRequest("rc", 7)])
    assert (verdict.status, verdict.valid_duration_s, verdict.valid_use_count) == (
        Status(),
        60,
        10_000,
    )
    assert (verdict.quotas["rc"].amount, verdict.quotas["rc"].valid_duration_s) == (7, 60)
    runtime.dispatcher.report([MappingBag({})])


def test_an_unchanged_handler_goes_on(runtime, spy):
    runtime.apply(configured(acting("a"), acting("b")))
    runtime.apply(configured(acting("a"), acting("b", 2), acting("c")))

    assert spy.built == [
        ("a.istio-system", 0),
        ("b.istio-system", 0),
        ("b.istio-system", 2),
        ("c.istio-system", 0),
    ]
    assert spy.closed["b.istio-system", 0].wait(SOON_S)
    assert not spy.closed["a.istio-system", 0].is_set()


def test_a_handler_is_another_one_when_other_instances_are_sent_to_it(runtime, spy):
    runtime.apply(contents(instance("i"), handler("a"), rule("r", ("a", "i"))))
    runtime.apply(contents(instance("i"), instance("j"), handler("a"), rule("r", ("a", "i", "j"))))
    assert len(spy.built) == 2


def test_but_not_when_only_their_expressions_or_the_rules_change(runtime, spy):
    for match, value in (("true", '"x"'), ('source.name == "a"', "source.name")):
        entry = instance("i", "listentry", value=value)
        runtime.apply(contents(entry, handler("a"), rule("r", ("a", "i"), match=match)))
    assert len(spy.built) == 1


def test_cells_of_a_quota_survive_the_change_of_another_rule():
    limited = (
        handler(
            "limits", "memquota", quotas=[{"name": "rc.instance.istio-system", "maxAmount": 5}]
        ),
        instance("rc", "quota"),
        rule("limits", ("limits", "rc")),
    )
    runtime = runtime_of(Spy(), *limited)
    granted = []
    for round_ in range(3):
        verdict = runtime.dispatcher.check(MappingBag({}), [QuotaRequest("rc", 2)], str(round_))
        granted.append(verdict.quotas["rc"].amount)
        runtime.apply(contents(*limited, *acting(f"a{round_}"), instance("i")))
    runtime.close()
    assert granted == [2, 2, 0]


def test_handlers_use_the_clock_of_the_runtime():
    clock = FakeClock()
    limits = {"name": "rc.instance.istio-system", "maxAmount": 1, "validDuration": "10s"}
    runtime = Runtime(Registry(), clock=clock.clock)
    runtime.apply(
        contents(
            handler("limits", "memquota", quotas=[limits]),
            instance("rc", "quota"),
            rule("limits", ("limits", "rc")),
        )
    )

    granted = []
    for round_ in range(3):
        verdict = runtime.dispatcher.check(MappingBag({}), [QuotaRequest("rc", 1)], str(round_))
        granted.append(verdict.quotas["rc"].amount)
        clock.advance(6)
    runtime.close()

    assert granted == [1, 0, 1]


def test_a_replaced_handler_is_closed_when_its_last_request_has_ended(runtime, spy):
    entered, leave = threading.Event(), threading.Event()

    def block(_instance):
        entered.set()
        leave.wait(SOON_S)
        return CheckResult(status=Status(code=7, message="old"), valid_use_count=1)

    spy.answers["a.istio-system"] = block
    runtime.apply(configured(acting("a", 1)))
    verdicts = []
    request = threading.Thread(
        target=lambda: verdicts.append(runtime.dispatcher.check(MappingBag({})))
    )
    request.start()
    assert entered.wait(SOON_S)

    runtime.apply(configured(acting("a", 2)))
    runtime.apply(configured(acting("b")))
    assert spy.closed["a.istio-system", 2].wait(SOON_S)  # nobody was using that one
    assert not spy.closed["a.istio-system", 1].is_set()
    leave.set()
    request.join()

    assert spy.closed["a.istio-system", 1].wait(SOON_S)
    assert verdicts[0].status.message == "a.istio-system:old"


def test_a_request_keeps_the_configuration_it_began_with(runtime, spy):
    runtime.apply(configured(acting("a")))
    before = runtime.dispatcher
    runtime.apply(configured(acting("b")))
    before.check(MappingBag({}))
    assert [name for name, _ in spy.calls] == ["a.istio-system"]
    assert not spy.closed["a.istio-system", 0].is_set()


def test_a_handler_that_fails_to_close_stops_nobody(runtime, spy):
    runtime.apply(configured(acting("a")))
    spy.closing["a.istio-system"] = lambda: 1 / 0
    runtime.apply(configured(acting("b")))
    runtime.apply(configured(acting("c")))
    assert spy.closed["b.istio-system", 0].wait(SOON_S)


WRONG = [
    # text that is no configuration
    ("unreadable", read_text("a: [")),
    # an error of the compiler
    ("wrong", configured(acting("a"), acting("b", refuse="never"))),
    ("dangling", contents(*acting("a"))),
    # an adapter that can't be started, after one that could
    ("unstartable", configured(acting("b"), acting("c", fail="no luck"))),
]


@pytest.mark.parametrize("wrong", [w for _, w in WRONG], ids=[name for name, _ in WRONG])
def test_a_wrong_configuration_never_replaces_a_good_one(runtime, spy, wrong):
    runtime.apply(configured(acting("a")))
    snapshot, dispatcher = runtime.snapshot, runtime.dispatcher

    with pytest.raises(ConfigErrors):
        runtime.apply(wrong)

    assert runtime.snapshot is snapshot
    assert runtime.dispatcher is dispatcher
    assert asked_by_a_check(runtime, spy) == ["a.istio-system"]
    assert not spy.closed["a.istio-system", 0].is_set()


def test_a_handler_that_cannot_be_started_is_told_with_its_place(runtime):
    with pytest.raises(ConfigErrors) as raised:
        runtime.apply(read_text(UNSTARTABLE, "a.yaml"))
    assert str(raised.value) == (
        "a.yaml:1: handler/ns/h: adapter spy can't be started: disk on fire"
    )


UNSTARTABLE = """\
kind: handler
metadata: {name: h, namespace: ns}
spec: {compiledAdapter: spy, params: {fail: disk on fire}}
---
kind: instance
metadata: {name: i, namespace: ns}
spec: {compiledTemplate: checknothing}
---
kind: rule
metadata: {name: r, namespace: ns}
spec: {actions: [{handler: h, instances: [i]}]}
"""


def test_what_was_started_for_a_rejected_configuration_is_closed(runtime, spy):
    runtime.apply(configured(acting("a")))
    with suppress(ConfigErrors):
        runtime.apply(configured(acting("a"), acting("b"), acting("c", fail="no luck")))
    assert spy.closed["b.istio-system", 0].wait(SOON_S)
    assert not spy.closed["a.istio-system", 0].is_set()


def test_it_is_closed_even_while_the_error_is_being_looked_at(spy):
    runtime = Runtime(Registry(spy.info))
    with pytest.raises(ConfigErrors) as raised:
        runtime.apply(configured(acting("b"), acting("c", fail="no luck")))
    runtime.close()
    assert spy.closed["b.istio-system", 0].is_set()
    assert len(raised.value.errors) == 1


def test_after_a_rejection_a_good_configuration_is_taken(runtime, spy):
    with pytest.raises(ConfigErrors):
        runtime.apply(configured(acting("c", fail="no luck")))
    runtime.apply(configured(acting("c", 1)))
    assert asked_by_a_check(runtime, spy) == ["c.istio-system"]


def test_in_partial_mode_the_good_parts_are_used(spy):
    runtime = Runtime(Registry(spy.info), PARTIAL)
    runtime.apply(
        configured(
            acting("a"),
            acting("b", refuse="never"),
            acting("c", fail="no luck"),
            (handler("d"), rule("r-d", ("d", "i"), match="nosuch")),
        )
    )

    assert asked_by_a_check(runtime, spy) == ["a.istio-system"]
    runtime.close()


def test_in_partial_mode_a_handler_that_failed_is_tried_again(spy):
    runtime = Runtime(Registry(spy.info), PARTIAL)
    runtime.apply(configured(acting("a", fail="no luck")))
    assert asked_by_a_check(runtime, spy) == []
    runtime.apply(configured(acting("a")))
    assert asked_by_a_check(runtime, spy) == ["a.istio-system"]
    runtime.close()


def test_close_closes_every_handler(spy):
    runtime = Runtime(Registry(spy.info))
    runtime.apply(configured(acting("a"), acting("b")))

    assert runtime.close() is True

    assert all(closed.is_set() for closed in spy.closed.values())
    assert asked_by_a_check(runtime, spy) == []


def test_close_does_not_wait_for_ever(spy):
    runtime = Runtime(Registry(spy.info), RuntimeOptions(close_timeout_s=0.01))
    runtime.apply(configured(acting("a")))
    release = threading.Event()
    spy.closing["a.istio-system"] = lambda: release.wait(SOON_S)

    held = runtime.close()
    release.set()

    assert held is False


def test_a_runtime_can_be_closed_twice(spy):
    runtime = Runtime(Registry(spy.info))
    assert (runtime.close(), runtime.close()) == (True, True)


def test_a_configuration_is_described_by_its_counts(runtime):
    runtime.apply(contents(instance("i"), *acting("a")))
    assert describe(runtime.snapshot) == "1 rule, 1 handler, 1 instance, 13 attributes"
