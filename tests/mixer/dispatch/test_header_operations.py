"""What rules do to the headers of requests that may pass (protocol.md 4.4)."""

import pytest

from mixer.adapter import CheckResult, Status
from mixer.attribute.bag import MappingBag
from mixer.config.spec import Operation
from mixer.dispatch.verdict import HeaderChange, RouteDirective
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy, runtime_of

REPLACE, REMOVE, APPEND = Operation.REPLACE, Operation.REMOVE, Operation.APPEND


def operation(name, *values, operation="REPLACE"):
    return {"name": name, "values": list(values), "operation": operation}


def request_headers(name, *operations, **more):
    return rule(name, requestHeaderOperations=list(operations), **more)


def verdict_of(*documents, spy=None, **attributes):
    bag = MappingBag({name.replace("__", "."): value for name, value in attributes.items()})
    return runtime_of(spy or Spy(), *documents).dispatcher.check(bag)


def request_changes(*documents, **attributes):
    directive = verdict_of(*documents, **attributes).route_directive
    return () if directive is None else directive.request_headers


def test_operations_keep_the_order_of_rules_and_of_their_values():
    verdict = verdict_of(
        request_headers(
            "r1", operation("X-A", '"1"', '"2"', operation="APPEND"), operation("x-b", '"3"')
        ),
        rule("r2", responseHeaderOperations=[operation("x-c", operation="REMOVE")]),
    )
    assert verdict.route_directive == RouteDirective(
        request_headers=(
            HeaderChange("X-A", "1", APPEND),
            HeaderChange("X-A", "2", APPEND),
            HeaderChange("x-b", "3", REPLACE),
        ),
        response_headers=(HeaderChange("x-c", "", REMOVE),),
    )


def test_with_operations_alone_the_verdict_holds_as_long_as_when_nobody_is_asked():
    verdict = verdict_of(request_headers("r", operation("a", '"1"')))
    assert (verdict.status, verdict.valid_duration_s, verdict.valid_use_count) == (
        Status(),
        60.0,
        10_000,
    )


def test_a_value_that_is_empty_or_absent_is_left_out():
    changes = request_changes(
        request_headers("r", operation("a", "source.name", '""', 'request.headers["x"]', '"z"')),
        request__headers={"y": "1"},
    )
    assert changes == (HeaderChange("a", "z", REPLACE),)


def test_when_nothing_is_left_there_is_no_directive():
    assert verdict_of(request_headers("r", operation("a", "source.name"))).route_directive is None


def test_conditions_and_values_are_referenced():
    verdict = verdict_of(
        request_headers("r", operation("a", 'request.headers["x"]'), match='source.name == "n"'),
        source__name="n",
        request__headers={"x": "1"},
    )
    assert set(verdict.references) == {
        ("context.reporter.kind", None, False),
        ("destination.namespace", None, False),
        ("source.name", None, True),
        ("request.headers", "x", True),
    }


def test_a_condition_that_is_false_or_has_no_value_leaves_the_headers_alone():
    conditional = request_headers("r", operation("a", '"1"'), match="request.size > 5")
    assert request_changes(conditional, request__size=6) == (HeaderChange("a", "1", REPLACE),)
    assert request_changes(conditional, request__size=5) == ()
    assert request_changes(conditional) == ()


def test_a_denied_request_is_not_changed():
    spy = Spy(answers={"h.istio-system": CheckResult(status=Status(code=7), valid_use_count=1)})
    verdict = verdict_of(
        handler("h"),
        instance("i"),
        request_headers("r", operation("a", "source.name")),
        rule("deny", ("h", "i")),
        spy=spy,
        source__name="n",
    )
    assert verdict.route_directive is None
    assert ("source.name", None, True) not in verdict.references


def test_a_rule_may_have_actions_and_operations():
    spy = Spy()
    both = rule("r", ("h", "i"), requestHeaderOperations=[operation("a", '"1"')])
    verdict = verdict_of(handler("h"), instance("i"), both, spy=spy)
    assert len(spy.calls) == 1
    assert verdict.route_directive.request_headers == (HeaderChange("a", "1", REPLACE),)


DEFAULT_HEADERS = request_headers("default", operation("a", '"default"'))


def test_those_of_the_default_namespace_apply_where_a_namespace_has_no_check_rules():
    changes = request_changes(DEFAULT_HEADERS, destination__namespace="ns1")
    assert changes == (HeaderChange("a", "default", REPLACE),)


@pytest.mark.parametrize(
    "own",
    [
        request_headers("own", operation("b", '"own"'), namespace="ns1"),
        rule("own", ("h.istio-system", "i.istio-system"), namespace="ns1"),
        rule("own", ("h.istio-system", "i.istio-system"), namespace="ns1", match="false"),
    ],
)
def test_a_namespace_with_check_rules_or_operations_of_its_own_loses_them(own):
    changes = request_changes(
        handler("h"), instance("i"), DEFAULT_HEADERS, own, destination__namespace="ns1"
    )
    assert HeaderChange("a", "default", REPLACE) not in changes


def test_a_namespace_with_report_rules_only_keeps_them():
    changes = request_changes(
        handler("h"),
        instance("seen", "reportnothing"),
        DEFAULT_HEADERS,
        rule("own", ("h.istio-system", "seen.istio-system"), namespace="ns1"),
        destination__namespace="ns1",
    )
    assert changes == (HeaderChange("a", "default", REPLACE),)


def test_a_namespace_with_operations_only_keeps_the_actions_of_the_default_one():
    spy = Spy()
    verdict = verdict_of(
        handler("h"),
        instance("i"),
        rule("default", ("h", "i")),
        request_headers("own", operation("b", '"own"'), namespace="ns1"),
        spy=spy,
        destination__namespace="ns1",
    )
    assert len(spy.calls) == 1
    assert verdict.route_directive.request_headers == (HeaderChange("b", "own", REPLACE),)


def test_removal_is_one_operation_whatever_its_values():
    changes = request_changes(request_headers("r", operation("a", '"1"', operation="REMOVE")))
    assert changes == (HeaderChange("a", "", REMOVE),)
