"""Samples of one series have one key, and those of different series have different ones."""

import pytest

from adapters.series_key import series_key
from mixer.adapter import InstanceType, ValueType

TEXTS = {"method": ValueType.STRING, "path": ValueType.STRING}
MAP = {"headers": ValueType.STRING_MAP, "path": ValueType.STRING}


def key_of(types, only=None):
    fields = {"value": ValueType.INT64, "dimensions": types}
    return series_key(InstanceType(template="metric", fields=fields), only)


def test_the_order_of_dimensions_does_not_matter():
    key = key_of(TEXTS)
    assert key({"method": "GET", "path": "/"}) == key({"path": "/", "method": "GET"})


@pytest.mark.parametrize(
    ("types", "one", "other"),
    [
        (TEXTS, {"method": "GET", "path": "/"}, {"method": "/", "path": "GET"}),
        ({"code": ValueType.INT64}, {"code": 200}, {"code": 404}),
        (MAP, {"headers": {"a": "b"}, "path": "/"}, {"headers": {"a": "c"}, "path": "/"}),
    ],
)
def test_other_values_are_another_series(types, one, other):
    key = key_of(types)
    assert len({key(one), key(other), key(dict(one))}) == 2


def test_only_the_dimensions_that_matter_are_compared():
    key = key_of(TEXTS, only=["method"])
    assert key({"method": "GET", "path": "/"}) == key({"method": "GET", "path": "/a"})


def test_without_dimensions_there_is_one_series():
    assert key_of({})({}) == key_of(TEXTS, only=[])({"method": "GET", "path": "/"})
