"""Instances: template and expressions, and what is wrong with them."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import pytest

from mixer.adapter import Duration, Info, Template, Timestamp, Variety
from mixer.runtime import check_contents
from tests.integration.documents import (
    DEFAULT,
    contents,
    document,
    generator,
    handler,
    instance,
    rule,
)
from tests.integration.spy import Params, Registry, Spy

HERE = f"instance/{DEFAULT}/i"


def errors_of(*documents):
    snapshot = check_contents(contents(*documents), Registry(Spy().info))
    return [(error.place, error.message) for error in snapshot.errors]


WRONG_SPECS = [
    ({}, "compiledTemplate", "is missing: which template is it of?"),
    (
        {"compiledTemplate": "listentri"},
        "compiledTemplate",
        'no template "listentri" (did you mean "listentry"?)',
    ),
    (
        {"compiledTemplate": "listentry", "params": "x"},
        "params",
        'want an object, got the string "x"',
    ),
    (
        {"compiledTemplate": "listentry", "parms": {}},
        "parms",
        'unknown field "parms" (did you mean "params"?)',
    ),
]


@pytest.mark.parametrize(("spec", "field", "message"), WRONG_SPECS)
def test_what_is_wrong_with_a_spec_is_told(spec, field, message):
    assert errors_of(document("instance", "i", spec)) == [(f"{HERE}: {field}", message)]


def test_an_instance_whose_spec_is_wrong_is_left_out():
    spec = {"compiledTemplate": "listentry", "params": {"value": '"x"'}, "parms": {}}
    snapshot = check_contents(contents(document("instance", "i", spec)), Registry(Spy().info))
    assert snapshot.instance_count == 0


WRONG_PARAMS = [
    ("listentry", {"valu": '"x"'}, "valu", 'unknown field "valu" (did you mean "value"?)'),
    ("listentry", {"name": '"x"'}, "name", 'unknown field "name"'),
    ("listentry", {"value": "nosuch"}, "value", "col 1: unknown attribute nosuch"),
    (
        "listentry",
        {"value": "source.nam"},
        "value",
        'col 1: unknown attribute source.nam (did you mean "source.name"?)',
    ),
    ("listentry", {"value": "source.name =="}, "value", "col 15: expected operand, found 'EOF'"),
    (
        "listentry",
        {"value": 5},
        "value",
        "5 is no expression: an expression is a string; put it in quotes",
    ),
    (
        "listentry",
        {"value": True},
        "value",
        "True is no expression: an expression is a string; put it in quotes",
    ),
    # fields with a type want exactly that
    (
        "logentry",
        {"timestamp": "source.name"},
        "timestamp",
        "expression 'source.name' is of type STRING, expected TIMESTAMP",
    ),
    (
        "tracespan",
        {"httpStatusCode": '"200"'},
        "httpStatusCode",
        "expression '\"200\"' is of type STRING, expected INT64",
    ),
    ("metric", {"dimensions": '"x"'}, "dimensions", "must be a mapping, not str"),
    (
        "metric",
        {"dimensions": {"a.b": "nosuch"}},
        'dimensions["a.b"]',
        "col 1: unknown attribute nosuch",
    ),
    # fields of fields
    ("authorization", {"subject": '"x"'}, "subject", "must be a mapping, not str"),
    (
        "authorization",
        {"subject": {"usr": '"x"'}},
        "subject.usr",
        'unknown field "usr" (did you mean "user"?)',
    ),
    (
        "authorization",
        {"action": {"properties": {"n": "nosuch"}}},
        "action.properties.n",
        "col 1: unknown attribute nosuch",
    ),
]


@pytest.mark.parametrize(("template", "params", "field", "message"), WRONG_PARAMS)
def test_what_is_wrong_with_params_is_told(template, params, field, message):
    spec = {"compiledTemplate": template, "params": params}
    assert errors_of(document("instance", "i", spec)) == [(f"{HERE}: params.{field}", message)]


def test_every_field_that_is_wrong_is_told():
    sample = instance("i", "metric", value="a", dimensions={"b": "b", "c": "request.size"})
    assert [message for _, message in errors_of(sample)] == [
        "col 1: unknown attribute a",
        "col 1: unknown attribute b",
    ]


def test_an_expression_without_code_is_an_error_of_its_field():
    unequal = instance("i", "listentry", value="response.duration == response.duration")
    assert errors_of(unequal) == [(f"{HERE}: params.value", "col 19: DURATION does not support ==")]


@pytest.mark.parametrize("spelling", ["source_ip", "sourceIp"])
def test_fields_are_in_snake_or_camel_case(spelling):
    assert errors_of(instance("i", "tracespan", **{spelling: "source.ip"})) == []


def test_legacy_kinds_have_their_params_at_the_top():
    assert errors_of(document("listentry", "i", {"valu": '"x"'})) == [
        (f"listentry/{DEFAULT}/i: valu", 'unknown field "valu" (did you mean "value"?)')
    ]


WRONG_BINDINGS = [
    ("nosuch", "$out.value", "unknown attribute"),
    ("source.nam", "$out.value", 'unknown attribute (did you mean "source.name"?)'),
    (
        "source.name",
        "$out.valu",
        'col 1: unknown attribute lookup.output.valu (did you mean "lookup.output.value"?)',
    ),
    (
        "request.size",
        "$out.value",
        "col 1: expression 'lookup.output.value' evaluated to type STRING, expected type INT64",
    ),
    (
        "source.name",
        "$out.fields",
        "col 1: expression 'lookup.output.fields' evaluated to type STRING_MAP, "
        "expected type STRING",
    ),
    ("source.name", "$out.value |", "col 22: expected operand, found 'EOF'"),
]


@pytest.mark.parametrize(("attribute", "text", "message"), WRONG_BINDINGS)
def test_what_is_wrong_with_a_binding_is_told(attribute, text, message):
    bound = generator("i", '"k"', **{attribute: text})
    path = f'["{attribute}"]' if "." in attribute else f".{attribute}"
    assert errors_of(bound) == [(f"{HERE}: attributeBindings{path}", message)]


def test_only_generators_have_bindings():
    spec = {"compiledTemplate": "checknothing", "attributeBindings": {"source.name": '"x"'}}
    assert errors_of(document("instance", "i", spec)) == [
        (f"{HERE}: attributeBindings", "template checknothing generates no attributes")
    ]


@pytest.mark.parametrize("bindings", [{"source.name": 5}, ["source.name"], "source.name"])
def test_legacy_bindings_that_are_none_are_told(bindings):
    adapter = Info(
        name="maker",
        description="Makes.",
        templates=(MAKER,),
        params=Params,
        build=lambda *_: Making(),
    )
    documents = contents(
        handler("h", "maker"), document("making", "i", {"attributeBindings": bindings})
    )
    assert check_contents(documents, Registry(adapter)).errors != ()


class Making:
    """A handler that makes one of each."""

    def make(self, _instance):
        return Made()


class MakingInstance(NamedTuple):
    """Without fields."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A field of every type that an attribute can have."""

    text: str | None = None
    whole: int | None = None
    real: float | None = None
    flag: bool | None = None
    at: Timestamp | None = None
    taken: Duration | None = None
    address: bytes | None = None


class MakingHandler(Protocol):
    """Its one method."""

    def make(self, instance: MakingInstance) -> Made:
        """Makes one of each."""


MAKER = Template(
    name="making",
    variety=Variety.ATTRIBUTE_GENERATOR,
    instance=MakingInstance,
    handler=MakingHandler,
    output=Made,
)

OUTPUT_TYPES = [
    ("source.name", "$out.text"),
    ("request.size", "$out.whole"),
    ("my.rate", "$out.real"),
    ("connection.mtls", "$out.flag"),
    ("request.time", "$out.at"),
    ("response.duration", "$out.taken"),
    ("source.ip", "$out.address"),
]


@pytest.mark.parametrize(("attribute", "text"), OUTPUT_TYPES)
def test_outputs_have_the_types_of_their_annotations(attribute, text):
    adapter = Info(
        name="maker",
        description="Makes.",
        templates=(MAKER,),
        params=Params,
        build=lambda *_: Making(),
    )
    made = {"compiledTemplate": "making", "attributeBindings": {attribute: text}}
    documents = contents(
        handler("h", "maker"), document("instance", "i", made), rule("r", ("h", "i"))
    )
    assert check_contents(documents, Registry(adapter)).errors == ()
