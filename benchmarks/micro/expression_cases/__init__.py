"""One table of expressions, for the tests of checker and compiler and for the benchmark.

Most rows are in a table of results that istio 1.4 gave; where we differ on purpose, the row is in
`REPAIRED`. The columns of errors, the references and the remaining rows are ours, and so are some
error texts: `does not support`, suggestions, and what RE2 and IDNA libraries say.
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
