"""Programs that are wrong in themselves, each with what every interpreter says of it."""

from tests.mixer.export.empty_program import EMPTY

PARTS = {
    "constants": ["a", {"int": "1"}, True, {"map": {}}, {"double": "3ff8000000000000"}],
    "attributes": [
        ["t", "header", "t"],
        ["m", "headers"],
        ["i", "content_length"],
        ["n", "absent"],
    ],
    "automata": [{"classes": [0] * 256, "next": [0, 1], "start": 0, "final": []}],
    "statuses": [[7, "PERMISSION_DENIED", 403], [8, "RESOURCE_EXHAUSTED", 429]],
}
_LOOK_UP = {"do": "list", "handler": "h", "value": 0, "type": 0, "list": 0} | {
    "deny_found": True,
    "denial": "",
}
_LISTS = [{"kind": "texts", "entries": []}]
_METRIC = {"match": -1, "kind": "counter", "stat": "s", "labels": [], "value": 0} | {
    "scale": 1,
    "max_series": 1,
}
_LOG = {"match": -1, "instance": "i", "severity": -1, "levels": {}, "lowest": 0, "time": -1}
_TAKE = {"match": -1, "do": "take", "handler": "h", "dimensions": [], "overrides": [], "limit": 0}


def wrong(**parts):
    return EMPTY | PARTS | parts


def code(*words, **parts):
    return wrong(code=[list(words)], **parts)


def rule(match=-1, *actions):
    return [{"rule": "ns/r", "match": match, "actions": list(actions)}]


REFUSED = [
    (EMPTY | {"version": 2}, "unknown version"),
    # Operands, jumps and the stack.
    (code(99), "code 0: unknown opcode"),
    (code(0), "code 0: code that lacks an operand"),
    (code(0, 9), "code 0: an operand out of range"),
    (code(0, 0, 0, 1, 13, 6, 0), "code 0: an operand out of range"),
    (code(0, 0, 23, 7), "code 0: an operand out of range"),
    (code(7, 0), "code 0: a jump that does not go forward"),
    (code(2, 0, 4, 0, 0), "code 0: a jump into the middle"),
    (code(11), "code 0: code that pops too much"),
    (code(0, 0, 0, 0), "code 0: code that does not leave one value"),
    (code(), "code 0: code that does not leave one value"),
    (code(0, 0, stack=0), "code 0: code that needs a deeper stack"),
    (code(2, 0, 5, 7, 5), "code 0: a jump with another stack"),
    (code(2, 0, 5, 7, 7, 0, 1), "code 0: a jump with another stack"),
    # Types: of constants, attributes and results of opcodes.
    (code(0, 1, 16, 0), "code 0: number where text is needed"),
    (code(1, 2, 20), "code 0: number where text is needed"),
    (code(1, 0, 1, 1, 5), "code 0: map where text is needed"),
    (code(1, 0, 1, 0, 5), "code 0: text where map is needed"),
    (code(3, 0, 0), "code 0: text where map is needed"),
    (code(3, 1, 1), "code 0: number where text is needed"),
    (code(0, 0, 8, 3), "code 0: text where bool is needed"),
    (code(0, 1, 9, 5, 0, 2), "code 0: number where bool is needed"),
    (code(0, 2, 0, 0, 0, 1, 12), "code 0: text where number is needed"),
    (code(0, 0, 0, 1, 13, 0, 1), "code 0: text where number is needed"),
    (code(0, 2, 0, 2, 13, 2, 2), "code 0: a type that has no order"),
    (code(0, 2, 0, 2, 14, 2), "code 0: a type that has no sum"),
    (code(0, 0, 23, 4), "code 0: text where address is needed"),
    (code(0, 4, 23, 1), "code 0: double where number is needed"),
    (wrong(attributes=[["f", "first", ["absent"], ["path"], ["headers"]]]), "several types"),
    (wrong(attributes=[["f", "first", ["first", ["path"]]]]), "attributes 0: first in first"),
    (wrong(attributes=[["c", "constant", 9]]), "constants 9: does not exist"),
    # What code is for.
    (code(0, 0, check=rule(0)), "code 0: text where bool is needed"),
    (wrong(check=rule(3)), "code 3: does not exist"),
    (code(0, 1, check=rule(-1, _LOOK_UP), lists=_LISTS), "code 0: number where text is needed"),
    (code(0, 0, check=rule(-1, _LOOK_UP)), "lists 0: does not exist"),
    (
        code(0, 0, check=rule(-1, _LOOK_UP), lists=_LISTS, statuses=[]),
        "statuses 7: missing",
    ),
    (
        code(0, 1, headers=[{"match": -1, "request": [["set", "a", 0]], "response": []}]),
        "code 0: number where text is needed",
    ),
    (code(0, 0, metrics=[_METRIC]), "code 0: text where number is needed"),
    (code(0, 1, metrics=[_METRIC | {"labels": [["a", 0]]}]), "number where text is needed"),
    (code(0, 1, logs=[_LOG | {"fields": [["a", 0, False]]}]), "number where text is needed"),
    (
        wrong(quotas=[{"name": "q", "amount": 1, "limits": [_TAKE]}]),
        "limits 0: does not exist",
    ),
    (
        wrong(lists=[{"kind": "patterns", "automaton": 4}]),
        "automata 4: does not exist",
    ),
    (wrong(lower=[[65, 90, 1, 32], [90, 91, 1, 1]]), "lower 1: not in order"),
]
"""In the first part what is wrong with one piece of code, then with what uses it."""

TAKEN = [
    # What is never reached, or never has a value, may be anything.
    code(24),
    code(1, 3, 16, 0),
    code(2, 3, 5, 7, 7, 0, 0),
    code(24, 0, 0, 13, 0, 0),
]
"""Programs that look wrong and are not."""
