"""From plain data to dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.attribute.value import Duration
from mixer.config.decode import Decoded, decode

FIVE_SECONDS = Duration.from_seconds(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    code: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denier:
    """Like the adapter of this name, with its defaults."""

    status: Status = field(default_factory=lambda: Status(code=9))
    valid_duration: Duration = FIVE_SECONDS
    valid_use_count: int = 1000


def denier(code, message, duration_s, count):
    return Denier(
        status=Status(code=code, message=message),
        valid_duration=Duration.from_seconds(duration_s),
        valid_use_count=count,
    )


GOOD_STATUS = {"code": 7, "message": "nope"}

# What the original, version 1.4, was seen to go on with after each fault.
PARTIAL = [
    (
        {"status": GOOD_STATUS, "validDuration": "3s", "validUseCount": 4, "foo": 1},
        denier(7, "nope", 3, 4),
        [(("foo",), 'unknown field "foo"')],
    ),
    (
        {"status": GOOD_STATUS, "validDuration": "abc", "validUseCount": 4},
        denier(7, "nope", 5, 1000),
        [(("validDuration",), 'want a duration such as 5s, got the string "abc"')],
    ),
    (
        {"status": GOOD_STATUS, "validDuration": "3s", "validUseCount": "x"},
        denier(7, "nope", 3, 1000),
        [(("validUseCount",), 'want an integer, got the string "x"')],
    ),
    (
        {"status": {**GOOD_STATUS, "foo": 1}, "validDuration": "3s", "validUseCount": 4},
        denier(7, "nope", 5, 1000),
        [(("status", "foo"), 'unknown field "foo"')],
    ),
    (
        {"status": {"code": "abc", "message": "nope"}, "validDuration": "3s"},
        denier(9, "", 5, 1000),
        [(("status", "code"), 'want an integer, got the string "abc"')],
    ),
    (
        {"status": {"code": 7, "message": False}, "validDuration": "3s"},  # message: no
        denier(7, "", 5, 1000),
        [(("status", "message"), "want a string, got the boolean false; quote it")],
    ),
    (
        {"status": 5, "valid_use_count": 4},
        denier(9, "", 5, 1000),
        [(("status",), "want an object, got the number 5")],
    ),
    ([], Denier(), [((), "want an object, got a list")]),
]


@pytest.mark.parametrize(("data", "value", "errors"), PARTIAL)
def test_what_could_be_read_before_an_error_is_in_force(data, value, errors):
    assert decode(Denier, data) == Decoded(value=value, errors=tuple(errors))


def test_the_order_of_the_data_does_not_matter():
    data = {"validUseCount": 4, "foo": 1, "validDuration": "abc", "status": GOOD_STATUS}
    assert decode(Denier, data).value == denier(7, "nope", 5, 1000)


def test_all_errors_are_collected_in_the_order_of_the_class():
    data = {"valid_use_count": "x", "stauts": {}, "validDuration": 3, "status": {"code": "y"}}
    assert decode(Denier, data).errors == (
        (("status", "code"), 'want an integer, got the string "y"'),
        (("validDuration",), "want a duration such as 5s, got the number 3"),
        (("valid_use_count",), 'want an integer, got the string "x"'),
        (("stauts",), 'unknown field "stauts" (did you mean "status"?)'),
    )


def test_fields_of_a_nested_message_are_merged_over_its_default():
    assert decode(Denier, {"status": {"message": "x"}}).value == denier(9, "x", 5, 1000)


@pytest.mark.parametrize("data", [None, {}, {"status": None, "validDuration": None}])
def test_null_is_as_good_as_absent(data):
    assert decode(Denier, data) == Decoded(value=Denier(), errors=())


def test_a_field_that_is_given_under_both_its_names_is_told():
    assert decode(Denier, {"validUseCount": 1, "valid_use_count": 2}).errors == (
        (("validUseCount",), "is given twice, also as valid_use_count"),
    )


class Level(IntEnum):
    INFO = 0
    ERROR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    name: str
    max_amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    quotas: tuple[Quota, ...] = (Quota(name="default"),)
    levels: Mapping[str, Level] = field(default_factory=lambda: {"warn": Level.INFO})
    by_name: Mapping[str, Quota] = field(default_factory=dict)
    matrix: tuple[tuple[float, ...], ...] = ()
    limit: int | None = None
    status: Status | None = None
    type_url: str = field(default="", metadata={"name": "@type"})
    raw: Any = None
    raw_map: Mapping[str, Any] = field(default_factory=dict)
    is_on: bool = False
    length: int = field(default=0, init=False)


def test_every_kind_of_field_is_read():
    data = {
        "quotas": [{"name": "a"}, {"name": "b", "maxAmount": "5"}],
        "levels": {"error": "ERROR", "warn": 2},
        "byName": {"x": {"name": "x"}},
        "matrix": [[1, 2.5], []],
        "limit": 3,
        "status": {"code": 1},
        "@type": "t",
        "raw": [1, None],
        "rawMap": {"a": None},
        "isOn": True,
    }
    assert decode(Everything, data) == Decoded(
        value=Everything(
            quotas=(Quota(name="a"), Quota(name="b", max_amount=5)),  # in place of the default
            levels={"warn": Level.ERROR, "error": Level.ERROR},  # added to the default
            by_name={"x": Quota(name="x")},
            matrix=((1.0, 2.5), ()),
            limit=3,
            status=Status(code=1),
            type_url="t",
            raw=[1, None],
            raw_map={"a": None},
            is_on=True,
        ),
        errors=(),
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"quotas": {}}, (("quotas",), "want a list, got an object")),
        ({"quotas": [None]}, (("quotas", 0), "want an object, got null")),
        ({"matrix": [[1], ["x"]]}, (("matrix", 1, 0), 'want a number, got the string "x"')),
        ({"levels": []}, (("levels",), "want an object, got a list")),
        ({"levels": {"a.b": "X"}}, (("levels", "a.b"), "want one of INFO, ERROR; got the str")),
        ({"limit": "x"}, (("limit",), 'want an integer, got the string "x"')),
        ({"typeUrl": "x"}, (("typeUrl",), 'unknown field "typeUrl"')),
        ({"length": 1}, (("length",), 'unknown field "length"')),
        ({"quotas": [{"maxAmount": 1}]}, (("quotas", 0, "name"), "is missing")),
    ],
)
def test_an_error_names_the_path_to_it(data, error):
    ((path, message),) = decode(Everything, data).errors
    assert (path, message[: len(error[1])]) == error


def test_a_list_ends_at_the_item_that_fails_with_what_could_be_read_of_it():
    data = {"quotas": [{"name": "a"}, {"name": "b", "maxAmount": "x"}, {"name": "c"}]}
    assert decode(Everything, data).value == Everything(quotas=(Quota(name="a"), Quota(name="b")))


def test_an_item_without_a_field_that_it_must_have_is_left_out():
    data = {"quotas": [{"name": "a"}, {"maxAmount": 1}], "byName": {"x": {"name": "x"}}}
    assert decode(Everything, data).value == Everything(quotas=(Quota(name="a"),))


def test_an_object_ends_at_the_entry_that_fails():
    data = {"levels": {"a": "ERROR", "b": "X", "c": "ERROR"}}
    assert decode(Everything, data).value.levels == {"warn": Level.INFO, "a": Level.ERROR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    children: tuple["Tree", ...] = ()


def test_a_class_may_hold_itself():
    data = {"children": [{}, {"children": [{}]}]}
    assert decode(Tree, data).value == Tree(children=(Tree(), Tree(children=(Tree(),))))


@dataclass(frozen=True, kw_only=True)
class Even:
    number: int = 0

    def __post_init__(self) -> None:
        if self.number % 2:
            raise ValueError(f"{self.number} is odd")


@dataclass(frozen=True, kw_only=True)
class Pair:
    first: Even = Even(number=2)
    second: int = 0


def test_what_a_class_has_against_its_fields_is_an_error_like_others():
    assert decode(Pair, {"first": {"number": 3}, "second": 1}) == Decoded(
        value=Pair(), errors=((("first",), "3 is odd"),)
    )
    assert decode(Even, {"number": 3}) == Decoded(value=Even(), errors=(((), "3 is odd"),))


@dataclass(frozen=True, kw_only=True)
class WithList:
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class HoldsWithList:
    inner: WithList | None = None


@dataclass(frozen=True, kw_only=True)
class WithBytes:
    data: bytes = b""


@dataclass(frozen=True, kw_only=True)
class WithNumberedMap:
    data: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WithChoice:
    data: int | str = 0


@dataclass(frozen=True, kw_only=True)
class WithUnknownName:
    data: "NoSuchClass" = 0  # noqa: F821


@pytest.mark.parametrize(
    ("cls", "message"),
    [
        (WithList, r"WithList\.names: list\[str\] is not supported; lists are tuple\[T, \.\.\.\]"),
        (HoldsWithList, r"WithList\.names"),  # noticed although the data does not get there
        (WithBytes, "bytes"),
        (WithNumberedMap, r"WithNumberedMap\.data"),
        (WithChoice, r"WithChoice\.data"),
        (WithUnknownName, "WithUnknownName: .*NoSuchClass"),
        (Quota, "name"),  # can't be made without arguments
        (int, "no dataclass"),
    ],
)
def test_a_class_that_breaks_the_rules_is_its_authors_fault(cls, message):
    with pytest.raises(TypeError, match=message):
        decode(cls, {})


KEYS = st.sampled_from(
    ["quotas", "levels", "byName", "matrix", "limit", "status", "@type", "raw", "name", "code"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
DATA = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner))


@given(DATA)
def test_no_data_whatever_raises(data):
    assert isinstance(decode(Everything, data).value, Everything)
