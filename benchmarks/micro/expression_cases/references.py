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
    absent,
    failing,
    found,
    giving,
    instant,
    ipv4,
)

_MAP: Final = {"x": "1"}
_NOON: Final = instant("2020-01-01T12:00:00Z")

REFERENCES: Final = (
    # logic: the right side is read only when the left does not decide
    giving("ab || bb", {"ab": True, "bb": True}, BOOL, True, (found("ab"),)),
    giving("ab && bb", {"ab": False, "bb": True}, BOOL, False, (found("ab"),)),
    giving(
        "ab && bb",
        {"ab": True, "bb": True},
        BOOL,
        True,
        (found("ab"), found("bb")),
    ),
    failing("ab || bb", {"bb": True}, BOOL, "lookup failed: 'ab'", (absent("ab"),)),
    # defaults: absence is recorded, and what stands after the first value is not read
    giving("as | bs", {"bs": "b"}, STRING, "b", (absent("as"), found("bs"))),
    giving("as | bs", {"as": "a", "bs": "b"}, STRING, "a", (found("as"),)),
    failing(
        "as | bs",
        {},
        STRING,
        "lookup failed: 'bs'",
        (absent("as"), absent("bs")),
    ),
    failing("as | bs", {"as": 5}, STRING, "error converting value to string: '5'", (found("as"),)),
    giving("toLower(as) | bs", {"as": "A"}, STRING, "a", (found("as"),)),
    failing("(as == bs) | ab", {}, BOOL, "lookup failed: 'as'", (absent("as"),)),
    # maps: a key is recorded, the map itself only when it is absent
    giving('ar["x"]', {"ar": _MAP}, STRING, "1", (found("ar", "x"),)),
    giving('ar["y"]', {"ar": _MAP}, STRING, "", (absent("ar", "y"),)),
    giving('ar["x"] | "d"', {}, STRING, "d", (absent("ar"),)),
    giving('ar["y"] | "d"', {"ar": _MAP}, STRING, "d", (absent("ar", "y"),)),
    giving('ar["x"] | "d"', {"ar": "no map"}, STRING, "d", (found("ar"),)),
    giving('ar[as] | "d"', {"as": "x"}, STRING, "d", (absent("ar"),)),
    giving('ar[as] | "d"', {"ar": _MAP}, STRING, "d", (absent("as"),)),
    giving(
        'ar[as] | "d"',
        {"ar": _MAP, "as": "x"},
        STRING,
        "1",
        (found("as"), found("ar", "x")),
    ),
    giving(
        '(ar | br)["x"] | "d"',
        {"br": _MAP},
        STRING,
        "1",
        (absent("ar"), found("br", "x")),
    ),
    giving("ar", {"ar": _MAP}, STRING_MAP, _MAP, ()),
    giving("ar | br", {"br": _MAP}, STRING_MAP, _MAP, (absent("ar"),)),
    # conditions
    giving(
        "conditional(ab, as, bs)",
        {"ab": True, "as": "a", "bs": "b"},
        STRING,
        "a",
        (found("ab"), found("as")),
    ),
    giving(
        "conditional(ab, as, bs)",
        {"ab": False, "as": "a", "bs": "b"},
        STRING,
        "b",
        (found("ab"), found("bs")),
    ),
    giving(
        "conditionalString(ab, as, bs)",
        {"ab": False, "as": "a", "bs": "b"},
        STRING,
        "b",
        (found("ab"), found("as"), found("bs")),
    ),
    # order of operands
    giving(
        "bs + as + cs",
        {"as": "a", "bs": "b", "cs": "c"},
        STRING,
        "bac",
        (found("bs"), found("as"), found("cs")),
    ),
    giving("bi + ai", {"ai": 1, "bi": 2}, INT64, 3, (found("bi"), found("ai"))),
    giving(
        "bs.matches(as)",
        {"as": "aaa", "bs": "a+"},
        BOOL,
        True,
        (found("bs"), found("as")),
    ),
    giving('match("abc", "a*") && ab', {"ab": True}, BOOL, True, (found("ab"),)),
    # times and addresses of the wrong class
    giving("at | bt", {"at": "noon", "bt": _NOON}, TIMESTAMP, "noon", (found("at"),)),
    giving(
        "(at | bt) == bt",
        {"at": "noon", "bt": _NOON},
        BOOL,
        True,
        (found("at"), found("bt")),
    ),
    giving(
        "(aip | bip) != bip",
        {"aip": "10.0.0.1", "bip": ipv4("10.0.0.2")},
        BOOL,
        False,
        (found("aip"), found("bip")),
    ),
    failing("at < bt", {"bt": _NOON}, BOOL, "lookup failed: 'at'", (absent("at"),)),
)
