"""A whole configuration: what is good of it, and where it says what is not."""

import pytest

from mixer.adapter.registry import AdapterRegistry
from mixer.attribute.value import ValueType
from mixer.config.compile import compile_snapshot
from mixer.config.store import read_text
from mixer.runtime import check_contents
from tests.integration.documents import (
    DEFAULT,
    document,
    handler,
    instance,
    manifest,
    rule,
    yaml_of,
)

GOOD = (handler("h", "denier"), instance("i"), rule("r", ("h", "i")))


def compiled(*documents):
    return check_contents(read_text(yaml_of(*documents)), AdapterRegistry())


def places(snapshot):
    return [(error.place, error.message) for error in snapshot.errors]


def test_an_empty_configuration_is_good():
    snapshot = compile_snapshot((), AdapterRegistry(), ())
    assert (snapshot.errors, snapshot.rules, dict(snapshot.handlers)) == ((), (), {})
    assert len(snapshot.vocabulary) == 0


def test_a_good_one_holds_everything():
    snapshot = compiled(*GOOD, manifest(source__name="STRING"))
    assert snapshot.errors == ()
    assert [one.place for one in snapshot.rules] == [f"rule/{DEFAULT}/r"]
    assert list(snapshot.handlers) == [f"h.{DEFAULT}"]
    assert snapshot.instance_count == 1
    assert snapshot.vocabulary["source.name"].value_type is ValueType.STRING


def test_rules_are_in_the_order_of_namespace_and_name_wherever_they_stand():
    targets = (f"h.{DEFAULT}", f"i.{DEFAULT}")
    names = [("b", "z"), ("a", "z"), ("c", "a"), ("a", "b")]
    rules = [rule(name, targets, namespace=namespace) for name, namespace in names]
    assert [one.place for one in compiled(*rules, *GOOD[:2]).rules] == [
        "rule/a/c",
        "rule/b/a",
        "rule/z/a",
        "rule/z/b",
    ]


def test_only_handlers_that_rules_use_are_in_it():
    assert list(compiled(*GOOD, handler("unused", "denier")).handlers) == [f"h.{DEFAULT}"]


def test_but_those_that_no_rule_uses_are_checked_too():
    unused = handler("unused", "denier", validDuration="-1s")
    assert places(compiled(*GOOD, unused)) == [
        (f"handler/{DEFAULT}/unused: params.valid_duration", "must not be negative")
    ]


def test_legacy_kinds_name_adapters_and_templates():
    snapshot = compiled(
        document("denier", "h", {"status": {"code": 3}}),
        document("listentry", "i", {"value": '"x"'}),
        rule("r", ("h.denier", "i.listentry")),
    )
    (config,) = snapshot.handlers.values()
    assert snapshot.errors == ()
    assert (config.name, config.params.status.code) == (f"h.denier.{DEFAULT}", 3)
    assert list(config.instances) == [f"i.listentry.{DEFAULT}"]


UNKNOWN_KINDS = [
    ("rool", 'unknown kind "rool"'),
    ("handlr", 'unknown kind "handlr" (did you mean "handler"?)'),
    ("Rule", 'unknown kind "Rule" (did you mean "rule"?)'),
]


@pytest.mark.parametrize(("kind", "message"), UNKNOWN_KINDS)
def test_unknown_kinds_are_told(kind, message):
    assert places(compiled(*GOOD, document(kind, "x", {}))) == [(f"{kind}/{DEFAULT}/x", message)]


def attributes(name, **types):
    listed = {attribute: {"valueType": kind} for attribute, kind in types.items()}
    return document("attributemanifest", name, {"attributes": listed})


def test_manifests_of_all_namespaces_are_one_vocabulary():
    other = document(
        "attributemanifest", "m", {"attributes": {"b": {"valueType": "INT64"}}}, "elsewhere"
    )
    vocabulary = compiled(attributes("m", a="STRING"), other).vocabulary
    assert {name: info.value_type.name for name, info in vocabulary.items()} == {
        "a": "STRING",
        "b": "INT64",
    }


def test_an_attribute_may_be_declared_twice_with_one_type():
    assert compiled(attributes("m", a="STRING"), attributes("n", a="STRING")).errors == ()


def test_two_types_of_one_attribute_are_an_error_and_the_first_counts():
    snapshot = compiled(attributes("m", a="STRING"), attributes("n", a="INT64"))
    assert places(snapshot) == [
        (
            f"attributemanifest/{DEFAULT}/n: attributes.a",
            f"is INT64 here, but STRING in attributemanifest/{DEFAULT}/m",
        )
    ]
    assert snapshot.vocabulary["a"].value_type is ValueType.STRING


def test_a_type_that_nobody_knows_is_an_error():
    ((place, message),) = places(compiled(attributes("m", a="INTEGER")))
    assert place == f"attributemanifest/{DEFAULT}/m: attributes.a.valueType"
    assert message.startswith("want one of VALUE_TYPE_UNSPECIFIED, STRING, ")
    assert message.endswith('; got the string "INTEGER"')


YAML = """\
kind: handler
metadata: {name: deny, namespace: ns}
spec:
  compiledAdapter: denier
  params:
    status:
      cod: 7
    validUseCount: many
---
kind: instance
metadata:
  name: sample
  namespace: ns
spec:
  compiledTemplate: metric
  params:
    value: "1"
    dimensions:
      source: nosuch
---
kind: rule
metadata: {name: r, namespace: ns}
spec:
  match: nosuch
  actions:
  - handler: deny
    instances:
    - sample
    - other
  requestHeaderOperations:
  - name: x
    values: ["1"]
"""


def test_all_errors_are_told_each_with_its_line():
    snapshot = check_contents(read_text(YAML, "policies/deny.yaml"), AdapterRegistry())
    assert [str(error) for error in snapshot.errors] == [
        "policies/deny.yaml:7: handler/ns/deny: params.status.cod: "
        'unknown field "cod" (did you mean "code"?)',
        "policies/deny.yaml:8: handler/ns/deny: params.validUseCount: "
        'want an integer, got the string "many"',
        "policies/deny.yaml:19: instance/ns/sample: params.dimensions.source: "
        "col 1: unknown attribute nosuch",
        "policies/deny.yaml:24: rule/ns/r: match: col 1: unknown attribute nosuch",
        'policies/deny.yaml:28: rule/ns/r: actions[0].instances[0]: no instance "sample"',
        'policies/deny.yaml:29: rule/ns/r: actions[0].instances[1]: no instance "other"',
        "policies/deny.yaml:32: rule/ns/r: requestHeaderOperations[0].values[0]: "
        "col 1: expression '1' evaluated to type INT64, expected type STRING",
    ]


def test_what_could_not_be_read_comes_first():
    snapshot = check_contents(
        read_text("kind: rool\nmetadata: {name: a, namespace: b}\n---\n[]\n"), AdapterRegistry()
    )
    assert [str(error) for error in snapshot.errors] == [
        "<text>:4: document 2: want an object, got a list",
        '<text>:1: rool/b/a: unknown kind "rool"',
    ]
