"""Expression cases with what they read: which branch is taken, and in which order.

A client may use a verdict again for every request that agrees in what was read, so reading too
much makes the client's cache useless, and reading too little makes it wrong.
"""

from typing import Final

from benchmarks.micro.expression_cases.case import (
    BOOL,
    INT64,
    STRING,
    STRING_MAP,
    TIMESTAMP,
    failing,
    giving,
    instant,
    ipv4,
)

_MAP: Final = {"x": "1"}
_NOON: Final = instant("2020-01-01T12:00:00Z")

REFERENCES: Final = (
    # logic: the right side is read only when the left does not decide
    giving("ab || bb", {"ab": True, "bb": True}, BOOL, True, (("ab", None, True),)),
    giving("ab && bb", {"ab": False, "bb": True}, BOOL, False, (("ab", None, True),)),
    giving(
        "ab && bb",
        {"ab": True, "bb": True},
        BOOL,
        True,
        (("ab", None, True), ("bb", None, True)),
    ),
    failing("ab || bb", {"bb": True}, BOOL, "lookup failed: 'ab'", (("ab", None, False),)),
    # defaults: absence is recorded, and what stands after the first value is not read
    giving("as | bs", {"bs": "b"}, STRING, "b", (("as", None, False), ("bs", None, True))),
    giving("as | bs", {"as": "a", "bs": "b"}, STRING, "a", (("as", None, True),)),
    failing(
        "as | bs",
        {},
        STRING,
        "lookup failed: 'bs'",
        (("as", None, False), ("bs", None, False)),
    ),
    failing(
        "as | bs", {"as": 5}, STRING, "error converting value to string: '5'", (("as", None, True),)
    ),
    giving("toLower(as) | bs", {"as": "A"}, STRING, "a", (("as", None, True),)),
    failing("(as == bs) | ab", {}, BOOL, "lookup failed: 'as'", (("as", None, False),)),
    # maps: a key is recorded, the map itself only when it is absent
    giving('ar["x"]', {"ar": _MAP}, STRING, "1", (("ar", "x", True),)),
    giving('ar["y"]', {"ar": _MAP}, STRING, "", (("ar", "y", False),)),
    giving('ar["x"] | "d"', {}, STRING, "d", (("ar", None, False),)),
    giving('ar["y"] | "d"', {"ar": _MAP}, STRING, "d", (("ar", "y", False),)),
    giving('ar["x"] | "d"', {"ar": "no map"}, STRING, "d", (("ar", None, True),)),
    giving('ar[as] | "d"', {"as": "x"}, STRING, "d", (("ar", None, False),)),
    giving('ar[as] | "d"', {"ar": _MAP}, STRING, "d", (("as", None, False),)),
    giving(
        'ar[as] | "d"',
        {"ar": _MAP, "as": "x"},
        STRING,
        "1",
        (("as", None, True), ("ar", "x", True)),
    ),
    giving(
        '(ar | br)["x"] | "d"',
        {"br": _MAP},
        STRING,
        "1",
        (("ar", None, False), ("br", "x", True)),
    ),
    giving("ar", {"ar": _MAP}, STRING_MAP, _MAP, ()),
    giving("ar | br", {"br": _MAP}, STRING_MAP, _MAP, (("ar", None, False),)),
    # conditions
    giving(
        "conditional(ab, as, bs)",
        {"ab": True, "as": "a", "bs": "b"},
        STRING,
        "a",
        (("ab", None, True), ("as", None, True)),
    ),
    giving(
        "conditional(ab, as, bs)",
        {"ab": False, "as": "a", "bs": "b"},
        STRING,
        "b",
        (("ab", None, True), ("bs", None, True)),
    ),
    giving(
        "conditionalString(ab, as, bs)",
        {"ab": False, "as": "a", "bs": "b"},
        STRING,
        "b",
        (("ab", None, True), ("as", None, True), ("bs", None, True)),
    ),
    # order of operands
    giving(
        "bs + as + cs",
        {"as": "a", "bs": "b", "cs": "c"},
        STRING,
        "bac",
        (("bs", None, True), ("as", None, True), ("cs", None, True)),
    ),
    giving("bi + ai", {"ai": 1, "bi": 2}, INT64, 3, (("bi", None, True), ("ai", None, True))),
    giving(
        "bs.matches(as)",
        {"as": "aaa", "bs": "a+"},
        BOOL,
        True,
        (("bs", None, True), ("as", None, True)),
    ),
    giving('match("abc", "a*") && ab', {"ab": True}, BOOL, True, (("ab", None, True),)),
    # times and addresses of the wrong class
    giving("at | bt", {"at": "noon", "bt": _NOON}, TIMESTAMP, "noon", (("at", None, True),)),
    giving(
        "(at | bt) == bt",
        {"at": "noon", "bt": _NOON},
        BOOL,
        True,
        (("at", None, True), ("bt", None, True)),
    ),
    giving(
        "(aip | bip) != bip",
        {"aip": "10.0.0.1", "bip": ipv4("10.0.0.2")},
        BOOL,
        False,
        (("aip", None, True), ("bip", None, True)),
    ),
    failing("at < bt", {"bt": _NOON}, BOOL, "lookup failed: 'at'", (("at", None, False),)),
)
