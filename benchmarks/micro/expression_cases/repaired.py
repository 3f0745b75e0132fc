"""Expression cases in which the original has a defect that is not reproduced."""

from typing import Final

from benchmarks.micro.expression_cases.case import (
    BOOL,
    INT64,
    STRING,
    failing,
    giving,
    instant,
    rejected,
)

REPAIRED: Final = (
    # the original: BOOL true
    giving("(as == bs) | true", {"as": "x", "bs": "y"}, BOOL, False),
    # the original: BOOL false
    giving("(as == bs) | false", {"as": "x", "bs": "x"}, BOOL, True),
    # the original: STRING "zz"
    giving('(as + bs) | "zz"', {"as": "x", "bs": "y"}, STRING, "xy"),
    # the original: INT64 7
    giving("(ai + bi) | 7", {"ai": 1, "bi": 2}, INT64, 3),
    # the original: INT64 99
    giving("size(as) | 99", {"as": "abc"}, INT64, 3),
    # the original: BOOL true
    giving("(ab && bb) | true", {"ab": True, "bb": False}, BOOL, False),
    # the original: BOOL false
    giving("(ab || bb) | false", {"ab": True, "bb": True}, BOOL, True),
    # the original: BOOL true
    rejected(
        'match(as, "a", "a")',
        'match($as, "a", "a") arity mismatch. Got 3 arg(s), expected 2 arg(s)',
        1,
    ),
    # the original: BOOL false
    giving(
        'at <= timestamp("2020-01-01T01:00:00+01:00")',
        {"at": instant("2020-01-01T00:00:00Z")},
        BOOL,
        True,
    ),
    # the original: panic
    failing('ar["x"]', {"ar": "x"}, STRING, "lookup failed: 'ar'"),
    # the original: panic
    failing('aip == ip("10.0.0.1")', {"aip": "10.0.0.1"}, BOOL, "lookup failed: 'aip'"),
    # the original, by its code and not run: goes on without a value on its stack
    failing("as | (bs | cs)", {}, STRING, "lookup failed: 'cs'"),
    # the original, by its code and not run: looks at the last character of an empty host
    giving("auri == auri", {"auri": "http:///x"}, BOOL, True),
    # the original: panic
    rejected('(as)("x")', "unexpected expression: CallExpr of something that is no name", 5),
    # the original: INT64 3
    rejected("size(as, bs)", "size($as, $bs) arity mismatch. Got 2 arg(s), expected 1 arg(s)", 1),
    # the original: STRING_MAP map[]
    rejected(
        "emptyStringMap(1)", "emptyStringMap(1) arity mismatch. Got 1 arg(s), expected 0 arg(s)", 1
    ),
)
