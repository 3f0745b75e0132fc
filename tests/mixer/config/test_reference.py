"""How one resource names another: the table of config_model.md 3, against what exists."""

import pytest

from mixer.config.reference import candidates, resolve

CASES = [
    # no dot: kind and namespace of the one that asks
    ("a", ("a.handler.ns",)),
    ("", (".handler.ns",)),
    # one dot: a legacy kind here, then a namespace
    ("a.b", ("a.b.ns", "a.handler.b")),
    # two dots: a full name
    ("a.b.c", ("a.b.c",)),
    # more: taken as it is, so a name with a dot has no short form
    ("a.b.c.d", ("a.b.c.d",)),
]


@pytest.mark.parametrize(("reference", "names"), CASES)
def test_what_a_reference_can_mean(reference, names):
    assert candidates(reference, "handler", "ns") == names


RESOLVED = [
    ({"a.handler.ns"}, "a", "a.handler.ns"),
    ({"a.b.ns", "a.handler.b"}, "a.b", "a.b.ns"),  # the legacy kind comes first
    ({"a.handler.b"}, "a.b", "a.handler.b"),
    ({"a.handler.other"}, "a", None),  # other namespaces must be named
    ({"a.handler.istio-system"}, "a", None),  # the default one too
    ({"a.handler.istio-system"}, "a.istio-system", "a.handler.istio-system"),
    ({"a.b.handler.ns"}, "a.b", None),
    ({"a.b.handler.ns"}, "a.b.handler.ns", "a.b.handler.ns"),
    (set(), "a", None),
]


@pytest.mark.parametrize(("known", "reference", "name"), RESOLVED)
def test_the_first_that_exists_is_meant(known, reference, name):
    assert resolve(reference, "handler", "ns", known) == name
