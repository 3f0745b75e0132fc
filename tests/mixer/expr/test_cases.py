"""The table of expressions, through checker, compiler and evaluation."""

import pytest

from benchmarks.micro.expression_cases import CASES, VOCABULARY, Case, Stage
from mixer.attribute.bag import MappingBag, StringMap
from mixer.errors import EvaluationError, ExpressionError
from mixer.expr import check, compile_expression, parse, to_text


def of_stage(*stages):
    cases = [case for case in CASES if case.stage in stages]
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.expression)


@of_stage(Stage.CHECK)
def test_what_does_not_parse_or_has_no_type_is_rejected_with_its_column(case: Case):
    with pytest.raises(ExpressionError) as caught:
        check(parse(case.expression), VOCABULARY)
    assert (caught.value.message, caught.value.column) == (case.error, case.column)


@of_stage(Stage.COMPILE, Stage.EVALUATE)
def test_the_checker_finds_the_type(case: Case):
    assert check(parse(case.expression), VOCABULARY) is case.type


@of_stage(Stage.COMPILE)
def test_what_nothing_can_evaluate_is_rejected_by_the_compiler(case: Case):
    with pytest.raises(ExpressionError) as caught:
        compile_expression(case.expression, VOCABULARY)
    assert (caught.value.message, caught.value.column) == (case.error, case.column)


@of_stage(Stage.EVALUATE)
def test_evaluation_gives_the_value_or_the_error(case: Case):
    bag = MappingBag(case.attributes)
    expression = compile_expression(case.expression, VOCABULARY)
    assert expression.type is case.type
    if case.error is not None:
        with pytest.raises(EvaluationError) as caught:
            expression.evaluate(bag)
        assert str(caught.value) == case.error
    else:
        value = expression.evaluate(bag)
        plain = dict(value) if isinstance(value, StringMap) else value
        assert (type(plain), plain) == (type(case.value), case.value)
    if case.references is not None:
        assert tuple(bag.references) == case.references


@of_stage(Stage.EVALUATE)
def test_a_second_evaluation_gives_the_same(case: Case):
    bag = MappingBag(case.attributes)
    evaluate = compile_expression(case.expression, VOCABULARY).evaluate
    results = []
    for _ in range(2):
        try:
            results.append(repr(evaluate(bag)))
        except EvaluationError as error:
            results.append(str(error))
    assert results[0] == results[1]


@of_stage(Stage.COMPILE, Stage.EVALUATE)
def test_printed_text_parses_to_the_same_tree(case: Case):
    node = parse(case.expression)
    assert parse(to_text(node)) == node
