"""What holds for every expression and every text."""

import ast
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.micro.expression_cases import CASES, VOCABULARY, Stage
from mixer.attribute.bag import MappingBag
from mixer.attribute.value import Duration, ValueType
from mixer.errors import EvaluationError, ExpressionError
from mixer.expr import (
    MAX_DEPTH,
    MAX_LENGTH,
    Attribute,
    Call,
    Constant,
    compile_expression,
    parse,
    to_text,
)


def is_no_duration(text):
    try:
        Duration.parse(text)
    except ValueError:
        return True
    return False


NAMES = st.sampled_from(["as", "ab", "request.headers", "_x1", "ü.b", "match", "LOR", "size"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).filter(is_no_duration)
CONSTANTS = st.one_of(
    st.builds(Constant, value=TEXTS, type=st.just(ValueType.STRING)),
    st.builds(
        Constant,
        value=st.integers(-(10**15), 10**15).map(Duration),
        type=st.just(ValueType.DURATION),
    ),
    st.builds(Constant, value=st.integers(0, (1 << 63) - 1), type=st.just(ValueType.INT64)),
    st.builds(
        Constant,
        value=st.floats(min_value=0, allow_infinity=False).map(abs),
        type=st.just(ValueType.DOUBLE),
    ),
    st.builds(Constant, value=st.booleans(), type=st.just(ValueType.BOOL)),
)
OPERATORS = st.sampled_from(
    [
        "LOR",
        "LAND",
        "EQ",
        "NEQ",
        "LT",
        "LEQ",
        "GT",
        "GEQ",
        "ADD",
        "SUB",
        "OR",
        "XOR",
        "MUL",
        "QUO",
        "REM",
        "SHL",
        "SHR",
        "AND",
        "AND_NOT",
        "INDEX",
    ]
)


def calls(nodes):
    arguments = st.lists(nodes, max_size=3).map(tuple)
    plain_names = NAMES.filter(lambda name: "." not in name)
    return st.one_of(
        st.builds(Call, name=OPERATORS, arguments=st.tuples(nodes, nodes)),
        st.builds(Call, name=st.sampled_from(["NOT", "SUB", "XOR"]), arguments=st.tuples(nodes)),
        st.builds(Call, name=plain_names, arguments=arguments),
        st.builds(Call, name=plain_names, arguments=arguments, target=nodes),
    )


NODES = st.recursive(CONSTANTS | st.builds(Attribute, name=NAMES), calls, max_leaves=12)


@given(NODES)
def test_every_tree_can_be_printed_and_parsed_again(node):
    assert parse(to_text(node)) == node


FRAGMENTS = st.sampled_from(
    [
        *("as", "ab", "ar", "at", "(", ")", "[", "]", '"a"', '"1s"', "'c'", "`r`", "1", "2.5"),
        *("==", "<", "&&", "||", "|", "+", "-", "!", ".", ",", " ", "\n", "//", "/*", "\\", "_"),
        *("match(", "toLower(", "conditional(", ".startsWith(", "ip(", "func", "true", "\x00"),
        *("é", "0x"),
    ]
)
SOUP = st.lists(FRAGMENTS | st.text(max_size=3), max_size=12).map("".join)


@settings(max_examples=300)
@given(SOUP)
def test_no_text_raises_anything_but_an_expression_error_with_a_column_in_the_text(text):
    column = 1
    try:
        compile_expression(text, VOCABULARY)
    except ExpressionError as error:
        column = error.column
    assert 1 <= column <= len(text) + 1


@settings(max_examples=300)
@given(NODES)
def test_no_tree_raises_anything_but_expression_and_evaluation_errors(node):
    try:
        expression = compile_expression(to_text(node), VOCABULARY)
    except ExpressionError:
        return
    try:
        expression.evaluate(MappingBag({}))
    except EvaluationError:
        return


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "as" + ")" * 5000,
        "ar[" * 5000 + "as" + "]" * 5000,
        "toLower(" * 5000 + "as" + ")" * 5000,
        "!" * 5000 + "ab",
        "- " * 5000 + "1",
        " | ".join(["as"] * 5000),
        " && ".join(["ab"] * 5000),
        'as == "' + "x" * 70_000 + '"',
    ],
    ids=lambda text: text[:9],
)
def test_hostile_texts_are_refused(text):
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text, VOCABULARY)
    assert caught.value.message in {
        f"expression nests more than {MAX_DEPTH} levels deep",
        f"expression is longer than {MAX_LENGTH} characters",
    }


@pytest.mark.parametrize(
    "make",
    [
        lambda depth: " | ".join(["as"] * depth),
        lambda depth: " && ".join(["ab"] * depth),
        lambda depth: " + ".join(["ai"] * depth),
        lambda depth: " == ".join(["ab"] * depth),
        lambda depth: "toLower(" * depth + "as" + ")" * depth,
        lambda depth: "ar[" * depth + "as" + "]" * depth + ' | "d"',
        lambda depth: "conditional(ab, as, " * depth + "as" + ")" * depth,
    ],
    ids=["or", "and", "add", "equal", "function", "index", "conditional"],
)
@pytest.mark.parametrize("depth", [50, 128, 129])
def test_up_to_the_bound_an_expression_compiles_or_is_refused(make, depth):
    bag = MappingBag({"as": "x", "ab": True, "ai": 1, "ar": {"x": "x"}})
    outcome = None
    try:
        outcome = compile_expression(make(depth), VOCABULARY).evaluate(bag)
    except ExpressionError as error:
        refusal = error.message
    assert outcome is not None or (depth > 50 and "nests" in refusal)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.stage is Stage.EVALUATE], ids=lambda c: c.expression
)
def test_generated_source_has_no_constants_but_its_own(case):
    expression = compile_expression(case.expression, VOCABULARY)
    nodes = list(ast.walk(ast.parse(expression.source, mode="eval")))
    constants = {repr(node.value) for node in nodes if isinstance(node, ast.Constant)}
    assert constants <= {"''", "None", "0", "1", "2", str(1 << 63), str((1 << 63) - 1)}
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    unknown = names - set(expression.names) - {"bag"}
    assert all(re.fullmatch(r"t\d+", name) for name in unknown)


def test_a_constant_that_looks_like_code_stays_a_constant():
    text = """as == ") or __import__('os').abort() or (" """
    expression = compile_expression(text, VOCABULARY)
    assert "import" not in expression.source
    assert expression.evaluate(MappingBag({"as": ") or __import__('os').abort() or ("})) is True
