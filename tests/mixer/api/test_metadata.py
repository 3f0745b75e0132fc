"""Metadata as a flat map of strings."""

from envoy.config.core.v3.base_pb2 import Metadata
from google.protobuf.struct_pb2 import Struct

from mixer.api.metadata import flatten, flatten_struct


def metadata(**namespaces):
    message = Metadata()
    for name, values in namespaces.items():
        message.filter_metadata[name.replace("__", ".")].update(values)
    return message


def test_all_scalars_stand_under_their_ways():
    message = metadata(
        envoy__lb={"canary": True, "weight": 3, "share": 0.25, "big": 1e21},
        my__filter={"verdict": {"rule": {"name": "r"}, "tags": ["a", 2, False, None, ["b"]]}},
    )
    assert flatten(message) == {
        "envoy.lb/canary": "true",
        "envoy.lb/weight": "3",
        "envoy.lb/share": "0.25",
        "envoy.lb/big": "1000000000000000000000",
        "my.filter/verdict/rule/name": "r",
        "my.filter/verdict/tags": "a,2,false",
    }


def test_nulls_are_left_out():
    assert flatten(metadata(a={"null": None, "text": ""})) == {"a/text": ""}


def test_nothing_is_none():
    assert flatten(Metadata()) is None
    assert flatten(metadata(a={})) is None
    assert flatten_struct(Struct()) is None


def test_the_keys_of_a_struct_begin_its_ways():
    struct = Struct()
    struct.update({"NAMESPACE": "back", "LABELS": {"app": "books"}})
    assert flatten_struct(struct) == {"NAMESPACE": "back", "LABELS/app": "books"}


def test_depth_has_a_bound():
    deep = {"leaf": "x"}
    for _ in range(20):
        deep = {"s": deep}
    assert flatten(metadata(a={"shallow": "y", **deep})) == {"a/shallow": "y"}
