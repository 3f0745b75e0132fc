"""The specs of our own kinds."""

import pytest

from mixer.attribute.value import ValueType
from mixer.config.decode import Decoded, decode
from mixer.config.spec import (
    Action,
    AttributeInfo,
    AttributeManifest,
    Connection,
    Handler,
    HeaderOperation,
    Instance,
    Operation,
    Rule,
)

TYPES = (
    "VALUE_TYPE_UNSPECIFIED, STRING, INT64, DOUBLE, BOOL, TIMESTAMP, "
    "IP_ADDRESS, EMAIL_ADDRESS, URI, DNS_NAME, DURATION, STRING_MAP"
)

SPECS = [
    (
        {
            "revision": "1",
            "name": "istioproxy",
            "attributes": {
                "request.size": {"valueType": "INT64"},
                "source.ip": {"value_type": 6, "description": "who asks"},
            },
        },
        AttributeManifest(
            revision="1",
            name="istioproxy",
            attributes={
                "request.size": AttributeInfo(value_type=ValueType.INT64),
                "source.ip": AttributeInfo(value_type=ValueType.IP_ADDRESS, description="who asks"),
            },
        ),
    ),
    (
        {"compiledAdapter": "denier", "params": {"status": {"code": 7}}},
        Handler(compiled_adapter="denier", params={"status": {"code": 7}}),
    ),
    (
        {"name": "x", "adapter": "mine", "connection": {"address": "[::1]:1"}},
        Handler(name="x", adapter="mine", connection=Connection(address="[::1]:1")),
    ),
    (
        {
            "compiledTemplate": "lookup",
            "params": {"key": "source.ip"},
            "attributeBindings": {"source.name": "$out.value"},
        },
        Instance(
            compiled_template="lookup",
            params={"key": "source.ip"},
            attribute_bindings={"source.name": "$out.value"},
        ),
    ),
    ({"template": "mine", "name": "x"}, Instance(template="mine", name="x")),
    (
        {
            "match": "a == b",
            "actions": [{"handler": "h", "instances": ["i", "j"], "name": "x"}],
            "requestHeaderOperations": [{"name": "a", "values": ["x.output.value"]}],
            "response_header_operations": [{"name": "b", "operation": "REMOVE"}],
            "sampling": {"random": {}},
        },
        Rule(
            match="a == b",
            actions=(Action(handler="h", instances=("i", "j"), name="x"),),
            request_header_operations=(HeaderOperation(name="a", values=("x.output.value",)),),
            response_header_operations=(HeaderOperation(name="b", operation=Operation.REMOVE),),
            sampling={"random": {}},
        ),
    ),
]


@pytest.mark.parametrize(("data", "spec"), SPECS)
def test_a_spec_is_read_with_all_its_fields(data, spec):
    assert decode(type(spec), data) == Decoded(value=spec, errors=())


@pytest.mark.parametrize(
    ("cls", "data", "path", "message"),
    [
        (Rule, {"match": True}, ("match",), "want a string, got the boolean true; quote it"),
        (
            Rule,
            {"actions": [{"instance": ["x"]}]},
            ("actions", 0, "instance"),
            'unknown field "instance" (did you mean "instances"?)',
        ),
        (Handler, {"params": []}, ("params",), "want an object, got a list"),
        (
            AttributeManifest,
            {"attributes": {"a.b": {"valueType": "INT"}}},
            ("attributes", "a.b", "valueType"),
            f'want one of {TYPES}; got the string "INT" (did you mean "INT64"?)',
        ),
    ],
)
def test_a_mistake_is_told_with_its_path(cls, data, path, message):
    assert decode(cls, data).errors == ((path, message),)
