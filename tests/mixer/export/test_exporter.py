"""What of a configuration has a place in a proxy, and why the rest has none."""

import pytest

from mixer.adapter.registry import AdapterRegistry
from mixer.config.store import read_text
from mixer.export.attributes import KNOWN
from mixer.export.exporter import ExportOptions, Placed, export
from mixer.export.interpret import Interpreter
from mixer.export.scope import Said
from mixer.runtime import check_contents
from tests.integration.documents import document, generator, handler, instance, rule, yaml_of

TYPES = {name: known.type.name for name, known in KNOWN.items()} | {
    "destination.namespace": "STRING",
    "destination.service.name": "STRING",
    "context.reporter.kind": "STRING",
    "source.owner": "STRING",
    "my.rate": "DOUBLE",
}


def exported(*documents, types=TYPES, **options):
    attributes = {name: {"valueType": kind} for name, kind in types.items()}
    manifest = document("attributemanifest", "proxy", {"attributes": attributes})
    contents = read_text(yaml_of(manifest, *documents))
    snapshot = check_contents(contents, AdapterRegistry())
    assert snapshot.errors == ()
    return export(snapshot, ExportOptions(**options))


def refused(*documents, **options):
    return [str(error) for error in exported(*documents, **options).refused]


DENY = (handler("deny", "denier"), instance("nothing"))


def denying(match, **more):
    return (*DENY, rule("r", ("deny", "nothing"), match=match, **more))


def looking_up(value, **params):
    return (
        handler("list", "listchecker", **params),
        instance("value", "listentry", value=value),
        rule("r", ("list", "value")),
    )


def counting(dimensions, **quota):
    quota = {"name": "q.instance.istio-system", "maxAmount": 5, "validDuration": "1s"} | quota
    return (
        handler("count", "memquota", quotas=[quota]),
        instance("q", "quota", dimensions=dimensions),
        rule("r", ("count", "q")),
    )


def measuring(value, kind="COUNTER"):
    metric = {"name": "m", "instanceName": "m.instance.istio-system", "kind": kind}
    return (
        handler("stats", "prometheus", metrics=[metric]),
        instance("m", "metric", value=value),
        rule("r", ("stats", "m")),
    )


def logging(**params):
    return (
        handler("log", "stdio", **params),
        instance("line", "logentry"),
        rule("r", ("log", "line")),
    )


UNKNOWN = "is unknown to a proxy: give it a value, or declare it absent"


@pytest.mark.parametrize(
    ("documents", "reasons"),
    [
        (
            denying('destination.service.name == "a" || source.owner == "b"'),
            [
                f"rule/istio-system/r: match: attribute destination.service.name {UNKNOWN}",
                f"rule/istio-system/r: match: attribute source.owner {UNKNOWN}",
            ],
        ),
        (
            denying('dnsName(request.host) == dnsName("a.b")'),
            [
                "rule/istio-system/r: match: equality of DNS_NAME needs the tables of Unicode",
                "rule/istio-system/r: match: dnsName() needs the tables of Unicode",
            ],
        ),
        (
            denying("request.path.matches(request.host)"),
            ["rule/istio-system/r: match: matches() with a pattern that is not constant"],
        ),
        (
            denying(r'"\\bshop".matches(request.host)'),
            [r"rule/istio-system/r: match: pattern '\\bshop': \b"],
        ),
        (
            looking_up("request.path", providerUrl="http://127.0.0.1/list"),
            [
                "handler/istio-system/list: params.provider_url: a proxy fetches no lists; "
                "write the entries into overrides"
            ],
        ),
        (
            looking_up("request.path", entryType="REGEX", overrides=["(?m)^a"]),
            ["handler/istio-system/list: params.overrides: multi-line mode"],
        ),
        (
            looking_up("request.size | 0"),
            [
                "instance/istio-system/value: value: is INT64, "
                "but lists in a proxy are of texts and addresses"
            ],
        ),
        (looking_up(""), ["instance/istio-system/value: value: is missing"]),
        (
            counting({"h": "request.headers"}),
            [
                "instance/istio-system/q: Dimensions[h]: "
                "is a whole map, of which a proxy makes no text"
            ],
        ),
        (
            counting({}, maxAmount=5000, validDuration="1h"),
            [
                "handler/istio-system/count: params.quotas[0].max_amount: "
                "up to 5000 amounts in one window are too many"
            ],
        ),
        (
            measuring("my.rate | 1.5"),
            [
                "instance/istio-system/m: value: is DOUBLE, but stats of a proxy are whole numbers",
                f"instance/istio-system/m: Value: attribute my.rate {UNKNOWN}",
            ],
        ),
        (
            logging(logStream="FILE", outputPath="/tmp/x", outputAsJson=False),
            [
                "handler/istio-system/log: params.log_stream: "
                "is FILE, but a proxy writes to its own log only",
                "handler/istio-system/log: params.output_as_json: lines of a proxy are always JSON",
            ],
        ),
        (
            (
                handler("owners", "lookup", table={}),
                generator("owner", "source.principal", source__owner="$out.value"),
                rule("r", ("owners", "owner")),
            ),
            ["handler/istio-system/owners: adapter lookup can't generate attributes in a proxy"],
        ),
        (
            (handler("no", "denier"), instance("n"), rule("r", ("no", "n"), onError="allow")),
            [
                "rule/istio-system/r: onError: a proxy treats all failures alike, see --fail-open",
            ],
        ),
        (
            (handler("out", "stdio"), instance("m", "metric", value="1"), rule("r", ("out", "m"))),
            ["handler/istio-system/out: adapter stdio can't take metric in a proxy"],
        ),
    ],
)
def test_what_has_no_place_is_refused_with_resource_field_and_reason(documents, reasons):
    assert refused(*documents) == reasons


def test_an_attribute_of_another_type_than_the_proxys_is_refused():
    types = {**TYPES, "request.size": "STRING"}

    assert refused(*denying('request.size == "1"'), types=types) == [
        "rule/istio-system/r: match: attribute request.size is STRING, but INT64 in a proxy"
    ]


def test_attributes_are_given_a_value_or_declared_absent():
    documents = denying('destination.service.name == "shop" && (source.owner | "none") == "none"')
    said = Said(attributes={"destination.service.name": "shop"}, absent=frozenset({"source.owner"}))

    found = exported(*documents, said=said)

    assert found.refused == ()
    assert Interpreter(found.program).check({}, 0)["status"] == 400


def test_nobody_can_say_what_a_request_has_by_itself():
    said = Said(attributes={"request.path": "/"}, absent=frozenset({"source.ip"}))

    assert refused(*denying(""), said=said) == [
        "attribute request.path: a request has it by itself",
        "attribute source.ip: a request has it by itself",
    ]


def test_a_value_of_another_type_is_refused():
    said = Said(attributes={"destination.service.name": 5})

    assert refused(*denying('destination.service.name == "a"'), said=said) == [
        "rule/istio-system/r: match: attribute destination.service.name is STRING, and can't be 5"
    ]


def test_the_unknown_attributes_are_listed():
    documents = denying('source.owner == "b" && destination.service.name == "a"')

    assert exported(*documents).unknown == ("destination.service.name", "source.owner")


def names(program):
    return [one["rule"] for one in program["check"]]


ELSEWHERE = (
    rule("a", ("deny.istio-system", "nothing.instance.istio-system"), namespace="shop"),
    rule("b", ("deny.istio-system", "nothing.instance.istio-system"), namespace="bank"),
)


@pytest.mark.parametrize(
    ("namespace", "rules"),
    [
        ("", ["istio-system/r"]),
        ("shop", ["istio-system/r", "shop/a"]),
        ("istio-system", ["istio-system/r"]),
    ],
)
def test_the_rules_are_the_default_ones_and_then_those_of_the_namespace(namespace, rules):
    assert names(exported(*denying(""), *ELSEWHERE, namespace=namespace).program) == rules


@pytest.mark.parametrize(
    ("said", "attribute"),
    [({}, "destination.namespace"), ({"context.reporter.kind": "outbound"}, "source.namespace")],
)
def test_the_namespace_is_an_attribute_of_the_side_that_reports(said, attribute):
    documents = denying(f'{attribute} == "shop"')

    found = exported(*documents, namespace="shop", said=Said(attributes=said))

    assert found.program["attributes"] == [[attribute, "constant", 0]]


CHANGE = {"requestHeaderOperations": [{"name": "X-A", "values": ['"1"']}]}


@pytest.mark.parametrize(
    ("documents", "values"),
    [
        # A namespace without rules of its own has the default ones' operations; others have not.
        ([], ["1"]),
        (
            [rule("own", ("deny.istio-system", "nothing.instance.istio-system"), namespace="shop")],
            [],
        ),
    ],
)
def test_default_header_operations_are_for_namespaces_without_rules(documents, values):
    program = exported(*DENY, rule("change", **CHANGE), *documents, namespace="shop").program

    constants = [program["constants"][program["code"][c][1]] for *_, c in changes_of(program)]
    assert constants == values


def changes_of(program):
    return [change for one in program["headers"] for change in one["request"]]


def test_quotas_that_are_named_take_their_amounts_and_unknown_names_are_refused():
    found = exported(*counting({}), amounts={"Q": 2, "other": 1})

    assert [(one["name"], one["amount"]) for one in found.program["quotas"]] == [("q", 2)]
    assert [str(error) for error in found.refused] == ["quota other: no rule that applies sends it"]


def test_a_quota_of_amount_0_is_not_asked():
    assert exported(*counting({}), amounts={"q": 0}).program["quotas"] == []


@pytest.mark.parametrize(
    ("options", "cells"), [({}, "shared"), ({"cells": "worker"}, "worker")], ids=["default", "said"]
)
def test_workers_count_quotas_together_unless_it_is_said(options, cells):
    assert exported(*counting({}), **options).program["cells"] == cells


def test_what_is_placed_is_listed_by_rule():
    documents = (*denying(""), rule("change", **CHANGE))

    assert exported(*documents).placed == (
        Placed(
            rule="istio-system/r",
            what="checknothing nothing.instance.istio-system by denier deny.istio-system",
        ),
        Placed(rule="istio-system/change", what="header operations"),
    )
