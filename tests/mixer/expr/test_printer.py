"""Expressions as text."""

import pytest

from mixer.expr import parse, to_prefix, to_text

ROWS = [
    ('as == "0"', 'EQ($as, "0")', '(as == "0s")'),
    ("a.b | c && true", "OR($a.b, $c)", None),
    ("!a", "NOT($a)", "(!a)"),
    ('m["k"]', 'INDEX($m, "k")', 'm["k"]'),
    ('(m | n)["k"]', 'INDEX(OR($m, $n), "k")', '(m | n)["k"]'),
    ('(m["k"]).f(1)', 'INDEX($m, "k"):f(1)', '(m["k"]).f(1)'),
    ("`a\\`.f('c')", "`a\\`:f('c')", '("a\\\\").f("c")'),
    ("LOR(a)", "LOR($a)", "LOR(a)"),
    ("EQ(a, b)", "EQ($a, $b)", "(a == b)"),
    ("010 + 1e3", "ADD(010, 1e3)", "(10 + 1000.0)"),
    ("FALSE", "false", "false"),
]


@pytest.mark.parametrize(("text", "prefix", "printed"), ROWS, ids=[row[0] for row in ROWS])
def test_both_forms(text, prefix, printed):
    node = parse(text)
    if printed is None:
        node = node.arguments[0]
        printed = "(a.b | c)"
    assert (to_prefix(node), to_text(node)) == (prefix, printed)
