"""From a snapshot to routes: namespaces, varieties and destinations."""

import pytest

from mixer.adapter import Clock, Variety
from mixer.attribute.bag import MappingBag
from mixer.config.snapshot import EMPTY
from mixer.routing.builder import build_table
from mixer.routing.handlers import HandlerFactory
from mixer.runtime import check_contents
from tests.integration.documents import DEFAULT, contents, handler, instance, rule
from tests.integration.spy import Registry, Spy


def table_of(*documents, without=(), default_namespace=DEFAULT):
    snapshot = check_contents(contents(*documents), Registry(Spy().info))
    assert snapshot.errors == ()
    handlers = HandlerFactory(Clock()).build(snapshot.handlers, {}).table
    running = {name: entry for name, entry in handlers.items() if name not in without}
    return build_table(snapshot, running, default_namespace)


def routed(routes, namespace, **attributes):
    bag = MappingBag({name.replace("__", "."): value for name, value in attributes.items()})
    return [
        (group.destination.handler, group.destination.template.name, len(group.builder.plans))
        for group in routes[namespace].select(bag)
    ]


def in_namespace(namespace):
    return (
        handler("h", namespace=namespace),
        instance("c", namespace=namespace),
        instance("q", "quota", namespace=namespace),
        instance("m", "metric", value="1", namespace=namespace),
        rule("r", ("h", "c", "q", "m"), namespace=namespace),
    )


def test_without_rules_nobody_is_asked():
    table = build_table(EMPTY, {}, DEFAULT)
    for routes in table.by_variety.values():
        assert routed(routes, "") == routed(routes, "ns") == []


VARIETIES = [("check", "checknothing"), ("quota", "quota"), ("report", "metric")]


@pytest.mark.parametrize(("variety", "template"), VARIETIES)
def test_rules_of_the_default_namespace_come_before_those_of_the_request_s(variety, template):
    table = table_of(*in_namespace(DEFAULT), *in_namespace("ns1"), *in_namespace("ns2"))
    routes = getattr(table, variety)
    default = (f"h.{DEFAULT}", template, 1)
    assert routed(routes, "ns1") == [default, ("h.ns1", template, 1)]
    assert routed(routes, "ns2") == [default, ("h.ns2", template, 1)]
    for other in ("", "elsewhere", DEFAULT):
        assert routed(routes, other) == [default]


def test_another_namespace_can_be_the_default_one():
    table = table_of(*in_namespace(DEFAULT), *in_namespace("ns1"), default_namespace="ns1")
    assert routed(table.check, "elsewhere") == [("h.ns1", "checknothing", 1)]


def test_a_rule_is_filed_under_its_own_namespace_not_that_of_its_handler():
    borrowing = rule("r", (f"h.{DEFAULT}", f"c.{DEFAULT}"), namespace="ns1")
    table = table_of(handler("h"), instance("c"), borrowing)
    assert routed(table.check, "ns1") == [(f"h.{DEFAULT}", "checknothing", 1)]
    assert routed(table.check, DEFAULT) == []


def test_check_and_report_instances_of_one_action_go_together():
    table = table_of(
        handler("h"),
        instance("c1"),
        instance("c2"),
        instance("e", "listentry", value='"x"'),
        instance("m1", "metric", value="1"),
        instance("m2", "metric", value="2"),
        rule("r", ("h", "c1", "m1", "e", "c2", "m2")),
    )
    assert routed(table.check, "") == [
        (f"h.{DEFAULT}", "checknothing", 2),
        (f"h.{DEFAULT}", "listentry", 1),
    ]
    assert routed(table.report, "") == [(f"h.{DEFAULT}", "metric", 2)]


def test_quotas_are_picked_one_by_one_by_their_names_in_lower_case():
    table = table_of(
        handler("h"),
        instance("RateLimit", "quota"),
        instance("other", "quota"),
        rule("r", ("h", "RateLimit", "other")),
    )
    groups = table.quota[""].select(MappingBag({}))
    assert [group.short_name for group in groups] == ["ratelimit", "other"]


def test_one_handler_and_template_is_one_destination_in_all_rules_and_namespaces():
    borrowing = rule("b", (f"h.{DEFAULT}", f"c.{DEFAULT}"), namespace="ns1")
    table = table_of(handler("h"), instance("c"), rule("a", ("h", "c")), borrowing)
    first, second = table.check["ns1"].select(MappingBag({}))
    assert first.destination is second.destination


def test_actions_of_a_handler_that_is_not_running_are_left_out():
    table = table_of(
        handler("a"),
        handler("b"),
        instance("c"),
        rule("r", ("a", "c"), ("b", "c")),
        without=(f"a.{DEFAULT}",),
    )
    assert routed(table.check, "") == [(f"b.{DEFAULT}", "checknothing", 1)]


def test_a_table_knows_its_routes_by_variety():
    table = table_of(*in_namespace(DEFAULT))
    counts = {
        variety: sum(route.group_count for route in routes.values())
        for variety, routes in table.by_variety.items()
    }
    assert counts == {
        Variety.CHECK: 1,
        Variety.REPORT: 1,
        Variety.QUOTA: 1,
        Variety.ATTRIBUTE_GENERATOR: 0,
    }


def test_whether_a_route_has_header_operations_is_known():
    operation = {"name": "x", "values": ['"1"']}
    table = table_of(
        *in_namespace("ns1"),
        rule("headers", requestHeaderOperations=[operation]),
    )
    assert table.check[DEFAULT].has_headers
    assert table.check["elsewhere"].has_headers
    assert not table.check["ns1"].has_headers
    assert not table.report[DEFAULT].has_headers
