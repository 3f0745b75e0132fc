import pytest

from mixer.attribute.value import Duration, Timestamp
from proxy_client.conditions.observed import UNFIT, observe

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "key", "observed"),
    [
        (None, None, None),
        ("text", None, "text"),
        ("", None, ""),
        (b"\x7f\0\0\1", None, (bytes, b"\x7f\0\0\1")),
        (1, None, (int, 1)),
        (True, None, (bool, True)),
        (Timestamp(1), None, (Timestamp, Timestamp(1))),
        (Duration(1), None, (Duration, Duration(1))),
        (1.5, None, (float, "0x1.8000000000000p+0")),
        (-0.0, None, (float, "-0x0.0p+0")),
        (NAN, None, UNFIT),
        ({}, None, None),  # never sent
        ({"k": "v"}, None, UNFIT),  # one value was looked for
        ({"k": "v"}, "k", "v"),
        ({"k": ""}, "k", ""),
        ({"k": "v"}, "other", None),
        ({}, "k", None),
        (None, "k", None),
        ("text", "k", UNFIT),  # a map was looked for
        (1, "k", UNFIT),
    ],
)
def test_a_request_shows(value, key, observed):
    assert observe(value, key) == observed


def test_the_classes_are_part_of_what_is_shown():
    assert observe(1, None) != observe(Timestamp(1), None)
    assert observe(1, None) != observe(True, None)
