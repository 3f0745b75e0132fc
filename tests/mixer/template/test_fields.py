"""What fields an instance has, by the annotations of its class."""

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from mixer.adapter import Duration, RegistrationError, Timestamp, Value, ValueType
from mixer.template.catalogue import BUILTIN
from mixer.template.fields import Field, fields_of


class Inner(NamedTuple):
    text: str = ""


class Everything(NamedTuple):
    name: str
    text: str = ""
    whole: int = 0
    real: float = 0.0
    flag: bool = False
    at: Timestamp = Timestamp(0)
    taken: Duration = Duration(0)
    address: bytes = b""
    anything: Value | None = None
    entries: Mapping[str, Value] = {}
    inner: Inner | None = None


def test_every_annotation_of_the_table_is_understood():
    assert fields_of(Everything) == (
        Field(name="text", default="", value_type=ValueType.STRING),
        Field(name="whole", default=0, value_type=ValueType.INT64),
        Field(name="real", default=0.0, value_type=ValueType.DOUBLE),
        Field(name="flag", default=False, value_type=ValueType.BOOL),
        Field(name="at", default=Timestamp(0), value_type=ValueType.TIMESTAMP),
        Field(name="taken", default=Duration(0), value_type=ValueType.DURATION),
        Field(name="address", default=b"", value_type=ValueType.IP_ADDRESS),
        Field(name="anything", default=None),
        Field(name="entries", default={}, is_map=True),
        Field(name="inner", default=None, message=Inner),
    )


class Listed(NamedTuple):
    name: str
    items: tuple[str, ...] = ()


class Texts(NamedTuple):
    name: str
    texts: Mapping[str, str] = {}


class Choice(NamedTuple):
    name: str
    choice: str | int = ""


@pytest.mark.parametrize("instance", [Listed, Texts, Choice])
def test_any_other_is_refused_with_its_place(instance):
    with pytest.raises(RegistrationError, match=rf"\.{instance.__name__}\.\w+: can't be of type"):
        fields_of(instance)


NAMES = [
    ("value", ("value", "value"), "Value"),
    ("source_ip", ("source_ip", "sourceIp"), "SourceIp"),
    (
        "rewrite_client_span_id",
        ("rewrite_client_span_id", "rewriteClientSpanId"),
        "RewriteClientSpanId",
    ),
]


@pytest.mark.parametrize(("name", "config_names", "path_name"), NAMES)
def test_a_field_can_be_named_in_two_ways(name, config_names, path_name):
    field = Field(name=name, default=None)
    assert (field.config_names, field.path_name) == (config_names, path_name)


@pytest.mark.parametrize("template", BUILTIN.values(), ids=BUILTIN)
def test_every_template_of_ours_has_fields_that_can_be_configured(template):
    names = template.instance._fields
    assert tuple(field.name for field in fields_of(template.instance)) == names[1:]


FIELD_COUNTS = {  # templates.md 3, and our own `lookup`
    "apikey": 5,
    "authorization": 2,
    "checknothing": 0,
    "edge": 13,
    "listentry": 1,
    "logentry": 5,
    "kubernetes": 5,
    "lookup": 1,
    "metric": 4,
    "quota": 1,
    "reportnothing": 0,
    "tracespan": 19,
}


def test_templates_have_the_fields_of_the_original():
    assert {name: len(fields_of(one.instance)) for name, one in BUILTIN.items()} == FIELD_COUNTS
