"""Attributes that adapters make before anything is decided (protocol.md 4, step 4)."""

import pytest

from mixer.adapter import CheckResult, Status
from mixer.attribute.bag import MappingBag
from mixer.dispatch.verdict import QuotaRequest
from mixer.errors import DispatchError
from mixer.template.lookup import Output
from tests.integration.documents import generator, handler, instance, rule
from tests.integration.spy import Spy, runtime_of

DENY = CheckResult(status=Status(code=7), valid_use_count=1)
OWNER_IS_SHOP = (
    handler("deny"),
    instance("nothing"),
    rule("z-deny", ("deny", "nothing"), match='source.owner == "shop"'),
)


def looking_up(output, *documents, bindings=None):
    """A dispatcher that looks up the owner of the source, and the spy behind it."""
    spy = Spy(answers={"gen.istio-system": output, "deny.istio-system": DENY})
    made = generator("owner", "source.name", **(bindings or {"source__owner": "$out.value"}))
    runtime = runtime_of(spy, handler("gen"), made, rule("gen", ("gen", "owner")), *documents)
    return runtime.dispatcher, spy


def test_rules_see_them_and_do_not_reference_them():
    dispatcher, _ = looking_up(Output(value="shop"), *OWNER_IS_SHOP)

    verdict = dispatcher.check(MappingBag({"source.name": "pod-1"}))

    assert verdict.status.code == 7
    assert set(verdict.references) == {
        ("context.reporter.kind", None, False),
        ("destination.namespace", None, False),
        ("source.name", None, True),  # what the generator has read
    }


def test_they_never_replace_what_the_client_sent():
    dispatcher, _ = looking_up(Output(value="shop"), *OWNER_IS_SHOP)

    verdict = dispatcher.check(MappingBag({"source.name": "pod-1", "source.owner": "bank"}))

    assert verdict.status.code == 0
    assert ("source.owner", None, True) in verdict.references


@pytest.mark.parametrize(("first", "second", "code"), [("shop", "bank", 7), ("bank", "shop", 0)])
def test_of_two_that_make_the_same_attribute_the_first_wins(first, second, code):
    spy = Spy(
        answers={
            "one.istio-system": Output(value=first),
            "two.istio-system": Output(value=second),
            "deny.istio-system": DENY,
        }
    )
    runtime = runtime_of(
        spy,
        handler("one"),
        handler("two"),
        generator("owner", '"x"', source__owner="$out.value"),
        rule("a", ("one", "owner")),
        rule("b", ("two", "owner")),
        *OWNER_IS_SHOP,
    )
    assert runtime.dispatcher.check(MappingBag({})).status.code == code


def test_maps_can_be_made():
    by_label = rule("deny", ("deny", "nothing"), match='source.labels["app"] == "shop"')
    dispatcher, _ = looking_up(
        Output(fields={"app": "shop"}),
        handler("deny"),
        instance("nothing"),
        by_label,
        bindings={"source__labels": "$out.fields"},
    )

    verdict = dispatcher.check(MappingBag({"source.name": "pod-1"}))

    assert verdict.status.code == 7
    assert all(name != "source.labels" for name, _, _ in verdict.references)


def test_bindings_can_compute_with_outputs_and_attributes():
    dispatcher, _ = looking_up(
        Output(fields={"app": "op"}),
        *OWNER_IS_SHOP,
        bindings={"source__owner": 'request.headers["prefix"] + $out.fields["app"]'},
    )
    attributes = {"source.name": "pod-1", "request.headers": {"prefix": "sh"}}

    verdict = dispatcher.check(MappingBag(attributes))

    assert verdict.status.code == 7
    assert ("request.headers", "prefix", True) in verdict.references


def test_an_absent_output_falls_back():
    dispatcher, _ = looking_up(
        Output(), *OWNER_IS_SHOP, bindings={"source__owner": '$out.value | "shop"'}
    )
    assert dispatcher.check(MappingBag({"source.name": "pod-1"})).status.code == 7


FAILURES = [
    # the adapter raises, or returns something else than it should
    (ValueError("gone"), {"source.name": "pod-1"}),
    (None, {"source.name": "pod-1"}),
    ("shop", {"source.name": "pod-1"}),
    # the instance can't be made
    (Output(value="shop"), {}),
    # an output is absent and the binding has nothing to fall back on
    (Output(), {"source.name": "pod-1"}),
]


@pytest.mark.parametrize(("output", "attributes"), FAILURES)
def test_when_one_fails_nothing_else_runs(output, attributes):
    dispatcher, spy = looking_up(output, *OWNER_IS_SHOP)

    with pytest.raises(DispatchError, match="^preprocessing attributes failed: "):
        dispatcher.check(MappingBag(attributes))

    assert spy.asked("deny.istio-system") == []


def test_a_rule_that_does_not_match_makes_nothing():
    spy = Spy(answers={"gen.istio-system": ValueError("must not be asked")})
    runtime = runtime_of(
        spy,
        handler("gen"),
        generator("owner", '"x"', source__owner="$out.value"),
        rule("gen", ("gen", "owner"), match='source.name == "x"'),
    )
    assert runtime.dispatcher.check(MappingBag({})).status == Status()


def test_whose_rules_apply_may_itself_be_made():
    spy = Spy(answers={"gen.istio-system": Output(value="ns1"), "deny.ns1": DENY})
    runtime = runtime_of(
        spy,
        handler("gen"),
        generator("where", '"x"', destination__namespace="$out.value"),
        rule("gen", ("gen", "where")),
        handler("deny", namespace="ns1"),
        instance("nothing", namespace="ns1"),
        rule("deny", ("deny", "nothing"), namespace="ns1"),
    )
    assert runtime.dispatcher.check(MappingBag({})).status.code == 7


def test_the_namespace_by_which_generators_were_found_is_referenced():
    spy = Spy(answers={"gen.istio-system": Output(value="ns1")})
    runtime = runtime_of(
        spy,
        handler("gen"),
        generator("where", '"x"', destination__namespace="$out.value"),
        rule("gen", ("gen", "where")),
    )
    verdict = runtime.dispatcher.check(MappingBag({}))
    assert ("destination.namespace", None, False) in verdict.references


def test_what_was_read_before_it_was_made_is_referenced():
    spy = Spy(answers={"gen.istio-system": Output(value="shop")})
    runtime = runtime_of(
        spy,
        handler("gen"),
        generator("owner", 'source.owner | "nobody"', source__owner="$out.value"),
        rule("gen", ("gen", "owner"), match='(source.owner | "") == ""'),
    )
    verdict = runtime.dispatcher.check(MappingBag({}))
    assert ("source.owner", None, False) in verdict.references


def test_generators_run_once_and_quotas_see_what_they_made():
    dispatcher, spy = looking_up(
        Output(value="shop"),
        handler("limits"),
        instance("rc", "quota", dimensions={"owner": "source.owner"}),
        rule("limits", ("limits", "rc")),
    )

    verdict = dispatcher.check(MappingBag({"source.name": "pod-1"}), [QuotaRequest("rc", 1)])

    ((made, _),) = spy.asked("limits.istio-system")
    assert made.dimensions == {"owner": "shop"}
    assert len(spy.asked("gen.istio-system")) == 1
    assert set(verdict.quotas["rc"].references) == {
        ("context.reporter.kind", None, False),
        ("destination.namespace", None, False),
        ("source.name", None, True),
    }


def test_in_a_report_a_failure_costs_the_bag_and_no_other():
    dispatcher, spy = looking_up(
        lambda made: Output(value=made.key) if made.key != "bad" else None,
        handler("seen"),
        instance("owners", "metric", value="source.owner"),
        rule("seen", ("seen", "owners")),
    )
    bags = [MappingBag({"source.name": name}) for name in ("a", "bad", "b")]

    with pytest.raises(
        DispatchError, match="1 error occurred:\n\n.*preprocessing attributes failed"
    ):
        dispatcher.report(bags)

    (delivered,) = spy.asked("seen.istio-system")
    assert [sample.value for sample in delivered] == ["a", "b"]


def test_the_lookup_adapter_reads_a_table():
    spy = Spy(answers={"deny.istio-system": DENY})
    table = {"pod-1": {"value": "shop"}, "pod-2": {"value": "bank"}}
    dispatcher = runtime_of(
        spy,
        handler("owners", "lookup", table=table, default={"value": "nobody"}),
        generator("owner", "source.name", source__owner="$out.value"),
        rule("owners", ("owners", "owner")),
        *OWNER_IS_SHOP,
    ).dispatcher

    codes = [
        dispatcher.check(MappingBag({"source.name": name})).status.code
        for name in ("pod-1", "pod-2", "pod-3")
    ]
    assert codes == [7, 0, 0]
