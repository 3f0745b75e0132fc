"""From text to tree."""

import pytest

from mixer.errors import ExpressionError
from mixer.expr import Attribute, Call, parse, to_prefix, walk

PRECEDENCE = [
    ("a | b == c", "EQ(OR($a, $b), $c)"),
    ("a || b && c == d + e * f", "LOR($a, LAND($b, EQ($c, ADD($d, MUL($e, $f)))))"),
    ("a * b + c == d && e || f", "LOR(LAND(EQ(ADD(MUL($a, $b), $c), $d), $e), $f)"),
    ("a - b - c", "SUB(SUB($a, $b), $c)"),
    ("a - (b - c)", "SUB($a, SUB($b, $c))"),
    ("a < b == c", "EQ(LT($a, $b), $c)"),
    ("a | b + c ^ d", "XOR(ADD(OR($a, $b), $c), $d)"),
    ("a << b &^ c % d", "REM(AND_NOT(SHL($a, $b), $c), $d)"),
    ("-a * !b", "MUL(SUB($a), NOT($b))"),
    ("!a.f()", "NOT($a:f())"),
    ("a.b.c(d).e(f)", "$a.b:c($d):e($f)"),
    ('"x".f("y",)', '"x":f("y")'),
    ("f(g(h))[i][j]", "INDEX(INDEX(f(g($h)), $i), $j)"),
    ("true.x", "$true.x"),
    ("True(false)", "True(false)"),
]


@pytest.mark.parametrize(("text", "wanted"), PRECEDENCE, ids=[row[0] for row in PRECEDENCE])
def test_operators_bind_as_in_go(text, wanted):
    assert to_prefix(parse(text)) == wanted


def test_operators_and_functions_make_the_same_tree():
    assert parse('a == m["k"]') == parse('EQ(a, INDEX(m, "k"))')


def test_nodes_know_where_they_stand():
    places = {
        getattr(node, "name", getattr(node, "text", None)): node.column
        for node in walk(parse(' a.b /* é */ ==\n x.startsWith(m["k"])'))
    }
    assert places == {
        "a.b": 2,
        "EQ": 14,
        "startsWith": 20,
        "x": 18,
        "INDEX": 32,
        "m": 31,
        '"k"': 33,
    }


def test_trees_are_equal_wherever_they_stand_and_can_be_keys():
    assert len({parse("a+b"), parse("a  +  b"), parse("(a) + b")}) == 1


def test_a_newline_ends_an_expression_only_where_one_may_end():
    wanted = Call(name="LAND", arguments=(Attribute(name="a"), Attribute(name="b")))
    assert parse("\n\na &&\n// comment\n\nb // end\n") == wanted
    assert parse("a && /* x\ny */ b\n") == wanted
    with pytest.raises(ExpressionError) as caught:
        parse("a /* x\ny */ && b")
    assert (caught.value.message, caught.value.column) == ("expected 'EOF', found '&&'", 13)


def test_an_error_in_the_grammar_comes_before_a_wrong_token_behind_it():
    with pytest.raises(ExpressionError, match=r"^col 3: expected 'EOF', found b$"):
        parse(r'a b "\q"')


def test_text_that_is_no_unicode_is_refused():
    with pytest.raises(ExpressionError, match=r"^col 6: illegal UTF-8 encoding$"):
        parse('a == \ud800"')
