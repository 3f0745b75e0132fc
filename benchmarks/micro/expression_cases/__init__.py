"""One table of expressions, for the tests of checker and compiler and for the benchmark.

The results were recorded from the type checker, compiler and interpreter of istio 1.4, but for
`REPAIRED`, which has what the original ought to have done.
"""

from typing import Final

from benchmarks.micro.expression_cases.absence import ABSENCE
from benchmarks.micro.expression_cases.case import VOCABULARY, Case, Stage
from benchmarks.micro.expression_cases.conversions import CONVERSIONS
from benchmarks.micro.expression_cases.functions import CONDITIONS, TEXT
from benchmarks.micro.expression_cases.operators import OPERATORS
from benchmarks.micro.expression_cases.references import REFERENCES
from benchmarks.micro.expression_cases.repaired import REPAIRED
from benchmarks.micro.expression_cases.syntax import LITERALS, SYNTAX_ERRORS
from benchmarks.micro.expression_cases.types import TYPE_ERRORS, WITHOUT_CODE

CASES: Final[tuple[Case, ...]] = (
    *LITERALS,
    *SYNTAX_ERRORS,
    *TYPE_ERRORS,
    *WITHOUT_CODE,
    *OPERATORS,
    *ABSENCE,
    *TEXT,
    *CONDITIONS,
    *CONVERSIONS,
    *REPAIRED,
    *REFERENCES,
)

__all__ = ["CASES", "VOCABULARY", "Case", "Stage"]
