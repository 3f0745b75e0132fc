"""Compiled expressions, by themselves: the table that the tests of the language use."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from benchmarks.micro import expression_cases
from benchmarks.micro.expression_cases import CASES, VOCABULARY, Stage
from benchmarks.micro.timing import Case, same
from mixer.attribute.bag import Bag, MappingBag
from mixer.expr import compile_expression

_TYPICAL: Final = (
    "as == 'a'",
    "as | bs",
    'ar["x"] | "d"',
    'match(as, "a*")',
    'request.path.startsWith("/a")',
    'aip == ip("10.0.0.1")',
    'conditional((as | "x") == "a", "A", "B")',
)


class _Evaluation(NamedTuple):
    evaluate: Callable[[Bag], object]
    case: expression_cases.Case

    def new_bag(self) -> Bag:
        return MappingBag(self.case.attributes)


def expression_bench_cases() -> list[Case]:
    """Some typical expressions, then all that have a value; each with a bag read before, or new."""
    everything = [
        _Evaluation(compile_expression(case.expression, VOCABULARY).evaluate, case)
        for case in CASES
        if case.stage is Stage.EVALUATE and case.error is None
    ]
    # Some expressions stand there with several bags; the first one counts.
    by_text = {e.case.expression: e for e in reversed(everything)}
    return [
        *(_single(by_text[text]) for text in _TYPICAL),
        Case(
            name=f"all {len(everything)} expressions, bags read before",
            run=_sweep,
            inputs=same([(e.evaluate, e.new_bag()) for e in everything]),
            units=len(everything),
            unit="expression",
        ),
        Case(
            name=f"all {len(everything)} expressions, new bags",
            run=_sweep,
            inputs=_new_bags(everything),
            units=len(everything),
            unit="expression",
        ),
    ]


def _single(evaluation: _Evaluation) -> Case:
    return Case(
        name=evaluation.case.expression,
        run=evaluation.evaluate,
        inputs=same(evaluation.new_bag()),
        unit="expression",
    )


_Pairs = Sequence[tuple[Callable[[Bag], object], Bag]]


def _sweep(pairs: _Pairs) -> None:
    for evaluate, bag in pairs:
        evaluate(bag)


def _new_bags(everything: Sequence[_Evaluation]) -> Callable[[int], Iterable[_Pairs]]:
    return lambda how_many: [
        [(e.evaluate, e.new_bag()) for e in everything] for _ in range(how_many)
    ]
