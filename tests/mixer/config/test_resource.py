"""Keys, resources, paths and lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.config.resource import Key, Lines, Resource, parse_path, render_path
from mixer.errors import Location

KEY = Key(kind="rule", namespace="istio-system", name="deny")
RESOURCE = Resource(
    key=KEY,
    spec={"match": 5, "actions": [{"handler": "h"}]},
    file="rules.yaml",
    lines=Lines(10, {"match": Lines(15), "actions": Lines(16, {0: Lines(17)})}),
)


def test_a_key_has_a_full_name_and_a_place():
    assert (str(KEY), KEY.place) == ("deny.rule.istio-system", "rule/istio-system/deny")


def test_a_location_is_that_of_the_nearest_parent():
    assert RESOURCE.location(("actions", 0, "name")) == Location(file="rules.yaml", line=17)
    assert RESOURCE.location() == Location(file="rules.yaml", line=10)


def test_a_resource_that_comes_from_no_file_has_no_location():
    assert Resource(key=KEY, spec={}).location(("match",)) is None


def test_an_error_names_resource_field_and_line():
    error = RESOURCE.error(("actions", 0, "handler"), "no such handler")
    assert str(error) == (
        "rules.yaml:17: rule/istio-system/deny: actions[0].handler: no such handler"
    )


def test_an_error_about_all_of_a_resource_names_no_field():
    assert str(RESOURCE.error((), "is odd")) == "rules.yaml:10: rule/istio-system/deny: is odd"


def test_resources_that_say_the_same_are_equal_wherever_they_stand():
    assert Resource(key=KEY, spec=RESOURCE.spec, file="elsewhere.yaml") == RESOURCE


PATHS = [
    ((), ""),
    (("match",), "match"),
    (("actions", 0, "handler"), "actions[0].handler"),
    ((2, "@type"), "[2].@type"),
    (("dimensions", "a.b", "c"), 'dimensions["a.b"].c'),
    (("", 'say "x"'), '[""]["say \\"x\\""]'),
]


@pytest.mark.parametrize(("path", "text"), PATHS)
def test_a_path_is_shown_as_one_would_write_it(path, text):
    assert render_path(path) == text


@pytest.mark.parametrize(("path", "text"), PATHS)
def test_what_is_shown_can_be_read_back(path, text):
    assert parse_path(text) == path


def test_a_path_with_a_bad_escape_is_read_as_it_stands():
    assert parse_path(r'a["\d"]') == ("a", r"\d")


@given(st.lists(st.text() | st.integers(min_value=0)))
def test_every_path_survives_being_shown(steps):
    assert parse_path(render_path(tuple(steps))) == tuple(steps)


@given(st.text())
def test_any_text_can_be_read_as_some_path(text):
    assert isinstance(parse_path(text), tuple)


LINES = Lines(1, {"quotas": Lines(3, {0: Lines(4, {"maxAmount": Lines(5)})})})


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("quotas",), 3),
        (("quotas", 0, "maxAmount"), 5),
        (("quotas", 0, "max_amount"), 5),  # the class's name for what the file calls maxAmount
        (("quotas", 0, "name"), 4),  # not there: its parent is
        (("quotas", 7, "name"), 3),
        (("nothing", "of", "this"), 1),
    ],
)
def test_a_line_is_that_of_the_nearest_value_that_has_one(path, line):
    assert LINES.find(path) == line
