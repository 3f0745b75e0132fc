"""Expression cases: what does not type-check, or does and has no code."""

from typing import Final

from benchmarks.micro.expression_cases.case import (
    BOOL,
    DURATION,
    VALUE_TYPE_UNSPECIFIED,
    rejected,
    without_code,
)

TYPE_ERRORS: Final = (
    # a name that is close to a known one
    rejected("request.pat", 'unknown attribute request.pat (did you mean "request.path"?)', 1),
    rejected('as.startWith("x")', 'unknown function: startWith (did you mean "startsWith"?)', 4),
    # methods
    rejected(
        'ai.startsWith("x")', '$ai:startsWith("x") target typeError got INT64, expected STRING', 1
    ),
    rejected(
        '(as | "x").matches(5)',
        'OR($as, "x"):matches(5) arg 1 (5) typeError got INT64, expected STRING',
        20,
    ),
    rejected("as.endsWith()", "$as:endsWith() arity mismatch. Got 0 arg(s), expected 1 arg(s)", 4),
    # the operators of one operand have the names of those of two
    rejected("+ai", "ADD($ai) arity mismatch. Got 1 arg(s), expected 2 arg(s)", 1),
    # the error is that of the innermost part
    rejected(
        "ab && (as + ai) == bs",
        "ADD($as, $ai) arg 2 ($ai) typeError got INT64, expected STRING",
        13,
    ),
    rejected("!ab", "unknown function: NOT", 1),
    rejected("-1", "unknown function: SUB", 1),
    rejected("ai == -1", "unknown function: SUB", 7),
    rejected("ai - 1", "unknown function: SUB", 4),
    rejected("ai * 2", "unknown function: MUL", 4),
    rejected("ai / 2", "unknown function: QUO", 4),
    rejected("ai % 2", "unknown function: REM", 4),
    rejected('as == "0"', 'EQ($as, "0") arg 2 ("0") typeError got DURATION, expected STRING', 7),
    rejected('as == "5m"', 'EQ($as, "5m") arg 2 ("5m") typeError got DURATION, expected STRING', 7),
    rejected(
        'ar["1h"]', 'INDEX($ar, "1h") arg 2 ("1h") typeError got DURATION, expected STRING', 4
    ),
    rejected("as | 5", "OR($as, 5) arg 2 (5) typeError got INT64, expected STRING", 6),
    rejected("nope", "unknown attribute nope", 1),
    rejected('nope == "x"', "unknown attribute nope", 1),
    rejected(
        'startsWith(request.path, "/a")',
        "invoking instance method without an instance: startsWith",
        1,
    ),
    rejected("as.toLower()", "invoking regular function on instance method: toLower", 4),
    rejected('as.match("x")', "invoking regular function on instance method: match", 4),
    rejected("match(as)", "match($as) arity mismatch. Got 1 arg(s), expected 2 arg(s)", 1),
    rejected(
        "conditional(ab, as, 5)",
        "conditional($ab, $as, 5) arg 3 (5) typeError got INT64, expected STRING",
        21,
    ),
    rejected('size("5s")', 'size("5s") arg 1 ("5s") typeError got DURATION, expected STRING', 6),
    rejected("size(ar)", "size($ar) arg 1 ($ar) typeError got STRING_MAP, expected STRING", 6),
    rejected("ad + 1", "ADD($ad, 1) arg 2 (1) typeError got INT64, expected DOUBLE", 6),
    rejected("ai == 1.5", "EQ($ai, 1.5) arg 2 (1.5) typeError got DOUBLE, expected INT64", 7),
    rejected("ai < 2.5", "LT($ai, 2.5) arg 2 (2.5) typeError got DOUBLE, expected INT64", 6),
    rejected(
        'at == "2020-01-01T00:00:00Z"',
        'EQ($at, "2020-01-01T00:00:00Z") arg 2 ("2020-01-01T00:00:00Z") typeError '
        "got STRING, expected TIMESTAMP",
        7,
    ),
    rejected(
        'aip == "10.0.0.1"',
        'EQ($aip, "10.0.0.1") arg 2 ("10.0.0.1") typeError got STRING, expected IP_ADDRESS',
        8,
    ),
    rejected("foo(as)", "unknown function: foo", 1),
    rejected("as.b", "unknown attribute as.b", 1),
    rejected("ar[5]", "INDEX($ar, 5) arg 2 (5) typeError got INT64, expected STRING", 4),
    rejected('as["x"]', 'INDEX($as, "x") arg 1 ($as) typeError got STRING, expected STRING_MAP', 1),
    rejected("ar.x", "unknown attribute ar.x", 1),
    rejected("ai & 1", 'unknown function: AND (did you mean "LAND"?)', 4),
    rejected("ai << 1", "unknown function: SHL", 4),
    rejected("adns == as", "EQ($adns, $as) arg 2 ($as) typeError got STRING, expected DNS_NAME", 9),
    rejected("ab && nope", "unknown attribute nope", 7),
    rejected("ab && as", "LAND($ab, $as) arg 2 ($as) typeError got STRING, expected BOOL", 7),
    rejected("as || ab", "LOR($as, $ab) arg 1 ($as) typeError got STRING, expected BOOL", 1),
    rejected("as == 5", "EQ($as, 5) arg 2 (5) typeError got INT64, expected STRING", 7),
    rejected("as + 1", "ADD($as, 1) arg 2 (1) typeError got INT64, expected STRING", 6),
    rejected(
        '"a" + "2s"', 'ADD("a", "2s") arg 2 ("2s") typeError got DURATION, expected STRING', 7
    ),
    rejected("a.b.c()", "unknown function: c", 5),
    rejected("as()", "unknown function: as", 1),
    rejected("as[0]", "INDEX($as, 0) arg 1 ($as) typeError got STRING, expected STRING_MAP", 1),
    rejected("ab == as == bs", "EQ($ab, $as) arg 2 ($as) typeError got STRING, expected BOOL", 7),
)

WITHOUT_CODE: Final = (
    without_code('adur == "5s"', BOOL, "DURATION does not support ==", 6),
    without_code('adur != "5s"', BOOL, "DURATION does not support !=", 6),
    without_code('adur < "5s"', BOOL, "DURATION does not support <", 6),
    without_code("adur + bdur", DURATION, "DURATION does not support +", 6),
    without_code("ar == br", BOOL, "STRING_MAP does not support ==", 4),
    without_code("ab < bb", BOOL, "BOOL does not support <", 4),
    without_code("aip < bip", BOOL, "IP_ADDRESS does not support <", 5),
    without_code(
        "abytes",
        VALUE_TYPE_UNSPECIFIED,
        "attribute abytes is of type VALUE_TYPE_UNSPECIFIED, which has no values",
        1,
    ),
    without_code('"1s" + "2s"', DURATION, "DURATION does not support +", 6),
    without_code("ab + bb", BOOL, "BOOL does not support +", 4),
)
