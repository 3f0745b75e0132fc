"""Code gives what compiled expressions give: the values and failures of one table."""

import pytest

from benchmarks.micro.expression_cases import CASES, VOCABULARY, Stage
from mixer.attribute.bag import MappingBag
from mixer.errors import EvaluationError
from mixer.export.attributes import Phase
from mixer.export.expression import CodeWriter
from mixer.export.interpret.machine import CodeFailedError, Machine
from mixer.export.lower import lower_table
from mixer.export.pool import Pool
from mixer.export.scope import Said, Scope
from mixer.expr import compile_expression, parse_checked

FITTING = {"as": str, "ai": int, "ad": float}
"""A value of another class than its attribute's type can't come up in a proxy."""


def program_of(pool):
    return {
        "constants": pool.constants,
        "code": pool.code,
        "automata": pool.automata,
        "lower": lower_table(),
    }


def written(expression, attributes=None):
    """The writer, the number of the code, and what the pool has."""
    pool = Pool()
    said = Said(
        attributes=attributes or {}, absent=frozenset(VOCABULARY) - (attributes or {}).keys()
    )
    scope = Scope(pool=pool, said=said, phase=Phase.CHECK, unknown=set())
    writer = CodeWriter(pool, VOCABULARY, scope)
    return writer, writer.write(parse_checked(expression, VOCABULARY)[0]), pool


def run(number, pool):
    """The value of code whose attributes are constants, or None for a failure."""
    machine = Machine(program_of(pool))

    def read(attribute):
        _name, source, *arguments = pool.attributes[attribute]
        return machine.constant(*arguments) if source == "constant" else None

    try:
        return machine.run(number, read)
    except CodeFailedError:
        return None


def evaluated(case):
    try:
        value = compile_expression(case.expression, VOCABULARY).evaluate(
            MappingBag(case.attributes)
        )
    except EvaluationError:
        return None
    return dict(value) if hasattr(value, "items") else value


def plain(value):
    """The class and the value; programs have times and durations as ints."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = int(value)
    return type(value), repr(value)


EVALUATED = [case for case in CASES if case.stage is Stage.EVALUATE]


@pytest.mark.parametrize("case", EVALUATED, ids=lambda case: case.expression)
def test_code_gives_the_value_of_the_expression_or_fails_like_it_or_is_refused(case):
    writer, number, pool = written(case.expression, case.attributes)

    if not writer.reasons:
        assert plain(run(number, pool)) == plain(evaluated(case))
